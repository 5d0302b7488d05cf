from odoo import fields, models


class CsUserProvider(models.AbstractModel):
    """Accounts of a provider's people (002-05)."""

    _name = "cs.user.provider"
    _description = "User: Provider"

    provider_id = fields.Many2one(
        "cs.provider",
        index="btree_not_null",
        help="Works for us under this contract: sees tickets in its scope only.",
    )
