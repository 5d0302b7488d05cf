from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class CsTicketMail(models.AbstractModel):
    """E-mail on a ticket: who wrote, loops, and messages that stay."""

    _name = "cs.ticket.mail"
    _description = "Ticket: E-mail"
    _primary_email = "partner_email"

    partner_email_normalized = fields.Char(
        compute="_compute_partner_email_normalized",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        help="Found by equality when a loop is looked for.",
    )

    @api.depends("partner_email")
    def _compute_partner_email_normalized(self):
        for ticket in self:
            ticket.partner_email_normalized = email_normalize(ticket.partner_email)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("partner_email_normalized", "=", email_from_normalized)]

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Keep the bare address of the sender, which is what people search for."""
        address = email_normalize(msg_dict.get("email_from"))
        if address:
            msg_dict = dict(msg_dict, email_from=address)
        return super().message_new(msg_dict, custom_values=custom_values)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """004-83: to delete a message one must be allowed to delete the ticket."""
        if message_operation == "unlink":
            return dict.fromkeys(self, "unlink")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _message_update_content(self, message, /, *, body, **kwargs):
        """004-83: an emptied message is a deleted one."""
        if body is not None and not body:
            raise UserError(
                self.env._("Messages of a ticket are kept: they cannot be emptied.")
            )
        return super()._message_update_content(message, body=body, **kwargs)
