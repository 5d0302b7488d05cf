from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .calendar_event import MEETING_KINDS

AHEAD_DAYS = 14


class CsMeetingSeries(models.Model):
    """Meetings that come round: planned two weeks ahead in everybody's calendar."""

    _name = "cs.meeting.series"
    _description = "Regular Meeting"
    _inherit = ["cs.audit.mixin", "cs.schedule.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(MEETING_KINDS, required=True, default="weekly")
    schedule = fields.Selection(default="weekly")
    due_time = fields.Float(string="Begins at", default=16.0)
    duration = fields.Float(string="Hours", default=1.0, aggregator=None)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    chair_id = fields.Many2one(
        "res.users",
        string="Chair",
        domain="[('share', '=', False)]",
        help="Empty: the first manager.",
    )
    group_id = fields.Many2one(
        "res.groups", string="Members of", help="Who is invited."
    )
    location = fields.Char()
    agenda = fields.Html(translate=True)

    _order_idx = models.Index("(sequence, id)")

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.constrains("duration")
    def _check_duration(self):
        for series in self:
            if not 0 < series.duration <= 8:
                raise ValidationError(
                    self.env._(
                        "%(name)s: a meeting lasts more than nothing and at most 8 "
                        "hours.",
                        name=series.name,
                    )
                )

    def _get_people(self):
        """(chair, everybody invited); no chair: nobody to hold it yet."""
        self.ensure_one()

        def staff(group):
            users = group.all_user_ids - self.env.ref("base.user_root")
            return users.filtered(
                lambda u: u.active and not u.share and self.company_id in u.company_ids
            ).sorted("id")

        chair = self.chair_id or staff(self.env.ref("cs_helpdesk.group_manager"))[:1]
        return chair, staff(self.group_id) | chair

    def _prepare_meeting(self, day):
        self.ensure_one()
        chair, people = self._get_people()
        start = self._get_moment(self.company_id, day, self.due_time)
        return {
            "name": self.name,
            "meeting_kind": self.kind,
            "series_id": self.id,
            "series_date": day,
            "start": start,
            "stop": start + timedelta(hours=self.duration),
            "user_id": chair.id,
            "partner_ids": [(6, 0, people.partner_id.ids)],
            "location": self.location,
            "description": self.agenda,
        }

    @api.model
    def _cron_plan(self):
        """Plan the meetings of the next two weeks; safe to run again."""
        cron = self.env["ir.cron"]
        found = self.search([("schedule", "!=", "none")])
        cron._commit_progress(remaining=len(found))
        for series in found:
            if series.try_lock_for_update(allow_referencing=True):
                series._plan()
            cron._commit_progress(1)

    def _plan(self):
        self.ensure_one()
        today = self._get_today(self.company_id)
        rounds = (
            self._get_round(self.company_id, today + timedelta(days=n))
            for n in range(AHEAD_DAYS + 1)
        )
        last = today + timedelta(days=AHEAD_DAYS)
        days = {due for _first, _last, due in filter(None, rounds)}
        days = {day for day in days if today <= day <= last}
        Event = self.env["calendar.event"]
        planned = Event.with_context(active_test=False).search_fetch(
            [("series_id", "=", self.id), ("series_date", "in", list(days))],
            ["series_date"],
        )
        missing = sorted(days - set(planned.mapped("series_date")))
        chair, _people = self._get_people()
        if not chair:
            return Event
        now = fields.Datetime.now()
        vals_list = [self._prepare_meeting(day) for day in missing]
        return Event.with_context(dont_notify=True, mail_create_nolog=True).create(
            [vals for vals in vals_list if vals["start"] > now]
        )
