import { useEffect, useState } from "@odoo/owl";
import { Composer } from "@mail/core/common/composer";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { findWords } from "./phrase_match";

const TYPING_PAUSE = 300;

/** Words never said are shown under the reply while it is typed (N37). */
patch(Composer.prototype, {
    setup() {
        super.setup();
        this.csPhrases = useService("cs_phrases");
        this.csHits = useState({ list: [] });
        useEffect(
            (text, checked) => {
                if (!checked || !text) {
                    this.csHits.list = [];
                    return;
                }
                const timer = browser.setTimeout(() => this.csFindHits(), TYPING_PAUSE);
                return () => browser.clearTimeout(timer);
            },
            () => [this.props.composer.composerText, this.csIsChecked]
        );
    },

    get csIsChecked() {
        return (
            this.thread?.model === "helpdesk.ticket" &&
            this.props.type !== "note" &&
            !this.props.composer.message?.is_note
        );
    },

    get csSevereHits() {
        const { supervisor } = this.csPhrases.state;
        return supervisor ? [] : this.csHits.list.filter((hit) => hit.severity === "severe");
    },

    async csFindHits() {
        await this.csPhrases.load();
        const words = this.csPhrases.state.words;
        this.csHits.list = findWords(this.props.composer.composerText || "", words);
    },

    /** The words stay where they are: what cannot be sent is still to be mended. */
    async sendMessage() {
        if (this.csIsChecked) {
            await this.csFindHits();
            const [severe] = this.csSevereHits;
            if (severe) {
                this.env.services.notification.add(
                    _t("“%(word)s” may not be said to a customer.", { word: severe.text }),
                    { type: "danger" }
                );
                return;
            }
        }
        return super.sendMessage();
    },
});
