import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// 004-21: five seconds between one prompt and the next
export const PROMPT_SECONDS = 5;

const STEPS = () => [
    ["greet", _t("Greet")],
    ["identify", _t("Identify")],
    ["listen", _t("Listen")],
    ["restate", _t("Repeat")],
    ["handle", _t("Handle")],
    ["confirm", _t("Confirm")],
    ["promise", _t("Promise")],
    ["close", _t("Closing")],
    ["log", _t("Record")],
];

/** What is spoken when the line is bad: code, label, scenario of the phrase. */
const CHAINS = () => ({
    silent: [
        ["silent_1", _t("No voice: ask")],
        ["silent_2", _t("Ask again")],
        ["silent_3", _t("Ask to call from another telephone")],
    ],
    low_voice: [["low_voice", _t("Low voice: ask to speak up")]],
    noise: [["noise", _t("Noise: ask to call again")]],
    stays: [
        ["stays_1", _t("Does not hang up: ask what else")],
        ["stays_2", _t("Say that you hang up")],
    ],
});

/** The steps of a call with the one to do now, and the prompts of a bad line. */
export class CallGuide extends Component {
    static template = "cs_helpdesk.CallGuide";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.steps = STEPS();
        this.chains = CHAINS();
        this.state = useState({
            chain: false,
            next: 0,
            left: 0,
            open: false,
            busy: false,
            phrases: {},
        });
        onWillStart(() => this.loadPhrases());
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get current() {
        return this.steps.findIndex(([code]) => code === this.data.guide_step);
    }

    get last() {
        return this.current === this.steps.length - 1;
    }

    /** The one button of the chain that is running, or that may begin one each. */
    get prompts() {
        if (!this.state.chain) {
            return Object.entries(this.chains).map(([chain, prompts]) => ({
                chain,
                code: prompts[0][0],
                label: prompts[0][1],
            }));
        }
        const prompt = this.chains[this.state.chain][this.state.next];
        return prompt
            ? [{ chain: this.state.chain, code: prompt[0], label: prompt[1] }]
            : [];
    }

    get mayHangUp() {
        return (
            this.state.chain && this.state.next >= this.chains[this.state.chain].length
        );
    }

    /** What is said now, and never said: on a bad line that, else of the step. */
    get card() {
        const { phrases, chain } = this.state;
        if (chain) {
            return phrases[chain];
        }
        const step = this.data.guide_step;
        const late = step === "greet" && this.data.answered_late;
        return phrases[late ? "late" : step];
    }

    /** Whether it was done: not while another press is under way, nor unsaved. */
    async call(method, args, context) {
        if (this.state.busy) {
            return false;
        }
        this.state.busy = true;
        try {
            // what was typed so far is kept, whatever the button does
            if (!(await this.props.record.save())) {
                return false;
            }
            await this.orm.call(
                "cs.call",
                method,
                [[this.props.record.resId], ...args],
                { context }
            );
            await this.props.record.load();
            return true;
        } finally {
            this.state.busy = false;
        }
    }

    next() {
        const step = this.data.guide_step;
        return this.call("action_guide_next", [], { cs_guide_step: step });
    }

    back() {
        return this.call("action_guide_back", []);
    }

    toggle() {
        this.state.open = !this.state.open;
    }

    async loadPhrases() {
        const callId = this.props.record.resId;
        if (callId) {
            this.state.phrases = await this.orm.call("cs.call", "get_prompt_phrases", [
                [callId],
            ]);
        }
    }

    async say(prompt) {
        if (!(await this.call("log_prompt", [prompt.code]))) {
            return;
        }
        this.state.next = this.state.chain === prompt.chain ? this.state.next + 1 : 1;
        this.state.chain = prompt.chain;
        this.state.left = PROMPT_SECONDS;
        browser.clearInterval(this.timer);
        this.timer = browser.setInterval(() => {
            this.state.left -= 1;
            if (this.state.left <= 0) {
                browser.clearInterval(this.timer);
            }
        }, 1000);
    }

    /** There is a voice after all. */
    stop() {
        browser.clearInterval(this.timer);
        Object.assign(this.state, { chain: false, next: 0, left: 0 });
    }

    async hangUp() {
        if (await this.call("log_prompt", ["hang_up"])) {
            this.stop();
        }
    }
}

registry.category("view_widgets").add("cs_call_guide", {
    component: CallGuide,
    fieldDependencies: [
        { name: "guide_step", type: "selection" },
        { name: "guide_hint", type: "char" },
        { name: "answered_late", type: "boolean" },
    ],
});
