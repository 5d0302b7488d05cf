from odoo import models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _mark_done(self):
        """Exams count for certificates, answers of customers for their file."""
        result = super()._mark_done()
        sheets = self.sudo()  # handed in by whoever held the link
        sheets._link_customer()
        self.env["cs.certificate"]._take_result(sheets)
        return result

    def _link_customer(self):
        """An answer that came by a public link goes to the one with that e-mail."""
        for sheet in self.filtered(
            lambda s: s.email and not s.partner_id and not s.test_entry
        ):
            email = sheet.email.strip()
            found = self.env["res.partner"].search(
                [("email_normalized", "=", email.lower())], limit=2
            )
            if len(found) == 1:
                sheet.partner_id = found
