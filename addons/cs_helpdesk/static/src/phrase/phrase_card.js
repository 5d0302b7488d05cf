import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What to say and never to say here: the card of the scenario that fits (N37). */
export class PhraseCard extends Component {
    static template = "cs_helpdesk.PhraseCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.phrases = useService("cs_phrases");
        this.store = useService("mail.store");
        this.notification = useService("notification");
        this.state = useState({ cards: [], chosen: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    get card() {
        return this.state.cards.find((card) => card.id === this.state.chosen);
    }

    async load(record) {
        const { type_id, channel_id, grade_level } = record.data;
        const key = [type_id?.id, channel_id?.id, grade_level].join();
        if (key === this.key) {
            return;
        }
        this.key = key;
        const cards = await this.phrases.getCards(
            type_id?.id || false,
            channel_id?.id || false,
            grade_level || 0
        );
        this.state.cards = cards;
        this.state.chosen = cards[0]?.id;
    }

    choose(id) {
        this.state.chosen = id;
    }

    /** The chatter comes after the form, and the reply after its button. */
    async waitFor(selector) {
        for (let tries = 0; tries < 60; tries++) {
            const found = document.querySelector(selector);
            if (found) {
                return found;
            }
            await new Promise((resolve) => browser.setTimeout(resolve, 50));
        }
        return null;
    }

    /** Into the reply where there is one, else to the clipboard. */
    async use(text) {
        const { resModel, resId } = this.props.record;
        const button = resId && (await this.waitFor(".o-mail-Chatter-sendMessage:enabled"));
        if (!button) {
            await browser.navigator.clipboard.writeText(text);
            this.notification.add(_t("Copied"), { type: "success" });
            return;
        }
        if (!button.classList.contains("active")) {
            button.click();
        }
        await this.waitFor(".o-mail-Chatter .o-mail-Composer-input");
        const { composer } = this.store.Thread.insert({ model: resModel, id: resId });
        composer.insertText(text, composer.composerText.length, { moveCursorToEnd: true });
        composer.autofocus++;
    }
}

registry.category("view_widgets").add("cs_phrase_card", {
    component: PhraseCard,
    fieldDependencies: [
        { name: "type_id", type: "many2one" },
        { name: "channel_id", type: "many2one" },
        { name: "grade_level", type: "integer" },
    ],
});
