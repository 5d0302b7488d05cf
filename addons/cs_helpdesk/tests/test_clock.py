from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestClock(ClockCase):
    """Time limits of a ticket: start, wait, stop, change."""

    def test_limits_by_type(self):
        """000-106, 003-32, 004-10: each type has its own limits, 24 h in general."""
        query = self.ticket("query", "2026-03-06 17:59")
        self.assertEqual(
            self.clock(query, "solution").deadline, self.shanghai("2026-03-09 13:59")
        )
        self.assertEqual(
            self.clock(query, "first_response").deadline,
            self.shanghai("2026-03-09 09:29"),
        )
        inquiry = self.ticket("inquiry", "2026-03-06 17:59")
        self.assertEqual(
            self.clock(inquiry, "solution").deadline, self.shanghai("2026-03-07 17:59")
        )

    def test_both_families_in_one_record(self):
        """001-45: the promise runs on the wall, acceptance on working time."""
        repair = self.ticket("problem", "2026-03-06 17:50")
        self.assertEqual(
            self.clock(repair, "answer").deadline, self.shanghai("2026-03-07 17:50")
        )
        self.assertEqual(
            self.clock(repair, "accept").deadline, self.shanghai("2026-03-09 09:20")
        )
        self.assertEqual(repair.next_deadline, self.shanghai("2026-03-06 19:50"))

    def test_complaint_answers(self):
        """004-33, 004-34, 001-69: answer in 2 hours, call-back in 3 days."""
        complaint = self.ticket("complaint", "2026-03-06 20:00")
        answer = self.clock(complaint, "answer")
        self.assertEqual(answer.deadline, self.shanghai("2026-03-06 22:00"))
        complaint.result = "Hinge replaced"
        self.tell(complaint, "2026-03-07 10:00")
        revisit = self.clock(complaint, "revisit")
        self.assertEqual(revisit.deadline, self.shanghai("2026-03-10 10:00"))
        self.assertEqual(self.clock(complaint, "solution").state, "met")

    def test_promise_is_never_lengthened(self):
        """A factor shortens a promise and stretches an office limit (G01, G36)."""
        slow = self.ticket("inquiry", "2026-03-09 10:00", urgency="low")
        self.assertEqual(self.clock(slow, "solution").limit_seconds, 24 * 3600)
        self.assertEqual(self.clock(slow, "first_response").limit_seconds, 3600)
        fast = self.ticket("inquiry", "2026-03-09 10:00", urgency="urgent")
        self.assertEqual(self.clock(fast, "solution").limit_seconds, 12 * 3600)
        self.assertEqual(
            self.clock(fast, "first_response").limit_seconds,
            1800,
            "the floor of 30 minutes holds",
        )

    def test_met_late_cancelled(self):
        query = self.ticket("query", "2026-03-09 10:00")
        self.at(query, "2026-03-09 10:29")._mark_answered()
        self.assertEqual(self.clock(query, "first_response").state, "met")
        self.assertEqual(self.clock(query, "first_response").used_seconds, 29 * 60)
        self.tell(query, "2026-03-09 15:30")
        solution = self.clock(query, "solution")
        self.assertEqual((solution.state, solution.used_seconds), ("late", 4.5 * 3600))
        other = self.ticket("query", "2026-03-09 10:00")
        self.at(other, "2026-03-10 10:00").stage_id = self.stage("cancelled")
        self.assertEqual(self.clock(other, "solution").state, "cancelled")

    def test_pause_with_reason(self):
        """P1: waiting moves the deadline and stays visible."""
        query = self.ticket("query", "2026-03-09 10:00")
        self.at(query, "2026-03-09 11:00")._clock_pause(self.wait)
        self.assertEqual(query.clock_state, "paused")
        self.assertFalse(query.next_deadline)
        self.assertEqual(query.next_clock, self.wait.name)
        self.at(query, "2026-03-10 09:00")._clock_resume()
        solution = self.clock(query, "solution")
        self.assertEqual(solution.deadline, self.shanghai("2026-03-10 12:00"))
        self.assertEqual(solution.paused_seconds, 22 * 3600)
        self.tell(query, "2026-03-10 12:00")
        self.assertEqual(solution.state, "met")
        self.assertEqual(
            solution.fact_ids.sorted("id").mapped("event"),
            ["start", "pause", "resume", "stop"],
        )

    def test_customer_ends_the_wait(self):
        query = self.ticket("query", "2026-03-09 10:00")
        query._clock_pause(self.wait)
        query.message_post(
            body="Here is the photo",
            author_id=self.customer.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(query.clock_state, "running")

    def test_answer_is_a_message_to_the_customer(self):
        """003-32: first contact is made by an answer, not by a note."""
        query = self.ticket("query", "2026-03-09 10:00").with_user(self.agent)
        query.message_post(body="Note to self", subtype_xmlid="mail.mt_note")
        self.assertFalse(query.answered_date)
        query.message_post(
            body="We are on it", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(query.answered_date)
        self.assertNotEqual(self.clock(query, "first_response").state, "running")

    def test_change_leaves_a_trace(self):
        """P3: another type, another limit; both deadlines stay on record."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        clock = self.clock(ticket, "solution")
        self.at(ticket, "2026-03-09 11:00").type_id = self.env.ref(
            "cs_helpdesk.type_suggestion"
        )
        self.assertEqual(clock.deadline, self.shanghai("2026-03-16 10:00"))
        trace = clock.fact_ids.filtered(lambda f: f.event == "recalculate")
        self.assertEqual(trace.old_deadline, self.shanghai("2026-03-09 15:00"))
        self.assertEqual(trace.new_deadline, clock.deadline)

    def test_change_while_waiting(self):
        """P3: what waits takes the new limit along, used time reckoned on its axis."""
        ticket = self.ticket("inquiry", "2026-03-09 17:00")
        clock = self.clock(ticket, "solution")
        self.at(ticket, "2026-03-10 10:00")._clock_pause(self.wait)
        self.assertEqual(clock.used_seconds, 17 * 3600)
        self.at(ticket, "2026-03-10 11:00").type_id = self.env.ref(
            "cs_helpdesk.type_query"
        )
        self.assertEqual((clock.state, clock.used_seconds), ("paused", 2 * 3600))
        self.at(ticket, "2026-03-10 14:00")._clock_resume()
        self.assertEqual(clock.deadline, self.shanghai("2026-03-10 16:00"))

    def test_policy_is_frozen(self):
        ticket = self.ticket("query", "2026-03-09 10:00")
        clock = self.clock(ticket, "solution")
        limit = clock.limit_id
        limit.quantity = 8
        self.at(ticket, "2026-03-09 10:10").user_id = self.supervisor
        self.assertEqual(clock.deadline, self.shanghai("2026-03-09 15:00"))
        self.assertEqual(clock.user_id, self.supervisor)
        again = self.ticket("query", "2026-03-09 10:00")
        self.assertEqual(self.clock(again, "solution").limit_seconds, 8 * 3600)

    def test_owner_changed_by_compute(self):
        """A team that takes the ticket from its agent takes the clock as well."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        other = self.team.copy({"name": "Other desk", "user_ids": False})
        ticket.team_id = other
        self.run_precommit()
        clock = self.clock(ticket, "solution")
        self.assertFalse(clock.user_id)
        self.assertEqual(clock.team_id, other)

    def test_new_round(self):
        """003-34: reopened, the solution clock starts anew."""
        query = self.ticket("query", "2026-03-09 10:00")
        self.tell(query, "2026-03-09 11:00")
        self.at(query, "2026-03-09 14:00")._record_verdict("dissatisfied", "No")
        clocks = query.clock_ids.filtered(lambda c: c.kind == "solution").sorted("id")
        self.assertEqual(clocks.mapped("state"), ["met", "running"])
        self.assertEqual(clocks[1].started_at, self.shanghai("2026-03-09 14:00"))

    def test_start_twice_is_harmless(self):
        query = self.ticket("query", "2026-03-09 10:00")
        self.assertFalse(query._clock_start("solution"))
        clock = self.clock(query, "solution")
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            clock.copy({"state": "running"})
            self.env.flush_all()

    def test_plain_team_has_no_clocks(self):
        plain = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        ticket = self.ticket(
            "query", "2026-03-09 10:00", team_id=plain.id, user_id=False
        )
        self.assertFalse(ticket.clock_ids)
        self.at(ticket, "2026-03-09 11:00").team_id = self.team
        self.assertEqual(
            self.clock(ticket, "solution").started_at, self.shanghai("2026-03-09 11:00")
        )

    def test_broken_calendar_never_stops_a_ticket(self):
        """No hours, no calendar: the ticket stands, the administrator is told."""
        empty = self.env["resource.calendar"].create(
            {"name": "Nothing", "attendance_ids": False}
        )
        limit = self.env.ref("cs_helpdesk.limit_solution_query")
        self.env.company.service_calendar_id = empty
        ticket = self.ticket("query", "2026-03-09 10:00")
        self.assertFalse(self.clock(ticket, "solution").deadline)
        self.assertTrue(limit.activity_ids)
        with self.assertRaises(UserError):
            limit.calendar_id = empty
        self.env.company.service_calendar_id = False
        self.assertTrue(self.ticket("query", "2026-03-09 10:00"))

    def test_calendar_change_recomputes(self):
        """A new day off moves the running deadline, with a trace."""
        ticket = self.ticket("query", "2026-03-09 17:00")
        clock = self.clock(ticket, "solution")
        self.assertEqual(clock.deadline, self.shanghai("2026-03-10 12:00"))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Power cut",
                "calendar_id": self.calendar.id,
                "date_from": self.shanghai("2026-03-10 00:00"),
                "date_to": self.shanghai("2026-03-10 23:59"),
            }
        )
        self.run_precommit()
        cron = self.env.ref("cs_helpdesk.cron_clock_recalculate")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers)
        self.recalculate()
        self.assertEqual(clock.deadline, self.shanghai("2026-03-11 12:00"))
        self.assertIn("recalculate", clock.fact_ids.mapped("event"))

    def test_calendar_broken_and_mended(self):
        """A calendar that lost its hours stops no sweep; mended, the clock has time."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        clock = self.clock(ticket, "solution")
        hours = self.calendar.attendance_ids.read(
            ["name", "dayofweek", "day_period", "hour_from", "hour_to"], load=None
        )
        self.calendar.attendance_ids.unlink()
        self.recalculate()
        self.assertFalse(clock.deadline)
        self.assertTrue(clock.limit_id.activity_ids)
        self.env["cs.clock"]._pass_thresholds(clock.started_at)
        self.calendar.attendance_ids = [
            (0, 0, {k: v for k, v in row.items() if k != "id"}) for row in hours
        ]
        self.recalculate()
        self.assertEqual(clock.deadline, self.shanghai("2026-03-09 15:00"))

    def recalculate(self):
        self.run_precommit()
        with self.enter_registry_test_mode():
            self.env.ref("cs_helpdesk.cron_clock_recalculate").method_direct_trigger()
        self.env.invalidate_all()

    def test_late_reason_before_finish(self):
        """N29: who finishes late says why; only then the ticket closes."""
        ticket = self.ticket("query", "2026-03-09 10:00", result="Sent")
        self.tell(ticket, "2026-03-10 15:30")
        with self.assertRaises(ValidationError):
            ticket.with_user(self.agent)._gate_late_reason()
        wizard = self.env["cs.clock.wizard"].with_user(self.agent)
        wizard.create(
            {
                "purpose": "late",
                "res_model": "helpdesk.ticket",
                "res_ids": ticket.ids,
                "reason_id": self.late_reason.id,
                "note": "Three at once",
            }
        ).action_apply()
        ticket.with_user(self.agent)._gate_late_reason()
        self.assertEqual(
            self.clock(ticket, "solution").late_reason_id, self.late_reason
        )

    def test_exemption_is_decided_by_somebody_else(self):
        """N29: an exemption leaves the score, stays visible, and is never one's own."""
        ticket = self.ticket("query", "2026-03-09 10:00", user_id=self.supervisor.id)
        self.tell(ticket, "2026-03-10 15:30")
        clock = self.clock(ticket, "solution")
        clock.with_user(self.supervisor)._request_exemption(self.exempt_reason, "Storm")
        with self.assertRaises(AccessError):
            clock.with_user(self.agent).action_approve_exemption()
        with self.assertRaises(AccessError):
            clock.with_user(self.supervisor).action_approve_exemption()
        clock.with_user(self.manager).action_approve_exemption()
        self.assertEqual((clock.state, clock.exemption), ("late", "approved"))
        clock.with_user(self.manager).action_refuse_exemption()
        self.assertEqual(clock.exemption, "approved", "a second press changes nothing")

    def test_history_cannot_be_written(self):
        """Facts and clocks are closed to everybody, also over RPC."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        clock = self.clock(ticket, "solution")
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                clock.with_user(user).write({"deadline": False})
            with self.assertRaises(AccessError):
                clock.with_user(user).unlink()
            with self.assertRaises(AccessError):
                clock.fact_ids.with_user(user).write({"at": clock.started_at})
        with self.assertRaises(AccessError):
            clock.fact_ids.sudo().write({"note": "better"})

    def test_nobody_dates_his_work_back(self):
        """A time in the context that came over RPC is a string and is ignored."""
        forged = self.env["helpdesk.ticket"].with_context(
            cs_event_at="2020-01-01 00:00:00"
        )
        with freeze_time("2026-03-09 02:00:00"):
            self.assertEqual(forged._event_time(), self.shanghai("2026-03-09 10:00"))

    def test_strip_adds_up(self):
        """N28: the shares of the strip are the age of the ticket."""
        ticket = self.ticket("query", "2026-03-09 10:00")
        self.at(ticket, "2026-03-09 11:00")._clock_pause(self.wait)
        self.at(ticket, "2026-03-09 14:00")._clock_resume()
        self.tell(ticket, "2026-03-10 10:00")
        self.at(ticket, "2026-03-10 10:00").sudo().stage_id = self.stage("done")
        strip = ticket.time_strip
        self.assertEqual(strip["age"], 24 * 3600)
        self.assertEqual(sum(s["seconds"] for s in strip["shares"]), strip["age"])
        by_kind = {}
        for share in strip["shares"]:
            by_kind[share["kind"]] = by_kind.get(share["kind"], 0) + share["seconds"]
        self.assertEqual(by_kind["wait"], 3 * 3600)
        self.assertEqual(by_kind["hold"], 6 * 3600)

    def test_deleting_a_record_takes_its_clocks(self):
        ticket = self.ticket("query", "2026-03-09 10:00")
        clocks = ticket.clock_ids
        ticket.sudo().unlink()
        self.assertFalse(clocks.exists())

    def test_create_is_cheap(self):
        """Clocks of a batch cost a fixed number of statements, not one a ticket."""
        vals = {
            "name": "x",
            "description": "x",
            "team_id": self.team.id,
            "user_id": self.agent.id,
            "partner_id": self.customer.id,
            "type_id": self.env.ref("cs_helpdesk.type_query").id,
        }
        tickets = self.env["helpdesk.ticket"].create([dict(vals) for _ in range(80)])
        self.run_precommit()
        tickets.clock_ids.invalidate_recordset()
        with self.assertQueryCount(4):
            tickets._clock_sync()
            self.env.flush_all()
        self.assertEqual(len(tickets.clock_ids), 3 * 80)

    def test_one_second_is_in_time(self):
        query = self.ticket("query", "2026-03-09 10:00")
        clock = self.clock(query, "first_response")
        clock.sudo()._do_stop(clock.deadline)
        self.assertEqual(clock.state, "met")
        other = self.clock(self.ticket("query", "2026-03-09 10:00"), "first_response")
        other.sudo()._do_stop(other.deadline + timedelta(seconds=1))
        self.assertEqual(other.state, "late")
