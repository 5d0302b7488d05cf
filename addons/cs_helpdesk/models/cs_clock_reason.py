from odoo import fields, models


class CsClockReason(models.Model):
    """Why a clock waits, was late, or should not count (P1, N29)."""

    _name = "cs.clock.reason"
    _inherit = "cs.audit.mixin"
    _description = "Clock Reason"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("pause", "Waiting"), ("late", "Late"), ("exempt", "Exemption")], required=True
    )
    party = fields.Selection(
        [
            ("customer", "Waiting for the Customer"),
            ("parts", "Waiting for Parts"),
            ("third", "Waiting for Others"),
        ],
        help="Who has the time while the clock waits.",
    )

    _party_of_pause = models.Constraint(
        "CHECK (kind != 'pause' OR party IS NOT NULL)",
        "Please say for whom is waited.",
    )
