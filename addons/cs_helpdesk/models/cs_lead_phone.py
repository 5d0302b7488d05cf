from odoo import fields, models

from .cs_partner_phone import READER


class CsLeadPhone(models.AbstractModel):
    """Telephone numbers of leads: those of sales (000-06)."""

    _name = "cs.lead.phone"
    _description = "Lead: Telephone Number"
    _inherit = "cs.phone.mixin"

    phone = fields.Char(groups=READER)
    phone_sanitized = fields.Char(groups=READER)
    phone_mobile_search = fields.Char(groups=READER, copy=False)

    def _get_phone_plain_ids(self):
        """Own leads, and those of customers whose number is open anyway."""
        plain = super()._get_phone_plain_ids()
        own = self.filtered(lambda lead: lead.user_id == self.env.user and lead.active)
        plain.update(own.ids)
        rest = self - own
        if rest.partner_id:
            opened = self.env["res.partner"]._get_phone_open_partner_ids()
            plain.update(lead.id for lead in rest if lead.partner_id.id in opened)
        return plain
