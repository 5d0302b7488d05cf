from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class CsArticleUsage(models.AbstractModel):
    """Used for a ticket, read and confirmed (003-42, 003-83, 000-39)."""

    _name = "cs.article.usage"
    _description = "Article: Use"

    use_ids = fields.One2many("cs.article.use", "article_id", string="Uses")
    use_count = fields.Integer(string="Times Used", compute="_compute_use_count")
    reading_ids = fields.One2many("cs.article.reading", "article_id", string="Read by")
    read_by_me = fields.Boolean(string="Read", compute="_compute_read_by_me")

    def _compute_use_count(self):
        # sudo: how often, not by whom and for which ticket
        rows = (
            self.env["cs.article.use"]
            .sudo()
            ._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"])
        )
        counts = {article.id: count for article, count in rows}
        for article in self:
            article.use_count = counts.get(article.id, 0)

    @api.depends("edition_number", "reading_ids")
    @api.depends_context("uid")
    def _compute_read_by_me(self):
        readings = self.env["cs.article.reading"].search_fetch(
            [("article_id", "in", self.ids), ("user_id", "=", self.env.uid)],
            ["article_id", "edition_number"],
        )
        mine = {(row.article_id.id, row.edition_number) for row in readings}
        for article in self:
            article.read_by_me = (article.id, article.edition_number) in mine

    # ------------------------------------------------------------------
    # Used for a ticket
    # ------------------------------------------------------------------
    def action_use(self, ticket_id):
        """Log that the user used this article for a ticket; twice counts once.

        :param int ticket_id: a ticket the user works on
        :return: how often the article has been used
        """
        self._log_use(self._get_ticket(ticket_id))
        return self.use_count

    def _get_ticket(self, ticket_id):
        self.ensure_one()
        self.check_access("read")
        ticket = self.env["helpdesk.ticket"].browse(int(ticket_id)).exists()
        if not ticket:
            raise UserError(self.env._("Save the ticket first."))
        ticket.check_access("write")
        return ticket

    def _log_use(self, ticket):
        if self.state != "published":
            raise UserError(self.env._("Only published articles are used."))
        # sudo: nobody writes the log by hand; article and ticket were checked
        Use = self.env["cs.article.use"].sudo()
        same = [
            ("article_id", "=", self.id),
            ("ticket_id", "=", ticket.id),
            ("user_id", "=", self.env.uid),
        ]
        if not Use.search_count(same, limit=1):
            Use.create(
                {
                    "article_id": self.id,
                    "ticket_id": ticket.id,
                    "user_id": self.env.uid,
                    "author_id": self.author_id.id,
                    "company_id": ticket.company_id.id,
                }
            )

    def action_insert(self, ticket_id):
        """Open the reply to the customer with the solution in it, and log the use."""
        ticket = self._get_ticket(ticket_id)
        self._log_use(ticket)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "mail.action_email_compose_message_wizard"
        )
        action["context"] = {
            "default_model": ticket._name,
            "default_res_ids": ticket.ids,
            "default_composition_mode": "comment",
            "default_subtype_xmlid": "mail.mt_comment",
            "default_body": Markup("%s") % (self.steps or ""),
            "default_partner_ids": ticket.partner_id.ids,
        }
        return action

    # ------------------------------------------------------------------
    # Read and confirmed
    # ------------------------------------------------------------------
    def action_confirm_read(self):
        """The user has read this edition; confirming twice changes nothing."""
        self.check_access("read")
        Reading = self.env["cs.article.reading"].sudo()  # nobody confirms for others
        for article in self:
            if article.state != "published":
                raise UserError(self.env._("Only what is published is confirmed."))
            if not article.read_by_me:
                Reading.create(
                    {
                        "article_id": article.id,
                        "edition_number": article.edition_number,
                        "user_id": self.env.uid,
                        "company_id": article.company_id.id,
                    }
                )
        self.activity_feedback(["mail.mail_activity_data_todo"], user_id=self.env.uid)
        return True

    def _get_missing_readers(self):
        """People of the desk who have not confirmed the present edition."""
        self.ensure_one()
        desk = self.env.ref("cs_helpdesk.group_agent").all_user_ids.filtered(
            lambda u: u.active and self.company_id in u.company_ids
        )
        read = self.reading_ids.filtered(
            lambda r: r.edition_number == self.edition_number
        )
        return desk - read.user_id

    def action_remind_readers(self):
        """Ask everybody of the desk who has not read it; once, not every day."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "published" or is_html_empty(self.steps):
            raise UserError(self.env._("Only what is published is confirmed."))
        asked = self.activity_ids.user_id
        missing = self._get_missing_readers()
        for user in missing - asked:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Please read and confirm"),
                user_id=user.id,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "%(count)s colleagues have not confirmed it yet.",
                    count=len(missing),
                ),
            },
        }
