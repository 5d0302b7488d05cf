from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .res_partner import CUSTOMER_CLASSES, REGION_ZONES

WORK_UNITS = ("work_hours", "work_days", "same_day")
# most telling condition first: of two rows that match, the one that names it wins
CONDITIONS = ("grade_level", "type_ids", "urgency", "customer_class", "region_zone")


class CsTimeLimit(models.Model):
    """How long something may take: a policy row, copied into each clock it starts."""

    _name = "cs.time.limit"
    _description = "Time Limit"
    _inherit = [
        "cs.cached.policy",
        "cs.audit.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    res_model = fields.Char(
        string="Applies to",
        required=True,
        default="helpdesk.ticket",
        export_string_translation=False,
    )
    kind = fields.Selection(
        [
            ("accept", "Acceptance"),
            ("take", "Taking Over"),
            ("open", "Opening"),
            ("first_response", "First Response"),
            ("answer", "Clear Answer"),
            ("plan", "Plan"),
            ("promise", "Promise to the Customer"),
            ("assist", "Help of a Department"),
            ("solution", "Solution"),
            ("revisit", "Call-back"),
            ("second_line", "Promised Reply"),
            ("outside", "Outside Deadline"),
            ("step", "Step of a Flow"),
            ("gap", "Knowledge Gap"),
            ("checklist", "Checklist"),
            ("finding", "Mending a Finding"),
            ("recheck", "Looking Again"),
            ("minutes", "Minutes"),
            ("read", "Reading"),
            ("task", "Task"),
            ("fault_report", "Report of a Fault"),
            ("post_mortem", "Post-Mortem"),
            ("call_back", "Return Call"),
            ("follow_up", "Follow-up"),
        ],
        required=True,
    )
    # How much, on which axis
    quantity = fields.Float(required=True, default=1, tracking=True, aggregator=None)
    unit = fields.Selection(
        [
            ("work_hours", "Working Hours"),
            ("work_days", "Working Days"),
            ("same_day", "End of the Same Working Day"),
            ("wall_hours", "Hours"),
            ("wall_days", "Days"),
            ("date", "Date on the Record"),
        ],
        required=True,
        default="work_hours",
        tracking=True,
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        help="Empty: the service calendar of the company.",
    )
    # For whom: an empty condition matches everything
    type_ids = fields.Many2many("cs.ticket.type", string="Ticket Types")
    urgency = fields.Selection(
        [("low", "Low"), ("normal", "Normal"), ("urgent", "Urgent")]
    )
    grade_level = fields.Integer(
        string="Complaint Grade", help="0: any grade.", aggregator=None
    )
    customer_class = fields.Selection(CUSTOMER_CLASSES)
    region_zone = fields.Selection(REGION_ZONES)
    # How it bends and warns
    is_promise = fields.Boolean(
        string="Promise",
        help="Spoken to customers: a factor may shorten it, never lengthen it.",
    )
    advisory = fields.Boolean(help="Shown and warned of, but never counted as late.")
    pausable = fields.Boolean(default=True)
    urgent_factor = fields.Float(default=0.5)
    low_factor = fields.Float(default=2.0)
    floor_minutes = fields.Integer(
        default=30, help="A factor never shortens the limit below this."
    )
    warn_percent = fields.Integer(string="Warn Owner at %", default=80)
    late_percent = fields.Integer(string="Tell Supervisor at %", default=100)
    escalate_percent = fields.Integer(string="Tell Manager at %", default=150)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A time limit must be longer than nothing."
    )

    @api.constrains("warn_percent", "late_percent", "escalate_percent")
    def _check_percents(self):
        for limit in self:
            points = (limit.warn_percent, limit.late_percent, limit.escalate_percent)
            if not 0 < points[0] < points[1] < points[2]:
                raise ValidationError(
                    self.env._(
                        "%(limit)s: warning, lateness and escalation must come in this "
                        "order, 80, 100 and 150 % for instance.",
                        limit=limit.name,
                    )
                )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        for limit in self.filtered("calendar_id"):
            limit.calendar_id._check_worktime()

    @api.model
    @tools.ormcache("res_model", "company_id")
    def _get_table(self, res_model, company_id):
        """All active rows for a model and company, most telling first.

        :return: tuple of (kind, limit id, {condition: set of accepted values})
        """
        limits = self.sudo().search(
            [
                ("res_model", "=", res_model),
                ("company_id", "in", [False, company_id]),
                ("kind", "!=", "step"),  # those belong to their stage
            ]
        )

        def conditions(limit):
            found = {}
            for name in CONDITIONS:
                value = limit[name]
                if value:
                    found[name] = set(value.ids) if name == "type_ids" else {value}
            return found

        rows = [(limit.kind, limit.id, conditions(limit)) for limit in limits]
        rows.sort(key=lambda row: [name not in row[2] for name in CONDITIONS])
        return tuple(rows)

    @api.model
    def _match(self, res_model, company_id, facts):
        """The row that applies to each kind, for one record.

        :param dict facts: condition name -> value of the record (`CONDITIONS`)
        :return: {kind: limit id}
        """
        chosen = {}
        for kind, limit_id, conditions in self._get_table(res_model, company_id):
            if kind not in chosen and all(
                facts.get(name) in accepted for name, accepted in conditions.items()
            ):
                chosen[kind] = limit_id
        return chosen

    def _tell_administrators(self, problem):
        """Ask the system administrators to mend what keeps clocks from running."""
        group = self.env.ref("cs_helpdesk.group_system_admin")
        for limit in self.sudo():  # the person at the ticket cannot mend it
            for user in group.all_user_ids or self.env.ref("base.user_admin"):
                if problem not in limit.activity_ids.mapped("summary"):
                    limit.activity_schedule(
                        "mail.mail_activity_data_todo", summary=problem, user_id=user.id
                    )

    def _get_calendar(self, company):
        self.ensure_one()
        return self.calendar_id or company.service_calendar_id

    def _get_quantity(self, factor):
        """The limit after a factor, in its own unit (G36, 004-10, 001-45)."""
        self.ensure_one()
        if self.is_promise:
            factor = min(factor, 1.0)
        hours = {"work_hours": 1, "wall_hours": 1, "work_days": 8, "wall_days": 24}
        floor = self.floor_minutes / 60 / hours.get(self.unit, 1)
        return max(self.quantity * factor, min(self.quantity, floor))
