from odoo import fields, models
from odoo.fields import Domain


class CsTicketPortal(models.AbstractModel):
    """What a customer sees of his ticket, and may do with it."""

    _name = "cs.ticket.portal"
    _description = "Ticket: Customer Portal"

    portal_key = fields.Char(
        copy=False,
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
        help="Made by the form: a second press finds the ticket of the first.",
    )

    _portal_key_uniq = models.UniqueIndex(
        "(portal_key) WHERE portal_key IS NOT NULL",
        "This request was sent already.",
    )

    def _get_portal_attachments(self):
        """Files a customer may see: of public messages, or sent in by a customer.

        :return: ``ir.attachment`` in sudo, newest first
        """
        self.ensure_one()
        about = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        # sudo: the caller has checked the ticket; the domain keeps internal notes out
        Message = self.env["mail.message"].sudo()
        public = Message.search(about & Message._get_search_domain_share())
        files = self.env["ir.attachment"].sudo()
        files = files.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], order="id desc"
        )
        shown = public.attachment_ids
        return files.filtered(lambda file: file in shown or file.create_uid.share)

    def _get_portal_close_stages(self):
        """Stages in which the customer may end this ticket himself."""
        self.ensure_one()
        stages = self.team_id.sudo()._get_applicable_stages()
        if not self.team_id:
            stages = stages.filtered(
                lambda s: s.company_id in (s.company_id.browse(), self.company_id)
            )
        return stages.filtered(lambda s: s.closed and s.close_from_portal)

    def _is_portal_owner(self):
        """Whether the user is the customer of this ticket, not merely a follower."""
        self.ensure_one()
        company = self.env.user.commercial_partner_id
        return self.sudo().partner_id.commercial_partner_id == company

    def _get_mail_thread_data_attachments(self):
        """The holder of a link sees in the chat what the portal page shows."""
        if self.env.user.share:
            return self._get_portal_attachments()
        return super()._get_mail_thread_data_attachments()
