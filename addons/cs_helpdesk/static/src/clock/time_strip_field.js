import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";
import { formatDuration } from "./duration";

const HOLD_COLORS = ["#3f6fb5", "#2a9d8f", "#8e6bbf", "#c77d2e", "#5b8c5a"];
const PARTY_COLORS = { customer: "#e9c46a", parts: "#e76f51", third: "#d4a373" };
const CLOSED_COLOR = "#ced4da";

/** Who used the time of a record: one bar, the shares of which add up to its age. */
export class TimeStripField extends Component {
    static template = "cs_helpdesk.TimeStripField";
    static props = { ...standardFieldProps };

    get strip() {
        return this.props.record.data[this.props.name] || { age: 0, shares: [] };
    }
    get age() {
        return formatDuration(this.strip.age);
    }
    get holders() {
        const holds = this.strip.shares.filter((share) => share.kind === "hold");
        return [...new Set(holds.map((share) => share.label))];
    }
    color(share) {
        if (share.kind === "closed") {
            return CLOSED_COLOR;
        }
        if (share.kind === "wait") {
            return PARTY_COLORS[share.party];
        }
        return HOLD_COLORS[this.holders.indexOf(share.label) % HOLD_COLORS.length];
    }
    get segments() {
        return this.strip.shares.map((share, index) => ({
            key: index,
            title: `${share.label} · ${formatDuration(share.seconds)}`,
            style: `width: ${(100 * share.seconds) / this.strip.age}%; background: ${this.color(share)}`,
        }));
    }
    get legend() {
        const sums = new Map();
        for (const share of this.strip.shares) {
            const sum = sums.get(share.label) || { ...share, seconds: 0 };
            sum.seconds += share.seconds;
            sums.set(share.label, sum);
        }
        return [...sums.values()].map((sum) => ({
            label: sum.label,
            style: `background: ${this.color(sum)}`,
            time: formatDuration(sum.seconds),
        }));
    }
}

registry.category("fields").add("cs_time_strip", {
    component: TimeStripField,
    supportedTypes: ["json"],
});
