from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class CsAnnouncement(models.Model):
    """A rule, procedure or notice, told to those concerned, who confirm reading it."""

    _name = "cs.announcement"
    _description = "Announcement"
    _inherit = ["cs.press.mixin", "cs.read.mixin", "mail.thread"]
    _by_hand = frozenset(
        {"name", "body", "edition", "edition_date", "date_from", "date_to", "group_ids"}
    )
    _order = "date_from desc, id desc"

    name = fields.Char(string="Title", required=True)
    body = fields.Html(required=True)
    edition = fields.Char(help="Edition or number of the paper.")
    edition_date = fields.Date(default=fields.Date.context_today)
    date_from = fields.Date(
        string="In Force from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="In Force until")
    group_ids = fields.Many2many(
        "res.groups",
        string="For Members of",
        help="Empty: everybody in the service centre.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _order_idx = models.Index("(date_from DESC, id DESC)")

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for paper in self:
            if paper.date_to and paper.date_to < paper.date_from:
                raise ValidationError(
                    self.env._(
                        "%(paper)s would end before it comes into force.",
                        paper=paper.name,
                    )
                )

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(paper.state != "draft" for paper in self):
            raise UserError(
                self.env._(
                    "What is published is not edited: withdraw it and publish a new "
                    "edition."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(paper.state != "draft" for paper in self):
            raise UserError(self.env._("What was published is kept: withdraw it."))

    def _get_readers(self):
        """Whom it concerns: staff of the company in the groups named."""
        self.ensure_one()
        groups = self.group_ids or self.env.ref("helpdesk_mgmt.group_helpdesk_user_own")
        users = groups.sudo().all_user_ids  # sudo: whom it goes to
        return users.filtered(
            lambda u: u.active
            and not u.share
            and self.company_id in u.company_ids
            and u != self.env.user
        ) - self.env.ref("base.user_root")

    def action_publish(self):
        """Publish: everybody concerned is told and has 2 working days to read it."""
        self._check_leader()
        self._lock()
        for paper in self.filtered(lambda p: p.state == "draft"):
            readers = paper._get_readers()
            if not readers:
                raise UserError(
                    self.env._(
                        "%(paper)s has no readers: please choose for whom it is.",
                        paper=paper.name,
                    )
                )
            paper._publish(readers)

    def _publish(self, readers):
        """Publish to these readers; the caller has checked the user."""
        self.ensure_one()
        # sudo: checked by the caller; these are written here alone
        paper = self.sudo()
        paper.write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        paper._ask_to_read(readers)
        paper.message_notify(
            partner_ids=readers.partner_id.ids,
            subject=self.env._("Please read: %(name)s", name=paper.name),
            body=paper.body,
        )

    def action_withdraw(self):
        """No longer in force; nobody has to read it any more."""
        self._check_leader()
        self._lock()
        for paper in self.filtered(lambda p: p.state == "published"):
            # sudo: checked above
            done = paper.sudo()
            done.write({"state": "withdrawn", "date_to": fields.Date.today()})
            done.receipt_ids.filtered(lambda r: not r.read_at)._clock_cancel("read")

    def _check_leader(self):
        self.check_access("write")
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("Announcements are made by supervisors and managers.")
            )
