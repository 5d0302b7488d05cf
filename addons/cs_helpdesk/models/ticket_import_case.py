import re
from datetime import datetime

import pytz

from odoo import fields
from odoo.fields import Domain
from odoo.tools import plaintext2html

TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:：时点](\d{1,2})分?(?:[:：]?(\d{1,2})(?:\.\d+)?秒?)?)?"
)
# state of a row → (the column with its time, what happens at that time)
STEPS = (
    ("taken_at", "take"),
    ("resolved_at", "resolve"),
    ("closed_at", "close"),
)
STATES = {
    "new": None,
    "taken": "taken_at",
    "resolved": "resolved_at",
    "closed": "closed_at",
    "cancelled": "closed_at",
}
URGENCIES = ("low", "normal", "urgent")


class Rejected(Exception):
    """A row that cannot be imported; its text is one sentence for the user."""

    def __init__(self, reason, line=None):
        super().__init__(reason)
        self.line = line


class CaseReader:
    """Turn the staged rows of an import into values and events of tickets.

    Looks everything up as the user who imports, in the company of the import, with
    one query per kind of thing and batch of rows.

    :param run: a ``cs.ticket.import``, in the environment of its user
    """

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.zone = pytz.timezone(run.tz)
        self.words = run.format_id._values()
        self.found = {}

    def prepare(self, cases):
        """Look up what the rows of ``cases`` (a list of lists of rows) name."""
        self.found = {
            "type": self._by_name("cs.ticket.type", "code"),
            "channel": self._by_name("helpdesk.ticket.channel", "code"),
            "team": self._by_name("helpdesk.ticket.team"),
        }
        rows = [row["values"] for case in cases for row in case]
        self._find_users({row["user"] for row in rows if row.get("user")})
        self._find_partners(rows)

    def read_case(self, case):
        """Values and events of one case.

        :param case: its rows as {line, values}, in the order of the file
        :return: (values for create, [(time, action, text)] in order of time)
        :raise Rejected: with the line at fault
        """
        rows = []
        for row in case:
            try:
                rows.append(self._read_row(row["values"]))
            except Rejected as rejected:
                raise Rejected(str(rejected), row["line"]) from None
        if self.run.kind == "event":
            return self._event_case(case[0]["key"], rows)
        return rows[0]

    # ------------------------------------------------------------------
    # Event log
    # ------------------------------------------------------------------
    def _event_case(self, key, events):
        events.sort(key=lambda event: event[0])  # stable: rows of one second stay
        at, action, text = events[0]
        values = {
            "name": self.env._("Case %(ref)s", ref=key),
            "description": plaintext2html(
                self.env._(
                    "Case %(ref)s of %(origin)s", ref=key, origin=self.run.source
                )
            ),
            "partner_id": self.run.partner_id.id,
            **self._defaults(key, at),
        }
        # whatever came first is the arrival; a grading needs nothing more
        rest = events[1:] if action == "grade" else [(at, action, text), *events[1:]]
        return values, rest

    def _read_row(self, row):
        if self.run.kind == "event":
            activity = row.get("activity")
            if not activity:
                raise Rejected(self.env._("The activity is missing."))
            action = self.words.get("activity", {}).get(activity.casefold(), "note")
            return self._time(row, "at", required=True), action, activity
        return self._ticket_row(row)

    # ------------------------------------------------------------------
    # One row per ticket
    # ------------------------------------------------------------------
    def _ticket_row(self, row):
        name, description = row.get("name"), row.get("description")
        if not (name or description):
            raise Rejected(self.env._("Subject and description are both missing."))
        at = self._time(row, "created_at", required=True)
        values = {
            "name": name or description.splitlines()[0][:80],
            "description": plaintext2html(description or name),
            "partner_email": row.get("email") or False,
            "result": row.get("result") or False,
            **self._defaults(row["external_ref"], at),
        }
        for field, column in (
            ("type", "type_id"),
            ("channel", "channel_id"),
            ("team", "team_id"),
        ):
            if row.get(field):
                values[column] = self._lookup(field, row[field])
        if row.get("urgency"):
            values["urgency"] = self._word(row, "urgency", URGENCIES)
        if row.get("user"):
            values["user_id"] = self._user(row["user"], values["team_id"])
        values.update(self._partner_values(row))
        return values, self._steps(row, at)

    def _defaults(self, key, at):
        return {
            "external_source": self.run.source,
            "external_ref": key,
            "company_id": self.run.company_id.id,
            "team_id": self.run.team_id.id,
            "received_date": at,
        }

    def _steps(self, row, created):
        state = self._word(row, "state", STATES) if row.get("state") else None
        steps, last = [], created
        for column, action in STEPS:
            at = self._time(row, column)
            if not at:
                continue
            if at < last:
                raise Rejected(
                    self.env._("The times of the row are not in their natural order.")
                )
            if column == "closed_at" and state == "cancelled":
                action = "cancel"
            steps.append((at, action, ""))
            last = at
        needed = STATES.get(state)
        if needed and not row.get(needed):
            raise Rejected(
                self.env._(
                    "The state “%(state)s” needs a time in the column “%(column)s”.",
                    state=row["state"],
                    column=self._heading(needed),
                )
            )
        if state and steps and steps[-1][1] != self._last_action(needed, state):
            raise Rejected(
                self.env._(
                    "The state “%(state)s” contradicts the times of the row.",
                    state=row["state"],
                )
            )
        return steps

    def _last_action(self, column, state):
        return "cancel" if state == "cancelled" else dict(STEPS).get(column)

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------
    def _heading(self, field):
        return self.run.format_id._headings().get(field, [field])[0]

    def _word(self, row, field, allowed):
        word = row[field].casefold()
        value = self.words.get(field, {}).get(word, word)
        if value not in allowed:
            raise Rejected(
                self.env._(
                    "“%(word)s” is not known in the column “%(column)s”.",
                    word=row[field],
                    column=self._heading(field),
                )
            )
        return value

    def _time(self, row, field, required=False):
        """The time of a column as naive UTC; the file speaks the import's time zone."""
        text = row.get(field)
        if not text and not required:
            return None
        match = TIME.fullmatch(text or "")
        try:
            parts = [int(part or 0) for part in match.groups()]
            local = self.zone.localize(datetime(*parts))
        except (AttributeError, ValueError):
            raise Rejected(
                self.env._(
                    "“%(text)s” in the column “%(column)s” is not a date and time like "
                    "2026-01-31 09:30:00.",
                    text=text or "",
                    column=self._heading(field),
                )
            ) from None
        at = local.astimezone(pytz.utc).replace(tzinfo=None)
        if at > fields.Datetime.now():
            raise Rejected(
                self.env._("The time %(text)s lies in the future.", text=text)
            )
        return at

    # ------------------------------------------------------------------
    # Look-ups
    # ------------------------------------------------------------------
    def _by_name(self, model, *keys):
        """{code or name in English or the user's language, folded: id}."""
        company = self.run.company_id
        records = self.env[model].search(
            Domain("company_id", "in", [False, company.id])
        )
        found = {}
        for lang in {"en_US", self.env.lang or "en_US"}:
            for record in records.with_context(lang=lang):
                for key in (*keys, "name"):
                    if record[key]:
                        found.setdefault(record[key].casefold(), record.id)
        return found

    def _lookup(self, field, text):
        word = text.casefold()
        value = self.words.get(field, {}).get(word, word)
        found = self.found[field].get(value)
        if not found:
            raise Rejected(
                self.env._(
                    "“%(word)s” is not known in the column “%(column)s”.",
                    word=text,
                    column=self._heading(field),
                )
            )
        return found

    def _find_users(self, names):
        users = self.env["res.users"].search(
            Domain("share", "=", False)
            & Domain("company_ids", "in", self.run.company_id.ids)
            & (Domain("login", "in", list(names)) | Domain("name", "in", list(names)))
        )
        self.found["user"] = {}
        for key in ("name", "login"):  # the login is unique: it wins
            for user in users:
                self.found["user"][user[key]] = user
        teams = self.env["helpdesk.ticket.team"].search(
            Domain("company_id", "in", [False, self.run.company_id.id])
        )
        self.found["members"] = {team.id: team.user_ids for team in teams}

    def _user(self, name, team):
        user = self.found["user"].get(name)
        if not user or user not in self.found["members"].get(team, ()):
            raise Rejected(
                self.env._("%(name)s is not a member of the ticket's team.", name=name)
            )
        return user.id

    def _phone(self, text):
        return self.env["res.partner"]._phone_format(
            number=text, country=self.run.company_id.country_id or None
        )

    def _find_partners(self, rows):
        """Customers by telephone number, else by name: two queries per batch."""
        phones = {
            phone
            for row in rows
            if row.get("phone") and (phone := self._phone(row["phone"]))
        }
        names = {row["partner"] for row in rows if row.get("partner")}
        by_phone, by_name = {}, {}
        if phones or names:
            partners = self.env["res.partner"].search(
                Domain("company_id", "in", [False, self.run.company_id.id])
                & (
                    Domain("phone_sanitized", "in", list(phones))
                    | Domain("name", "in", list(names))
                )
            )
            for partner in partners:
                by_phone.setdefault(partner.phone_sanitized, []).append(partner)
                by_name.setdefault(partner.name, []).append(partner)
        self.found["phone"], self.found["name"] = by_phone, by_name

    def _partner_values(self, row):
        name, phone = row.get("partner"), row.get("phone")
        values = {"customer_phone": phone or False, "partner_name": name or False}
        number = phone and self._phone(phone)
        candidates = number and self.found["phone"].get(number) or []
        if name and len(candidates) > 1:
            candidates = [p for p in candidates if p.name == name] or candidates
        if not candidates and name:
            # another number may be another person of that name
            candidates = [
                p
                for p in self.found["name"].get(name, ())
                if not number or not p.phone_sanitized
            ]
        if len(candidates) > 1:
            raise Rejected(
                self.env._(
                    "Several customers answer to %(name)s: name and number do not "
                    "decide.",
                    name=name or phone,
                )
            )
        if candidates:
            return {**values, "partner_id": candidates[0].id}
        if self.run.create_partners and name:
            return {**values, "new_partner": {"name": name, "phone": phone or False}}
        if self.run.partner_id:
            return {**values, "partner_id": self.run.partner_id.id}
        if name or phone:
            raise Rejected(
                self.env._(
                    "No customer %(name)s is known.",
                    name=" ".join(filter(None, (name, phone))),
                )
            )
        return values
