from odoo import api, fields, models


class CsTrainingPlan(models.Model):
    """What is to be taught in a year or a month (000-91)."""

    _name = "cs.training.plan"
    _description = "Training Plan"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    period = fields.Selection(
        [("year", "Yearly"), ("month", "Monthly")], default="month", required=True
    )
    date_from = fields.Date(
        required=True, default=lambda self: fields.Date.today().replace(day=1)
    )
    date_to = fields.Date(required=True)
    goal = fields.Text(help="What people shall be able to do afterwards.")
    user_id = fields.Many2one(
        "res.users", string="Responsible", default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    training_ids = fields.One2many("cs.training", "plan_id", string="Sessions")
    planned_count = fields.Integer(string="Planned", compute="_compute_counts")
    held_count = fields.Integer(string="Held", compute="_compute_counts")
    held_hours = fields.Float(string="Hours Held", compute="_compute_counts")

    _order_idx = models.Index("(date_from DESC, id DESC)")
    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A plan ends after it begins."
    )

    @api.depends("training_ids.state", "training_ids.hours")
    def _compute_counts(self):
        rows = self.env["cs.training"]._read_group(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["plan_id", "state"],
            ["__count", "hours:sum"],
        )
        counts = {(plan.id, state): (n, hours) for plan, state, n, hours in rows}
        for plan in self:
            held, hours = counts.get((plan.id, "held"), (0, 0.0))
            plan.planned_count = held + counts.get((plan.id, "planned"), (0, 0))[0]
            plan.held_count = held
            plan.held_hours = hours
