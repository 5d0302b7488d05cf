from odoo import api, fields, models
from odoo.exceptions import UserError

GUARDED = {"state", "submitted_at", "noted_by_id", "noted_at", "user_id", "company_id"}
GRADES = [("high", "High"), ("medium", "Medium"), ("low", "Low")]


class CsSurveyEvaluation(models.Model):
    """What a survey's answers are worth, submitted upwards (000-45)."""

    _name = "cs.survey.evaluation"
    _description = "Survey Evaluation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "survey_id"

    survey_id = fields.Many2one(
        "survey.survey", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Evaluated by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    answer_count = fields.Integer(
        string="Answers", compute="_compute_answer_count", compute_sudo=True
    )
    content = fields.Text(help="What was asked and what came back.")
    credibility = fields.Selection(GRADES)
    credibility_note = fields.Text(string="Why Credible or Not")
    use_value = fields.Selection(GRADES)
    use_note = fields.Text(string="What It Can Be Used For")
    conclusion = fields.Text()
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Submitted"), ("noted", "Noted")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    submitted_at = fields.Datetime(readonly=True, copy=False)
    noted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    noted_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("survey_id")
    def _compute_answer_count(self):
        rows = self.env["survey.user_input"]._read_group(
            [
                ("survey_id", "in", self.survey_id.ids),
                ("state", "=", "done"),
                ("test_entry", "=", False),
            ],
            ["survey_id"],
            ["__count"],
        )
        counts = {survey.id: count for survey, count in rows}
        for row in self:
            row.answer_count = counts.get(row.survey_id.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in GUARDED - {"company_id"}}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if GUARDED & set(vals):
                raise UserError(self.env._("Submit or note it by its buttons."))
            own = {"message_follower_ids", "activity_ids"}
            if set(vals) - own and any(row.state != "draft" for row in self):
                raise UserError(self.env._("What was submitted is not changed."))
        return super().write(vals)

    def action_submit(self):
        """Hand it to the managers; pressing twice changes nothing."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            return False
        names = ("content", "credibility", "use_value", "conclusion")
        if not all(self[name] for name in names):
            raise UserError(
                self.env._(
                    "Fill in content, credibility, use value and conclusion first."
                )
            )
        row = self.sudo()  # its writer was checked
        row.write({"state": "submitted", "submitted_at": fields.Datetime.now()})
        managers = self.env.ref("cs_helpdesk.group_manager").all_user_ids.filtered(
            lambda u: u.active and row.company_id in u.company_ids and u.id > 2
        )
        for manager in managers - self.env.user:
            row.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A survey was evaluated"),
                user_id=manager.id,
            )
        return True

    def action_note(self):
        """A manager has taken note."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("cs_helpdesk.group_manager"):
            raise UserError(self.env._("A manager takes note of it."))
        if self.state == "submitted":
            self.sudo().write(  # the manager was checked
                {
                    "state": "noted",
                    "noted_by_id": self.env.uid,
                    "noted_at": fields.Datetime.now(),
                }
            )
            self.activity_feedback(["mail.mail_activity_data_todo"])
        return True
