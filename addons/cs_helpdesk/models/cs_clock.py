from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .cs_time_limit import WORK_UNITS

SWEEP_BATCH = 500
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
    _order = "deadline, id desc"
    _log_access = False

    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    record_name = fields.Char(compute="_compute_record_name")
    limit_id = fields.Many2one("cs.time.limit", required=True, ondelete="restrict")
    kind = fields.Selection(
        selection=lambda self: self.env["cs.time.limit"]._fields["kind"].selection,
        required=True,
    )
    # Who has it
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one("res.users", string="Owner")
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    group_id = fields.Many2one("res.groups", index="btree_not_null")
    # Policy, frozen
    unit = fields.Selection(
        selection=lambda self: self.env["cs.time.limit"]._fields["unit"].selection,
        required=True,
    )
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
    # Afterwards
    late_reason_id = fields.Many2one("cs.clock.reason", ondelete="restrict")
    late_note = fields.Char()
    exemption = fields.Selection(
        [
            ("requested", "Exemption Requested"),
            ("approved", "Exempt"),
            ("refused", "Exemption Refused"),
        ],
    )
    exemption_user_id = fields.Many2one("res.users", string="Requested by")
    fact_ids = fields.One2many("cs.clock.fact", "clock_id", string="History")

    _record_idx = models.Index("(res_model, res_id)")
    _sweep_idx = models.Index("(next_event_at, id) WHERE state = 'running'")
    _owner_idx = models.Index("(user_id, deadline, id) WHERE state = 'running'")
    _calendar_idx = models.Index("(calendar_id) WHERE state = 'running'")
    _order_idx = models.Index("(deadline, id DESC)")
    _exemption_idx = models.Index(
        "(company_id) WHERE exemption = 'requested'",
    )
    _once = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE state IN ('running', 'paused')",
        "This clock is running already.",
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

    def _time_of(self, percent):
        """When `percent` of the limit will be used up if nothing stops the clock."""
        self.ensure_one()
        rest = self.limit_seconds * percent / 100 - self.used_seconds
        return axis_add(self.unit, self.calendar_id, self.running_since, max(rest, 0))

    def _levels(self):
        """Thresholds as (percent, whom to tell), in order."""
        self.ensure_one()
        return [
            (self.warn_percent, "owner"),
            (self.late_percent, "supervisor"),
            (self.escalate_percent, "manager"),
        ]

    def _schedule(self):
        """Compute deadline and next event of running clocks from their facts."""
        for clock in self.filtered(lambda c: c.state == "running"):
            percents = [p for p, _level in clock._levels() if p > clock.announced_percent]
            clock.write(
                {
                    "deadline": clock._time_of(100),
                    "next_event_at": clock._time_of(percents[0]) if percents else False,
                    "calendar_token": clock.calendar_id.worktime_token,
                }
            )

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
                late = clock.deadline and at >= clock.deadline + TOLERANCE
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
        self.env["cs.clock.fact"]._record(self._fact("cancel" if cancel else "stop", at))

    def _do_recalculate(self, at, vals_by_clock=None):
        """Apply a changed policy or calendar; leaves a trace of both deadlines."""
        facts = []
        for clock in self:
            old = clock.deadline
            clock.write((vals_by_clock or {}).get(clock, {}))
            if clock.state == "running" and clock.unit != "date":
                # time used before the change is reckoned anew on the new axis
                clock._schedule()
                if clock.overdue and clock.deadline > at:
                    clock.overdue = False
            if clock.deadline != old:
                facts += clock._fact(
                    "recalculate", at, old_deadline=old, new_deadline=clock.deadline
                )
        self.env["cs.clock.fact"]._record(facts)

    # ------------------------------------------------------------------
    # Sweep
    # ------------------------------------------------------------------
    @api.model
    def _get_sweep_domain(self, now):
        return Domain("state", "=", "running") & Domain("next_event_at", "<=", now)

    @api.model
    def _cron_sweep(self):
        """Warn, mark late, escalate: touches what is due, not what is open.

        Safe to run by several workers at once: rows are locked, and a threshold is
        announced once by a unique index.
        """
        now = fields.Datetime.now()
        domain = self._get_sweep_domain(now)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain, limit=100_000))
        while clocks := self.search(
            domain, limit=SWEEP_BATCH, order="next_event_at, id"
        ).try_lock_for_update():
            clocks._pass_thresholds(now)
            if not cron._commit_progress(len(clocks)):
                break
        self.env["cs.clock.notice"]._send_due()
        cron._commit_progress()

    def _pass_thresholds(self, now):
        notices = []
        for clock in self:
            passed = [
                (percent, level)
                for percent, level in clock._levels()
                if percent > clock.announced_percent and clock._time_of(percent) <= now
            ]
            if passed:
                # after an outage only the gravest threshold is news
                percent, level = passed[-1]
                notices.append((clock.id, percent, level, now))
                clock.announced_percent = percent
            if not clock.advisory and clock.deadline <= now and not clock.overdue:
                clock.overdue = True
            rest = [p for p, _level in clock._levels() if p > clock.announced_percent]
            clock.next_event_at = clock._time_of(rest[0]) if rest else False
        self.env["cs.clock.notice"]._announce(notices)

    @api.model
    def _cron_recalculate(self):
        """Recompute running clocks whose calendar has changed since."""
        cron = self.env["ir.cron"]
        query = """
            SELECT c.id FROM cs_clock c JOIN resource_calendar r ON r.id = c.calendar_id
             WHERE c.state = 'running' AND c.calendar_token IS DISTINCT FROM r.worktime_token
             ORDER BY c.id LIMIT %s
        """
        self.env["resource.calendar"].flush_model(["worktime_token"])
        self.flush_model(["calendar_token", "state"])
        while True:
            self.env.cr.execute(query, (SWEEP_BATCH,))
            found = self.browse(row[0] for row in self.env.cr.fetchall())
            clocks = found.try_lock_for_update()
            if not clocks:
                break
            now = fields.Datetime.now()
            clocks._do_recalculate(now)
            clocks._schedule()
            if not cron._commit_progress(len(clocks)):
                break

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------
    def _get_recipients(self, level):
        """Users to tell: the one meant, his stand-in, or the next above; never nobody."""
        self.ensure_one()
        chain = {
            "owner": [self.user_id, self.team_id.user_id],
            "supervisor": [self.team_id.user_id],
            "manager": [],
        }[level]
        for user in chain:
            stand_in = user._get_stand_in()
            if stand_in:
                return stand_in
        groups = [self.group_id] if level == "owner" else []
        if level != "manager":
            groups.append(self.env.ref("cs_helpdesk.group_supervisor"))
        groups.append(self.env.ref("cs_helpdesk.group_manager"))
        for group in groups:
            users = group.all_user_ids.filtered(
                lambda u: u.active
                and not u.share
                and self.company_id in u.company_ids
                and u.id != self.env.ref("base.user_root").id
            )
            present = users.filtered(lambda u: u._get_stand_in() == u)
            if present or users:
                return present or users
        return self.env.ref("base.user_admin")

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------
    def _get_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _get_record_link(self):
        return self._get_record()._get_html_link()

    def _get_kind_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

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

    # ------------------------------------------------------------------
    # Late reason and exemption (N29)
    # ------------------------------------------------------------------
    def _check_record_access(self):
        """Only who may write the record may speak for its clocks."""
        for clock in self:
            clock._get_record().check_access("write")

    def _give_reason(self, reason, note):
        self._check_record_access()
        clocks = self.sudo()  # users have no write access to clocks; checked above
        clocks.lock_for_update()
        clocks.filtered(lambda c: c.state == "late" or c.overdue).write(
            {"late_reason_id": reason.id, "late_note": note}
        )
        self.env["cs.clock.fact"].sudo()._record(
            clocks._fact(
                "reason",
                fields.Datetime.now(),
                reason_id=reason.id,
                note=note,
            )
        )

    def _request_exemption(self, reason, note):
        """Ask that a late clock leaves the score; it stays visible."""
        self._give_reason(reason, note)
        self.sudo().filtered(lambda c: not c.exemption).write(
            {"exemption": "requested", "exemption_user_id": self.env.uid}
        )

    def action_approve_exemption(self):
        self._decide_exemption("approved")

    def action_refuse_exemption(self):
        self._decide_exemption("refused")

    def _decide_exemption(self, decision):
        """:raise AccessError: not a supervisor, or his own request or clock"""
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor decides on exemptions."))
        self._check_record_access()
        clocks = self.sudo()  # users have no write access to clocks; checked above
        clocks.lock_for_update()
        if self.env.user in clocks.exemption_user_id | clocks.user_id:
            raise AccessError(self.env._("Nobody decides on his own exemption."))
        open_requests = clocks.filtered(lambda c: c.exemption == "requested")
        open_requests.exemption = decision
        self.env["cs.clock.fact"].sudo()._record(
            open_requests._fact("exempt", fields.Datetime.now(), note=decision)
        )

    def action_open_record(self):
        self.ensure_one()
        return self._get_record()._get_records_action()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_direct(self):
        if not self.env.context.get("cs_clock_record_deleted"):
            raise UserError(self.env._("A clock cannot be removed."))
