import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cs_helpdesk_phrase_hint", {
    steps: () => [
        {
            content: "The card of the scenario is on the ticket",
            trigger: ".o_notebook .nav-link[name=phrases]",
            run: "click",
        },
        {
            content: "What to say goes into the reply",
            trigger: ".o_cs_phrase_card .o_cs_say:first",
            run: "click",
        },
        {
            content: "It stands in the composer",
            trigger: ".o-mail-Composer-input:value(请您稍等)",
        },
        {
            content: "Type what is never said",
            trigger: ".o-mail-Composer-input",
            run: "edit 请您滚 出去测试",
        },
        {
            content: "It is shown under the reply, with what to say instead",
            trigger: ".o_cs_phrase_hits .text-danger:contains(请您稍等)",
        },
        {
            content: "It cannot be sent",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The words stay where they are",
            trigger: ".o_notification:contains(滚出去测试)",
        },
        {
            content: "Mend it",
            trigger: ".o-mail-Composer-input:value(请您滚 出去测试)",
            run: "edit 请您稍等一下",
        },
        {
            content: "Nothing is left to complain about",
            trigger: "body:not(:has(.o_cs_phrase_hits))",
        },
        {
            content: "Send it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "It is out",
            trigger: ".o-mail-Message-body:contains(请您稍等一下)",
        },
    ],
});
