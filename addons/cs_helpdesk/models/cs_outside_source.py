from datetime import timedelta

from pytz import timezone, utc

from odoo import fields, models


class CsOutsideSource(models.Model):
    """An authority or platform a complaint comes from, with its own deadline (N22)."""

    _name = "cs.outside.source"
    _inherit = "cs.audit.mixin"
    _description = "Outside Source of Complaints"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Stable key for data and integrations.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    is_regulator = fields.Boolean(
        string="Regulator", help="Its letter raises the grade of a complaint."
    )
    deadline_amount = fields.Integer(string="Answer Within", aggregator=None)
    deadline_unit = fields.Selection(
        [
            ("hours", "Hours"),
            ("days", "Days"),
            ("working_days", "Working Days"),
        ],
        default="hours",
        required=True,
    )
    note = fields.Text(translate=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "An outside source with this code exists."
    )
    _deadline_positive = models.Constraint(
        "CHECK (deadline_amount >= 0)", "A deadline cannot be negative."
    )

    def _get_deadline(self, received_at, company):
        """When the outside answer is due; False without a limit.

        A working day counts from the day after the letter arrived and ends when
        work ends that day; without a usable calendar every day counts.

        :param received_at: naive UTC datetime
        :param company: whose working days count
        :return: naive UTC datetime
        """
        self.ensure_one()
        if not self.deadline_amount or not received_at:
            return False
        if self.deadline_unit == "working_days":
            closings = self._get_closings(received_at, company.resource_calendar_id)
            if len(closings) >= self.deadline_amount:
                return closings[self.deadline_amount - 1]
        if self.deadline_unit == "hours":
            return received_at + timedelta(hours=self.deadline_amount)
        return received_at + timedelta(days=self.deadline_amount)

    def _get_closings(self, received_at, calendar):
        """Ends of the working days after the day of `received_at`, in order."""
        if not calendar or calendar.schedule_type == "flexible":
            return []
        zone = timezone(calendar.tz or "UTC")
        start = utc.localize(received_at)
        # holidays of a fortnight and weekends leave more than a third of the days
        stop = start + timedelta(days=30 + 3 * self.deadline_amount)
        first_day = start.astimezone(zone).date()
        closings = {}
        for _begin, end, _rows in calendar._work_intervals_batch(start, stop)[False]:
            day = end.astimezone(zone).date()
            if day > first_day:
                closings[day] = max(end, closings.get(day, end))
        return [
            closings[day].astimezone(utc).replace(tzinfo=None)
            for day in sorted(closings)
        ]
