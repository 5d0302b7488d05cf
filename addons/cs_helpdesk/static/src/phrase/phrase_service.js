import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** Words never said and phrase cards, read once a session (N37). */
export const phraseService = {
    dependencies: ["orm"],
    start(env, { orm }) {
        const state = reactive({ words: [], supervisor: false });
        const cards = new Map();
        let loading;
        return {
            state,
            load() {
                loading ||= Promise.all([
                    orm.silent.call("cs.phrase", "get_never_words", []),
                    user.hasGroup("cs_helpdesk.group_supervisor"),
                ]).then(
                    ([words, supervisor]) => Object.assign(state, { words, supervisor }),
                    (error) => {
                        loading = undefined;
                        throw error;
                    }
                );
                return loading;
            },
            getCards(typeId, channelId, gradeLevel) {
                const key = [typeId, channelId, gradeLevel].join();
                if (!cards.has(key)) {
                    const answer = orm.silent.call("cs.phrase.scenario", "get_cards", [], {
                        type_id: typeId,
                        channel_id: channelId,
                        grade_level: gradeLevel,
                    });
                    answer.catch(() => cards.delete(key));
                    cards.set(key, answer);
                }
                return cards.get(key);
            },
        };
    },
};

registry.category("services").add("cs_phrases", phraseService);
