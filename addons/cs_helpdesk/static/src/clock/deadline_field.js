import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatDateTime } from "@web/core/l10n/dates";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useState } from "@odoo/owl";
import { formatDuration } from "./duration";

const { DateTime } = luxon;
const SOON_SECONDS = 3600;
const TICK_MS = 30000;

/** The next deadline as time left: late is red, soon is amber, waiting is grey. */
export class DeadlineField extends Component {
    static template = "cs_helpdesk.DeadlineField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useState({ now: DateTime.now() });
        const timer = setInterval(() => (this.clock.now = DateTime.now()), TICK_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    get data() {
        return this.props.record.data;
    }
    get deadline() {
        return this.data[this.props.name];
    }
    get left() {
        return Math.floor(this.deadline.diff(this.clock.now).as("seconds"));
    }
    get isPaused() {
        return this.data.clock_state === "paused";
    }
    get isShown() {
        return !this.data.closed && (this.isPaused || this.deadline);
    }
    get level() {
        if (this.isPaused) {
            return "paused";
        }
        return this.left < 0 ? "late" : this.left < SOON_SECONDS ? "soon" : "calm";
    }
    get classes() {
        return {
            late: "text-bg-danger",
            soon: "text-bg-warning",
            paused: "text-bg-secondary",
            calm: "text-bg-light border",
        }[this.level];
    }
    get icon() {
        return {
            late: "fa-exclamation-circle",
            soon: "fa-clock-o",
            paused: "fa-pause",
            calm: "fa-clock-o",
        }[this.level];
    }
    get text() {
        if (this.isPaused) {
            return _t("Waiting");
        }
        const time = formatDuration(this.left);
        return this.left < 0 ? _t("late by %s", time) : _t("%s left", time);
    }
    get title() {
        return this.deadline ? formatDateTime(this.deadline) : "";
    }
}

registry.category("fields").add("cs_deadline", {
    component: DeadlineField,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "clock_state", type: "selection" },
        { name: "next_clock", type: "char" },
    ],
});
