from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import routing

BATCH = 1000
BACKLOG = 5000
TIMERS = {"take": "unaccepted", "open": "unopened"}  # kind of clock -> occasion


class CsRouteDesk(models.AbstractModel):
    """Gives tickets to people: everything is read once for all tickets, then decided.

    The choice itself is ``lib/routing.py``; this model gathers what it needs and
    writes what it decided.
    """

    _name = "cs.route.desk"
    _description = "Routing"

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------
    @api.model
    def _wake(self):
        """Route right after this transaction; costs one row."""
        self.env.ref("cs_helpdesk.cron_route").sudo()._trigger()

    @api.model
    def _cron_route(self):
        """Give what waits, pass on what was let lie; in order, company by company."""
        cron = self.env["ir.cron"]
        teams = self.env["helpdesk.ticket.team"].search([("auto_route", "=", True)])
        companies = teams.company_id or self.env.company
        if any(not team.company_id for team in teams):
            companies = self.env["res.company"].search([("active", "=", True)])
        for company in companies:
            waiting = self._get_waiting(company)
            cron._commit_progress(remaining=len(waiting))
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH]
                self._route_company(company, batch)
                if not cron._commit_progress(len(batch)):
                    return
            self._pass_on_due(company)
            cron._commit_progress()

    @api.model
    def _get_waiting_domain(self, company):
        return (
            Domain("user_id", "=", False)
            & Domain("closed", "=", False)
            & Domain("team_id.auto_route", "=", True)
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _get_waiting(self, company):
        Ticket = self.env["helpdesk.ticket"].sudo()
        domain = self._get_waiting_domain(company)
        return Ticket.search(domain, limit=BACKLOG, order="urgency desc, id")

    @api.model
    def _route_company(self, company, tickets=None):
        """Give the tickets that wait, in one pass.

        :return: the tickets given to somebody; None while another worker routes
        """
        row = self.env["cs.route.pass"]._begin(company)
        if not row:
            return None
        tickets = self._get_waiting(company) if tickets is None else tickets
        tickets = tickets.sudo().try_lock_for_update(allow_referencing=True)
        tickets = tickets.filtered(lambda t: not t.user_id and not t.closed)
        plan = self._plan(tickets)
        given = self._give(plan, "new")
        row.write({"given": len(given), "waiting": len(tickets) - len(given)})
        return given

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    @api.model
    def _plan(self, tickets, barred=None):
        """Decide for these tickets without writing anything.

        :param barred: {ticket id: user ids that may not get it}
        :return: list of (``helpdesk.ticket``, ``routing.Decision``, details for
            ``cs.route.decision``)
        """
        tickets = tickets.sudo()  # who may press was checked; all facts are needed
        result, agents = [], {}
        for team, of_team in tickets.grouped("team_id").items():
            if not team:
                continue
            pool, counts, holders = self._gather(team, of_team.company_id[:1], agents)
            jobs = of_team._prepare_route_jobs(pool, holders, barred or {})
            decisions = routing.assign(
                jobs,
                agents,
                team.route_strategy or "least",
                fields.Datetime.now().timestamp(),
            )
            names = {r.id: r.name for r in self._get_rules(team.company_id)}
            for decision in decisions:
                agent = agents.get(decision.agent)
                details = counts | {
                    "reason": decision.reason,
                    "room": decision.with_room,
                    "load": decision.load,
                    "capacity": agent.capacity if agent else 0,
                    "rules": [
                        [rule, names.get(rule, ""), before, after, outcome]
                        for rule, before, after, outcome in decision.trail
                    ],
                }
                ticket = tickets.browse(decision.ticket)
                result.append((ticket, decision, details))
        return result

    @api.model
    def _get_rules(self, company):
        return self.env["cs.route"]._get_rules(company or self.env.company)

    @api.model
    def _gather(self, team, company, agents):
        """Who of a team could take a ticket now, in a bounded number of queries.

        :param agents: {user id: routing.Agent}, filled; loads are shared by teams
        :return: (user ids, how many fell out and why, {skill id: user ids})
        """
        members = team.user_ids.filtered(
            lambda u: u.active and not u.share and company in u.company_ids
        )
        present = members.filtered(lambda u: u._is_present())
        now = fields.Datetime.now()
        on_shift = present
        if team.route_on_shift:
            shifts = present._is_on_shift(now)
            on_shift = present.filtered(lambda u: shifts[u.id])
        fit = on_shift - on_shift._get_unfit()
        profiles = self.env["cs.agent"]._get_profiles(members, company)
        ready = fit.filtered(lambda u: not (u.id in profiles and profiles[u.id].paused))
        new = ready.filtered(lambda u: u.id not in agents)
        loads = self._get_loads(new)
        for user in new:
            capacity = user.id in profiles and profiles[user.id].capacity
            load, by_type, last = loads.get(user.id, (0.0, {}, 0.0))
            agents[user.id] = routing.Agent(
                user.id, capacity or team.route_capacity, load, last, dict(by_type)
            )
        holders = defaultdict(set)
        for user_id, profile in profiles.items():
            for skill in profile.skill_ids:
                holders[skill.id].add(user_id)
        counts = {
            "members": len(members),
            "absent": len(members - present),
            "off": len(present - on_shift),
            "unfit": len(on_shift - fit),
            "paused": len(fit - ready),
            "pool": len(ready),
        }
        return frozenset(ready.ids), counts, holders

    @api.model
    def _get_loads(self, users):
        """What people carry: open tickets weighed by type; those that wait for the
        customer weigh nothing. One query.

        :return: {user id: (weight, {type id: tickets}, time of the last one given)}
        """
        if not users:
            return {}
        self.env["helpdesk.ticket"].flush_model(
            ["user_id", "type_id", "closed", "active", "clock_state", "assigned_date"]
        )
        self.env["cs.ticket.type"].flush_model(["route_weight"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.user_id, t.type_id, count(*),
                       sum(CASE WHEN t.clock_state = 'paused' THEN 0
                                ELSE COALESCE(k.route_weight, 1) END),
                       EXTRACT(EPOCH FROM max(t.assigned_date))
                  FROM helpdesk_ticket t
             LEFT JOIN cs_ticket_type k ON k.id = t.type_id
                 WHERE t.user_id IN %s AND t.closed IS NOT TRUE AND t.active IS TRUE
              GROUP BY t.user_id, t.type_id
                """,
                tuple(users.ids),
            )
        )
        loads = {}
        for user_id, type_id, count, weight, last in rows:
            load, by_type, before = loads.get(user_id, (0.0, {}, 0.0))
            by_type[type_id] = count
            latest = max(before, float(last or 0))
            loads[user_id] = (load + float(weight), by_type, latest)
        return loads

    # ------------------------------------------------------------------
    # Giving
    # ------------------------------------------------------------------
    @api.model
    def _give(self, plan, occasion):
        """Write what was decided: once a person, not once a ticket.

        :return: the tickets given to somebody
        """
        Ticket = self.env["helpdesk.ticket"].sudo()
        by_user, waiting = defaultdict(Ticket.browse), Ticket.browse()
        for ticket, decision, _details in plan:
            if decision.agent:
                by_user[decision.agent] |= ticket
            elif ticket.route_state != "waiting":
                waiting |= ticket
        told = waiting.ids
        self._log([row for row in plan if row[1].agent or row[0].id in told], occasion)
        waiting.write({"route_state": "waiting"})
        given = Ticket.browse()
        for user in self.env["res.users"].sudo().browse(by_user):
            tickets = by_user[user.id]
            tickets._give_to(user)
            self._tell(user, tickets)
            given |= tickets
        return given

    @api.model
    def _log(self, plan, occasion):
        now = fields.Datetime.now()
        by = False if self.env.user._is_superuser() else self.env.uid
        # sudo: rows are append-only, written here and nowhere else
        self.env["cs.route.decision"].sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "company_id": ticket.company_id.id,
                    "at": now,
                    "occasion": occasion,
                    "by_id": by,
                    "from_user_id": ticket.user_id.id,
                    "user_id": decision.agent or False,
                    "details": details,
                }
                for ticket, decision, details in plan
            ]
        )

    @api.model
    def _tell(self, user, tickets):
        """One word to the person, however many tickets."""
        env = self.with_context(lang=user.lang).env
        count = len(tickets)
        user._bus_send(
            "simple_notification",
            {
                "type": "info",
                "title": env._("New tickets for you"),
                "message": tickets.display_name
                if count == 1
                else env._("%(count)s tickets were given to you.", count=count),
            },
        )

    @api.model
    def _send_board(self):
        """Who looks at the live board looks again."""
        # sudo: the channel is the group itself; nothing is told but that it changed
        group = self.env.ref("cs_helpdesk.group_supervisor").sudo()
        group._bus_send("cs_helpdesk.board", {})

    # ------------------------------------------------------------------
    # Passing on (G10)
    # ------------------------------------------------------------------
    @api.model
    def _pass_on_due(self, company):
        """30 minutes not accepted, or accepted and 2 hours not opened: the next one."""
        due = (
            self.env["cs.clock"]
            .sudo()
            .search(
                [
                    ("kind", "in", tuple(TIMERS)),
                    ("state", "=", "running"),
                    ("deadline", "<=", fields.Datetime.now()),
                    ("res_model", "=", "helpdesk.ticket"),
                    ("company_id", "=", company.id),
                ],
                limit=BATCH,
                order="deadline, id",
            )
        )
        if not due or not self.env["cs.route.pass"]._begin(company):
            return
        kinds = {clock.res_id: clock.kind for clock in due}
        tickets = self.env["helpdesk.ticket"].sudo().browse(kinds)
        tickets = tickets.exists().try_lock_for_update(allow_referencing=True)
        barred = tickets._get_route_barred()
        plan = {row[0].id: row for row in self._plan(tickets, barred)}
        for ticket in tickets:
            if ticket.id in plan:
                occasion = TIMERS[kinds[ticket.id]]
                self._log([plan[ticket.id]], occasion)
                ticket._pass_on(plan[ticket.id][1].agent, occasion)

    # ------------------------------------------------------------------
    # The button
    # ------------------------------------------------------------------
    @api.model
    def _route_now(self, tickets):
        """Give these tickets now; somebody who has one already keeps it out of reach.

        :return: the tickets given
        :raise UserError: another worker is routing
        """
        given = tickets.browse()
        for company, of_company in tickets.sudo().grouped("company_id").items():
            if not self.env["cs.route.pass"]._begin(company):
                raise UserError(
                    self.env._(
                        "Tickets are being assigned right now: please try again in a "
                        "moment."
                    )
                )
            of_company._lock()
            free = of_company.filtered(lambda t: not t.user_id and not t.closed)
            given |= self._give(self._plan(free), "button")
        return given
