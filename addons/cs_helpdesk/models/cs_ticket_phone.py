from odoo import api, models
from odoo.tools import SQL

from .cs_phone_mixin import FULL_NUMBER


class CsTicketPhone(models.AbstractModel):
    """The telephone number of a ticket: in full for who works on it (000-06)."""

    _name = "cs.ticket.phone"
    _description = "Ticket: Telephone Number"
    _inherit = "cs.phone.mixin"

    _phone_field = "customer_phone"

    def _get_phone_plain_ids(self):
        """Own open tickets, and those of customers whose number is open anyway."""
        plain = super()._get_phone_plain_ids()
        Partner = self.env["res.partner"]
        if self and Partner._is_phone_worker():
            own = self.filtered(lambda t: t.user_id == self.env.user and not t.closed)
            plain.update(own.ids)
            rest = self - own
            opened = set()
            if rest.partner_id:
                opened = Partner._get_phone_open_partner_ids()
                opened |= set(rest.partner_id._get_phone_granted().ids)
            plain.update(t.id for t in rest if t.partner_id.id in opened)
        return plain

    @api.onchange("cs_phone")
    def _onchange_cs_phone(self):
        """Tell of tickets with the same number while it is typed."""
        typed = self.cs_phone
        self._inverse_cs_phone()
        self.cs_phone = typed

    @api.model
    def _get_phone_query(self, cores):
        """By the indexed digits of the ticket, which have no 86 and no area's zero."""
        return SQL(
            "(SELECT id FROM helpdesk_ticket WHERE phone_digits IN %s)",
            tuple(core for core in cores if len(core) >= FULL_NUMBER),
            to_flush=self._fields["phone_digits"],
        )
