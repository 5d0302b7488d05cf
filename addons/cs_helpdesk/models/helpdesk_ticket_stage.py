from odoo import fields, models


class HelpdeskTicketStage(models.Model):
    _name = "helpdesk.ticket.stage"
    _inherit = ["cs.cached.policy", "cs.audit.mixin", "helpdesk.ticket.stage"]

    role = fields.Selection(
        [
            ("intake", "Intake"),
            ("grading", "Grading"),
            ("investigation", "Investigation"),
            ("plan", "Plan"),
            ("execution", "Execution"),
            ("feedback", "Feedback"),
            ("revisit", "Call-back"),
            ("done", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        help="What this stage means to time limits and gates; the name is free.",
    )
    type_ids = fields.Many2many(
        "cs.ticket.type",
        "cs_ticket_type_stage_rel",
        "stage_id",
        "type_id",
        string="Ticket Types",
        help="Stages with types belong to service desks; the others to plain teams.",
    )
