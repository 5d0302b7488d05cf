from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CsTraining(models.Model):
    """One session: what, by whom, who was there, what they learned (003-07…09)."""

    _name = "cs.training"
    _description = "Training"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"

    name = fields.Char(string="Subject", required=True, tracking=True)
    topic = fields.Selection(
        [
            ("function", "Functions of the System"),
            ("operation", "How to Work, Demonstrated"),
            ("faq", "Common Questions"),
            ("product", "Products"),
            ("phrase", "Wording and Role Play"),
            ("process", "Rules and Processes"),
            ("secrecy", "Confidentiality"),
            ("upgrade", "After an Upgrade"),
            ("other", "Other"),
        ],
        default="function",
        required=True,
    )
    onboarding = fields.Boolean(string="For New Colleagues")
    plan_id = fields.Many2one("cs.training.plan", index="btree_not_null")
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
        default="planned",
        required=True,
        copy=False,
        tracking=True,
    )
    date_start = fields.Datetime(
        string="Begins", required=True, default=fields.Datetime.now
    )
    hours = fields.Float(required=True, default=1.0)
    place = fields.Char()
    trainer_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    article_ids = fields.Many2many("cs.article", string="Material")
    content = fields.Html()
    upgrade = fields.Char(help="Number of the upgrade plan it follows (003-74).")
    pass_score = fields.Float(default=80, aggregator=None)
    user_ids = fields.Many2many(
        "res.users",
        string="Invited",
        compute="_compute_user_ids",
        inverse="_inverse_user_ids",
        domain="[('share', '=', False)]",
    )
    line_ids = fields.One2many("cs.training.line", "training_id", string="Attendance")

    _order_idx = models.Index("(date_start DESC, id DESC)")
    _hours = models.Constraint(
        "CHECK (hours > 0 AND hours <= 24)", "A session lasts up to 24 hours."
    )

    @api.depends("line_ids.user_id")
    def _compute_user_ids(self):
        for training in self:
            training.user_ids = training.line_ids.user_id

    def _inverse_user_ids(self):
        for training in self:
            lines = training.line_ids
            gone = lines.filtered(lambda r, t=training: r.user_id not in t.user_ids)
            new = training.user_ids - lines.user_id
            training.line_ids = [Command.delete(line.id) for line in gone] + [
                Command.create({"user_id": user.id}) for user in new
            ]

    def action_all_present(self):
        self.line_ids.present = True

    def action_held(self):
        """The session took place; its attendance counts from now on."""
        for training in self:
            if training.date_start > fields.Datetime.now():
                raise UserError(
                    self.env._("“%(name)s” has not begun yet.", name=training.name)
                )
            if not any(training.line_ids.mapped("present")):
                raise UserError(
                    self.env._("“%(name)s”: tick who was there.", name=training.name)
                )
        self.filtered(lambda t: t.state == "planned").state = "held"

    def action_cancel(self):
        self.filtered(lambda t: t.state == "planned").state = "cancelled"

    # ------------------------------------------------------------------
    # Two hours a week (G19)
    # ------------------------------------------------------------------
    @api.model
    def _get_short_of_training(self, company, monday):
        """People of the desk with less training than asked for in a week.

        :param date monday: first day of the week
        :return: {user: hours}
        """
        group = self.env.ref("cs_helpdesk.group_agent")
        people = group.all_user_ids.filtered(
            lambda u: u.active and u.company_id == company and u.id > 2
        )
        rows = self.env["cs.training.line"]._read_group(
            [
                ("user_id", "in", people.ids),
                ("date", ">=", monday),
                ("date", "<", monday + timedelta(days=7)),
            ],
            ["user_id"],
            ["hours:sum"],
        )
        had = {user.id: hours for user, hours in rows}
        wanted = company.training_hours_week
        return {
            user: had.get(user.id, 0.0)
            for user in people
            if had.get(user.id, 0.0) < wanted
        }

    def _cron_tell_short(self):
        """Each Monday: who had too little training last week."""
        today = fields.Date.context_today(self)
        monday = today - timedelta(days=today.weekday() + 7)
        lead = self.env.ref("cs_helpdesk.group_supervisor").all_user_ids
        for company in self.env["res.company"].search(
            [("training_hours_week", ">", 0)]
        ):
            short = self._get_short_of_training(company, monday)
            partners = lead.filtered(
                lambda u, c=company: u.active and u.company_id == c
            ).partner_id
            if short and partners:
                names = "、".join(f"{u.name} ({h:.1f} h)" for u, h in short.items())
                self.env["mail.thread"].message_notify(
                    partner_ids=partners.ids,
                    subject=self.env._("Too little training last week"),
                    body=self.env._(
                        "Less than %(hours)s h of training: %(names)s",
                        hours=company.training_hours_week,
                        names=names,
                    ),
                )
