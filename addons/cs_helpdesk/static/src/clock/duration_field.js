import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";
import { formatDuration } from "./duration";

/** Seconds shown as hours and minutes. */
export class DurationField extends Component {
    static template = "cs_helpdesk.DurationField";
    static props = { ...standardFieldProps };

    get text() {
        const seconds = this.props.record.data[this.props.name];
        return seconds ? formatDuration(seconds) : "";
    }
}

registry.category("fields").add("cs_duration", {
    component: DurationField,
    supportedTypes: ["integer", "float"],
});
