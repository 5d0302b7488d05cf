from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError


class CsTicketPhrase(models.AbstractModel):
    """Replies are checked for words never said before they leave (G12, N37)."""

    _name = "cs.ticket.phrase"
    _description = "Ticket: Phrases"

    @api.model
    def _may_say_anything(self):
        return self.env.user.has_group("cs_helpdesk.group_supervisor")

    def _check_words(self, body):
        """Look for words never said in what a person of ours sends to a customer.

        :param body: HTML or text
        :return: hits to be noted once the message is out (``cs.phrase.hit._note``)
        :raise UserError: one of them is severe, and the user no supervisor
        """
        # the person at the keyboard counts, not the rights his client works with
        user = self.env.user
        if user.id == SUPERUSER_ID or not user._is_internal():
            return self.env["cs.phrase"]
        found = self.env["cs.phrase"].sudo()._find_in(body)  # no secret to anybody
        severe = found.filtered(lambda p: p.severity == "severe")
        if severe and not self._may_say_anything():
            self.env["cs.phrase.hit"]._note_refused(severe, self[:1])
            raise UserError(severe[0]._get_refusal())
        return found

    def _note_words(self, found):
        if found:
            allowed = found.filtered(lambda p: p.severity == "severe")
            Hit = self.env["cs.phrase.hit"]
            Hit._note(found - allowed, self, "sent")
            Hit._note(allowed, self, "allowed")

    def _reaches_customer(self, message_type, subtype, partner_ids):
        """Whether a message of this kind is seen by anybody outside."""
        if message_type not in ("comment", "email_outgoing"):
            return False
        if subtype and not subtype.internal:
            return True
        # sudo: only to learn whether somebody mentioned is one of us
        partners = self.env["res.partner"].sudo().browse(partner_ids or [])
        return any(partner.partner_share for partner in partners)

    def message_post(self, **kwargs):
        """Check the words first, so that a refusal leaves nothing half sent."""
        found = self.env["cs.phrase"]
        subtype = self.env["mail.message.subtype"].browse(kwargs.get("subtype_id"))
        if not subtype:
            xmlid = kwargs.get("subtype_xmlid") or "mail.mt_note"
            subtype = self.env.ref(xmlid, raise_if_not_found=False) or subtype
        if self._reaches_customer(
            kwargs.get("message_type"), subtype.sudo(), kwargs.get("partner_ids")
        ):
            found = self._check_words(
                f"{kwargs.get('subject') or ''}\n{kwargs.get('body') or ''}"
            )
        message = super().message_post(**kwargs)
        self._note_words(found)
        return message

    def _message_update_content(self, message, /, *, body, **kwargs):
        """What was sent may not be turned into what could not be sent."""
        found = self.env["cs.phrase"]
        if body and self._reaches_customer(
            message.message_type, message.subtype_id, message.partner_ids.ids
        ):
            found = self._check_words(body)
        result = super()._message_update_content(message, body=body, **kwargs)
        self._note_words(found)
        return result
