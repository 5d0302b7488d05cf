import { registry } from "@web/core/registry";

/** Somebody unknown calls: four fields on the ringing screen, and his ticket is open. */
registry.category("web_tour.tours").add("cs_helpdesk_call_pop", {
    steps: () => [
        {
            content: "The screen shows the number, and that it proves nothing",
            trigger: ".o_cs_call_pop:contains('13700001111'):contains('不能证明身份')",
        },
        {
            trigger: ".o_cs_call_pop #cs_pop_name",
            run: "edit Mrs Li",
        },
        {
            trigger: ".o_cs_call_pop #cs_pop_zone",
            run: "select province",
        },
        {
            trigger: ".o_cs_call_pop #cs_pop_request",
            run: "edit The drawer squeaks",
        },
        {
            trigger: ".o_cs_call_pop footer .btn-primary",
            run: "click",
        },
        {
            content: "His ticket is open, with his name",
            trigger: ".o_form_view .o_field_widget[name=partner_id] input:value('Mrs Li')",
        },
        {
            content: "The screen of the call is away",
            trigger: "body:not(:has(.o_cs_call_pop))",
        },
    ],
});

/** The guide on the call: a step, and the prompts of a silent line. */
registry.category("web_tour.tours").add("cs_helpdesk_call_guide", {
    steps: () => [
        {
            content: "Put the ringing screen away",
            trigger: ".o_cs_call_pop .btn-close",
            run: "click",
        },
        {
            trigger: ".o_cs_call_guide .text-bg-primary:contains('问候')",
        },
        {
            trigger: ".o_cs_call_guide button:contains('完成此步')",
            run: "click",
        },
        {
            trigger: ".o_cs_call_guide .text-bg-primary:contains('核实身份')",
        },
        {
            trigger: ".o_cs_call_guide button:contains('线路异常')",
            run: "click",
        },
        {
            trigger: ".o_cs_call_guide button:contains('无声：询问')",
            run: "click",
        },
        {
            content: "Five seconds run before the next prompt",
            trigger: ".o_cs_call_guide [role=timer]",
        },
        {
            trigger: ".o_cs_call_guide button:contains('再次询问'):enabled",
            run: "click",
        },
        {
            content: "The third prompt may come",
            trigger: ".o_cs_call_guide button:contains('请换一部电话'):enabled",
        },
        {
            trigger: ".o_cs_call_guide button:contains('有声音了'):enabled",
            run: "click",
        },
        {
            trigger: ".o_cs_call_guide button:contains('杂音'):enabled",
        },
    ],
});
