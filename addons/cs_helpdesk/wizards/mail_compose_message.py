from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """Replies to many tickets at once leave by mail, not by posting (G12)."""
        tickets = self.env["helpdesk.ticket"]
        found = self.env["cs.phrase"]
        if self.model == tickets._name:
            tickets = tickets.browse(res_ids)
            found = tickets._check_words(f"{self.subject or ''}\n{self.body or ''}")
        result = super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)
        tickets[:1]._note_words(found)
        return result
