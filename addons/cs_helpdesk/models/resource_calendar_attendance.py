from odoo import models


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "cs.worktime.source"]
    _worktime_fields = frozenset(
        {
            "calendar_id",
            "day_period",
            "dayofweek",
            "display_type",
            "duration_hours",
            "hour_from",
            "hour_to",
            "week_type",
        }
    )
