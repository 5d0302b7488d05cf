import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const WAIT = 600;

/** Articles for what is being typed into a ticket; one click uses one (003-42). */
export class SimilarArticles extends Component {
    static template = "cs_helpdesk.SimilarArticles";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ articles: [], text: "", searched: false, asked: false });
        useEffect(
            () => {
                browser.clearTimeout(this.timer);
                this.timer = browser.setTimeout(() => this.search(), WAIT);
            },
            () => [this.props.record.resId, this.text]
        );
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get text() {
        const { name, description } = this.props.record.data;
        return `${name || ""}\n${description || ""}`;
    }

    async search() {
        const text = this.text;
        const articles = text.trim()
            ? await this.orm.silent.call("cs.article", "find_similar", [text])
            : [];
        if (text === this.text) {
            const searched = Boolean(text.trim());
            Object.assign(this.state, { articles, text, searched, asked: false });
        }
    }

    /** The ticket's id; a ticket that is still being typed is saved first. */
    async savedTicket() {
        const { record } = this.props;
        if (record.resId && !(await record.isDirty())) {
            return record.resId;
        }
        return (await record.save()) ? record.resId : false;
    }

    open(article) {
        browser.open(`/odoo/cs.article/${article.id}`, "_blank");
    }

    async use(article) {
        const ticketId = await this.savedTicket();
        if (ticketId) {
            await this.orm.call("cs.article", "action_use", [[article.id], ticketId]);
            this.notification.add(_t("Noted that this article was used."), {
                type: "success",
            });
        }
    }

    async insert(article) {
        const ticketId = await this.savedTicket();
        if (ticketId) {
            const action = await this.orm.call("cs.article", "action_insert", [
                [article.id],
                ticketId,
            ]);
            this.action.doAction(action, { onClose: () => this.props.record.load() });
        }
    }

    async ask() {
        const ticketId = await this.savedTicket();
        if (ticketId) {
            await this.orm.call("cs.knowledge.gap", "action_ask", [this.text, ticketId]);
            this.state.asked = true;
            this.notification.add(
                _t("Asked. You are told as soon as there is an answer."),
                { type: "success" }
            );
        }
    }
}

registry.category("view_widgets").add("cs_similar_articles", {
    component: SimilarArticles,
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "description", type: "html" },
    ],
});
