from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError


class CsProviderIssue(models.Model):
    """What a provider and we have to settle: reported, solved, fed back (002-07)."""

    _name = "cs.provider.issue"
    _description = "Issue with a Provider"
    _inherit = ["cs.audit.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "reported_on desc, id desc"

    name = fields.Char(string="Subject", required=True)
    provider_id = fields.Many2one("cs.provider", required=True, index=True)
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("issue", "Issue"),
            ("escalation", "Escalation"),
            ("meeting", "Meeting"),
            ("outage", "Outage"),
        ],
        default="issue",
        required=True,
    )
    description = fields.Text(required=True)
    ticket_id = fields.Many2one("helpdesk.ticket", index="btree_not_null")
    reported_on = fields.Datetime(
        default=fields.Datetime.now, readonly=True, copy=False
    )
    reported_by_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False
    )
    owner_id = fields.Many2one(
        "res.users", compute="_compute_owner_id", store=True, readonly=False
    )
    solution = fields.Text(tracking=True)
    solved_on = fields.Datetime(readonly=True, copy=False)
    fed_back_on = fields.Datetime(string="Fed Back", readonly=True, copy=False)
    state = fields.Selection(
        [("reported", "Reported"), ("solved", "Solved"), ("fed_back", "Fed Back")],
        default="reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    _order_idx = models.Index("(reported_on DESC, id DESC)")

    @api.depends("provider_id")
    def _compute_owner_id(self):
        for issue in self:
            issue.owner_id = issue.owner_id or issue.provider_id.responsible_id

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        for issue in issues.filtered("owner_id"):
            # sudo: a provider's agent reports to somebody he may not write to
            issue.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=issue.name,
                user_id=issue.owner_id.id,
            )
        return issues

    def action_solve(self):
        """The owner has settled it; pressing twice changes nothing."""
        for issue in self._take("reported"):
            if not (issue.solution or "").strip():
                raise ValidationError(self.env._("Please write how it was solved."))
            issue.sudo().write({"state": "solved", "solved_on": fields.Datetime.now()})

    def action_feed_back(self):
        """Who reported it hears how it was solved."""
        for issue in self._take("solved"):
            issue.sudo().write(
                {"state": "fed_back", "fed_back_on": fields.Datetime.now()}
            )
            issue.sudo().message_notify(
                partner_ids=issue.reported_by_id.partner_id.ids,
                subject=self.env._("Solved: %(issue)s", issue=issue.name),
                body=issue.solution,
            )
            issue.sudo().activity_ids.action_feedback(feedback=issue.solution)

    def _take(self, state):
        """Lock the issues and return those still in a state."""
        self.check_access("write")
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor settles such issues."))
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is working on it: try again in a moment.")
            ) from error
        self.invalidate_recordset(["state"])
        return self.filtered(lambda issue: issue.state == state)
