from odoo import fields, models


class CsSatisfactionQuestion(models.Model):
    """One question customers answer with one to five points (000-32, P15)."""

    _name = "cs.satisfaction.question"
    _inherit = "cs.audit.mixin"
    _description = "Satisfaction Question"
    _order = "sequence, id"

    name = fields.Char(string="Question", required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Stable key for data and integrations.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_overall = fields.Boolean(
        string="Overall",
        help="Its points are the rating of the ticket and must be given.",
    )

    _code_uniq = models.UniqueIndex(
        "(code)", "A satisfaction question with this code exists already."
    )
    _one_overall = models.UniqueIndex(
        "(is_overall) WHERE is_overall IS TRUE AND active IS TRUE",
        "There is one overall question only.",
    )
