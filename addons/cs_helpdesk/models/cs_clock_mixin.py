from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .cs_clock import axis_add

ACTIVE = ("running", "paused")
FARTHEST = timedelta(days=3660)  # a date beyond it is a slip of the pen


class CsClockMixin(models.AbstractModel):
    """Gives a record clocks: time limits that start, wait, resume and stop.

    All methods are private: they trust their caller to have checked the record.
    """

    _name = "cs.clock.mixin"
    _description = "Record with Clocks"
    _inherit = ["cs.time.strip"]

    clock_ids = fields.One2many(
        "cs.clock",
        "res_id",
        string="Clocks",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
    )
    next_deadline = fields.Datetime(
        compute="_compute_next_deadline", store=True, copy=False
    )
    clock_state = fields.Selection(
        [
            ("none", "No Clock"),
            ("running", "In Time"),
            ("late", "Overdue"),
            ("paused", "Waiting"),
        ],
        compute="_compute_next_deadline",
        store=True,
        copy=False,
        string="Clock",
    )
    next_clock = fields.Char(compute="_compute_next_clock", string="Due")

    @api.depends(
        "clock_ids.state",
        "clock_ids.deadline",
        "clock_ids.overdue",
    )
    def _compute_next_deadline(self):
        for record in self:
            clocks = record.clock_ids
            running = clocks.filtered(lambda c: c.state == "running")
            deadlines = [c.deadline for c in running if c.deadline]
            record.next_deadline = min(deadlines, default=False)
            if any(running.mapped("overdue")):
                record.clock_state = "late"
            elif running:
                record.clock_state = "running"
            elif any(c.state == "paused" for c in clocks):
                record.clock_state = "paused"
            else:
                record.clock_state = "none"

    @api.depends("next_deadline", "clock_state")
    @api.depends_context("lang")
    def _compute_next_clock(self):
        """Which clock the next deadline belongs to; or why all of them wait."""
        for record, clocks in zip(self, self._active_clocks_by_record(), strict=True):
            running = clocks.filtered(lambda c: c.state == "running" and c.deadline)
            paused = clocks.filtered("pause_reason_id")
            if running:
                first = min(running, key=lambda c: c.deadline)
                record.next_clock = first._get_kind_label()
            else:
                record.next_clock = paused[:1].pause_reason_id.name

    def _active_clocks_by_record(self):
        """Running and paused clocks of each record, in one query."""
        clocks = self.env["cs.clock"].sudo()  # readers of the record may see them
        if self.ids:
            clocks = clocks.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ACTIVE),
                ]
            )
        by_id = clocks.grouped("res_id")
        return [by_id.get(record.id, clocks.browse()) for record in self]

    def unlink(self):
        clocks = self.env["cs.clock"].sudo()  # whoever may delete the record
        clocks = clocks.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        result = super().unlink()
        clocks.with_context(cs_clock_record_deleted=True).unlink()
        return result

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _get_limit_facts(self):
        """Condition name -> value, to choose a limit by (`cs.time.limit`)."""
        self.ensure_one()
        return {}

    def _get_limit_factor(self, limit):
        """By what a limit is stretched or shortened for this record."""
        self.ensure_one()
        return 1.0

    def _get_clock_owner(self):
        """:return: user_id, team_id and company_id of this record's clocks"""
        self.ensure_one()
        return {"company_id": self.company_id.id}

    def _event_time(self):
        return fields.Datetime.now()

    # ------------------------------------------------------------------
    # Start
    # ------------------------------------------------------------------
    def _clock_start(self, kinds, at=None, until=None):
        """Start the clocks of these kinds for which a limit applies.

        :param kinds: a kind or a collection of kinds (`cs.time.limit.kind`)
        :param datetime at: when (naive UTC), default the event time
        :param datetime until: the deadline itself, for limits of unit "date"
        :return: the clocks started; those running already are left alone
        """
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        at = at or self._event_time()
        vals_list = []
        active = self._active_clocks_by_record()
        for record, clocks in zip(self, active, strict=True):
            wanted = kinds - set(clocks.mapped("kind"))
            vals_list += record._prepare_clocks(wanted, at, until)
        return self._clock_create(vals_list)

    def _clock_create(self, vals_list, facts=()):
        """Create clocks, and all facts of the moment in one statement."""
        # nobody may write clocks himself; the caller has checked the record
        clocks = self.env["cs.clock"].sudo().create(vals_list) if vals_list else ()
        facts = list(facts)
        for clock in clocks:
            facts += clock._fact("start", clock.started_at)
        self.env["cs.clock.fact"].sudo()._record(facts)
        return clocks or self.env["cs.clock"].sudo()

    def _get_limits(self):
        """:return: {kind: `cs.time.limit`} that apply to this record now"""
        self.ensure_one()
        Limit = self.env["cs.time.limit"].sudo()  # policies are no secret
        owner = self._get_clock_owner()
        matched = Limit._match(self._name, owner["company_id"], self._get_limit_facts())
        return {kind: Limit.browse(limit_id) for kind, limit_id in matched.items()}

    def _prepare_clocks(self, kinds, at, until=None):
        """Values of new clocks, with the policy frozen into them."""
        self.ensure_one()
        limits = self._get_limits()
        vals_list = []
        for kind in sorted(kinds & set(limits)):
            limit = limits[kind]
            if limit.unit == "date" and not until:
                continue
            vals = self._prepare_clock(limit, at)
            vals.update(self._prepare_deadline(limit, vals, at, until))
            vals_list.append(vals)
        return vals_list

    def _prepare_clock(self, limit, at):
        owner = self._get_clock_owner()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "limit_id": limit.id,
            "kind": limit.kind,
            "unit": limit.unit,
            "advisory": limit.advisory,
            "pausable": limit.pausable,
            "warn_percent": limit.warn_percent,
            "late_percent": limit.late_percent,
            "escalate_percent": limit.escalate_percent,
            "started_at": at,
            "running_since": at,
            **owner,
        }

    def _prepare_deadline(self, limit, vals, at, until=None):
        """Deadline and axis of a clock; without a usable calendar, none of them.

        A broken calendar must not stop the matter itself: the clock stands without
        a deadline and the administrators are told.
        """
        if limit.unit == "date":
            if until - at > FARTHEST:
                raise UserError(
                    self.env._(
                        "%(date)s is more than ten years away: please check the year.",
                        date=format_date(self.env, until),
                    )
                )
            return {
                "deadline": until,
                "limit_seconds": max(int((until - at).total_seconds()), 0),
                "next_event_at": at + (until - at) * limit.warn_percent / 100,
            }
        company = self.env["res.company"].browse(vals["company_id"]).sudo()
        calendar = limit._get_calendar(company)
        factor = self._get_limit_factor(limit)
        try:
            seconds = self._get_limit_seconds(limit, calendar, factor, at)
            deadline = axis_add(limit.unit, calendar, at, seconds)
            warn_after = seconds * limit.warn_percent / 100
            warn = axis_add(limit.unit, calendar, at, warn_after)
        except UserError as error:
            limit._tell_administrators(str(error))
            return {"calendar_id": calendar.id, "factor": factor}
        return {
            "calendar_id": calendar.id,
            "calendar_token": calendar.worktime_token,
            "factor": factor,
            "limit_seconds": seconds,
            "deadline": deadline,
            "next_event_at": warn,
        }

    def _get_limit_seconds(self, limit, calendar, factor, at):
        """The limit in seconds of its axis.

        One working day is a day's working hours on the axis: Monday 15:00 to
        Tuesday 15:00.

        :raise UserError: the calendar cannot carry a clock
        """
        if limit.unit in ("work_hours", "work_days", "same_day"):
            calendar._check_worktime()
        if limit.unit == "same_day":
            return calendar._worktime_between(at, calendar._worktime_end_of_day(at))
        hours = {
            "work_hours": 1,
            "wall_hours": 1,
            "wall_days": 24,
        }.get(limit.unit) or calendar._worktime_hours_per_day()
        return int(round(limit._get_quantity(factor) * hours * 3600))

    # ------------------------------------------------------------------
    # Pause, resume, stop
    # ------------------------------------------------------------------
    def _clocks(self, kinds=None, states=ACTIVE):
        # nobody may write clocks himself; the caller has checked the record
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("state", "in", states),
        ]
        if isinstance(kinds, str):
            kinds = [kinds]
        if kinds:
            domain.append(("kind", "in", list(kinds)))
        return self.env["cs.clock"].sudo().search(domain)

    def _clock_stop(self, kinds=None, at=None):
        """Stop clocks: met or late. Stopping twice changes nothing."""
        self._clocks(kinds)._do_stop(at or self._event_time())

    def _clock_cancel(self, kinds=None, at=None):
        """End clocks that no longer apply: neither met nor late."""
        self._clocks(kinds)._do_stop(at or self._event_time(), cancel=True)

    def _clock_pause(self, reason, note=None, at=None):
        """Let the clocks that may wait, wait.

        :param reason: `cs.clock.reason` of kind "pause", says who has the time
        """
        clocks = self._clocks(states=("running",)).filtered("pausable")
        clocks._do_pause(at or self._event_time(), reason, note)
        return clocks

    def _clock_resume(self, at=None):
        self._clocks(states=("paused",))._do_resume(at or self._event_time())

    def _prepare_hold(self, at):
        """Facts that say who has the records from now on."""
        return [
            {
                "res_model": record._name,
                "res_id": record.id,
                "event": "hold",
                "at": at,
                "user_id": self.env.uid,
                "team_id": record._get_clock_owner().get("team_id"),
            }
            for record in self
        ]

    def _clock_refresh(self, clocks, at):
        """Put clocks on the limit that applies now, with a trace (P3)."""
        changed = {}
        for clock in clocks.filtered(lambda c: c.unit != "date" and not c.step_id):
            record = self.browse(clock.res_id)
            limit = record._get_limits().get(clock.kind)
            if not limit or limit.unit == "date":
                clock._do_stop(at, cancel=True)
                continue
            factor = record._get_limit_factor(limit)
            if limit == clock.limit_id and factor == clock.factor:
                continue
            vals = record._prepare_clock(limit, clock.started_at)
            vals.update(record._prepare_deadline(limit, vals, clock.started_at))
            vals.update(running_since=clock.running_since, announced_percent=0)
            if clock.state == "paused":
                vals.update(deadline=clock.deadline, next_event_at=False)
            changed[clock] = vals
        # sudo: nobody may write clocks himself; the caller has checked the record
        moving = self.env["cs.clock"].sudo().browse([clock.id for clock in changed])
        moving._do_recalculate(at, changed)

    def _clock_adopt(self, others):
        """Take over the clocks and facts of records that are merged into this one.

        A kind that runs here already is cancelled there: one clock a kind.
        """
        self.ensure_one()
        here = set(self._clocks().mapped("kind"))
        theirs = others._clocks()
        theirs.filtered(lambda c: c.kind in here)._do_stop(
            self._event_time(), cancel=True
        )
        moved = others._clocks(states=("running", "paused", "met", "late", "cancelled"))
        seen = set(here)
        for clock in moved.filtered(lambda c: c.state in ACTIVE):
            if clock.kind in seen:
                clock._do_stop(self._event_time(), cancel=True)
            seen.add(clock.kind)
        moved.res_id = self.id
        self.env.cr.execute(
            SQL(
                "UPDATE cs_clock_fact SET res_id = %s"
                " WHERE res_model = %s AND res_id IN %s AND clock_id IS NOT NULL",
                self.id,
                self._name,
                tuple(others.ids),
            )
        )
        return moved
