from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.masking import mask_phone
from .cs_call_event import PHONE_GROUPS


class CsCallNumber(models.AbstractModel):
    """The number of a call: who may read it, and whose it is."""

    _name = "cs.call.number"
    _description = "Call: Number"

    number = fields.Char(string="Caller's Number", groups=PHONE_GROUPS)
    number_digits = fields.Char(
        compute="_compute_number_digits",
        store=True,
        compute_sudo=True,
        groups=PHONE_GROUPS,
        export_string_translation=False,
    )
    phone_masked = fields.Char(
        string="Phone", compute="_compute_phone_masked", compute_sudo=True
    )
    phone_entry = fields.Char(
        string="Telephone Number",
        compute="_compute_phone_search",
        inverse="_inverse_phone_entry",
        help="Entered once, when a call is registered by hand.",
    )
    phone_search = fields.Char(
        string="Full Number",
        compute="_compute_phone_search",
        search="_search_phone_search",
        help="Finds the calls of one full number; parts of numbers are not searched.",
    )

    _number_idx = models.Index(
        "(number_digits, started_at DESC) WHERE number_digits IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Who may read it
    # ------------------------------------------------------------------
    @api.depends("number")
    def _compute_number_digits(self):
        Ticket = self.env["helpdesk.ticket"]
        for call in self:
            call.number_digits = Ticket._phone_to_digits(call.number)

    @api.depends("number", "user_id", "finished_at")
    @api.depends_context("uid")
    def _compute_phone_masked(self):
        """The number; masked but for readers of numbers and on one's own open call."""
        reader = self.env.user.has_group(PHONE_GROUPS)
        for call in self:
            own = call.user_id.id == self.env.uid and not call.finished_at
            plain = reader or own
            call.phone_masked = call.number if plain else mask_phone(call.number)

    def _compute_phone_search(self):
        self.phone_search = False
        self.phone_entry = False

    def _inverse_phone_entry(self):
        for call in self:
            entered = (call.phone_entry or "").strip()
            known = call.sudo()  # who writes a number down need not read it again
            if entered and not known.number:
                known.number = entered[:32]

    @api.model
    def _search_phone_search(self, operator, value):
        if operator != "in":
            return NotImplemented
        to_digits = self.env["helpdesk.ticket"]._phone_to_digits
        digits = [found for found in map(to_digits, value) if found]
        # sudo: to know a whole number is the right to find its calls
        calls = self.sudo()._search([("number_digits", "in", digits)])
        return Domain("id", "in", calls)

    # ------------------------------------------------------------------
    # Whose number is it
    # ------------------------------------------------------------------
    @api.model
    def _number_forms(self, digits):
        """How a number may be written in a customer's file, without separators."""
        return (digits, f"0{digits}", f"86{digits}", f"+86{digits}", f"0086{digits}")

    @api.model
    def _match_partners(self, digits, company):
        """Customers with this number: the E.164 form, or however it was typed.

        :return: ``res.partner``, at most five; companies before their contacts
        """
        Partner = self.env["res.partner"].sudo()  # a number matches, nobody reads it
        if not digits:
            return Partner
        Partner.flush_model(["phone", "phone_sanitized", "active", "company_id"])
        rows = self.env.execute_query(
            SQL(
                r"""
                SELECT id FROM res_partner
                 WHERE active AND (company_id IS NULL OR company_id = %(company)s)
                   AND (phone_sanitized = %(e164)s
                        OR regexp_replace(phone::text, '[\s\\./\(\)\-]'::text,
                                          ''::text, 'g'::text) IN %(forms)s)
                 ORDER BY (parent_id IS NULL) DESC, id
                 LIMIT 5
                """,
                company=company.id,
                e164=f"+86{digits}",
                forms=self._number_forms(digits),
            )
        )
        return Partner.browse(row[0] for row in rows)

    def _match(self):
        """Put the customer beside the number, if it is one customer's alone.

        A number proves no identity: the agent still asks who is speaking.
        """
        for call in self.filtered(lambda c: c.number_digits and not c.partner_id):
            partners = call._match_partners(call.number_digits, call.company_id)
            if len(partners.commercial_partner_id) == 1:
                call.partner_id = partners[:1]
