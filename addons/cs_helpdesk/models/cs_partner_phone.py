from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

from ..lib.masking import mask_phone

CALL_DAYS = 1  # a call that was never wrapped up opens nothing for longer
READER = "cs_helpdesk.group_phone_reader"
NUMBERS = ("phone", "phone_sanitized", "phone_mobile_search")


class CsPartnerPhone(models.AbstractModel):
    """Telephone numbers of customers are read inside one's own work only (000-06)."""

    _name = "cs.partner.phone"
    _description = "Customer: Telephone Number"
    _inherit = "cs.phone.mixin"

    phone = fields.Char(groups=READER)
    phone_sanitized = fields.Char(groups=READER)
    phone_mobile_search = fields.Char(groups=READER, copy=False)

    _phone_digits_idx = models.Index(
        r"(regexp_replace(phone, '\D', '', 'g')) WHERE phone IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Who sees it in full
    # ------------------------------------------------------------------
    def _has_field_access(self, field, operation):
        # everybody knows his own number
        return super()._has_field_access(field, operation) or (
            operation == "read"
            and field.name in NUMBERS
            and self._origin == self.env.user.partner_id
        )

    def _get_phone_plain_ids(self):
        """Own open work, grants and colleagues: a colleague is no customer."""
        plain = super()._get_phone_plain_ids()
        plain.update(self.filtered(lambda p: not p.partner_share).ids)
        plain.update(self.env.user.partner_id.ids)
        plain |= self._get_phone_open_partner_ids() & set(self.ids)
        return plain | set(self._get_phone_granted().ids)

    def _get_phone_granted(self):
        """Return those of self whose file the user is granted just now (000-115)."""
        granted = self._get_granted_domain()
        if not self or granted.is_false() or not self._is_phone_worker():
            return self.browse()
        # sudo: his own grants decide, not the rules
        closed = self.sudo().with_context(active_test=False)
        return closed.search(Domain("id", "in", self.ids) & granted)

    @api.model
    def _get_phone_open_partner_ids(self):
        """Return the ids of customers the user works for just now; one query."""
        if not self._is_phone_worker():
            return set()
        queries = self._get_phone_open_queries()
        rows = self.env.execute_query(SQL(" UNION ").join(queries))
        return {partner_id for (partner_id,) in rows if partner_id}

    @api.model
    def _is_phone_worker(self):
        """Whether own work opens numbers: not to people of a provider (002-05)."""
        return not self.env.user.has_group("cs_helpdesk.group_provider_agent")

    @api.model
    def _get_phone_open_queries(self):
        """Return queries of the ids of partners whose number is open to the user.

        Extended by further records that open a number: grants.
        """
        Ticket, Call = self.env["helpdesk.ticket"], self.env["cs.call"]
        Ticket.flush_model(["user_id", "closed", "active", "partner_id"])
        Call.flush_model(["user_id", "finished_at", "started_at", "partner_id"])
        return [
            SQL(
                "SELECT partner_id FROM helpdesk_ticket WHERE user_id = %s "
                "AND closed IS NOT TRUE AND active IS TRUE",
                self.env.uid,
            ),
            SQL(
                "SELECT partner_id FROM cs_call WHERE user_id = %s "
                "AND finished_at IS NULL AND started_at > %s",
                self.env.uid,
                fields.Datetime.now() - timedelta(days=CALL_DAYS),
            ),
        ]

    # ------------------------------------------------------------------
    # Where Odoo reads it by itself
    # ------------------------------------------------------------------
    @api.onchange("phone", "country_id", "company_id")
    def _onchange_phone_validation(self):
        if self._has_field_access(self._fields["phone"], "read"):
            return super()._onchange_phone_validation()

    def _build_vcard(self):
        """A business card for who may not read the number goes without it."""
        if self._is_phone_reader() or self._origin == self.env.user.partner_id:
            return super()._build_vcard()
        self.check_access("read")
        # sudo: builds the card, from which the number is taken at once
        vcard = super(CsPartnerPhone, self.sudo())._build_vcard()
        if vcard and "tel" in vcard.contents:
            del vcard.contents["tel"]
        return vcard

    def _get_store_avatar_card_fields(self, target):
        """The card behind a picture shows what the form shows."""
        names = super()._get_store_avatar_card_fields(target)
        if "phone" not in names:
            return names
        return [
            Store.Attr("phone", lambda p: p._get_card_phone(target))
            if name == "phone"
            else name
            for name in names
        ]

    def _get_card_phone(self, target):
        # what is sent to others is not measured by what the sender may see
        if target.channel is not None and self.partner_share:
            return mask_phone(self.sudo().phone)  # sudo: masked at once
        return self.cs_phone
