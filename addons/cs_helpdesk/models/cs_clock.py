from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_time_limit import WORK_UNITS

# a stop in the same second as the deadline is in time
TOLERANCE = timedelta(seconds=1)


def axis_between(unit, calendar, start, stop):
    """Seconds between two moments (naive UTC) on the axis of a unit."""
    if stop <= start:
        return 0
    if unit in WORK_UNITS:
        return int(calendar._worktime_between(start, stop))
    return int((stop - start).total_seconds())


def axis_add(unit, calendar, start, seconds):
    """The moment when `seconds` of a unit's axis are used up after `start`."""
    if unit in WORK_UNITS:
        return calendar._worktime_add(start, int(seconds))
    return start + timedelta(seconds=int(seconds))


class CsClock(models.Model):
    """One running limit of one record.

    The policy is copied in when the clock starts, so that editing a limit touches
    no running matter. Written only by the methods of `cs.clock.mixin`, in sudo,
    after the record itself was checked.
    """

    _name = "cs.clock"
    _description = "Clock"
    _inherit = ["cs.clock.sweep", "cs.clock.excuse"]
    _order = "deadline, id desc"
    _log_access = False

    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    record_name = fields.Char(compute="_compute_record_name")
    limit_id = fields.Many2one("cs.time.limit", required=True, ondelete="restrict")
    kind = fields.Selection(selection="_get_kinds", required=True)
    step_id = fields.Many2one(
        "cs.flow.step", index="btree_not_null", ondelete="cascade"
    )
    # Who has it
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one("res.users", string="Owner")
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    group_id = fields.Many2one("res.groups", index="btree_not_null")
    # Policy, frozen
    unit = fields.Selection(selection="_get_units", required=True)
    calendar_id = fields.Many2one("resource.calendar")
    calendar_token = fields.Char()
    factor = fields.Float(default=1.0)
    limit_seconds = fields.Integer(string="Allowed", aggregator="avg")
    advisory = fields.Boolean()
    pausable = fields.Boolean()
    warn_percent = fields.Integer(aggregator=None)
    late_percent = fields.Integer(aggregator=None)
    escalate_percent = fields.Integer(aggregator=None)
    # Facts so far
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("late", "Late"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="running",
    )
    overdue = fields.Boolean()
    started_at = fields.Datetime(required=True)
    running_since = fields.Datetime()
    paused_at = fields.Datetime()
    stopped_at = fields.Datetime()
    used_seconds = fields.Integer(string="Used", aggregator="avg")
    paused_seconds = fields.Integer(string="Paused Time", aggregator="avg")
    deadline = fields.Datetime()
    next_event_at = fields.Datetime()
    announced_percent = fields.Integer(aggregator=None)
    pause_reason_id = fields.Many2one("cs.clock.reason", ondelete="restrict")
    fact_ids = fields.One2many("cs.clock.fact", "clock_id", string="History")

    _record_idx = models.Index("(res_model, res_id)")
    _sweep_idx = models.Index("(next_event_at, id) WHERE state = 'running'")
    _owner_idx = models.Index("(user_id, deadline, id) WHERE state = 'running'")
    _calendar_idx = models.Index("(calendar_id) WHERE state = 'running'")
    _route_idx = models.Index(
        "(deadline, id) WHERE state = 'running' AND kind IN ('take', 'open')"
    )
    _order_idx = models.Index("(deadline, id DESC)")
    _exemption_idx = models.Index(
        "(company_id) WHERE exemption = 'requested'",
    )
    _once = models.UniqueIndex(
        "(res_model, res_id, kind, COALESCE(step_id, 0))"
        " WHERE state IN ('running', 'paused')",
        "This clock is running already.",
    )

    # one list of words, in the language of the reader
    def _get_kinds(self):
        return (
            self.env["cs.time.limit"]._fields["kind"]._description_selection(self.env)
        )

    def _get_units(self):
        return (
            self.env["cs.time.limit"]._fields["unit"]._description_selection(self.env)
        )

    def _compute_record_name(self):
        for model, clocks in self.grouped("res_model").items():
            records = self.env[model].browse(clocks.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            for clock in clocks:
                clock.record_name = names.get(clock.res_id)

    # ------------------------------------------------------------------
    # The two axes
    # ------------------------------------------------------------------
    def _axis_between(self, start, stop):
        self.ensure_one()
        return axis_between(self.unit, self.calendar_id, start, stop)

    def _get_thresholds(self):
        """Thresholds still to come, in order: (percent, whom to tell, when).

        Empty when the calendar cannot carry a clock any more: the administrators
        are told, and neither a sweep nor a person is stopped by it.
        """
        self.ensure_one()
        levels = (
            (self.warn_percent, "owner"),
            (self.late_percent, "supervisor"),
            (self.escalate_percent, "manager"),
        )
        try:
            return [
                (percent, level, self._time_of(percent))
                for percent, level in levels
                if percent > self.announced_percent
            ]
        except UserError as error:
            self.limit_id._tell_administrators(str(error))
            return []

    def _time_of(self, percent):
        """When `percent` of the limit will be used up if nothing stops the clock.

        :raise UserError: the calendar cannot carry a clock
        """
        self.ensure_one()
        if not self.limit_seconds:
            # begun on a calendar that was broken then
            self.limit_seconds = self._get_record()._get_limit_seconds(
                self.limit_id, self.calendar_id, self.factor, self.started_at
            )
        rest = self.limit_seconds * percent / 100 - self.used_seconds
        return axis_add(self.unit, self.calendar_id, self.running_since, max(rest, 0))

    def _schedule(self):
        """Compute deadline and next event of running clocks from their facts."""
        for clock in self.filtered(lambda c: c.state == "running"):
            coming = clock._get_thresholds()
            broken = not coming and clock.announced_percent < clock.escalate_percent
            deadline = not broken and clock._time_of(100)
            if deadline and clock.deadline and clock.used_seconds > clock.limit_seconds:
                # one that passed before a pause stays: waiting mends no lateness
                deadline = min(deadline, clock.deadline)
            clock.write(
                {
                    "deadline": deadline,
                    "next_event_at": coming[0][2] if coming else False,
                    "calendar_token": clock.calendar_id.worktime_token,
                }
            )

    def _reckon_used(self, unit, calendar):
        """Seconds used before the present run, on any axis: the facts say when."""
        self.ensure_one()
        used, since = 0, None
        for fact in self.fact_ids.sorted(lambda f: (f.at, f.id)):
            if fact.event in ("start", "resume"):
                since = fact.at
            elif fact.event == "pause" and since:
                used += axis_between(unit, calendar, since, fact.at)
                since = None
        return used

    # ------------------------------------------------------------------
    # Moving, always in sudo and called by the mixin
    # ------------------------------------------------------------------
    def _fact(self, event, at, **extra):
        return [
            {
                "res_model": clock.res_model,
                "res_id": clock.res_id,
                "clock_id": clock.id,
                "event": event,
                "at": at,
                "user_id": self.env.uid,
                "team_id": clock.team_id.id,
                **extra,
            }
            for clock in self
        ]

    def _do_pause(self, at, reason, note=None):
        for clock in self:
            clock.write(
                {
                    "state": "paused",
                    "used_seconds": clock.used_seconds
                    + clock._axis_between(clock.running_since, at),
                    "paused_at": at,
                    "running_since": False,
                    "pause_reason_id": reason.id,
                    "next_event_at": False,
                }
            )
        self.env["cs.clock.fact"]._record(
            self._fact("pause", at, reason_id=reason.id, note=note)
        )

    def _do_resume(self, at):
        for clock in self:
            clock.write(
                {
                    "state": "running",
                    "running_since": at,
                    "paused_seconds": clock.paused_seconds
                    + max((at - clock.paused_at).total_seconds(), 0),
                    "paused_at": False,
                    "pause_reason_id": False,
                }
            )
        self._schedule()
        self.env["cs.clock.fact"]._record(self._fact("resume", at))

    def _do_stop(self, at, cancel=False):
        for clock in self:
            running = clock.state == "running"
            used = clock.used_seconds
            if running:
                used += clock._axis_between(clock.running_since, at)
                late = clock.deadline and (
                    at >= clock.deadline + TOLERANCE or used > clock.limit_seconds
                )
            else:
                late = used > clock.limit_seconds
            late = late and not clock.advisory
            clock.write(
                {
                    "state": "cancelled" if cancel else "late" if late else "met",
                    "overdue": not cancel and late,
                    "used_seconds": used,
                    "stopped_at": at,
                    "next_event_at": False,
                    "running_since": False,
                }
                | (
                    {}
                    if running
                    else {
                        "paused_seconds": clock.paused_seconds
                        + max((at - clock.paused_at).total_seconds(), 0),
                        "paused_at": False,
                    }
                )
            )
        event = "cancel" if cancel else "stop"
        self.env["cs.clock.fact"]._record(self._fact(event, at))

    def _do_recalculate(self, at, vals_by_clock):
        """Apply a changed policy or calendar; leaves a trace of both deadlines.

        :param vals_by_clock: {clock: new policy values}, may be empty
        """
        facts = []
        for clock in self:
            old = clock.deadline
            clock.write(vals_by_clock.get(clock, {}))
            clock.used_seconds = clock._reckon_used(clock.unit, clock.calendar_id)
            clock._schedule()
            if clock.overdue and clock.deadline and clock.deadline > at:
                clock.overdue = False
            if clock.deadline != old:
                facts += clock._fact(
                    "recalculate", at, old_deadline=old, new_deadline=clock.deadline
                )
        self.env["cs.clock.fact"]._record(facts)

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------
    def _get_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _get_kind_label(self):
        self.ensure_one()
        return self.step_id.name or dict(self._get_kinds())[self.kind]

    def _get_told(self):
        """What a notice links to: lanes may open their step, not its document."""
        self.ensure_one()
        return self.step_id or self._get_record()

    def _get_left_text(self, now=None):
        """“late 1 h 20 min” or “40 min left”, in the language of the context."""
        self.ensure_one()
        if not self.deadline:
            return ""
        left = int((self.deadline - (now or fields.Datetime.now())).total_seconds())
        minutes = abs(left) // 60
        days, rest = divmod(minutes, 1440)
        text = self.env._(
            "%(days)s d %(hours)s h %(minutes)s min",
            days=days,
            hours=rest // 60,
            minutes=rest % 60,
        )
        if not days:
            text = self.env._(
                "%(hours)s h %(minutes)s min", hours=rest // 60, minutes=rest % 60
            )
        if left < 0:
            return self.env._("late by %(time)s", time=text)
        return self.env._("%(time)s left", time=text)

    def action_open_record(self):
        self.ensure_one()
        return self._get_record()._get_records_action()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_direct(self):
        if not self.env.context.get("cs_clock_record_deleted"):
            raise UserError(self.env._("A clock cannot be removed."))
