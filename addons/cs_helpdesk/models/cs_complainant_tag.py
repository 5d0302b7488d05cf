from odoo import fields, models


class CsComplainantTag(models.Model):
    """What a complainant wishes and how he behaves, with advice for the agent (G03)."""

    _name = "cs.complainant.tag"
    _inherit = "cs.audit.mixin"
    _description = "Complainant Tag"
    _order = "kind desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("wish", "Wish"), ("temper", "Temper")], default="wish", required=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    color = fields.Integer()
    advice = fields.Text(translate=True, help="Shown on the ticket.")
    restricted = fields.Boolean(
        help="Set and removed by supervisors only, with evidence; "
        "never visible to customers.",
    )
