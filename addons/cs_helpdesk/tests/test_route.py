from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .route_common import RouteCase


@tagged("post_install", "-at_install")
class TestRoute(RouteCase):
    # ------------------------------------------------------------------
    # Who gets it
    # ------------------------------------------------------------------
    def test_least_loaded_first(self):
        """003-31, 000-104: by workload, weighed by type, within capacity"""
        complaint = self.env.ref("cs_helpdesk.type_complaint")
        query = self.env.ref("cs_helpdesk.type_query")
        complaint.route_weight, query.route_weight = 3, 1
        heavy = self._free("complaint")
        self._route()
        self.assertEqual(heavy.user_id, self.agent)
        rest = self.env["helpdesk.ticket"].union(
            *(self._free(name=f"Query {n}") for n in range(6))
        )
        self._route()
        loads = self.env["cs.route.desk"]._get_loads(self.agent + self.agent2)
        self.assertEqual(
            {key: load[0] for key, load in loads.items()},
            {self.agent.id: 4, self.agent2.id: 4},
        )
        waiting = rest.filtered(lambda t: not t.user_id)
        self.assertEqual(len(waiting), 1)
        self.assertEqual(waiting.route_state, "waiting")
        self.assertEqual(waiting.route_position, 1)
        self.assertIn("limit", waiting.route_explanation)

    def test_rules_in_order(self):
        """000-104: important customers, language, class, region, then the load"""
        env = self.env
        vip, dialect = (
            env.ref("cs_helpdesk.skill_vip"),
            env.ref("cs_helpdesk.skill_cantonese"),
        )
        complaints = env.ref("cs_helpdesk.skill_complaint")
        remote = env.ref("cs_helpdesk.skill_remote")
        self._rule("vip", sequence=1, min_priority=20, skill_id=vip.id)
        self._rule("language", sequence=2)
        self._rule(
            "class",
            sequence=3,
            skill_id=complaints.id,
            type_ids=[(4, env.ref("cs_helpdesk.type_complaint").id)],
        )
        self._rule("region", sequence=4, region_zone="remote", skill_id=remote.id)
        self._skilled(self.agent2, dialect, complaints, remote)
        self._skilled(self.agent, vip)
        cases = [
            ({"urgency": "urgent"}, {}, self.agent),
            ({}, {"spoken_id": dialect.id}, self.agent2),
            ({"kind": "complaint"}, {}, self.agent2),
            ({}, {"region_zone": "remote"}, self.agent2),
        ]
        for vals, facts, expected in cases:
            with self.subTest(**vals, **facts):
                self.customer.write({"spoken_id": False, "region_zone": False, **facts})
                ticket = self._free(**vals)
                self._route()
                self.assertEqual(ticket.user_id, expected)
                ticket.active = False
                self._commit()

    def test_must_be_met_or_only_a_wish(self):
        """000-104: a rule that must be met lets the ticket wait, a wish does not"""
        dialect = self.env.ref("cs_helpdesk.skill_cantonese")
        self.customer.spoken_id = dialect
        rule = self._rule("language", required=True)
        ticket = self._free()
        self._route()
        self.assertFalse(ticket.user_id)
        self.assertIn("Rule language", ticket.route_explanation)
        rule.required = False
        self._route()
        self.assertTrue(ticket.user_id)

    def test_not_to_the_absent(self):
        """000-104: not to the absent; whom a rule names is replaced by his deputy"""
        today = fields.Date.today()
        self.agent.write(
            {
                "absent_from": today - timedelta(days=1),
                "absent_until": today + timedelta(days=2),
                "deputy_id": self.agent2.id,
            }
        )
        self._skilled(self.agent2, capacity=100)
        ticket = self._free()
        self._route()
        self.assertEqual(ticket.user_id, self.agent2)
        self.team.user_ids |= self.supervisor
        self._shift(self.supervisor)
        self._rule(
            "class",
            type_ids=[(4, self.env.ref("cs_helpdesk.type_query").id)],
            user_ids=[(4, self.agent.id)],
        )
        named = self._free(name="For the deputy")
        self._route()
        self.assertEqual(named.user_id, self.agent2)

    def test_only_on_shift_and_qualified(self):
        """000-82, 000-81: off shift, signed out or not certified: no ticket"""
        self.env["cs.shift"].search([("user_id", "=", self.agent.id)]).state = "draft"
        ticket = self._free()
        self._route()
        self.assertEqual(ticket.user_id, self.agent2)
        Users = type(self.env["res.users"])
        other = self._free(name="Other")
        with patch.object(Users, "_get_unfit", lambda users: users):
            self._route()
        self.assertFalse(other.user_id)
        self.assertIn("1 not qualified", other.route_explanation)
        self.team.route_on_shift = False
        self._route()
        self.assertEqual(other.user_id, self.agent)

    def test_limit_of_a_type(self):
        """000-104: at most so many of a type with one person"""
        query = self.env.ref("cs_helpdesk.type_query")
        query.write({"route_cap": 1, "route_weight": 0.1})
        tickets = [self._free(name=f"Query {n}") for n in range(3)]
        self._route()
        self.assertEqual([bool(t.user_id) for t in tickets], [True, True, False])

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------
    def test_wakes_after_the_commit(self):
        """000-104: a new ticket and room that has become free start the job at once"""
        Trigger = self.env["ir.cron.trigger"]
        cron = self.env.ref("cs_helpdesk.cron_route")

        def woken():
            found = Trigger.search([("cron_id", "=", cron.id)])
            count = len(found)
            found.unlink()
            return count

        woken()
        ticket = self._free()
        self.assertEqual(woken(), 1)
        self._route()
        self.assertEqual(woken(), 0, "its own work does not wake it again")
        ticket.stage_id = self._stage(ticket, "cancelled")
        self._commit()
        self.assertEqual(woken(), 1)
        self.team.auto_route = False
        self._free(name="By hand")
        self.assertEqual(woken(), 0)

    def test_offered_again(self):
        """000-104: who waited gets it when there is room, in order"""
        self.team.route_capacity = 1
        first = [self._free(name=f"Query {n}") for n in range(2)]
        self._route()
        late = self._free(name="Late")
        urgent = self._free(name="Urgent", urgency="urgent")
        self._route()
        self.assertEqual(late.route_state, "waiting")
        self.assertEqual((urgent.route_position, late.route_position), (1, 2))
        first[0].stage_id = self._stage(first[0], "cancelled")
        self._commit()
        self._route()
        self.assertTrue(urgent.user_id)
        self.assertFalse(late.user_id)
        decisions = late.route_decision_ids
        self._route()
        self.assertEqual(late.route_decision_ids, decisions, "one row while it waits")

    def test_creation_costs_nothing(self):
        """000-104: no query more in the creation of a ticket of a team by hand"""
        self.team.auto_route = False
        values = {
            "name": "Door",
            "description": "x",
            "partner_id": self.customer.id,
            "team_id": self.team.id,
            "type_id": self.env.ref("cs_helpdesk.type_query").id,
        }
        Ticket = self.env["helpdesk.ticket"].with_user(self.agent)
        counts = []
        for _round in range(3):
            before = self.env.cr.sql_log_count
            Ticket.create(dict(values))
            self._commit()
            counts.append(self.env.cr.sql_log_count - before)
        self.team.auto_route = True
        self.env.cr.flush()
        Ticket.create(dict(values))
        self._commit()
        before = self.env.cr.sql_log_count
        Ticket.create(dict(values))
        self._commit()
        self.assertLessEqual(self.env.cr.sql_log_count - before, counts[-1] + 3)

    # ------------------------------------------------------------------
    # Passing on (G10)
    # ------------------------------------------------------------------
    def _pass_time(self, ticket, kind):
        clock = ticket.clock_ids.filtered(
            lambda c: c.kind == kind and c.state == "running"
        )
        self.assertEqual(len(clock), 1, kind)
        clock.deadline = self._later(minutes=-1)
        self.env.flush_all()
        self.env["cs.route.desk"]._pass_on_due(self.company)
        self._commit()

    def test_unaccepted_goes_on(self):
        """000-105, 000-104: 30 minutes not accepted: the next; nobody: a supervisor"""
        ticket = self._free()
        self._route()
        first = ticket.user_id
        clock = ticket.clock_ids.filtered(lambda c: c.kind == "take")
        self.assertEqual(clock.limit_seconds, 1800)
        self._pass_time(ticket, "take")
        second = ticket.user_id
        self.assertEqual(first + second, self.agent + self.agent2)
        moved = ticket.transfer_ids.filtered(lambda t: t.kind == "route")
        self.assertEqual((moved.from_user_id, moved.to_user_id), (first, second))
        self.assertFalse(ticket.bounced)
        self._pass_time(ticket, "take")
        self.assertEqual(ticket.user_id, second)
        self.assertFalse(ticket.route_user_id)
        self.assertIn(self.supervisor, ticket.activity_ids.user_id)

    def test_accepted_in_time_stays(self):
        """000-105: accepted: that clock is met, opening it stops the next"""
        ticket = self._free()
        self._route()
        owner = ticket.user_id
        ticket.with_user(owner).action_accept()
        self._commit()
        states = {c.kind: c.state for c in ticket.clock_ids}
        self.assertEqual(states["take"], "met")
        self.assertEqual(states["open"], "running")
        ticket.with_user(owner).viewer_beat("tab")
        self._commit()
        clock = ticket.clock_ids.filtered(lambda c: c.kind == "open")
        self.assertEqual(clock.state, "met")

    def test_unopened_goes_on(self):
        """000-105: accepted and not opened for 2 hours: the next"""
        ticket = self._free()
        self._route()
        owner = ticket.user_id
        ticket.with_user(owner).action_accept()
        self._commit()
        clock = ticket.clock_ids.filtered(lambda c: c.kind == "open")
        self.assertEqual(clock.limit_seconds, 7200)
        self._pass_time(ticket, "open")
        self.assertEqual(ticket.user_id, self.agent + self.agent2 - owner)

    # ------------------------------------------------------------------
    # The supervisor's button, and who may read what
    # ------------------------------------------------------------------
    def test_button_and_suggestion(self):
        """003-31, 003-04: the supervisor sees whom, and assigns by one press"""
        self._ticket("query", user_id=self.agent.id)
        self._commit()
        ticket = self._free()
        shown = ticket.with_user(self.supervisor)
        self.assertEqual(shown.suggested_user_id, self.agent2)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).action_route()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).read(["suggested_user_id"])
        shown.action_route()
        self._commit()
        self.assertEqual(ticket.user_id, self.agent2)
        decision = ticket.route_decision_ids
        self.assertEqual(decision.by_id, self.supervisor)
        shown.action_route()
        self.assertEqual(ticket.route_decision_ids, decision)

    def test_says_why_nobody(self):
        """003-31: nobody can take it: the supervisor is told why"""
        self.env["cs.shift"].search([("kind_id", "=", self.kind.id)]).state = "draft"
        ticket = self._free()
        answer = ticket.with_user(self.supervisor).action_route()
        self.assertIn("2 off shift", answer["params"]["message"])

    def test_explained_in_the_readers_language(self):
        """000-104: why this person, in words; not written by hand"""
        ticket = self._free()
        self._route()
        seen = ticket.with_user(ticket.user_id)
        self.assertIn(ticket.user_id.name, seen.route_explanation)
        self.assertIn("2 could take it", seen.route_explanation)
        with self.assertRaises(AccessError):
            seen.route_state = "waiting"
        with self.assertRaises(AccessError):
            seen.route_decision_ids.with_user(ticket.user_id).write({"user_id": False})
        with self.assertRaises(AccessError):
            ticket.route_decision_ids.with_user(self.stranger).read(["user_id"])
        with self.assertRaises(ValidationError):
            self._rule("class")

    def test_bounded_queries(self):
        """003-31: 80 suggestions, 200 tickets routed: bounded queries"""
        self.team.route_capacity = 1000
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Query {n}",
                    "description": "x",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "user_id": False,
                    "type_id": self.env.ref("cs_helpdesk.type_query").id,
                }
                for n in range(200)
            ]
        )
        tickets.user_id = False
        self._commit()

        def count(rows):
            self.env.invalidate_all()
            shown = rows.with_user(self.supervisor)
            before = self.env.cr.sql_log_count
            shown.mapped("suggested_user_id")
            return self.env.cr.sql_log_count - before

        count(tickets[:2])
        few, many = count(tickets[:5]), count(tickets[:80])
        self.assertLessEqual(many, few + 2)
        before = self.env.cr.sql_log_count
        self._route()
        self.assertTrue(all(tickets.mapped("user_id")))
        self.assertLess((self.env.cr.sql_log_count - before) / 200, 3)
