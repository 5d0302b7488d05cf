from odoo import api, models


class CsWorktimeSource(models.AbstractModel):
    """Rows a working-time axis is made of: a change renews their calendars' axis."""

    _name = "cs.worktime.source"
    _description = "Part of a Working Schedule"
    _worktime_fields = frozenset()

    def _worktime_calendars(self):
        """The schedules whose axis these rows shape."""
        return self.calendar_id

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._worktime_calendars()._worktime_renew()
        return records

    def write(self, vals):
        if self._worktime_fields.isdisjoint(vals):
            return super().write(vals)
        before = self._worktime_calendars()
        result = super().write(vals)
        (before | self._worktime_calendars())._worktime_renew()
        return result

    def unlink(self):
        calendars = self._worktime_calendars()
        result = super().unlink()
        calendars._worktime_renew()
        return result
