from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL

from ..lib.call_timeline import FACTS, EndsTooEarly, build, pick_agent

AHEAD = timedelta(minutes=5)  # how far the other clock may be wrong
ID_LENGTH = 100
NUMBER_LENGTH = 32


class TooManyEvents(UserError):
    """More than the telephone system may send in a minute."""

    http_status = 429  # Too Many Requests


class CsCallCti(models.AbstractModel):
    """What the telephone system says of a call (``docs/cti.md``)."""

    _name = "cs.call.cti"
    _description = "Call: Telephone System"

    @api.model
    def cti_event(
        self,
        call_id,
        event,
        at,
        number=None,
        direction=None,
        agent=None,
        recording_url=None,
    ):
        """Take over one event of a call; the only thing a telephone system may do.

        The same event sent twice changes nothing; events may come in any order; an
        unknown ``call_id`` is a new call.

        :param str call_id: the call's name in the telephone system, unique a company
        :param str event: queued, ringing, answered, hold, resume, ended, missed or
            voicemail
        :param str at: when, ISO 8601; without a zone it is UTC
        :param str number: the other party; may be empty or withheld
        :param str direction: ``in`` (default) or ``out``
        :param str agent: login or extension of whose telephone it is
        :param str recording_url: https link to the recording, on an allowed host
        :return: dict of id, state, and what to do: ``accept``, ``reject`` or
            ``supervisor``
        :raise AccessError: not a telephone system
        :raise TooManyEvents: more than ``cs_helpdesk.cti_events_per_minute``
        :raise ValidationError: what was sent cannot be; nothing is kept of it
        """
        self._check_cti()
        call_id = self._read_cti_id(call_id)
        event = self._read_cti_event(event, direction)
        at = self._read_cti_time(at)
        recording_url = self._read_recording_url(recording_url)
        # sudo: the checks are above; the telephone system itself may read nothing
        Call = self.sudo()
        user = Call._find_cti_agent(agent)
        call = Call.search(
            [("company_id", "=", self.env.company.id), ("cti_call_id", "=", call_id)]
        )
        if call:
            call._lock_and_wait()
        else:
            call = Call._create_cti(call_id, at, number, direction, user)
        call._fill_cti(number, agent, recording_url)
        call._add_event(event, at, user, "cti")
        return {
            "id": call.id,
            "state": call.state,
            "action": call._get_cti_action(),
        }

    # ------------------------------------------------------------------
    # May it, and is it sound
    # ------------------------------------------------------------------
    @api.model
    def _check_cti(self):
        if not self.env.user.has_group("cs_helpdesk.group_cti"):
            raise AccessError(
                self.env._("Only the telephone system reports events of calls.")
            )
        limit = self.env["helpdesk.ticket"]._get_parameter("cti_events_per_minute", 600)
        since = fields.Datetime.now() - timedelta(minutes=1)
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM cs_call_event
                     WHERE create_uid = %s AND create_date > %s AND source = 'cti'
                     LIMIT %s) AS recent
                """,
                self.env.uid,
                since,
                limit,
            )
        )
        if count >= limit:
            raise TooManyEvents(
                self.env._(
                    "More than %(limit)s events in a minute: send this one again in a "
                    "minute.",
                    limit=limit,
                )
            )

    @api.model
    def _read_cti_id(self, call_id):
        call_id = str(call_id or "").strip()
        if not call_id or len(call_id) > ID_LENGTH:
            raise ValidationError(
                self.env._(
                    "A call needs a call_id of 1 to %(length)s characters.",
                    length=ID_LENGTH,
                )
            )
        return call_id

    @api.model
    def _read_cti_event(self, event, direction):
        if event not in FACTS:
            raise ValidationError(
                self.env._(
                    "There is no event “%(event)s”: send one of %(events)s.",
                    event=event,
                    events=", ".join(FACTS),
                )
            )
        if direction not in (None, "in", "out"):
            raise ValidationError(
                self.env._("The direction of a call is “in” or “out”.")
            )
        return event

    @api.model
    def _read_cti_time(self, at):
        """:return: naive UTC of an ISO 8601 moment"""
        try:
            moment = datetime.fromisoformat(str(at).strip())
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "“%(at)s” is no moment: send it like 2026-03-07T14:30:00+08:00.",
                    at=at,
                )
            ) from error
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        moment = moment.replace(microsecond=0)
        if moment > fields.Datetime.now() + AHEAD:
            raise ValidationError(
                self.env._(
                    "%(at)s is in the future: set the clock of the telephone system.",
                    at=at,
                )
            )
        return moment

    @api.model
    def _read_recording_url(self, url):
        """A link people may open; the server itself never fetches it."""
        if not url:
            return False
        # sudo: an address list of the company, for whoever keeps a link
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cs_helpdesk.recording_hosts", "")
        )
        hosts = {host.strip().lower() for host in value.split(",") if host.strip()}
        try:
            parts = urlsplit(str(url))
            host, userinfo = parts.hostname, parts.username or parts.password
        except ValueError:
            parts = host = userinfo = None
        if not parts or parts.scheme != "https" or userinfo or host not in hosts:
            raise ValidationError(
                self.env._(
                    "Recordings are linked by https from these hosts only: %(hosts)s. "
                    "The event can be sent without the link.",
                    hosts=", ".join(sorted(hosts)) or self.env._("none yet"),
                )
            )
        return str(url)

    # ------------------------------------------------------------------
    # The call
    # ------------------------------------------------------------------
    @api.model
    def _find_cti_agent(self, agent):
        """The user with this login or extension; nobody for an unknown one."""
        agent = str(agent or "").strip()
        if not agent:
            return self.env["res.users"]
        users = self.env["res.users"].search(
            [
                "|",
                ("login", "=", agent),
                ("phone_extension", "=", agent),
                ("company_ids", "in", self.env.company.ids),
                ("share", "=", False),
            ],
            limit=2,
        )
        return users if len(users) == 1 else users.filtered(lambda u: u.login == agent)

    @api.model
    def _create_cti(self, call_id, at, number, direction, user):
        number = str(number or "").strip()[:NUMBER_LENGTH]
        try:
            call = self.create(
                {
                    "company_id": self.env.company.id,
                    "cti_call_id": call_id,
                    "started_at": at,
                    "number": number or False,
                    "direction": direction or "in",
                    "team_id": self._get_call_team(user).id,
                }
            )
            call.flush_recordset()
        except UniqueViolation as error:
            # the other event of the same call came a moment earlier: do this one
            # again, now that the call is there
            raise ConcurrencyError(str(error)) from error
        call._match()
        call._check_ban()
        return call

    def _lock_and_wait(self):
        """An event is never refused because another one is being written."""
        self.env.cr.execute(
            SQL("SELECT id FROM cs_call WHERE id IN %s FOR UPDATE", self._ids)
        )

    def _fill_cti(self, number, agent, recording_url):
        """What an earlier event did not know yet."""
        self.ensure_one()
        vals = {}
        number = str(number or "").strip()[:NUMBER_LENGTH]
        if number and not self.number:
            vals["number"] = number
        if agent and not self.agent_ref:
            vals["agent_ref"] = str(agent)[:ID_LENGTH]
        if recording_url:
            vals["recording_url"] = recording_url
        if vals:
            self.write(vals)
        if "number" in vals:
            self._match()
            self._check_ban()

    @api.model
    def _get_call_team(self, user):
        """The agent's service desk, else the first of the company."""
        teams = self.env["helpdesk.ticket.team"].sudo()  # for calls of nobody yet
        desk = [
            ("service_desk", "=", True),
            ("company_id", "in", [False, self.env.company.id]),
        ]
        own = user and teams.search([*desk, ("user_ids", "in", user.ids)], limit=1)
        return own or teams.search(desk, limit=1)

    # ------------------------------------------------------------------
    # Events, from the line or from the desk
    # ------------------------------------------------------------------
    def _add_event(self, event, at, user=None, source="desk"):
        """Add a fact and derive the call anew from all of them; twice is once."""
        self.ensure_one()
        at = at.replace(microsecond=0)
        known = self.event_ids
        if known.filtered(lambda e: e.event == event and e.at == at):
            return
        # sudo: facts are written by nobody; the caller has checked the call
        self.env["cs.call.event"].sudo().create(
            {
                "call_id": self.id,
                "company_id": self.company_id.id,
                "event": event,
                "at": at,
                "user_id": user.id if user else False,
                "source": source,
            }
        )
        if event in FACTS:
            self.sudo()._apply_events()

    def _apply_events(self):
        """Write what the events say; what follows from a new state, follows once."""
        events = [(e.event, e.at, e.user_id.id) for e in self.event_ids]
        try:
            line = build([(event, at) for event, at, _user in events])
        except EndsTooEarly as error:
            raise ValidationError(
                self.env._(
                    "Call %(call)s cannot end at %(end)s, before it began at "
                    "%(begin)s: check the clock of the telephone system.",
                    call=self.cti_call_id or self.id,
                    end=f"{error.ends}Z",
                    begin=f"{error.begins}Z",
                )
            ) from error
        before, owner = self.state, self.user_id
        vals = {
            "state": line.state,
            "started_at": line.started_at,
            "answered_at": line.answered_at,
            "ended_at": line.ended_at,
            "ring_seconds": line.ring_seconds,
            "wait_seconds": line.wait_seconds,
            "talk_seconds": line.talk_seconds,
            "hold_seconds": line.hold_seconds,
            "hold_count": line.hold_count,
            "hold_longest": line.hold_longest,
            "on_hold": line.on_hold,
        }
        unanswered = ("missed", "voicemail")
        if self.direction == "in" and line.state in unanswered:
            vals["finished_at"] = line.ended_at  # nobody has a record to complete
        elif before in unanswered:
            vals["finished_at"] = False
        agent = pick_agent(events)
        open_call = not vals.get("finished_at", self.finished_at)
        if agent and agent != self.user_id.id and (open_call or not owner):
            vals["user_id"] = agent
            user = self.env["res.users"].browse(agent)
            vals["team_id"] = self._get_call_team(user).id
        changed = {k: v for k, v in vals.items() if self._differs(k, v)}
        if changed:
            self.write(changed)
        self._on_state(before, owner)

    def _differs(self, name, value):
        current = self[name]
        if isinstance(current, models.BaseModel):
            current = current.id
        return (current or False) != (value or False)

    def _on_state(self, before, owner):
        """What a call sets going: the agent's screen, a return call, an attempt."""
        self.ensure_one()
        if self.user_id and (self.state != before or self.user_id != owner):
            self._send_pop(owner)
        if self.state == before:
            return
        if self.direction == "in":
            if self.state in ("missed", "voicemail"):
                self._ensure_callback()
            elif self.state in ("answered", "ended"):
                self._settle_callbacks()
        elif self.attempt_of_id:
            self.attempt_of_id._note_attempt(self)
