from datetime import datetime

from pytz import timezone, utc

from odoo.fields import Command
from odoo.tests import TransactionCase

SHANGHAI = timezone("Asia/Shanghai")
OFFICE = (("morning", 9, 12), ("lunch", 12, 13), ("afternoon", 13, 18))


def local(text, zone=SHANGHAI):
    """Naive UTC of a local "2025-10-11 09:00"."""
    moment = zone.localize(datetime.fromisoformat(text))
    return moment.astimezone(utc).replace(tzinfo=None)


class WorktimeCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._create_calendar(
            [(str(day), None, *period) for day in range(5) for period in OFFICE]
        )

    @classmethod
    def _create_calendar(cls, rows, tz="Asia/Shanghai", two_weeks=False, **vals):
        """A schedule of (weekday, week, period, from, to)."""
        sections = [
            {
                "name": f"Week {week}",
                "dayofweek": "0",
                "week_type": week,
                "display_type": "line_section",
                "sequence": int(week) * 50,
            }
            for week in ("01" if two_weeks else "")
        ]
        attendances = [
            {
                "name": period,
                "dayofweek": day,
                "week_type": week or False,
                "day_period": period,
                "hour_from": start,
                "hour_to": stop,
                "sequence": int(week or 0) * 50 + 1,
            }
            for day, week, period, start, stop in rows
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": "Schedule under test",
                "company_id": False,
                "tz": tz,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [
                    Command.create(row) for row in sections + attendances
                ],
                **vals,
            }
        )

    @classmethod
    def _close(cls, first, last, calendar=None, **vals):
        """Close the schedule from the start of ``first`` to the end of ``last``."""
        calendar = calendar or cls.calendar
        zone = timezone(calendar.tz)
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": local(f"{first} 00:00", zone),
                "date_to": local(f"{last} 23:59:59", zone),
                **vals,
            }
        )

    @classmethod
    def _make_up(cls, date, dayofweek=None, calendar=None):
        vals = {"calendar_id": (calendar or cls.calendar).id, "date": date}
        if dayofweek:
            vals["dayofweek"] = dayofweek
        return cls.env["resource.calendar.makeup"].create(vals)

    def _import(self, calendar=None, **vals):
        return self.env["cs.holiday.import"].create(
            {"calendar_id": (calendar or self.calendar).id, **vals}
        )
