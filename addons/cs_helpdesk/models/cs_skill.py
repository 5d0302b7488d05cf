from odoo import fields, models


class CsSkill(models.Model):
    """What somebody can do that tickets may ask for: a dialect, a kind of product."""

    _name = "cs.skill"
    _description = "Skill"
    _inherit = ["cs.audit.mixin"]
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    kind = fields.Selection(
        [
            ("language", "Language or Dialect"),
            ("class", "Class of Matters"),
            ("product", "Product"),
            ("region", "Region"),
            ("vip", "Important Customers"),
        ],
        required=True,
        default="product",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A skill with this code exists already."
    )
    _order_idx = models.Index("(kind, sequence, id)")
