from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.masking import mask_phone
from .cs_call_event import PHONE_GROUPS

MAX_HOURS = 24  # G07: never later
OPENING = time(9, 30)  # G09: what came at night is first in the morning
OWN_REASONS = ("missed", "voicemail")


class CsCallback(models.Model):
    """Somebody waits for our call (待回电): until when, and what came of it.

    Missed calls and voicemail make one by themselves; an agent makes one when he does
    not understand the caller (001-59) or does not know the answer (001-60, 001-66).
    Done is what an answered call did, not what somebody ticks.
    """

    _name = "cs.callback"
    _cs_customer_data = True
    _description = "Return Call"
    _inherit = ["cs.clock.mixin"]
    _order = "next_deadline, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    call_id = fields.Many2one("cs.call", string="From Call", readonly=True)
    ticket_id = fields.Many2one("helpdesk.ticket", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    caller_name = fields.Char()
    number = fields.Char(string="Caller's Number", groups=PHONE_GROUPS)
    number_digits = fields.Char(
        compute="_compute_number_digits",
        store=True,
        compute_sudo=True,
        groups=PHONE_GROUPS,
        export_string_translation=False,
    )
    phone_masked = fields.Char(
        string="Phone", compute="_compute_phone_masked", compute_sudo=True
    )
    reason = fields.Selection(
        [
            ("missed", "Missed Call"),
            ("voicemail", "Voicemail"),
            ("dialect", "Dialect Not Understood"),
            ("cannot_answer", "To Be Looked Into"),
            ("media", "Media"),
            ("requested", "Asked For"),
        ],
        required=True,
        default="requested",
    )
    language = fields.Char(
        string="Language or Dialect", help="Who calls back must understand it (001-59)."
    )
    note = fields.Text(string="What About")
    user_id = fields.Many2one("res.users", string="Who Calls")
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    deadline = fields.Datetime(string="Call by", required=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Called"), ("cancelled", "Cancelled")],
        required=True,
        default="waiting",
    )
    closed = fields.Boolean(compute="_compute_closed")
    attempt_ids = fields.One2many("cs.call", "attempt_of_id", string="Attempts")
    attempt_count = fields.Integer(string="Attempts Made", aggregator="avg")
    done_call_id = fields.Many2one("cs.call", string="Answered Call", readonly=True)
    done_at = fields.Datetime(string="Settled at", readonly=True)
    result = fields.Text(help="What was agreed; or why nobody needs to call any more.")

    _once = models.UniqueIndex(
        "(call_id, reason) WHERE call_id IS NOT NULL",
        "This call has its return call already.",
    )
    _order_idx = models.Index("(next_deadline, id DESC)")
    _waiting_idx = models.Index("(next_deadline, id DESC) WHERE state = 'waiting'")
    _mine_idx = models.Index(
        "(user_id, next_deadline, id DESC) WHERE state = 'waiting'"
    )
    _number_idx = models.Index("(number_digits) WHERE state = 'waiting'")

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("state")
    def _compute_closed(self):
        for callback in self:
            callback.closed = callback.state != "waiting"

    @api.depends("number")
    def _compute_number_digits(self):
        Ticket = self.env["helpdesk.ticket"]
        for callback in self:
            callback.number_digits = Ticket._phone_to_digits(callback.number)

    @api.depends("number")
    @api.depends_context("uid")
    def _compute_phone_masked(self):
        """Plain for readers of numbers only: the call that is made shows it."""
        reader = self.env.user.has_group(PHONE_GROUPS)
        for callback in self:
            number = callback.number
            callback.phone_masked = number if reader else mask_phone(number)

    @api.depends("partner_id", "caller_name", "reason")
    @api.depends_context("lang")
    def _compute_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for callback in self:
            who = callback.sudo().partner_id.name or callback.caller_name
            who = who or callback.phone_masked or self.env._("Unknown")
            callback.name = f"{who} · {reasons.get(callback.reason, '')}"

    @api.constrains("deadline", "reason")
    def _check_deadline(self):
        """G07: an answer that has to be looked up comes within 24 hours."""
        for callback in self.filtered(lambda c: c.reason == "cannot_answer"):
            latest = callback.create_date + timedelta(hours=MAX_HOURS, minutes=1)
            if callback.deadline > latest:
                raise ValidationError(
                    self.env._(
                        "A customer who waits for an answer is called within %(hours)s "
                        "hours: choose an earlier time.",
                        hours=MAX_HOURS,
                    )
                )

    # ------------------------------------------------------------------
    # Create, write
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        callbacks = super().create(vals_list)
        for callback in callbacks.filtered(lambda c: c.state == "waiting"):
            callback._clock_start("call_back", until=callback.deadline)
        return callbacks

    def write(self, vals):
        if not self.env.su:
            closed = {
                "state",
                "deadline",
                "done_at",
                "done_call_id",
                "attempt_count",
                "call_id",
                "number",
            } & vals.keys()
            if closed:
                raise UserError(
                    self.env._("A return call is settled by calling, or by its button.")
                )
            self._check_handover(vals)
        result = super().write(vals)
        if {"user_id", "team_id"} & vals.keys():
            for callback in self:
                callback._clocks().write(callback._get_clock_owner())
        return result

    def _check_handover(self, vals):
        """What a colleague has taken is given on by him or a supervisor."""
        if "user_id" not in vals:
            return
        mine = (False, self.env.uid, vals["user_id"])
        foreign = self.filtered(lambda c: c.user_id.id not in mine)
        if foreign and not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._(
                    "A colleague's return call is given to you by him or a supervisor."
                )
            )

    def _get_clock_owner(self):
        return {
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _get_age_end(self):
        return self.done_at

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------
    @api.model
    def _get_deadline(self, reason, at, company):
        """Until when to call back what came at `at` (naive UTC).

        In working hours within the minutes of ``cs_helpdesk.callback_minutes`` of
        working time; otherwise at 9:30 of the next working day (G09). What has to be
        looked up: ``cs_helpdesk.callback_hours`` (G07).
        """
        get = self.env["helpdesk.ticket"]._get_parameter
        if reason not in OWN_REASONS:
            hours = min(get("callback_hours", 2), MAX_HOURS)
            return at + timedelta(hours=hours)
        calendar = company.sudo().service_calendar_id
        zone = timezone(calendar.tz or "UTC")
        day = utc.localize(at).astimezone(zone).date()
        opens = calendar._worktime_add(self._local(day, time.min, zone), 0)
        closes = calendar._worktime_end_of_day(at)
        if opens <= at and utc.localize(closes).astimezone(zone).date() == day:
            return calendar._worktime_add(at, get("callback_minutes", 30) * 60)
        # the next working day: today if it has not begun yet
        first = (
            opens
            if at < opens
            else calendar._worktime_add(
                self._local(day + timedelta(days=1), time.min, zone), 0
            )
        )
        morning = utc.localize(first).astimezone(zone).date()
        return max(first, self._local(morning, OPENING, zone))

    @api.model
    def _local(self, day, at, zone):
        local = zone.localize(datetime.combine(day, at))
        return local.astimezone(utc).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # How it ends
    # ------------------------------------------------------------------
    def _note_attempt(self, call):
        """An outgoing call of this return call has ended one way or the other."""
        for callback in self.filtered(lambda c: c.state == "waiting"):
            outgoing = callback.attempt_ids.filtered(lambda c: c.direction == "out")
            callback.attempt_count = len(outgoing)
            if call.state in ("answered", "ended"):
                callback._settle("done", call)

    def _settle(self, state, call=None, at=None):
        at = at or fields.Datetime.now()
        self.write({"state": state, "done_at": at, "done_call_id": call and call.id})
        if state == "done":
            self._clock_stop(at=at)
        else:
            self._clock_cancel(at=at)

    def action_take(self):
        """The return call is mine (first come, first served)."""
        self.check_access("write")
        self.lock_for_update()
        self.filtered(lambda c: not c.user_id).user_id = self.env.user

    def action_call(self):
        """Begin the outgoing call; its own screen shows the number (H).

        :return: action that opens the call
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.state != "waiting":
            raise UserError(self.env._("This return call is settled already."))
        if self.user_id and self.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(user)s has this return call: let it be given to you first.",
                    user=self.user_id.name,
                )
            )
        self.user_id = self.env.user
        callback = self.sudo()  # the number goes into the caller's own call only
        open_call = callback.attempt_ids.filtered(
            lambda c: c.user_id == self.env.user and not c.finished_at
        )[:1]
        call = open_call or self.env["cs.call"].sudo()._dial(
            callback.number,
            partner_id=callback.partner_id.id,
            caller_name=callback.caller_name,
            ticket_id=callback.ticket_id.id,
            attempt_of_id=callback.id,
            request=callback.note,
            company_id=callback.company_id.id,
        )
        return call.sudo(False)._get_records_action(view_mode="form")

    def action_cancel(self):
        """Nobody needs to call any more; the reason stands in the result.

        :raise UserError: without a reason
        """
        self.check_access("write")
        self.lock_for_update()
        for callback in self.filtered(lambda c: c.state == "waiting"):
            if not (callback.result or "").strip():
                raise UserError(
                    self.env._("Please write into the result why nobody has to call.")
                )
            # sudo: the state follows from the press
            callback.sudo()._settle("cancelled")
