import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Dialog } from "@web/core/dialog/dialog";
import { useInputField } from "@web/views/fields/input_field_hook";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";

const STARS = "**";

/** Asks why a masked value is needed; the answer goes into the log. */
export class RevealDialog extends Component {
    static template = "cs_helpdesk.RevealDialog";
    static components = { Dialog };
    static props = { close: Function, confirm: Function };

    setup() {
        this.state = useState({ reason: "" });
        this.input = useRef("autofocus");
        useAutofocus();
        this.title = _t("Show the Whole Value");
    }
    get reasons() {
        return [_t("Call the customer back"), _t("Check the identity"), _t("Visit")];
    }
    get isReady() {
        return this.state.reason.trim().length > 1;
    }
    async confirm() {
        if (this.isReady) {
            await this.props.confirm(this.state.reason.trim());
            this.props.close();
        }
    }
    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }
}

/** A value that is masked for most; one click and a reason show it, for now. */
export class MaskedField extends Component {
    static template = "cs_helpdesk.MaskedField";
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ value: "" });
        useInputField({ getValue: () => this.value });
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId) {
                this.state.value = "";
            }
        });
    }
    get value() {
        return this.props.record.data[this.props.name] || "";
    }
    get isMasked() {
        return this.value.includes(STARS);
    }
    get shown() {
        return this.isMasked && this.state.value ? this.state.value : this.value;
    }
    get canReveal() {
        return this.isMasked && !this.state.value && this.props.record.resId;
    }
    get isNumber() {
        return this.props.name.includes("phone");
    }
    get href() {
        const isWhole = this.shown && !this.shown.includes(STARS);
        return this.isNumber && isWhole ? `tel:${this.shown.replace(/\s+/g, "")}` : "";
    }
    reveal() {
        this.dialog.add(RevealDialog, {
            confirm: async (reason) => {
                const { resModel, resId } = this.props.record;
                this.state.value = await this.orm.call(resModel, "action_reveal", [
                    [resId],
                    this.props.name,
                    reason,
                ]);
            },
        });
    }
}

export const maskedField = {
    component: MaskedField,
    displayName: _t("Masked Value"),
    supportedTypes: ["char"],
    extractProps: ({ placeholder }) => ({ placeholder }),
};

registry.category("fields").add("cs_masked", maskedField);
