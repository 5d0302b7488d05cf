from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib import routing

IN_WORK = ("grading", "investigation", "plan", "execution")


class CsTicketRoute(models.AbstractModel):
    """A ticket finds its person (000-104, 003-31, G09, G10)."""

    _name = "cs.ticket.route"
    _description = "Ticket: Routing"

    route_state = fields.Selection(
        [("waiting", "Waiting for Somebody"), ("given", "Given")],
        string="Routing",
        readonly=True,
        copy=False,
    )
    route_user_id = fields.Many2one(
        "res.users",
        string="Given by Routing to",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    route_opened_at = fields.Datetime(
        string="Opened", readonly=True, copy=False, export_string_translation=False
    )
    route_decision_ids = fields.One2many(
        "cs.route.decision", "ticket_id", string="Routing Decisions", readonly=True
    )
    route_explanation = fields.Text(
        string="Why This Person", compute="_compute_route_explanation"
    )
    route_position = fields.Integer(
        string="Place in the Queue", compute="_compute_route_position"
    )
    suggested_user_id = fields.Many2one(
        "res.users",
        string="Suggested",
        compute="_compute_suggested_user_id",
        groups="cs_helpdesk.group_supervisor",
        help="Who would get it now by rules and workload.",
    )

    _unassigned_idx = models.Index(
        "(team_id, id) WHERE user_id IS NULL AND closed IS NOT TRUE AND active IS TRUE"
    )

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            "route_decision_ids",
            "route_opened_at",
            "route_state",
            "route_user_id",
        }

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    @api.depends("route_decision_ids")
    @api.depends_context("lang")
    def _compute_route_explanation(self):
        # sudo: whoever may read the ticket may know why it went where it went
        Decision = self.env["cs.route.decision"].sudo()
        rows = Decision._read_group(
            [("ticket_id", "in", self.ids)], ["ticket_id"], ["id:max"]
        )
        latest = {ticket.id: id_ for ticket, id_ in rows}
        decisions = Decision.browse(latest.values())
        texts = {d.ticket_id.id: d.explanation for d in decisions}
        for ticket in self:
            ticket.route_explanation = texts.get(ticket._origin.id, False)

    @api.depends("route_state", "user_id")
    def _compute_route_position(self):
        waiting = self.filtered(lambda t: t.route_state == "waiting" and not t.user_id)
        (self - waiting).route_position = 0
        for company, tickets in waiting.grouped("company_id").items():
            queue = self.env["cs.route.desk"]._get_waiting(company)
            order = sorted(queue, key=lambda t: (-t._get_route_priority(), t.id))
            places = {ticket.id: place for place, ticket in enumerate(order, 1)}
            for ticket in tickets:
                ticket.route_position = places.get(ticket._origin.id, 0)

    def _compute_suggested_user_id(self):
        """003-31: by type, urgency and workload; for all rows of a list at once."""
        self.suggested_user_id = False
        free = self.filtered(lambda t: not t.user_id and not t.closed and t.team_id)
        for ticket, decision, _details in self.env["cs.route.desk"]._plan(free):
            self.browse(ticket.id).suggested_user_id = decision.agent or False

    # ------------------------------------------------------------------
    # What routing has to know
    # ------------------------------------------------------------------
    def _get_route_priority(self):
        """Place in the queue, larger first; a customer's tier adds 100 and more."""
        self.ensure_one()
        return self._get_service_priority()

    def _get_route_facts(self):
        """What rules look at.

        :return: dict of team, type, category, priority, language (``cs.skill``), zone
            and state
        """
        self.ensure_one()
        partner = self.partner_id
        return {
            "team": self.team_id,
            "type": self.type_id,
            "category": self.category_id,
            "priority": self._get_route_priority(),
            "language": partner.spoken_id,
            "zone": partner.region_zone,
            "state": partner.state_id,
        }

    def _prepare_route_jobs(self, pool, holders, barred):
        """:return: list of ``routing.Ticket``, in sudo"""
        desk = self.env["cs.route.desk"]
        rules = desk._get_rules(self.team_id.company_id)
        stand_ins = {user: user._get_stand_in() for user in rules.user_ids}
        scopes = self._get_route_scopes(pool)
        jobs = []
        for ticket in self:
            facts = ticket._get_route_facts()
            found = tuple(
                routing.Rule(
                    rule.id,
                    rule._get_allowed(facts, holders, stand_ins.__getitem__),
                    rule.required,
                )
                for rule in rules
                if rule._applies(facts)
            )
            kind = ticket.type_id
            outside = {
                user_id for user_id, kinds in scopes.items() if kind not in kinds
            }
            jobs.append(
                routing.Ticket(
                    ticket.id,
                    pool - outside,
                    facts["priority"],
                    ticket.received_date.timestamp() if ticket.received_date else 0,
                    kind.route_weight if kind else 1.0,
                    kind.id,
                    kind.route_cap,
                    found,
                    frozenset(barred.get(ticket.id, ())),
                )
            )
        return jobs

    @api.model
    def _get_route_scopes(self, pool):
        """What a provider's people may be given (002-01, 002-05).

        :return: {user id: ``cs.ticket.type``}; nothing without a running contract
        """
        # sudo: contracts are compared here, not shown
        people = self.env["res.users"].sudo().browse(pool).filtered("provider_id")
        return {
            user.id: user.provider_id.type_ids
            if user.provider_id.access_now
            else user.provider_id.type_ids.browse()
            for user in people
        }

    def _get_route_barred(self):
        """Who let these tickets lie already: {ticket id: user ids}, one query."""
        rows = (
            self.env["cs.route.decision"]
            .sudo()
            ._read_group(
                [("ticket_id", "in", self.ids), ("user_id", "!=", False)],
                ["ticket_id"],
                ["user_id:recordset"],
            )
        )
        barred = {ticket.id: set(users.ids) for ticket, users in rows}
        for ticket in self:
            barred.setdefault(ticket.id, set()).add(ticket.user_id.id)
        return barred

    # ------------------------------------------------------------------
    # Giving and passing on; in sudo, decided by ``cs.route.desk``
    # ------------------------------------------------------------------
    def _give_to(self, user):
        """These tickets are this person's now; its clock starts."""
        # the decision and the audit log tell it; clocks follow once, before the commit
        self.with_context(tracking_disable=True, cs_clock_later=True).write(
            {
                "user_id": user.id,
                "route_user_id": user.id,
                "route_state": "given",
                "route_opened_at": False,
            }
        )
        self.message_subscribe(partner_ids=user.partner_id.ids)

    def _pass_on(self, user_id, occasion):
        """Give a ticket that was let lie to the next one; nobody left: a supervisor."""
        self.ensure_one()
        before = self.user_id
        reasons = {
            "unaccepted": self.env._("Not accepted in time"),
            "unopened": self.env._("Accepted, but not opened in time"),
        }
        self._clock_cancel(("take", "open"))
        if not user_id:
            self.route_user_id = False
            self._tell_users(
                self._get_role_users("supervisor")[:1],
                self.env._("Nobody takes ticket %(number)s", number=self.number),
                reasons[occasion],
            )
            return
        user = self.env["res.users"].sudo().browse(user_id)
        self.route_user_id = user
        self.route_opened_at = False
        self._hand_over("route", self.team_id, user, reasons[occasion])
        self.message_subscribe(partner_ids=user.partner_id.ids)
        self.message_unsubscribe(partner_ids=before.partner_id.ids)
        self.env["cs.route.desk"]._tell(user, self)

    def _get_wanted_clocks(self):
        wanted = super()._get_wanted_clocks()
        mine = self.user_id and self.route_user_id == self.user_id
        if not mine or not wanted:
            return wanted
        role = self.stage_id.role
        if role == "intake":
            return wanted | {"take"}
        if role in IN_WORK and not self.route_opened_at:
            return wanted | {"open"}
        return wanted

    def _mark_opened(self):
        """The person it was given to looks at it: nothing is passed on any more."""
        mine = self.filtered(
            lambda t: t.route_user_id == self.env.user
            and t.user_id == self.env.user
            and not t.route_opened_at
            and t.stage_id.role in IN_WORK
        )
        if mine:
            # sudo: looking needs no right to write
            mine = mine.sudo()
            mine.route_opened_at = fields.Datetime.now()
            mine._clock_stop("open")

    def viewer_beat(self, tab, editing=False):
        present = super().viewer_beat(tab, editing)
        self._mark_opened()
        return present

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._mark_opened()
        return result

    def _watched_changed(self, changes):
        """A new ticket, or room that has become free: routing looks at once."""
        result = super()._watched_changed(changes)
        for ticket, change in changes.items():
            team = ticket.team_id
            if not team.auto_route:
                continue
            fresh = not ticket.user_id and not ticket.closed and not change["history"]
            freed = not change["created"] and (
                change["old"].get("user_id") or ticket.closed
            )
            if fresh or freed:
                self.env["cs.route.desk"]._wake()
                break
        return result

    # ------------------------------------------------------------------
    # What a supervisor does
    # ------------------------------------------------------------------
    def action_route(self):
        """Give these tickets to whom rules and workload say (003-31).

        :return: an action: reload, or for a single ticket why nobody can take it
        :raise AccessError: not a supervisor
        """
        if not self._is_supervisor():
            raise AccessError(self.env._("Only a supervisor assigns tickets."))
        self.check_access("write")
        given = self.env["cs.route.desk"]._route_now(self)
        self.invalidate_recordset()
        if len(self) == 1 and not given and not self.user_id:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "sticky": True,
                    "title": self.env._("Nobody can take it now"),
                    "message": self.route_explanation,
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return {"type": "ir.actions.client", "tag": "soft_reload"}
