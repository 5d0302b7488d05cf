from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.mail import parse_contact_from_email

OBSERVERS = "cs_helpdesk.group_qa,cs_helpdesk.group_supervision"


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
        sender, address = parse_contact_from_email(msg_dict.get("email_from"))
        if address:
            msg_dict = dict(msg_dict, email_from=address)
            custom_values = {"partner_name": sender, **(custom_values or {})}
        if not msg_dict.get("subject"):
            msg_dict = dict(msg_dict, subject=self.env._("E-mail without a subject"))
        return super().message_new(msg_dict, custom_values=custom_values)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who may do what to messages of a ticket.

        To delete one, a person must be allowed to delete the ticket (004-83); those
        who only look do not write to the customer either (003-80).
        """
        if message_operation == "unlink":
            return dict.fromkeys(self, "unlink")
        if message_operation == "create" and self.env.user.has_groups(OBSERVERS):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _message_update_content(self, message, /, *, body, **kwargs):
        """004-83: an emptied message is a deleted one."""
        if body is not None and not body:
            raise UserError(
                self.env._("Messages of a ticket are kept: they cannot be emptied.")
            )
        return super()._message_update_content(message, body=body, **kwargs)
