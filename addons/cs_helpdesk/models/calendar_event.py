from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MEETING_KINDS = [
    ("morning", "Morning Meeting"),
    ("weekly", "Weekly Meeting"),
    ("quality", "Service Quality Meeting"),
    ("case", "Case Analysis"),
    ("provider", "Meeting with a Provider"),
    ("adhoc", "Ad Hoc"),
]


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["cs.read.mixin", "cs.clock.mixin", "calendar.event"]

    meeting_kind = fields.Selection(
        MEETING_KINDS,
        index="btree_not_null",
        help="A meeting of the service centre: it has minutes, and only those invited "
        "and the centre's leaders see it.",
    )
    series_id = fields.Many2one(
        "cs.meeting.series", readonly=True, copy=False, ondelete="set null"
    )
    series_date = fields.Date(readonly=True, copy=False)
    minutes = fields.Html(copy=False)
    minutes_issued_at = fields.Datetime(readonly=True, copy=False)
    minutes_issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    task_ids = fields.One2many("cs.task", "meeting_id", "Actions")

    _series_uniq = models.UniqueIndex(
        "(series_id, series_date) WHERE series_id IS NOT NULL",
        "This meeting of the series is planned already.",
    )
    _minutes_idx = models.Index(
        "(stop) WHERE meeting_kind IS NOT NULL AND minutes_issued_at IS NULL"
    )

    def _get_clock_owner(self):
        self.ensure_one()
        company = self._get_reading_company()
        return {"company_id": company.id, "user_id": self.user_id.id}

    def _get_reading_company(self):
        self.ensure_one()
        return self.user_id.company_id or self.env.company

    def write(self, vals):
        stamps = {"minutes_issued_at", "minutes_issued_by_id", "series_id"}
        if not self.env.su and (stamps | {"minutes"}) & vals.keys():
            if stamps & vals.keys():
                raise AccessError(self.env._("Minutes are issued by their button."))
            if any(meeting.minutes_issued_at for meeting in self):
                raise UserError(
                    self.env._(
                        "The minutes are issued and not edited: please add a note "
                        "below."
                    )
                )
        return super().write(vals)

    def action_issue_minutes(self):
        """Issue the minutes: the clock stops, and those invited have to read them.

        G20: within 24 hours of the meeting, read within 2 working days.
        """
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["minutes_issued_at"])
        for meeting in self.filtered(lambda m: not m.minutes_issued_at):
            leader = self.env.user.has_group("cs_helpdesk.group_supervisor")
            if meeting.user_id != self.env.user and not leader:
                raise AccessError(
                    self.env._("The chair or a supervisor issues the minutes.")
                )
            if not meeting.meeting_kind or not meeting.minutes:
                raise UserError(
                    self.env._(
                        "Please choose the kind of meeting and write its minutes first."
                    )
                )
            # sudo: checked above; the moment is written by this button alone
            meeting.sudo().write(
                {
                    "minutes_issued_at": fields.Datetime.now(),
                    "minutes_issued_by_id": self.env.uid,
                }
            )
            meeting._clock_stop("minutes")
            readers = meeting.partner_ids.user_ids.filtered(lambda u: not u.share)
            meeting._ask_to_read(readers - self.env.user)

    @api.model
    def _cron_minutes(self):
        """Meetings that have ended owe their minutes: their clock starts."""
        now = fields.Datetime.now()
        meetings = self.search(
            [
                ("meeting_kind", "!=", False),
                ("minutes_issued_at", "=", False),
                ("stop", "<=", now),
                ("stop", ">", now - timedelta(days=7)),
            ]
        )
        clocks = self.env["cs.clock"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", meetings.ids),
                ("kind", "=", "minutes"),
            ]
        )
        begun = set(clocks.mapped("res_id"))
        for meeting in meetings.filtered(lambda m: m.id not in begun):
            meeting._clock_start("minutes", at=meeting.stop)
