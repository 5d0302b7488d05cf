import uuid
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, ormcache
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

from ..lib.worktime import BeyondTimeline, Timeline

QUEUE = "cs_helpdesk.worktime_changed"
HORIZON_YEARS = 10
# Limits begun late in a year mostly end in the next: compile that far.
OVERLAP_MONTHS = 2


class ResourceCalendar(models.Model):
    _name = "resource.calendar"
    _inherit = ["cs.audit.mixin", "resource.calendar"]

    _audit_exclude = frozenset({"worktime_token"})

    makeup_ids = fields.One2many(
        "resource.calendar.makeup", "calendar_id", "Make-up Working Days", copy=True
    )
    worktime_token = fields.Char(
        default=lambda self: self._default_worktime_token(),
        copy=False,
        readonly=True,
        export_string_translation=False,
    )
    _worktime_fields = frozenset(
        {
            "company_id",
            "flexible_hours",
            "hours_per_day",
            "schedule_type",
            "two_weeks_calendar",
            "tz",
        }
    )

    @api.model
    def _default_worktime_token(self):
        # Random: a counter would come back with another meaning after a rollback.
        return uuid.uuid4().hex

    def write(self, vals):
        result = super().write(vals)
        if not self._worktime_fields.isdisjoint(vals):
            self._worktime_renew()
        return result

    # ------------------------------------------------------------------
    # The axis: deadlines and elapsed working time
    # ------------------------------------------------------------------

    def _worktime_add(self, start, seconds):
        """The moment ``seconds`` of work after ``start`` are used up (P2).

        :param datetime start: naive UTC; its microseconds are dropped
        :param seconds: working seconds ≥ 0, rounded; 0 gives the first working
            moment from ``start`` on
        :return: naive UTC datetime inside working time, closing moments included
        :raise UserError: no usable schedule, or a limit without an end
        """
        rest = round(seconds)
        for first, timeline in self._worktime_years(start):
            try:
                return timeline.add(first, rest)
            except BeyondTimeline:
                rest -= timeline.between(first, timeline.end)

    def _worktime_between(self, start, stop):
        """Working seconds from ``start`` to ``stop`` (naive UTC, whole seconds).

        Negative when ``stop`` comes first.

        :raise UserError: no usable schedule
        """
        if stop < start:
            return -self._worktime_between(stop, start)
        total = 0
        timeline = self._worktime_timeline(start.year)
        while stop > timeline.end:
            total += timeline.between(start, timeline.end)
            start = timeline.end
            timeline = self._worktime_timeline(start.year)
        return total + timeline.between(start, stop)

    def _worktime_end_of_day(self, start):
        """Close of the working day ``start`` lies in (naive UTC).

        Begun after closing or on a day off: close of the next working day.

        :raise UserError: no usable schedule, or no working day ahead
        """
        for first, timeline in self._worktime_years(start):
            try:
                return timeline.end_of_day(first)
            except BeyondTimeline:
                continue

    def _worktime_hours_per_day(self):
        """Hours of one working day on the axis (8 for 000-61, 000-70)."""
        self.ensure_one()
        return self.hours_per_day

    def _check_worktime(self):
        """Raise one clear sentence when no time limit can run on this schedule."""
        if not self:
            raise UserError(
                self.env._(
                    "No working schedule is set: choose the service schedule of the "
                    "company in the help desk settings."
                )
            )
        self.ensure_one()
        fault = self._worktime_fault()
        if fault == "flexible":
            raise UserError(
                self.env._(
                    "Schedule %(calendar)s is flexible: it says how many hours are "
                    "worked but not when, so no time limit can run on it.",
                    calendar=self.name,
                )
            )
        if fault == "empty":
            raise UserError(
                self.env._(
                    "Schedule %(calendar)s has no working hours, so no time limit can "
                    "run on it.",
                    calendar=self.name,
                )
            )

    @ormcache("self.id", "self.worktime_token", cache="stable")
    def _worktime_fault(self):
        """Why no time limit can run on this schedule, or False; asked every time."""
        if self.flexible_hours:
            return "flexible"
        # sudo: the same answer for everybody
        rows = self.sudo()._get_global_attendances()
        return False if any(row.hour_to > row.hour_from for row in rows) else "empty"

    def _worktime_years(self, start):
        """Yield (moment, timeline) from ``start`` on, year by year."""
        first = start
        for _year in range(HORIZON_YEARS):
            timeline = self._worktime_timeline(first.year)
            yield first, timeline
            first = timeline.end
        raise UserError(
            self.env._(
                "A time limit begun on %(start)s does not end within %(years)s years "
                "on schedule %(calendar)s: check the limit and the days off.",
                start=format_datetime(self.env, start),
                years=HORIZON_YEARS,
                calendar=self.name,
            )
        )

    @ormcache("self.id", "self.worktime_token", "year", cache="stable")
    def _worktime_timeline(self, year):
        """The compiled axis for moments (UTC) that lie in ``year``."""
        # sudo: everybody gets the same axis, whatever leaves he may read; without
        # context: a zone in it would shift the axis
        calendar = self.with_env(self.env(context={}, su=True))
        calendar._check_worktime()
        begin = datetime(year, 1, 1)
        end = begin + relativedelta(years=1, months=OVERLAP_MONTHS)
        intervals = calendar._work_intervals_batch(
            begin.replace(tzinfo=utc),
            end.replace(tzinfo=utc),
            domain=calendar._worktime_leave_domain(),
        )[False]
        return Timeline(
            (
                (
                    start.astimezone(utc).replace(tzinfo=None),
                    stop.astimezone(utc).replace(tzinfo=None),
                    start.date(),
                )
                for start, stop, _attendance in intervals
            ),
            begin,
            end,
        )

    def _worktime_leave_domain(self):
        """Leaves that stop the axis: its own, and the company's general ones."""
        self.ensure_one()
        return [
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "=", self.id),
            ("company_id", "in", [False, self.company_id.id]),
        ]

    # ------------------------------------------------------------------
    # Changes of the axis
    # ------------------------------------------------------------------

    def _worktime_renew(self):
        """Forget the compiled axis; announce the change once, before the commit."""
        if not self:
            return
        # sudo: technical field; who may change a day off may not write schedules
        self.sudo().write({"worktime_token": self._default_worktime_token()})
        self.env.registry.clear_cache()  # core never renews its working days
        precommit = self.env.cr.precommit
        if QUEUE not in precommit.data:
            precommit.data[QUEUE] = set()
            # sudo: the hook acts on records the user may not see
            precommit.add(self.browse().sudo()._worktime_announce)
        precommit.data[QUEUE].update(self.ids)

    def _worktime_announce(self):
        calendar_ids = self.env.cr.precommit.data.pop(QUEUE, ())
        calendars = self.browse(sorted(calendar_ids)).exists()
        if calendars:
            calendars._worktime_changed()

    def _worktime_changed(self):
        """The axis of these schedules changed: recompute the clocks that run on it."""
        cron = self.env.ref("cs_helpdesk.cron_clock_recalculate", False)
        if cron:  # not there yet while the addon is being installed
            cron._trigger()

    # ------------------------------------------------------------------
    # Make-up working days, where Odoo itself computes attendances
    # ------------------------------------------------------------------

    @ormcache("self.id", "self.worktime_token")
    def _makeup_days(self):
        """((date, dayofweek), …) of the make-up working days."""
        # sudo: planning gives everybody the same answer
        makeups = self.env["resource.calendar.makeup"].sudo()
        return tuple(
            (makeup.date, makeup.dayofweek)
            for makeup in makeups.search([("calendar_id", "in", self.ids)])
        )

    def _makeup_attendances(self, date, dayofweek, lunch=False, domain=None):
        """The hours worked (or the breaks) on a make-up day."""
        week = str(self.env["resource.calendar.attendance"].get_week_type(date))
        attendances = self.attendance_ids.filtered(
            lambda row: not row.display_type
            and row.dayofweek == dayofweek
            and (row.day_period == "lunch") == lunch
            and (not self.two_weeks_calendar or row.week_type == week)
        )
        return attendances.filtered_domain(domain) if domain else attendances

    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        result = super()._attendance_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz, lunch=lunch
        )
        if self.flexible_hours:
            return result
        # a date has begun somewhere on earth up to a day before or after UTC
        first = start_dt.date() - timedelta(days=1)
        last = end_dt.date() + timedelta(days=1)
        worked = [
            (date, row)
            for date, dayofweek in self._makeup_days()
            if first <= date <= last
            for row in self._makeup_attendances(date, dayofweek, lunch, domain)
        ]
        if not worked:
            return result
        resources = resources or self.env["resource.resource"]
        calendars = resources._get_calendar_at(start_dt, tz)
        for resource in [self.env["resource.resource"], *resources]:
            if resource and (
                not calendars.get(resource) or calendars[resource].flexible_hours
            ):
                continue
            zone = tz or timezone((resource or self).tz)
            low, high = start_dt.astimezone(zone), end_dt.astimezone(zone)
            result[resource.id] |= Intervals(
                (
                    (
                        max(low, zone.localize(self._at(date, row.hour_from))),
                        min(high, zone.localize(self._at(date, row.hour_to))),
                        row,
                    )
                    for date, row in worked
                ),
                keep_distinct=True,
            )
        return result

    @api.model
    def _at(self, date, hour):
        return datetime.combine(date, float_to_time(hour))

    def _works_on_date(self, date):
        return date in dict(self._makeup_days()) or super()._works_on_date(date)

    # ------------------------------------------------------------------
    # Public holidays
    # ------------------------------------------------------------------

    def _days_off(self, first, last):
        """Dates from ``first`` to ``last`` that general leaves of this schedule
        cover entirely, in its own time zone."""
        self.ensure_one()
        zone = timezone(self.tz)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        bounds = [
            [
                zone.localize(datetime.combine(day, at))
                .astimezone(utc)
                .replace(tzinfo=None)
                for at in (time.min, time(23, 59))
            ]
            for day in days
        ]
        # sudo: leaves entered by another company count all the same
        leaves = self.env["resource.calendar.leaves"].sudo()
        covers = leaves.search(
            [
                ("calendar_id", "=", self.id),
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("date_from", "<=", bounds[-1][1]),
                ("date_to", ">=", bounds[0][0]),
            ]
        )
        return {
            day
            for day, (opens, closes) in zip(days, bounds, strict=True)
            if any(c.date_from <= opens and c.date_to >= closes for c in covers)
        }

    @api.model
    def _cron_warn_missing_holidays(self):
        """Ask for the public holidays of the coming year from November on (P35).

        Without the coming National Day the year has not been entered: the first
        of October is a day off by law.
        """
        year = (fields.Date.today() + relativedelta(months=2)).year
        national_day = datetime(year, 10, 1).date()
        companies = self.env["res.company"].search(
            [("service_calendar_id", "!=", False)]
        )
        missing = companies.service_calendar_id.filtered(
            lambda calendar: not calendar._days_off(national_day, national_day)
        )
        activity_type = self.env.ref("cs_helpdesk.mail_activity_holidays")
        Activity = self.env["mail.activity"]
        todo = Activity.search([("activity_type_id", "=", activity_type.id)])
        if not missing:
            todo.action_feedback()
            return
        group = self.env.ref("cs_helpdesk.group_system_admin")
        Activity.create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "user_id": user.id,
                    "date_deadline": fields.Date.today() + timedelta(days=14),
                    "summary": user.with_context(lang=user.lang).env._(
                        "Enter the public holidays of %(year)s for %(calendars)s",
                        year=year,
                        calendars=", ".join(missing.mapped("name")),
                    ),
                }
                for user in group.all_user_ids.filtered("active") - todo.user_id
            ]
        )
