from odoo import fields, models


class CsServiceKind(models.Model):
    """A kind of service that a contract with a provider may name (002-23, 002-26)."""

    _name = "cs.service.kind"
    _description = "Kind of Service"
    _order = "process, sequence, id"

    name = fields.Char(required=True, translate=True)
    process = fields.Selection(
        [
            ("service", "Customer Service"),
            ("support", "Technical Support"),
            ("analysis", "Customer Analysis"),
            ("orders", "Orders and Returns"),
            ("sales", "Before, During and After Sale"),
        ],
        default="service",
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
