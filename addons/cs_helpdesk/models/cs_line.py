from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .cs_call import CLASSES


class CsLine(models.Model):
    """A class of calls on the 400 line: who answers, and what if nobody does (G09)."""

    _name = "cs.line"
    _description = "Telephone Line"
    _inherit = ["cs.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    key = fields.Char(string="Key Pressed", help="What the caller presses.")
    call_class = fields.Selection(CLASSES, required=True)
    team_id = fields.Many2one("helpdesk.ticket.team", string="Answering Team")
    fallback_team_id = fields.Many2one("helpdesk.ticket.team", string="Fallback Team")
    skill_id = fields.Many2one(
        "cs.skill",
        string="Certified for",
        ondelete="restrict",
        help="At least one agent with this skill is on the roster whenever the line "
        "is open.",
    )
    ring_seconds = fields.Integer(
        string="Next Agent after (s)", default=20, aggregator=None
    )
    queue_seconds = fields.Integer(
        string="Offer a Call-back after (s)", default=60, aggregator=None
    )
    duty_number = fields.Char(
        string="Duty Telephone", help="Rings when the line is closed."
    )

    _class_uniq = models.UniqueIndex(
        "(company_id, call_class) WHERE active IS TRUE",
        "There is a line for this class of calls already.",
    )
    _order_idx = models.Index("(sequence, id)")

    @api.constrains("ring_seconds", "queue_seconds")
    def _check_seconds(self):
        if any(line.ring_seconds <= 0 or line.queue_seconds <= 0 for line in self):
            raise ValidationError(
                self.env._("Give the seconds of a line as numbers above zero.")
            )

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------
    def _is_open(self, at):
        """Whether the line is answered at a moment: working time of the company."""
        self.ensure_one()
        calendar = self.company_id.service_calendar_id
        if not calendar or calendar._worktime_fault():
            return True
        later = fields.Datetime.add(at, seconds=1)
        return calendar._worktime_between(at, later) > 0

    def _is_open_day(self, day):
        self.ensure_one()
        return self.env["cs.schedule.mixin"]._is_working_day(self.company_id, day)

    def _takes(self, shift):
        """Whether a shift serves this line."""
        self.ensure_one()
        return not shift.kind_id.is_duty and shift.line_id in (
            shift.line_id.browse(),
            self,
        )

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    @api.model
    def route_call(self, number, class_code):
        """Who is to be rung for a call that comes in now (000-104, G09).

        :param str number: the caller's number; may be empty or withheld
        :param str class_code: key pressed or class of the call, ``complaint``
        :return: dict: ``action`` is ring, duty or voicemail; ``agents`` is a list of
            {login, extension} in the order to ring, each ``ring_seconds`` long; after
            ``queue_seconds`` a call-back is offered; ``duty_number``; ``line`` id;
            ``why`` says in words how it was decided
        :raise AccessError: neither a telephone system nor a supervisor
        :raise UserError: there is no such line
        """
        user = self.env.user
        if not (
            user.has_group("cs_helpdesk.group_cti")
            or user.has_group("cs_helpdesk.group_supervisor")
        ):
            raise AccessError(
                self.env._("Only the telephone system asks who is to be rung.")
            )
        # sudo: checked above; a telephone system may read nothing itself
        line = self.sudo()._find(str(class_code or "")[:40])
        now = fields.Datetime.now()
        answer = {
            "line": line.id,
            "ring_seconds": line.ring_seconds,
            "queue_seconds": line.queue_seconds,
            "duty_number": line.duty_number or False,
            "agents": [],
        }
        if not line._is_open(now):
            return answer | line._route_closed(now)
        users, why = line._get_order(str(number or "")[:32], now)
        return answer | {
            "action": "ring" if users else "voicemail",
            "agents": [
                {"login": user.login, "extension": user.phone_extension or False}
                for user in users
            ],
            "why": why,
        }

    @api.model
    def _find(self, code):
        domain = [("company_id", "=", self.env.company.id)]
        line = self.search([*domain, ("call_class", "=", code)])
        line = line or (code and self.search([*domain, ("key", "=", code)], limit=1))
        if not line:
            raise UserError(
                self.env._(
                    "There is no line “%(code)s”: set it up among the lines first.",
                    code=code,
                )
            )
        return line

    def _route_closed(self, now):
        """Outside working hours: the duty telephone, else voicemail."""
        shifts = self.env["cs.shift"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "published"),
                ("kind_id.is_duty", "=", True),
                ("start_at", "<=", now),
                ("end_at", ">", now),
            ]
        )
        people = shifts.user_id.filtered(lambda u: u._is_present())
        reachable = people.filtered("phone_extension")
        if not (self.duty_number or reachable):
            return {
                "action": "voicemail",
                "why": self.env._("Closed, and nobody has the duty telephone."),
            }
        return {
            "action": "duty",
            "agents": [
                {"login": user.login, "extension": user.phone_extension}
                for user in reachable
            ],
            "why": self.env._("Closed: the duty telephone rings."),
        }

    def _get_order(self, number, now):
        """People to ring in order: rules, then who is idle and carries the least.

        :return: (``res.users``, sentence)
        """
        desk = self.env["cs.route.desk"]
        partner = self._find_caller(number)
        facts = self._get_call_facts(partner)
        agents, users = {}, self.env["res.users"]
        for team in self.team_id | self.fallback_team_id:
            company = self.company_id
            pool, _counts, holders = desk._gather(team, company, agents)
            pool = self._narrow(pool, holders)
            pool -= self._get_busy(pool)
            order = sorted(pool, key=lambda key: (agents[key].load, key))
            for rule in reversed(desk._get_rules(company)):
                if rule._applies(facts | {"team": team}):
                    wanted = rule._get_allowed(
                        facts, holders, lambda user: user._get_stand_in()
                    )
                    order.sort(key=lambda key, w=wanted: key not in w)
            found = users.browse(order) - users
            users += found
        why = self.env._(
            "%(count)s can be rung for “%(line)s”.", count=len(users), line=self.name
        )
        return users, why

    def _narrow(self, pool, holders):
        """Certified people first; without any, everybody of the team."""
        able = pool & set(holders.get(self.skill_id.id, ()))
        return able or pool

    def _get_busy(self, user_ids):
        """Who is on the telephone right now."""
        rows = self.env["cs.call"]._read_group(
            [
                ("user_id", "in", list(user_ids)),
                ("finished_at", "=", False),
                ("state", "in", ("ringing", "answered")),
            ],
            ["user_id"],
        )
        return {user.id for (user,) in rows}

    def _find_caller(self, number):
        """The customer with this number, if there is just one; proves no identity."""
        digits = self.env["helpdesk.ticket"]._phone_to_digits(number)
        partners = self.env["cs.call"]._match_partners(digits, self.company_id)
        single = len(partners.commercial_partner_id) == 1
        return partners[:1] if single else partners.browse()

    def _get_call_facts(self, partner):
        """What the rules of routing look at, for a call."""
        kinds = self.env["cs.ticket.type"].search(
            [("code", "=", self.call_class)], limit=1
        )
        return {
            "team": self.team_id,
            "type": kinds,
            "category": self.env["helpdesk.ticket.category"],
            "priority": self._get_caller_priority(partner),
            "language": partner.spoken_id,
            "zone": partner.region_zone,
            "state": partner.state_id,
        }

    @api.model
    def _get_caller_priority(self, partner):
        """Like ``helpdesk.ticket._get_route_priority``; a customer's tier raises it."""
        return 10
