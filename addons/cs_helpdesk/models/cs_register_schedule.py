from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.register_period import bounds, due_days, previous
from .register_reader import moment_of

AHEAD = 400  # days looked ahead for the next run
SCHEDULE = {
    "active",
    "calendar_id",
    "company_id",
    "period",
    "schedule_month_day",
    "schedule_time",
    "schedule_weekday",
    "scheduled",
    "work_days_only",
}


class CsRegisterSchedule(models.AbstractModel):
    """When a register is issued by itself, for whom, and as whom (004-76, 004-98)."""

    _name = "cs.register.schedule"
    _description = "Register: Schedule"

    scheduled = fields.Boolean(string="Issued by Itself", tracking=True)
    schedule_time = fields.Float(
        string="At", default=16.5, help="Hour of the day in the register's time zone."
    )
    schedule_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="On",
        default="0",
    )
    schedule_month_day = fields.Integer(string="On Day", default=1)
    work_days_only = fields.Boolean(
        string="Working Days Only",
        help="A daily register is left out on days off; a weekly or monthly one is "
        "issued on the next working day.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Time",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "cs_helpdesk.calendar_service", raise_if_not_found=False
        ),
        help="Its time zone and its days off; without one those of the company.",
    )
    covers = fields.Selection(
        [("previous", "The Period Before"), ("current", "The Running Period")],
        required=True,
        default="previous",
    )
    cut_at_time = fields.Boolean(
        string="Day Ends at This Time",
        help="The daily copy holds everything since the copy before, up to this time.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        help="Its rows are those this person may read.",
    )
    recipient_ids = fields.Many2many(
        "res.users",
        "cs_register_recipient_rel",
        "register_id",
        "user_id",
        string="Recipients",
        help="They get the file by mail if they may read it.",
    )
    next_run_at = fields.Datetime(readonly=True, copy=False)

    _next_run_idx = models.Index("(next_run_at) WHERE scheduled IS TRUE")

    # ------------------------------------------------------------------
    # The next time
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        registers = super().create(vals_list)
        registers._plan_next()
        return registers

    def write(self, vals):
        result = super().write(vals)
        if SCHEDULE & vals.keys():
            self._plan_next()
        return result

    def _plan_next(self, after=None):
        """Note the next moment after ``after``, by default after now."""
        after = after or fields.Datetime.now()
        cron = self.env.ref("cs_helpdesk.cron_register", raise_if_not_found=False)
        for register in self:
            wanted = register.scheduled and register.active
            due = register._next_due(after) if wanted else False
            if register.next_run_at != due:
                register.next_run_at = due
            if due and cron:
                cron.sudo()._trigger(at=due)  # sudo: a trigger is the system's own

    @api.constrains("scheduled", "responsible_id", "period")
    def _check_schedule(self):
        for register in self.filtered("scheduled"):
            if not register.responsible_id or register.responsible_id._is_superuser():
                raise ValidationError(
                    self.env._(
                        "Register %(name)s: please name the person whose rights it is "
                        "issued with.",
                        name=register.name,
                    )
                )
            if register.period == "custom":
                raise ValidationError(
                    self.env._(
                        "Register %(name)s: only a daily, weekly or monthly register "
                        "is issued by itself.",
                        name=register.name,
                    )
                )

    @api.constrains("schedule_time", "schedule_month_day")
    def _check_time(self):
        for register in self:
            if not 0 <= register.schedule_time < 24:
                raise ValidationError(self.env._("A day has the hours 0:00 to 23:59."))
            if not 1 <= register.schedule_month_day <= 31:
                raise ValidationError(self.env._("A month has the days 1 to 31."))

    def _works_on(self, day):
        if not self.work_days_only:
            return True
        calendar = self.calendar_id or self._get_company().resource_calendar_id
        return not calendar or calendar.sudo()._works_on_date(day)

    def _dues(self, first, last):
        """Yield the moments (UTC) at which it is due on these days."""
        zone = self._get_zone()
        for day in due_days(
            self.period,
            first,
            last,
            int(self.schedule_weekday or 0),
            self.schedule_month_day,
        ):
            if not self._works_on(day):
                if self.period == "day":
                    continue
                later = (day + timedelta(days=n) for n in range(1, 31))
                day = next(filter(self._works_on, later), day)
            yield moment_of(zone, day, self.schedule_time)

    def _local_day(self, moment):
        zone = ZoneInfo(self._get_zone())
        return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()

    def _next_due(self, after):
        day = self._local_day(after)
        first, last = day - timedelta(days=31), day + timedelta(days=AHEAD)
        return next((due for due in self._dues(first, last) if due > after), False)

    def _previous_due(self, due):
        """The time before this one, for a day that ends at its time."""
        day = self._local_day(due)
        dues = [d for d in self._dues(day - timedelta(days=60), day) if d < due]
        return dues[-1] if dues else due - timedelta(days=1)

    def _due_window(self, due):
        """Return (first day, last day, begin, end) of the copy due at that moment."""
        zone, day = self._get_zone(), self._local_day(due)
        if self.period == "day" and self.cut_at_time:
            return day, day, self._previous_due(due), due
        find = bounds if self.covers == "current" else previous
        begin, end = find(self.period, day)
        last = end - timedelta(days=1)
        return begin, last, moment_of(zone, begin), moment_of(zone, end)

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------
    @api.model
    def _cron_issue(self):
        """Make what is due, also what an outage has missed; then write the files."""
        cron, now = self.env["ir.cron"], fields.Datetime.now()
        domain = [("scheduled", "=", True), ("next_run_at", "<=", now)]
        for register in self.search(domain, order="next_run_at, id"):
            register = register[0]
            if register.try_lock_for_update():
                register._issue_due(now)
            if not cron._commit_progress(1):
                return
        self.env["cs.register.issue"]._run_waiting()

    def _issue_due(self, now):
        """Every copy due until now; the unique key makes doing it twice harmless."""
        self.ensure_one()
        Issue = self.env["cs.register.issue"]
        due = self.next_run_at
        while due and due <= now:
            for company in self._get_companies():
                Issue._prepare_issue(self, company, self._due_window(due), due_at=due)
            due = self._next_due(due)
        self._plan_next(now)

    def _get_companies(self):
        return self.company_id or self.responsible_id.company_ids
