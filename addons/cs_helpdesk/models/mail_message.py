from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    _audit_content = True

    def _audit_masked(self, field_name, record_name, value):
        return value

    def write(self, vals):
        """004-83: a message of a ticket may be corrected; what it said is kept."""
        if "body" not in vals:
            return super().write(vals)
        # sudo: only to compare; whether it may be written is checked below
        edited = self.sudo().filtered(lambda m: m.model == "helpdesk.ticket")
        before = {message: message.body for message in edited}
        result = super().write(vals)
        Log = self.env["cs.audit.log"]
        for message, body in before.items():
            changes = {"body": (body, message.body)}
            Log._note("write", message, message.record_name, None, changes)
        return result
