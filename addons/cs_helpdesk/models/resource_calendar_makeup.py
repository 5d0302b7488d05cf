from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResourceCalendarMakeup(models.Model):
    """A date that is worked although its weekday is off: 调休 (N27, P35)."""

    _name = "resource.calendar.makeup"
    _inherit = "cs.worktime.source"
    _description = "Make-up Working Day"
    _order = "date desc, id desc"
    _rec_name = "date"
    _worktime_fields = frozenset({"calendar_id", "date", "dayofweek"})

    calendar_id = fields.Many2one(
        "resource.calendar", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, index=True)
    dayofweek = fields.Selection(
        selection=lambda self: self._selection_dayofweek(),
        string="Worked Like",
        required=True,
        compute="_compute_dayofweek",
        store=True,
        readonly=False,
        precompute=True,
        help="The weekday whose working hours apply on this date.",
    )
    name = fields.Char("Reason")

    _date_uniq = models.Constraint(
        "UNIQUE(calendar_id, date)",
        "A date can be a make-up working day only once in a schedule.",
    )

    @api.model
    def _selection_dayofweek(self):
        attendance = self.env["resource.calendar.attendance"]
        return attendance._fields["dayofweek"]._description_selection(self.env)

    @api.depends("date")
    def _compute_dayofweek(self):
        for makeup in self:
            makeup.dayofweek = self._default_dayofweek(makeup.date)

    @api.model
    def _default_dayofweek(self, date):
        """A Saturday is worked like a Friday, a Sunday like a Monday."""
        weekday = date.weekday() if date else 0
        return {5: "4", 6: "0"}.get(weekday, str(weekday))

    @api.constrains("calendar_id", "date", "dayofweek")
    def _check_hours(self):
        for makeup in self:
            calendar = makeup.calendar_id
            # a schedule being copied has no hours yet
            if calendar.attendance_ids and not calendar._makeup_attendances(
                makeup.date, makeup.dayofweek
            ):
                raise ValidationError(
                    self.env._(
                        "%(date)s would stay a day off: schedule %(calendar)s has no "
                        "working hours on that weekday.",
                        date=makeup.date,
                        calendar=calendar.name,
                    )
                )
