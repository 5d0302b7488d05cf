import { Component, onWillUnmount, useEffect, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const BEAT_EVERY = 25000;
export const LOST_AFTER = 55000;

/** Tells who else has this ticket open, and who is changing it. */
export class Viewers extends Component {
    static template = "cs_helpdesk.Viewers";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
        this.state = useState({ viewers: [], fieldDirty: false });
        this.onViewers = this.onViewers.bind(this);
        useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", (ev) => {
            this.state.fieldDirty = ev.detail;
        });
        useEffect(
            (ticketId) => {
                if (!ticketId) {
                    return;
                }
                const channel = `cs_helpdesk.viewers_${ticketId}`;
                this.ticketId = ticketId;
                this.bus.subscribe("cs_helpdesk.viewers", this.onViewers);
                this.bus.addChannel(channel);
                const beats = browser.setInterval(() => this.beat(), BEAT_EVERY);
                return () => {
                    browser.clearInterval(beats);
                    this.bus.deleteChannel(channel);
                    this.bus.unsubscribe("cs_helpdesk.viewers", this.onViewers);
                    this.leave();
                };
            },
            () => [this.props.record.resId]
        );
        useEffect(
            () => {
                this.beat();
            },
            () => [this.props.record.resId, this.editing]
        );
        useExternalListener(browser, "pagehide", () => this.leave());
        useExternalListener(document, "visibilitychange", () => this.beat());
        onWillUnmount(() => browser.clearTimeout(this.expiry));
    }

    get editing() {
        return Boolean(this.props.record.dirty || this.state.fieldDirty);
    }

    get lines() {
        return this.state.viewers.map(({ id, name, editing }) => ({
            id,
            editing,
            text: editing ? _t("%s is editing", name) : _t("%s is viewing", name),
        }));
    }

    /** A tab in the background nobody looks at, unless it holds unsaved changes. */
    async beat() {
        const ticketId = this.ticketId;
        if (!ticketId) {
            return;
        }
        if (document.visibilityState === "hidden" && !this.editing) {
            this.leave();
            return;
        }
        this.present = true;
        let viewers = [];
        try {
            viewers = await this.orm.silent.call("helpdesk.ticket", "viewer_beat", [
                [ticketId],
                this.tab,
                this.editing,
            ]);
        } catch (error) {
            // the ticket was given to others meanwhile: the form itself will say so,
            // a dialog every 25 seconds would not help
            if (!(error instanceof RPCError)) {
                throw error;
            }
        }
        if (ticketId === this.ticketId) {
            this.show(viewers);
        }
    }

    onViewers({ ticket_id, viewers }) {
        if (ticket_id === this.ticketId) {
            this.show(viewers);
        }
    }

    show(viewers) {
        const others = viewers.filter((viewer) => viewer.id !== user.userId);
        const now = Date.now();
        this.state.viewers = others.map((viewer) => ({
            ...viewer,
            until: now + LOST_AFTER - viewer.age * 1000,
        }));
        this.dropLost();
    }

    /** A crashed tab says no goodbye. */
    dropLost() {
        browser.clearTimeout(this.expiry);
        const now = Date.now();
        this.state.viewers = this.state.viewers.filter((viewer) => viewer.until > now);
        if (this.state.viewers.length) {
            const next = Math.min(...this.state.viewers.map((viewer) => viewer.until));
            this.expiry = browser.setTimeout(() => this.dropLost(), next - now + 100);
        }
    }

    /** Survives the closing of the tab, which an ordinary call does not. */
    leave() {
        if (!this.present || !this.ticketId) {
            return;
        }
        this.present = false;
        const call = {
            jsonrpc: "2.0",
            method: "call",
            params: {
                model: "helpdesk.ticket",
                method: "viewer_leave",
                args: [[this.ticketId], this.tab],
                kwargs: {},
            },
        };
        browser.navigator.sendBeacon(
            "/web/dataset/call_kw/helpdesk.ticket/viewer_leave",
            new Blob([JSON.stringify(call)], { type: "application/json" })
        );
    }
}

registry.category("view_widgets").add("cs_viewers", { component: Viewers });
