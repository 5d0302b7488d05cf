from odoo import api, fields, models


class CsTrainingLine(models.Model):
    """One person at one session: there or not, and the test's result."""

    _name = "cs.training.line"
    _description = "Attendance"
    _order = "date desc, id desc"

    training_id = fields.Many2one("cs.training", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", required=True, domain="[('share', '=', False)]"
    )
    present = fields.Boolean()
    signed_at = fields.Datetime(string="Confirmed by Himself", readonly=True)
    score = fields.Float(string="Test", aggregator="avg")
    passed = fields.Boolean(compute="_compute_passed", store=True)
    hours = fields.Float(compute="_compute_hours", store=True)
    date = fields.Date(compute="_compute_hours", store=True)
    company_id = fields.Many2one(related="training_id.company_id", store=True)

    _once = models.UniqueIndex(
        "(training_id, user_id)", "This person is on the list already."
    )
    _order_idx = models.Index("(date DESC, id DESC)")
    _user_idx = models.Index("(user_id, date)")
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )

    @api.depends("user_id", "training_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.user_id.name} · {line.training_id.name}"

    @api.depends("score", "training_id.pass_score")
    def _compute_passed(self):
        for line in self:
            line.passed = line.score >= line.training_id.pass_score

    @api.depends(
        "present", "training_id.state", "training_id.hours", "training_id.date_start"
    )
    def _compute_hours(self):
        for line in self:
            training = line.training_id
            counts = line.present and training.state == "held"
            line.hours = training.hours if counts else 0.0
            line.date = training.date_start

    def action_confirm(self):
        """The person confirms that he was there; twice changes nothing."""
        self.check_access("read")
        for line in self.filtered(lambda r: r.user_id == self.env.user):
            if not line.signed_at:
                # sudo: the list is the trainer's; this mark is the person's own
                line.sudo().signed_at = fields.Datetime.now()
