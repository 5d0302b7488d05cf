from odoo import models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "cs.worktime.source"]
    _worktime_fields = frozenset(
        {
            "calendar_id",
            "company_id",
            "date_from",
            "date_to",
            "resource_id",
            "time_type",
        }
    )

    def _worktime_calendars(self):
        """Days off without a schedule stop every schedule of their company."""
        shared = self.filtered(lambda leave: not leave.resource_id)
        loose = shared.filtered(lambda leave: not leave.calendar_id)
        if not loose:
            return shared.calendar_id
        domain = Domain.TRUE
        if all(leave.company_id for leave in loose):
            domain = Domain("company_id", "in", loose.company_id.ids)
        # sudo: the axis changes for schedules the user may not see
        calendars = self.env["resource.calendar"].sudo()
        return shared.calendar_id | calendars.with_context(active_test=False).search(
            domain
        ).sudo(False)
