import { registry } from "@web/core/registry";

/** An agent's ticket from the queue to the end, with the mouse alone, in Chinese. */
registry.category("web_tour.tours").add("cs_helpdesk_ticket_journey", {
    steps: () => [
        {
            content: "The queues stand above the list with their counts",
            trigger: "button[role=tab]:contains('待认领')",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name=name]:contains('Journey')",
            run: "click",
        },
        {
            content: "One step is highlighted: take it",
            trigger: ".o_statusbar_buttons button[name=action_accept].btn-primary",
            run: "click",
        },
        {
            content: "The clock on the ticket runs",
            trigger: ".o_field_cs_deadline .badge:contains('剩')",
        },
        {
            content: "The next step has changed",
            trigger: ".o_statusbar_buttons button.btn-primary:contains('反馈客户')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=result] textarea",
            run: "edit The drawer slide was replaced",
        },
        {
            trigger: ".modal .o_field_widget[name=way] input[data-value=contact]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Told by telephone, content",
        },
        {
            trigger: ".modal-footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "Told: now it can be finished",
            trigger: ".o_statusbar_buttons button.btn-primary:contains('办结')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('办结')",
        },
        {
            content: "Who used the time",
            trigger: ".nav-link[name=time]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=clock_ids] .o_data_row:contains('按时完成')",
        },
    ],
});
