from odoo import fields, models


class CsServiceKind(models.Model):
    """A kind of service a contract may name (002-01, 002-23, 002-26)."""

    _name = "cs.service.kind"
    _description = "Kind of Service"
    _inherit = "cs.audit.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    area = fields.Selection(
        [("service", "Customer Service"), ("support", "Technical Support")],
        required=True,
        default="service",
    )
    type_ids = fields.Many2many(
        "cs.ticket.type",
        string="Ticket Types",
        help="Tickets of these types are within a scope that names this kind.",
    )

    _code_uniq = models.UniqueIndex("(code)", "This code is in use already.")
    _order_idx = models.Index("(sequence, id)")
