from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.fitness import outcome, total
from .cs_qualification import PARTS

MOCK = {"mock_score", "mock_note", "mock_taken"}
WARN_DAYS = 30
BATCH = 200


class CsCertificate(models.Model):
    """One try of one person at an exam, and what came of it (000-81, 003-09)."""

    _name = "cs.certificate"
    _description = "Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, index=True, readonly=True)
    qualification_id = fields.Many2one(
        "cs.qualification", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    attempt = fields.Integer(default=1, readonly=True, aggregator=None)
    state = fields.Selection(
        [
            ("running", "Under Way"),
            ("valid", "Valid"),
            ("failed", "Failed"),
            ("expired", "Expired"),
        ],
        default="running",
        required=True,
        readonly=True,
        tracking=True,
    )
    theory_input_id = fields.Many2one(
        "survey.user_input", readonly=True, index="btree_not_null"
    )
    system_input_id = fields.Many2one(
        "survey.user_input", readonly=True, index="btree_not_null"
    )
    theory_score = fields.Float(readonly=True, aggregator="avg")
    system_score = fields.Float(readonly=True, aggregator="avg")
    theory_taken = fields.Boolean(readonly=True)
    system_taken = fields.Boolean(readonly=True)
    mock_score = fields.Float(string="Mock Call Score", aggregator="avg", tracking=True)
    mock_note = fields.Text(string="Mock Call Note")
    mock_taken = fields.Boolean(string="Mock Call Done")
    mock_by_id = fields.Many2one("res.users", string="Mock Call by", readonly=True)
    total_score = fields.Float(readonly=True, aggregator="avg")
    date = fields.Date(string="Decided On", readonly=True)
    expiry_date = fields.Date(readonly=True)
    resit_until = fields.Date(readonly=True)
    retrained_on = fields.Date(string="Again From", readonly=True)

    _running_uniq = models.UniqueIndex(
        "(user_id, qualification_id) WHERE state = 'running'",
        "This person is taking the exam already.",
    )
    _valid_uniq = models.UniqueIndex(
        "(user_id, qualification_id) WHERE state = 'valid'",
        "This person has a valid certificate already.",
    )
    _expiry_idx = models.Index("(expiry_date) WHERE state = 'valid'")
    _score_range = models.Constraint(
        "CHECK (mock_score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )

    @api.depends("user_id", "qualification_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.user_id.name} · {row.qualification_id.name}"

    # ------------------------------------------------------------------
    # Theory and system: core surveys
    # ------------------------------------------------------------------
    def action_take_theory(self):
        return self._take("theory")

    def action_take_system(self):
        return self._take("system")

    def _take(self, part):
        """Open the person's own answer sheet of a part; a done one stays done."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody takes his own exam."))
        certificate = self.sudo()  # the person was checked; he has no right on exams
        survey = certificate.qualification_id[f"{part}_survey_id"]
        if certificate.state != "running" or not survey:
            raise UserError(self.env._("There is nothing to take here any more."))
        sheet = certificate[f"{part}_input_id"]
        if not sheet:
            sheet = survey._create_answer(user=self.env.user, check_attempts=False)
            certificate[f"{part}_input_id"] = sheet
        if sheet.state == "done":
            raise UserError(self.env._("You have taken this part already."))
        url = sheet.get_start_url()
        return {"type": "ir.actions.act_url", "target": "new", "url": url}

    @api.model
    def _take_result(self, sheets):
        """Answer sheets were handed in: note their scores (called in sudo)."""
        domain = [("state", "=", "running")]
        for part in ("theory", "system"):
            mine = domain + [(f"{part}_input_id", "in", sheets.ids)]
            for certificate in self.sudo().search(mine):
                sheet = certificate[f"{part}_input_id"]
                certificate.write(
                    {
                        f"{part}_score": sheet.scoring_percentage,
                        f"{part}_taken": True,
                    }
                )
                certificate._settle()

    # ------------------------------------------------------------------
    # Mock call: by a supervisor
    # ------------------------------------------------------------------
    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if not set(vals) <= MOCK | {"message_follower_ids", "activity_ids"}:
            raise UserError(
                self.env._("Only the mock call is entered by hand; the rest follows.")
            )
        if MOCK & set(vals):
            if self.env.user in self.user_id:
                raise AccessError(self.env._("Nobody scores his own mock call."))
            if any(row.state != "running" for row in self):
                raise UserError(self.env._("This exam is decided already."))
        result = super().write(vals)
        if vals.get("mock_taken"):
            for certificate in self.sudo():  # what follows from the entry
                certificate.mock_by_id = self.env.user
                certificate._settle()
        return result

    def action_mock_done(self):
        """The score of the mock call is final."""
        self.ensure_one()
        self.mock_taken = True

    # ------------------------------------------------------------------
    # What comes of it
    # ------------------------------------------------------------------
    def _settle(self):
        """Decide as soon as it can be decided: valid or failed."""
        self.ensure_one()
        rule = self.qualification_id
        weights = rule._get_weights()
        scores = {
            part: self[f"{part}_score"] if self[f"{part}_taken"] else None
            for part in PARTS
        }
        found = outcome(scores, weights, rule.pass_score, rule.part_minimum)
        if self.state != "running" or found == "running":
            return
        today = fields.Date.context_today(self)
        marks = {part: score or 0 for part, score in scores.items()}
        vals = {"date": today, "total_score": total(marks, weights)}
        if found == "passed":
            self._get_valid().state = "expired"  # renewed
            vals.update(
                state="valid",
                expiry_date=today + relativedelta(months=rule.validity_months),
            )
        else:
            resit = rule._workdays_after(today, rule.resit_days)
            again = resit if self.attempt == 1 else today
            vals.update(
                state="failed",
                resit_until=resit if self.attempt == 1 else False,
                retrained_on=rule._workdays_after(again, rule.retraining_days),
            )
        self.write(vals)

    def _get_valid(self):
        return self.search(
            [
                ("user_id", "=", self.user_id.id),
                ("qualification_id", "=", self.qualification_id.id),
                ("state", "=", "valid"),
            ]
        )

    def _cron_expire(self):
        """What has run out expires; who has a month left is told, once."""
        today = fields.Date.context_today(self)
        valid = [("state", "=", "valid")]
        over = self.search(valid + [("expiry_date", "<", today)], limit=BATCH)
        over.write({"state": "expired"})
        soon = self.search(
            valid
            + [
                ("expiry_date", "<=", today + relativedelta(days=WARN_DAYS)),
                ("activity_ids", "=", False),
            ],
            limit=BATCH,
        )
        for certificate in soon:
            certificate.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=certificate.expiry_date,
                summary=self.env._("Your certificate runs out: take the exam again"),
                user_id=certificate.user_id.id,
            )
