import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const QUEUE_PREFIX = "queue_";
const COUNT_LIMIT = 1000;

/** The queues of a desk with their counts; a press filters the list below. */
export class QueueBar extends Component {
    static template = "cs_helpdesk.QueueBar";
    static props = { resModel: String };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ queues: [], links: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    get searchModel() {
        return this.env.searchModel;
    }

    async load() {
        const items = this.searchModel.getSearchItems(
            (item) => item.type === "filter" && item.name?.startsWith(QUEUE_PREFIX)
        );
        const context = this.searchModel.domainEvalContext;
        const [counts, links] = await Promise.all([
            this.orm.silent.call(this.props.resModel, "get_queue_counts", [
                items.map((item) => new Domain(item.domain).toList(context)),
                COUNT_LIMIT,
            ]),
            this.orm.silent.call("cs.workbench.link", "get_links", []),
        ]);
        this.state.links = links;
        this.state.queues = items.map((item, index) => ({
            id: item.id,
            label: item.description,
            active: item.isActive,
            late: item.name === "queue_late" && counts[index] > 0,
            count: this.format(counts[index]),
        }));
    }

    format(count) {
        return count >= COUNT_LIMIT ? `${COUNT_LIMIT - 1}+` : count;
    }

    /** Go to another list; the queue is one step back. */
    open(link) {
        this.action.doAction(link.action);
    }

    select(queue) {
        const others = this.state.queues.filter((q) => q.active && q.id !== queue.id);
        for (const other of others) {
            this.searchModel.toggleSearchItem(other.id);
        }
        this.searchModel.toggleSearchItem(queue.id);
    }
}

export class QueueListRenderer extends ListRenderer {
    static template = "cs_helpdesk.QueueListRenderer";
    static components = { ...ListRenderer.components, QueueBar };
}

export class QueueKanbanRenderer extends KanbanRenderer {
    static template = "cs_helpdesk.QueueKanbanRenderer";
    static components = { ...KanbanRenderer.components, QueueBar };
}

registry.category("views").add("cs_queue_kanban", {
    ...kanbanView,
    Renderer: QueueKanbanRenderer,
});
registry.category("views").add("cs_queue_list", {
    ...listView,
    Renderer: QueueListRenderer,
});
