from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext, human_size, plaintext2html

BODY_MAX = 300_000  # characters of HTML: beyond it a message goes into a file
BODY_KEPT = 20_000  # characters of text that stay in the message


class CsTicketFiles(models.AbstractModel):
    """Files and texts on a ticket: so many, so large, of these kinds; mail that fails.

    A person is refused with a sentence; of a mail that came in, what fits is kept and
    the rest is named.
    """

    _name = "cs.ticket.files"
    _description = "Ticket: Files"

    mail_bounced = fields.Char(
        string="Mail Came Back",
        readonly=True,
        copy=False,
        help="The address our last mail could not be delivered to.",
    )

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    def _process_attachments_for_post(
        self, attachments, attachment_ids, message_values
    ):
        Attachment = self.env["ir.attachment"]
        most = Attachment._get_file_limit("count")
        if len(attachment_ids or []) > most:
            raise ValidationError(
                self.env._("Please send at most %(n)s files.", n=most)
            )
        # sudo: size and content decide, whoever may read the file
        for file in Attachment.sudo().browse(attachment_ids or []):
            Attachment._check_file(file.name, file.raw or b"")
        kept, left_out = self._sort_files(attachments or [], most)
        if left_out:
            note = self.env._(
                "Not kept, please ask the sender for them: %(files)s",
                files="、".join(left_out),
            )
            body = message_values.get("body") or Markup("")
            message_values["body"] = body + Markup("<p>%s</p>") % note
        values = super()._process_attachments_for_post(
            kept, attachment_ids, message_values
        )
        if left_out:
            values.setdefault("body", message_values["body"])
        return values

    def _sort_files(self, attachments, most):
        """Return the files that may be kept, and the names of the others with why."""
        kept, left_out = [], []
        for attachment in attachments:
            name, content = attachment[0] or "", attachment[1]
            raw = content if isinstance(content, bytes) else b""
            problem = self.env["ir.attachment"]._get_file_problem(name, raw)
            if problem or len(kept) >= most:
                left_out.append(f"{name} ({human_size(len(raw))})")
            else:
                kept.append(attachment)
        return kept, left_out

    # ------------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------------
    @api.model
    def _shorten_body(self, body):
        """Return the body a message may carry, and the whole as a file or None."""
        if not body or len(body) <= BODY_MAX:
            return body, None
        text = html2plaintext(body) if isinstance(body, Markup) else str(body)
        note = self.env._("The text goes on in the attached file.")
        short = plaintext2html(text[:BODY_KEPT]) + Markup("<p><i>%s</i></p>") % note
        return short, (self.env._("Whole text.txt"), text.encode())

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        body, _whole = self._shorten_body(msg_dict.get("body"))  # posted in full below
        if body is not msg_dict.get("body"):
            msg_dict = dict(msg_dict, body=body)
        return super().message_new(msg_dict, custom_values=custom_values)

    def message_post(self, *, body="", attachments=None, **kwargs):
        body, whole = self._shorten_body(body)
        if whole:
            attachments = [whole, *(attachments or [])]
        return super().message_post(body=body, attachments=attachments, **kwargs)

    # ------------------------------------------------------------------
    # Mail that came back
    # ------------------------------------------------------------------
    def _message_receive_bounce(self, email, partner):
        """A customer who was not reached has not been answered: somebody must know."""
        result = super()._message_receive_bounce(email, partner)
        for ticket in self:
            if ticket.mail_bounced == email:
                continue
            ticket.mail_bounced = email
            owner = ticket.user_id or ticket._get_role_users("supervisor")[:1]
            subject = self.env._(
                "Mail to %(address)s came back: please reach the customer otherwise",
                address=email,
            )
            ticket._tell_users(owner, subject, subject)
        return result

    def action_mail_reached(self):
        """The address was mended, or the customer was reached another way."""
        self.check_access("write")
        self.mail_bounced = False
