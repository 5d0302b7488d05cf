from odoo import api, fields, models
from odoo.exceptions import UserError


class CsProviderIssue(models.Model):
    """What a provider reports, we solve, and he confirms (002-04, 002-07)."""

    _name = "cs.provider.issue"
    _description = "Issue with a Provider"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, create_date desc, id desc"

    name = fields.Char(string="Subject", required=True)
    provider_id = fields.Many2one(
        "cs.provider",
        required=True,
        index=True,
        default=lambda self: self._default_provider_id(),
    )
    company_id = fields.Many2one(
        related="provider_id.company_id", store=True, index=True
    )
    ticket_id = fields.Many2one("helpdesk.ticket", index="btree_not_null")
    description = fields.Text(required=True)
    state = fields.Selection(
        [
            ("1_reported", "Reported"),
            ("2_solved", "Solved"),
            ("done", "Confirmed"),
        ],
        default="1_reported",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Solves It", default=lambda self: self._default_user_id()
    )
    solution = fields.Text(tracking=True)
    solved_at = fields.Datetime(readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    feedback = fields.Text(help="What the provider says of the solution.")

    _order_idx = models.Index("(state, create_date DESC, id DESC)")

    @api.model
    def _default_provider_id(self):
        # sudo: which provider he works for is no secret to the user himself
        return self.env.user.sudo().provider_id

    @api.model
    def _default_user_id(self):
        return self.env["res.users"].browse()

    @api.model_create_multi
    def create(self, vals_list):
        issues = super().create(vals_list)
        for issue in issues:
            issue._notify_solver()
        return issues

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("An issue is moved on by its buttons: solved, confirmed.")
            )
        return super().write(vals)

    def _notify_solver(self):
        """The one who solves it, else the leaders of the desk, gets a task."""
        # sudo: a provider's agent knows no supervisors
        issue = self.sudo()
        users = issue.user_id or issue._get_leaders()
        for user in users:
            issue.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=issue.name
            )

    def _get_leaders(self):
        if self.ticket_id:
            return self.ticket_id._get_role_users("supervisor")[:1]
        return self.provider_id.create_uid.filtered("active")

    def action_solve(self):
        """Ours: what was done is written down, the provider is asked (002-07)."""
        self.check_access("write")
        self.lock_for_update()
        for issue in self.filtered(lambda i: i.state == "1_reported"):
            if issue._is_provider_side():
                raise UserError(
                    self.env._("An issue is solved by the company it was reported to.")
                )
            if not (issue.solution or "").strip():
                raise UserError(
                    self.env._(
                        "Write down the solution of “%(name)s”.", name=issue.name
                    )
                )
            # sudo: the state is closed to hands
            issue.sudo().write(
                {"state": "2_solved", "solved_at": fields.Datetime.now()}
            )
            issue.sudo().activity_feedback(["mail.mail_activity_data_todo"])
            issue._tell_reporter()
        return True

    def _tell_reporter(self):
        reporter = self.create_uid.partner_id
        self.message_post(
            body=self.solution,
            partner_ids=reporter.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def action_confirm(self):
        """The provider's: the solution has helped (002-07)."""
        self.check_access("read")
        for issue in self:
            if not issue._is_provider_side() and issue.create_uid != self.env.user:
                raise UserError(
                    self.env._("A solution is confirmed by who has reported the issue.")
                )
            if issue.state == "1_reported":
                raise UserError(
                    self.env._("“%(name)s” is not solved yet.", name=issue.name)
                )
        self.lock_for_update()
        # sudo: the state is closed to hands
        self.sudo().filtered(lambda i: i.state == "2_solved").write(
            {"state": "done", "confirmed_at": fields.Datetime.now()}
        )
        return True

    def action_reopen(self):
        """The solution has not helped: back to who solves it."""
        self.check_access("read")
        self.lock_for_update()
        for issue in self.sudo().filtered(lambda i: i.state == "2_solved"):
            # sudo: the state is closed to hands
            issue.write({"state": "1_reported", "solved_at": False})
            issue._notify_solver()
        return True

    def _is_provider_side(self):
        return self.env.user.has_group("cs_helpdesk.group_provider_agent")
