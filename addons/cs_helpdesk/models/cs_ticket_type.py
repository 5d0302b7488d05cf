from odoo import fields, models


class CsTicketType(models.Model):
    """What kind of matter a ticket is, and how such a matter is handled."""

    _name = "cs.ticket.type"
    _inherit = ["cs.cached.policy", "cs.audit.mixin"]
    _description = "Ticket Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Stable key for data and integrations.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    is_complaint = fields.Boolean(
        string="Complaint",
        help="Graded, revisited after the answer, and never closed by silence.",
    )
    auto_close = fields.Boolean(
        string="Close on Silence",
        help="Close when a request for satisfaction stays unanswered.",
    )
    stage_ids = fields.Many2many(
        "helpdesk.ticket.stage",
        "cs_ticket_type_stage_rel",
        "type_id",
        "stage_id",
        string="Stages",
    )
    provider_ids = fields.Many2many(
        "cs.provider",
        "cs_provider_type_rel",
        "type_id",
        "provider_id",
        string="Providers",
        groups="cs_helpdesk.group_supervisor",
    )
    advice = fields.Html(translate=True, help="Shown to the agent on the ticket.")
    color = fields.Integer()
    route_weight = fields.Float(
        string="Weight",
        default=1.0,
        aggregator=None,
        help="How much of a person's capacity one open ticket takes.",
    )
    route_cap = fields.Integer(
        string="Most per Person",
        aggregator=None,
        help="Open tickets of this type that routing gives to one person; 0: any.",
    )

    _route_weight_positive = models.Constraint(
        "CHECK (route_weight >= 0 AND route_cap >= 0)",
        "Weight and limit of a ticket type cannot be negative.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A ticket type with this code exists already.",
    )
