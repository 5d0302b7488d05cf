import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { formatDuration } from "../clock/duration";

const REFRESH_EVERY = 30000;
const SETTLE = 800; // many changes at once are one reload

/** The numbers above the board: people, queues, late, broken promises. */
export class LiveBoard extends Component {
    static template = "cs_helpdesk.LiveBoard";
    static props = { reload: Function };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.action = useService("action");
        this.state = useState({
            agents: [],
            queues: [],
            late: [],
            broken: 0,
            callbacks: 0,
        });
        this.onChange = this.onChange.bind(this);
        this.bus.subscribe("cs_helpdesk.board", this.onChange);
        this.timer = browser.setInterval(() => this.load(), REFRESH_EVERY);
        onWillStart(() => this.load());
        onWillUnmount(() => {
            browser.clearInterval(this.timer);
            browser.clearTimeout(this.settling);
            this.bus.unsubscribe("cs_helpdesk.board", this.onChange);
        });
    }

    async load() {
        Object.assign(
            this.state,
            await this.orm.silent.call("helpdesk.ticket", "get_live_board", [])
        );
    }

    onChange() {
        browser.clearTimeout(this.settling);
        this.settling = browser.setTimeout(() => {
            this.load();
            this.props.reload();
        }, SETTLE);
    }

    age(seconds) {
        return formatDuration(seconds);
    }

    percent(agent) {
        return agent.capacity
            ? Math.min(100, Math.round((100 * agent.load) / agent.capacity))
            : 0;
    }

    barClass(agent) {
        const percent = this.percent(agent);
        if (percent >= 100) {
            return "bg-danger";
        }
        return percent >= 80 ? "bg-warning" : "bg-success";
    }

    openPromises() {
        this.action.doAction("cs_helpdesk.cs_promise_action_rate");
    }
}

export class LiveBoardRenderer extends KanbanRenderer {
    static template = "cs_helpdesk.LiveBoardRenderer";
    static components = { ...KanbanRenderer.components, LiveBoard };

    /** Somebody drags a card: his board is left alone until he lets go. */
    reloadBoard() {
        if (!document.querySelector(".o_dragged")) {
            this.props.list.model.load();
        }
    }
}

registry.category("views").add("cs_live_board", {
    ...kanbanView,
    Renderer: LiveBoardRenderer,
});
