from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.fitness import next_attempt

PARTS = ("theory", "system", "mock")


class CsQualification(models.Model):
    """What somebody must have passed before he may do a kind of work (000-80, 81)."""

    _name = "cs.qualification"
    _description = "Qualification"
    _inherit = ["cs.cached.policy", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("agent", "Desk Agent"),
            ("provider", "Provider Agent"),
            ("second_line", "Second Line"),
            ("supervisor", "Supervisor"),
            ("other", "Other"),
        ],
        required=True,
        default="agent",
        tracking=True,
    )
    group_id = fields.Many2one(
        "res.groups", string="Needed by", help="Members of this group need it."
    )
    required = fields.Boolean(
        tracking=True,
        help="Without it nobody of the group is rostered or gets a ticket, once the "
        "company enforces it.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    # The exam
    theory_survey_id = fields.Many2one(
        "survey.survey", domain="[('certification', '=', True)]"
    )
    system_survey_id = fields.Many2one(
        "survey.survey", domain="[('certification', '=', True)]"
    )
    theory_weight = fields.Integer(default=40, aggregator=None)
    system_weight = fields.Integer(default=30, aggregator=None)
    mock_weight = fields.Integer(string="Mock Call Weight", default=30, aggregator=None)
    pass_score = fields.Float(default=80, aggregator=None, tracking=True)
    part_minimum = fields.Float(
        string="Each Part at Least", default=60, aggregator=None, tracking=True
    )
    validity_months = fields.Integer(default=12, aggregator=None)
    resit_days = fields.Integer(
        string="Resit Within (Working Days)", default=3, aggregator=None
    )
    retraining_days = fields.Integer(
        string="Retraining (Working Days)", default=5, aggregator=None
    )
    certificate_ids = fields.One2many("cs.certificate", "qualification_id")

    _weights = models.Constraint(
        "CHECK (theory_weight >= 0 AND system_weight >= 0 AND mock_weight >= 0"
        " AND theory_weight + system_weight + mock_weight > 0)",
        "At least one part of the exam must count.",
    )
    _scores = models.Constraint(
        "CHECK (pass_score BETWEEN 0 AND 100 AND part_minimum BETWEEN 0 AND 100)",
        "Scores lie between 0 and 100.",
    )
    _days = models.Constraint(
        "CHECK (validity_months > 0 AND resit_days >= 0 AND retraining_days >= 0)",
        "A certificate is valid for at least a month.",
    )

    @api.constrains("required", "group_id")
    def _check_group(self):
        if any(row.required and not row.group_id for row in self):
            raise ValidationError(
                self.env._("Say which group needs the qualification.")
            )

    @api.constrains("theory_weight", "theory_survey_id", "system_weight")
    def _check_surveys(self):
        for row in self:
            for part in ("theory", "system"):
                if (
                    row.required
                    and row[f"{part}_weight"]
                    and not (row[f"{part}_survey_id"])
                ):
                    raise ValidationError(
                        self.env._(
                            "%(name)s: choose the exam of each part that counts.",
                            name=row.name,
                        )
                    )

    @api.model
    @tools.ormcache()
    def _get_required(self):
        """What is enforced: ((qualification id, kind, company id, group ids), …)."""
        rows = self.sudo().search(
            [
                ("required", "=", True),
                ("company_id.fitness_enforced", "=", True),
            ]
        )
        return tuple(
            (
                row.id,
                row.kind,
                row.company_id.id,
                tuple((row.group_id | row.group_id.all_implied_by_ids).ids),
            )
            for row in rows
        )

    def _get_weights(self):
        self.ensure_one()
        return {part: self[f"{part}_weight"] for part in PARTS}

    def _workdays_after(self, day, count):
        """The date ``count`` working days of the service schedule after a day."""
        self.ensure_one()
        calendar = self.company_id.sudo().service_calendar_id  # no secret
        for _i in range(count):
            day += relativedelta(days=1)
            for _j in range(31):  # no schedule is closed for a month
                if not calendar or calendar._works_on_date(day):
                    break
                day += relativedelta(days=1)
        return day

    # ------------------------------------------------------------------
    # Taking the exam
    # ------------------------------------------------------------------
    def action_take_exam(self):
        """Open the user's own exam; begun anew it is the first, resit or last try."""
        self.ensure_one()
        self.check_access("read")
        return self._start_exam(self.env.user)._get_records_action()

    def _start_exam(self, user):
        """The running exam of a person, begun if need be.

        :raise UserError: he must wait, or has failed for good
        """
        self.ensure_one()
        if user != self.env.user and not self.env.user.has_group(
            "cs_helpdesk.group_supervisor"
        ):
            raise AccessError(self.env._("Only supervisors enter others for an exam."))
        # sudo: nobody writes certificates by hand; the person was checked
        Certificate = self.env["cs.certificate"].sudo()
        domain = [("user_id", "=", user.id), ("qualification_id", "=", self.id)]
        running = Certificate.search(domain + [("state", "=", "running")], limit=1)
        if not running:
            last = Certificate.search(domain, order="id desc", limit=1)
            running = Certificate.create(
                {
                    "user_id": user.id,
                    "qualification_id": self.id,
                    "company_id": self.company_id.id,
                    "attempt": self._get_next_attempt(last),
                }
            )
        return running.sudo(False)

    def _get_next_attempt(self, last):
        failed = last.attempt if last.state == "failed" else 0
        today = fields.Date.context_today(self)
        attempt, wait = next_attempt(failed, today, last.resit_until, last.retrained_on)
        if wait:
            raise UserError(
                self.env._(
                    "The exam may be taken again after retraining, from %(date)s on.",
                    date=wait,
                )
            )
        if not attempt:
            raise UserError(
                self.env._(
                    "The exam was failed after retraining as well; the manager decides."
                )
            )
        return attempt
