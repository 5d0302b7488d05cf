from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

LIVE_STATES = ("ringing", "answered")
# class of the call -> type of its ticket; an inquiry otherwise
CLASS_TYPES = {
    "query": "cs_helpdesk.type_query",
    "after_sales": "cs_helpdesk.type_problem",
    "complaint": "cs_helpdesk.type_complaint",
    "partner": "cs_helpdesk.type_prospect",
    "media": "cs_helpdesk.type_media",
    "nuisance": "cs_helpdesk.type_nuisance",
}
STALE = timedelta(hours=4)


class CsCallDesk(models.AbstractModel):
    """What a person does with a call; works without any telephone system."""

    _name = "cs.call.desk"
    _description = "Call: Agent"

    next_step = fields.Selection(
        [
            ("answer", "Answer"),
            ("take", "Take Up"),
            ("guide", "Guide"),
            ("end", "End"),
            ("finish", "Finish"),
        ],
        compute="_compute_next_step",
        export_string_translation=False,
    )
    hold_warning = fields.Char(compute="_compute_hold_warning")
    wrap_up_late = fields.Boolean(compute="_compute_wrap_up_late")

    # ------------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------------
    def _begin_by_hand(self):
        """A call registered by hand is spoken already; a letter or visit is done."""
        now = fields.Datetime.now()
        for call in self:
            # sudo: facts follow from what was pressed, nobody types them
            facts = call.sudo()
            vals = {"user_id": call.user_id.id or self.env.uid}
            if not call.team_id:
                vals["team_id"] = call._get_call_team(call.user_id or self.env.user).id
            facts.write(vals)
            facts._match()
            if call.contact_kind == "phone":
                event = "ringing" if call.direction == "out" else "answered"
                facts._add_event(event, now, self.env.user)
            else:
                facts.write({"state": "ended", "answered_at": now, "ended_at": now})

    @api.depends("state", "finished_at", "ticket_id", "direction", "contact_kind")
    def _compute_next_step(self):
        for call in self:
            if call.finished_at:
                call.next_step = False
            elif call.state == "ringing":
                call.next_step = "answer"
            elif call.state == "answered":
                call.next_step = "take" if not call.ticket_id else "end"
            else:
                call.next_step = "finish"

    @api.depends("hold_count", "hold_longest", "on_hold")
    def _compute_hold_warning(self):
        """G11: at most two holds of at most 60 seconds."""
        get = self.env["helpdesk.ticket"]._get_parameter
        seconds, holds = get("hold_seconds", 60), get("hold_limit", 2)
        for call in self:
            if call.hold_count > holds:
                call.hold_warning = self.env._(
                    "On hold %(count)s times, %(limit)s are the limit: offer to call "
                    "back.",
                    count=call.hold_count,
                    limit=holds,
                )
            elif call.hold_longest > seconds:
                call.hold_warning = self.env._(
                    "On hold for %(seconds)s s, %(limit)s s are the limit: come back "
                    "in time, or offer to call back.",
                    seconds=call.hold_longest,
                    limit=seconds,
                )
            else:
                call.hold_warning = False

    @api.depends("wrap_up_seconds")
    def _compute_wrap_up_late(self):
        limit = self.env["helpdesk.ticket"]._get_parameter("wrap_up_seconds", 60)
        for call in self:
            call.wrap_up_late = call.wrap_up_seconds > limit

    # ------------------------------------------------------------------
    # The line, by hand
    # ------------------------------------------------------------------
    def _press(self, event):
        """One event of the line, pressed by the agent; a second press changes nothing.

        :raise UserError: the telephone system reports this call itself
        """
        for call in self:
            call._check_own()
            if call.cti_call_id:
                raise UserError(
                    self.env._(
                        "This call is reported by the telephone system: answer, hold "
                        "and hang up on the telephone."
                    )
                )
            call._add_event(event, fields.Datetime.now(), self.env.user)

    def _check_own(self):
        """Whoever may write the call; nobody's becomes his."""
        self.check_access("write")
        self.lock_for_update()
        for call in self.filtered(lambda c: not c.user_id):
            # sudo: the agent follows from who pressed
            call.sudo().user_id = self.env.user

    def action_answered(self):
        self.filtered(lambda c: c.state == "ringing")._press("answered")

    def action_hold(self):
        self.filtered(lambda c: c.state == "answered" and not c.on_hold)._press("hold")

    def action_resume(self):
        self.filtered(lambda c: c.state == "answered" and c.on_hold)._press("resume")

    def action_end(self):
        self.filtered(lambda c: c.state == "answered")._press("ended")

    def action_not_answered(self):
        """Outgoing: nobody answered; the attempt counts (001-59, 001-60)."""
        calls = self.filtered(lambda c: c.state == "ringing")
        calls._press("missed")
        calls.outcome = "no_answer"

    def action_finish(self):
        """The record is complete: wrap-up ends (004-84).

        :raise UserError: class or outcome is missing
        """
        self._check_own()
        for call in self.filtered(lambda c: not c.finished_at):
            if call.state == "answered" and not call.cti_call_id:
                call._press("ended")
            if call.state in LIVE_STATES:
                raise UserError(self.env._("The call is still going on: end it first."))
            call._check_complete()
            call._finish(fields.Datetime.now())

    def _check_complete(self):
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("call_class", "outcome")
            if not self[name]
        ]
        if self.state == "ended" and not (self.request or "").strip():
            missing.append(self._fields["request"]._description_string(self.env))
        if missing:
            raise UserError(
                self.env._(
                    "Please complete the record of the call first: %(fields)s.",
                    fields="、".join(missing),
                )
            )

    def _finish(self, now):
        end = self.ended_at or now
        # sudo: the moment follows from the press
        self.sudo().write(
            {
                "finished_at": now,
                "wrap_up_seconds": max(int((now - end).total_seconds()), 0),
            }
        )

    @api.model
    def _cron_close_stale(self):
        """Calls whose end was never reported do not stay open (nor their number)."""
        now = fields.Datetime.now()
        calls = self.search(
            [("finished_at", "=", False), ("started_at", "<", now - STALE)], limit=1000
        )
        for call in calls:
            if call.state == "answered":
                call._add_event("ended", now)
            elif call.state == "ringing":
                call._add_event("missed", now)
            call._finish(call.ended_at or now)

    # ------------------------------------------------------------------
    # Ticket, lead, return call
    # ------------------------------------------------------------------
    def action_take(self):
        """受理: a ticket for what the caller wants; pressed twice it is one ticket.

        :return: action that opens the ticket
        """
        self.ensure_one()
        self._check_own()
        if not self.ticket_id:
            self.ticket_id = self.env["helpdesk.ticket"].create(self._prepare_ticket())
            self.outcome = self.outcome or "ticket"
        return self.ticket_id._get_records_action()

    def _prepare_ticket(self):
        request = (self.request or "").strip()
        classes = dict(self._fields["call_class"]._description_selection(self.env))
        first = request.splitlines()[0][:80] if request else ""
        kind = CLASS_TYPES.get(self.call_class, "cs_helpdesk.type_inquiry")
        channels = {
            "visit": "cs_helpdesk.channel_visit",
            "letter": "cs_helpdesk.channel_letter",
        }
        channel = channels.get(self.contact_kind, "cs_helpdesk.channel_phone_400")
        call = self.sudo()  # the number goes into the caller's own ticket
        return {
            "name": first or classes.get(self.call_class) or self.env._("Call"),
            "description": request or first,
            "partner_id": call.partner_id.id or call._make_partner().id,
            "customer_phone": call.number,
            "team_id": call.team_id.id or call._get_call_team(self.env.user).id,
            "user_id": self.env.uid,
            "type_id": self.env.ref(kind).id,
            "channel_id": self.env.ref(channel).id,
        }

    def _make_partner(self):
        """A customer file for a caller who gave his name; also kept on the call."""
        self.ensure_one()
        number = self.number or False
        name = (self.caller_name or "").strip() or number
        if not name:
            raise UserError(
                self.env._("Please write down who calls: a name or a number.")
            )
        partner = self.env["res.partner"].create(
            {"name": name, "phone": number, "region_zone": self.region_zone}
        )
        self.partner_id = partner
        return partner

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()

    def action_open_tickets(self):
        """The caller's open tickets."""
        self.ensure_one()
        return self.open_ticket_ids._get_records_action(name=self.env._("Open Tickets"))

    def action_call_back_later(self):
        """001-59, 001-60: noted, and answered later; opens the form of the promise."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call Again Later"),
            "res_model": "cs.callback.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    def action_to_sales(self):
        """G05: a merchant who wants to sell our goods becomes a lead of sales."""
        self.ensure_one()
        self._check_own()
        if not self.opportunity_id:
            call = self.sudo()  # agents hand leads over; they do not read them
            lead = call.env["crm.lead"]._create_from_call(call)
            call.write({"opportunity_id": lead.id, "call_class": "partner"})
            if not self.outcome:
                self.outcome = "transferred"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Handed to sales."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
