from odoo import models

from ..lib.photograph import without_position


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Photographs in a mail do not tell where they were taken."""
        results = super()._prepare_outgoing_list(mail_server, doc_to_followers)
        cleaned = {}
        for values in results:
            attachments = values["attachments"]
            if id(attachments) not in cleaned:
                cleaned[id(attachments)] = [
                    (name, without_position(raw), mimetype)
                    if (mimetype or "").startswith("image/")
                    else (name, raw, mimetype)
                    for name, raw, mimetype in attachments
                ]
            values["attachments"] = cleaned[id(attachments)]
        return results
