from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ticket_file(self):
        """004-83: files of a ticket are part of it; sudo of a person is a person."""
        if self.env.uid == SUPERUSER_ID:
            return
        kept = self.sudo().filtered(
            lambda file: file.res_model == "helpdesk.ticket"
            and file.res_id
            and not file.res_field
        )
        if kept:
            raise AccessError(
                self.env._("Files of a ticket are kept: they cannot be deleted.")
            )
