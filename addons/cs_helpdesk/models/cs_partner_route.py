from odoo import fields, models


class CsPartnerRoute(models.AbstractModel):
    """What routing asks of a customer: the language or dialect he speaks."""

    _name = "cs.partner.route"
    _description = "Customer: Routing"

    spoken_id = fields.Many2one(
        "cs.skill",
        string="Language or Dialect",
        domain="[('kind', '=', 'language')]",
        ondelete="restrict",
        index="btree_not_null",
        help="His tickets go to somebody who speaks it.",
    )
