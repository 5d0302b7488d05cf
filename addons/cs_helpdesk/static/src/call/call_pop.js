import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const DISMISSED = "cs_helpdesk.call_pop.dismissed";
const AGENTS = "helpdesk_mgmt.group_helpdesk_user_own";

/** 来电弹屏: who is calling, and what he waits for, while it rings. */
export class CallPop extends Component {
    static template = "cs_helpdesk.CallPop";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.bus = useService("bus_service");
        this.state = useState({ call: false, busy: false, form: {} });
        this.onCall = this.onCall.bind(this);
        onWillStart(async () => {
            this.isAgent = await user.hasGroup(AGENTS);
            if (this.isAgent) {
                this.bus.subscribe("cs_helpdesk.call", this.onCall);
                this.resume();
            }
        });
        onWillUnmount(() => this.bus.unsubscribe("cs_helpdesk.call", this.onCall));
    }

    /** A page that is opened during a call shows it as well. */
    async resume() {
        const callId = await this.orm.silent.call("cs.call", "get_live_call", []);
        const dismissed = browser.sessionStorage.getItem(DISMISSED);
        if (callId && !this.state.call && String(callId) !== dismissed) {
            this.load(callId);
        }
    }

    onCall({ id, state }) {
        const known = this.state.call && this.state.call.id === id;
        if (state === "ringing" || (state === "answered" && !known)) {
            this.load(id);
        } else if (known && ["gone", "missed", "voicemail"].includes(state)) {
            this.close();
        } else if (known) {
            this.state.call.state = state;
        }
    }

    async load(id) {
        let call = false;
        try {
            call = await this.orm.silent.call("cs.call", "get_pop", [[id]]);
        } catch (error) {
            // given to somebody else meanwhile: there is nothing to show here
            if (!(error instanceof RPCError)) {
                throw error;
            }
            return;
        }
        // the same call again, when it is answered: what was typed meanwhile stays
        if (!this.state.call || this.state.call.id !== id) {
            this.state.form = {
                caller_name: call.name || "",
                region_zone: "",
                request: call.request,
            };
        }
        this.state.call = call;
    }

    get title() {
        const states = {
            ringing: _t("Ringing"),
            answered: _t("Speaking"),
            ended: _t("Ended"),
        };
        return states[this.state.call.state] || "";
    }

    get who() {
        const call = this.state.call;
        return call.name || call.phone || _t("Number withheld");
    }

    get facts() {
        const call = this.state.call;
        return [call.customer_class, call.zone].filter(Boolean).join(" · ");
    }

    when(deadline) {
        return deadline ? deserializeDateTime(deadline).toRelative() : "";
    }

    /** Put away: a page that is opened later does not bring it up again. */
    close() {
        browser.sessionStorage.setItem(DISMISSED, String(this.state.call.id));
        this.state.call = false;
    }

    async run(method, args) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const action = await this.orm.call("cs.call", method, args);
            this.close();
            await this.action.doAction(action);
        } finally {
            this.state.busy = false;
        }
    }

    take(ticketId = false) {
        const call = this.state.call;
        const { caller_name, region_zone, request } = this.state.form;
        const values = { request };
        if (!call.partner_id) {
            Object.assign(values, { caller_name, region_zone });
        }
        return this.run("take", [[call.id], values, ticketId]);
    }

    async open() {
        const id = this.state.call.id;
        this.close();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "cs.call",
            res_id: id,
            views: [[false, "form"]],
        });
    }

}

registry.category("main_components").add("cs_helpdesk.CallPop", { Component: CallPop });
