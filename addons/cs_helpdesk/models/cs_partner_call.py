from odoo import fields, models


class CsPartnerCall(models.AbstractModel):
    """Calls of a customer, and finding him by his number at once."""

    _name = "cs.partner.call"
    _description = "Customer: Calls"

    call_ids = fields.One2many("cs.call", "partner_id", string="Calls")

    _phone_sanitized_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
