from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.date_utils import float_to_time

from ..lib.periods import due_day, period_of


class CsScheduleMixin(models.AbstractModel):
    """Something that comes round: daily, weekly, monthly, quarterly or yearly."""

    _name = "cs.schedule.mixin"
    _description = "Comes Round"

    schedule = fields.Selection(
        [
            ("none", "When Needed"),
            ("daily", "Daily"),
            ("weekly", "Weekly"),
            ("monthly", "Monthly"),
            ("quarterly", "Quarterly"),
            ("yearly", "Yearly"),
        ],
        required=True,
        default="none",
    )
    due_day = fields.Integer(
        default=1,
        aggregator=None,
        help="Day of the week, month, quarter or year by which it is due.",
    )
    due_time = fields.Float(
        default=18.0, aggregator=None, help="Time of the day by which it is due."
    )
    working_days = fields.Boolean(
        string="Working Days Only",
        default=True,
        help="On a day off it is due on the last working day before.",
    )

    @api.constrains("due_day", "due_time")
    def _check_schedule(self):
        for record in self:
            if record.due_day < 1 or not 0 <= record.due_time < 24:
                raise ValidationError(
                    self.env._(
                        "%(name)s: give a day from 1 on and a time of the day between "
                        "0:00 and 23:59.",
                        name=record.display_name,
                    )
                )

    @api.model
    def _get_today(self, company, now=None):
        """The date it is now where the company works."""
        zone = timezone(company.service_calendar_id.tz or "UTC")
        now = now or fields.Datetime.now()
        return utc.localize(now).astimezone(zone).date()

    @api.model
    def _get_moment(self, company, day, hour):
        """Naive UTC of a time of the day (float) where the company works."""
        zone = timezone(company.service_calendar_id.tz or "UTC")
        local = zone.localize(datetime.combine(day, float_to_time(hour)))
        return local.astimezone(utc).replace(tzinfo=None)

    @api.model
    def _is_working_day(self, company, day):
        """Whether there is working time on a day; without a calendar, every day."""
        calendar = company.service_calendar_id
        if not calendar or calendar._worktime_fault():
            return True
        zone = timezone(calendar.tz or "UTC")
        begin, end = (
            zone.localize(datetime.combine(date, time.min))
            .astimezone(utc)
            .replace(tzinfo=None)
            for date in (day, day + timedelta(days=1))
        )
        return calendar._worktime_between(begin, end) > 0

    def _get_round(self, company, day):
        """The round that `day` lies in.

        :return: (first day, last day, day due), or None when nothing is due in it
        """
        self.ensure_one()
        if self.schedule == "none":
            return None
        first, last = period_of(self.schedule, day)

        def is_working(date):
            return self._is_working_day(company, date)

        due = due_day(
            first, last, self.due_day, is_working if self.working_days else None
        )
        return due and (first, last, due)
