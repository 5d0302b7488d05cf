import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatDuration } from "../clock/duration";

const { DateTime } = luxon;
const ICONS = {
    done: "fa-check-circle",
    running: "fa-play-circle",
    late: "fa-exclamation-circle",
    skipped: "fa-minus-circle",
    sent_back: "fa-reply",
    escalated: "fa-level-up",
    cancelled: "fa-times-circle",
    coming: "fa-circle-o",
};

/** Where a record stands: done by whom, running until when, late, coming. */
export class FlowBarField extends Component {
    static template = "cs_helpdesk.FlowBarField";
    static props = { ...standardFieldProps };

    get rows() {
        const rows = this.props.record.data[this.props.name] || [];
        return rows.map((row, index) => ({
            ...row,
            key: index,
            icon: ICONS[row.state],
            word: this.word(row),
            who: row.by || row.owner || "",
            when: this.when(row),
            remark: this.remark(row),
        }));
    }
    word(row) {
        return {
            done: row.was_late ? _t("Done late") : _t("Done"),
            running: _t("Running"),
            late: _t("Late"),
            skipped: _t("Not needed"),
            sent_back: _t("Sent back"),
            escalated: _t("Passed up"),
            cancelled: _t("Cancelled"),
            coming: _t("To come"),
        }[row.state];
    }
    when(row) {
        if (row.at) {
            return formatDateTime(deserializeDateTime(row.at), { format: "yyyy-MM-dd HH:mm" });
        }
        if (!row.until) {
            return "";
        }
        const left = deserializeDateTime(row.until).diff(DateTime.now()).as("seconds");
        const time = formatDuration(Math.floor(left));
        return left < 0 ? _t("late by %s", time) : _t("%s left", time);
    }
    remark(row) {
        const parts = [];
        if (row.acting_for) {
            parts.push(_t("In place of %s", row.acting_for));
        }
        if (row.override) {
            parts.push(_t("Override: %s", row.override));
        }
        return [...parts, row.fallback, row.note].filter(Boolean).join(" · ");
    }
}

registry.category("fields").add("cs_flow_bar", {
    component: FlowBarField,
    displayName: _t("Stage bar of a flow"),
    supportedTypes: ["json"],
});
