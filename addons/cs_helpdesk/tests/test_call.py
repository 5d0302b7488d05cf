"""Calls at the desk: by hand, guided, on the screen, and whose they are."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .call_common import CallCase


@tagged("post_install", "-at_install")
class TestCall(CallCase):
    # ------------------------------------------------------------------
    # Rings
    # ------------------------------------------------------------------
    def test_three_rings(self):
        """001-55, 004-29: three rings of five seconds are in time, a fourth is late."""
        self.ring("c1")
        self.event("c1", "answered", 15, agent="8001")
        self.ring("c2")
        self.event("c2", "answered", 16, agent="8001")
        early, late = self.find("c1"), self.find("c2")
        self.assertEqual((early.ring_count, early.answered_late), (3, False))
        self.assertEqual((late.ring_count, late.answered_late), (4, True))
        self.assertIn("sorry", late.guide_hint)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------
    def test_visit_and_letter(self):
        """000-11, 001-02: letters and visits are records as well as calls."""
        for kind, channel in (("visit", "visit"), ("letter", "letter")):
            call = self.by_hand(
                contact_kind=kind,
                partner_id=self.customer.id,
                call_class="complaint",
                request="The drawer sticks",
            )
            self.assertEqual(call.state, "ended")
            call.action_take()
            self.assertEqual(call.ticket_id.channel_id.code, channel)
            self.assertEqual(call.ticket_id.type_id.code, "complaint")

    def test_record_sheet(self):
        """004-84, 001-56: no call without its record: class, matter and outcome."""
        call = self.by_hand()
        self.assertEqual((call.state, call.user_id), ("answered", self.agent))
        with self.assertRaisesRegex(UserError, "still going on|complete the record"):
            call.action_finish()
        call.write(
            {
                "call_class": "inquiry",
                "outcome": "solved",
                "request": "When is the shop open?",
                "departments": "Sales",
            }
        )
        call.action_finish()
        call.action_finish()
        self.assertTrue(call.finished_at)
        self.assertEqual(call.state, "ended")
        self.assertEqual(call.departments, "Sales")

    def test_times_are_not_typed(self):
        """000-84: times, state and number of a call are facts."""
        call = self.talk().with_user(self.agent)
        for name, value in (
            ("state", "ended"),
            ("talk_seconds", 1),
            ("started_at", "2026-01-01 00:00:00"),
            ("recording_url", "https://x"),
            ("finished_at", fields.Datetime.now()),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                call.write({name: value})
        with self.assertRaises(AccessError):
            self.Call.with_user(self.agent).create({"cti_call_id": "mine"})
        with self.assertRaises(UserError):
            call.action_end()
        with self.assertRaises(AccessError):
            call.unlink()

    def test_take_once(self):
        """000-100, 001-56: a difficult matter becomes one ticket."""
        call = self.talk().with_user(self.agent)
        call.write({"request": "Door hangs\nsince May", "call_class": "after_sales"})
        call.action_take()
        ticket = call.ticket_id
        call.action_take()
        self.assertEqual(call.ticket_id, ticket)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Door hangs",
                    "partner_id": self.customer.id,
                    "user_id": self.agent.id,
                    "team_id": self.team.id,
                    "type_id": self.env.ref("cs_helpdesk.type_problem").id,
                }
            ],
        )
        self.assertEqual(ticket.call_count, 1)

    # ------------------------------------------------------------------
    # Whose calls, whose numbers
    # ------------------------------------------------------------------
    def test_who_sees_which_call(self):
        """000-84: an agent his team's calls, others none, quality all."""
        call = self.talk()
        foreign = self.env["helpdesk.ticket.team"].create(
            {"name": "Elsewhere", "service_desk": True}
        )
        other = self.talk("c2", agent="8002")
        other.team_id = foreign
        qa = self._user("desk_qa", "group_qa")
        for user, sees, not_sees in (
            (self.agent, call, other),
            (self.supervisor, call | other, self.Call),
            (qa, call | other, self.Call),
            (self.second, self.Call, call | other),
        ):
            with self.subTest(user.login):
                found = self.Call.with_user(user).search(
                    [("id", "in", (call | other).ids)]
                )
                self.assertEqual(found, sees)
                self.assertFalse(found & not_sees)
        with self.assertRaises(AccessError):
            self.Call.with_user(self.stranger).search([])
        with self.assertRaises(AccessError):
            call.with_user(qa).write({"request": "x"})
        company = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.Call.create({"cti_call_id": "o", "company_id": company.id})
        self.assertFalse(
            self.Call.with_user(self.manager).search([("id", "=", elsewhere.id)])
        )

    def test_taken_from_a_colleague(self):
        """000-84: nobody reads a number by making a colleague's call his own."""
        call = self.talk()
        colleague = call.with_user(self.agent2)
        with self.assertRaisesRegex(AccessError, "given to you"):
            colleague.user_id = self.agent2
        self.assertEqual(colleague.phone_masked, "138****5678")
        call.with_user(self.agent).user_id = self.agent2
        self.assertEqual(colleague.phone_masked, "13812345678")

    def test_number_is_masked(self):
        """000-84: plain on one's own open call; masked and not searched beyond."""
        call = self.talk()
        mine = call.with_user(self.agent)
        self.assertEqual(mine.phone_masked, "13812345678")
        self.assertEqual(call.with_user(self.agent2).phone_masked, "138****5678")
        mine.write({"call_class": "inquiry", "outcome": "solved", "request": "x"})
        self.event("c1", "ended", 60)
        mine.action_finish()
        mine.invalidate_recordset()
        self.assertEqual(mine.phone_masked, "138****5678")
        Call = self.Call.with_user(self.agent)
        for name in ("number", "number_digits"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                Call.search([(name, "ilike", "1381")])
        self.assertEqual(Call.search([("phone_search", "=", "+8613812345678")]), mine)
        self.assertFalse(Call.search([("phone_search", "=", "1381234")]))

    def test_stale_calls_are_closed(self):
        """000-84: a call whose end was never reported does not stay open."""
        call = self.talk()
        with freeze_time(fields.Datetime.now() + timedelta(hours=5)):
            self.Call._cron_close_stale()
        self.assertEqual(call.state, "ended")
        self.assertTrue(call.finished_at)

    # ------------------------------------------------------------------
    # Screen pop
    # ------------------------------------------------------------------
    def test_screen_pop(self):
        """000-84, 000-100: the browser is told, and one call tells who it is."""
        self.customer.write({"customer_class": "dealer", "region_zone": "local"})
        ticket = self._ticket()
        sent = []
        Users = type(self.env["res.users"])
        with patch.object(
            Users,
            "_bus_send",
            lambda user, kind, message, **kw: sent.append((user, kind, message)),
        ):
            call = self.ring()
        self.assertIn(
            (self.agent, "cs_helpdesk.call", {"id": call.id, "state": "ringing"}), sent
        )
        pop = call.with_user(self.agent).get_pop()
        self.assertEqual(pop["name"], "Customer")
        self.assertEqual(pop["phone"], "13812345678")
        self.assertEqual([t["id"] for t in pop["tickets"]], ticket.ids)
        self.assertTrue(pop["customer_class"] and pop["zone"])
        self.assertNotIn("email", str(pop))
        with self.assertRaises(AccessError):
            call.with_user(self.second).get_pop()

    def test_screen_pop_queries(self):
        """000-84: from event to screen, a fixed number of queries."""
        for number in range(12):
            self._ticket(name=f"Ticket {number}")
        self.ring("warm").with_user(self.agent).get_pop()
        call = self.ring("c2")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            call.with_user(self.agent).get_pop()

    def test_unknown_caller(self):
        """000-84, 000-100: four fields, and ticket and customer are there."""
        call = self.talk("c9", "13700001111").with_user(self.agent)
        self.assertFalse(call.get_pop()["name"])
        call.take(
            {"caller_name": "李女士", "region_zone": "province", "request": "异响"}
        )
        self.assertEqual(call.partner_id.name, "李女士")
        self.assertEqual(call.partner_id.region_zone, "province")
        self.assertEqual(call.partner_id.sudo().phone, "13700001111")
        self.assertEqual(call.ticket_id.name, "异响")
        with self.assertRaisesRegex(UserError, "cannot be noted"):
            call.take({"state": "ended"})

    def test_go_on_with_an_open_ticket(self):
        """000-100: the caller's open ticket goes on, with a note; not anybody's."""
        ticket = self._ticket()
        call = self.talk().with_user(self.agent)
        call.take({"request": "Is it done?"}, ticket.id)
        self.assertEqual(call.ticket_id, ticket)
        self.assertIn("Is it done?", ticket.message_ids[0].body)
        foreign = self._ticket(
            team_id=self.env["helpdesk.ticket.team"].create({"name": "X"}).id,
            user=self.manager,
        )
        with self.assertRaises(AccessError):
            self.talk("c5").with_user(self.agent).take({}, foreign.id)

    # ------------------------------------------------------------------
    # Guide
    # ------------------------------------------------------------------
    def test_guide(self):
        """000-100, 000-101, 000-111: step by step, each with its moment."""
        call = self.talk().with_user(self.agent)
        steps = []
        while call.guide_step != "log":
            step = call.guide_step
            steps.append(step)
            call.with_context(cs_guide_step=step).action_guide_next()
            call.with_context(cs_guide_step=step).action_guide_next()
        self.assertEqual(
            steps,
            [
                "greet",
                "identify",
                "listen",
                "restate",
                "handle",
                "confirm",
                "promise",
                "close",
            ],
        )
        self.assertEqual(
            set(steps), set(call.event_ids.mapped("event")) - {"ringing", "answered"}
        )
        self.assertTrue(all(call.event_ids.mapped("at")))

    def test_holds(self):
        """000-100: sixty seconds and two holds are the limit (G11)."""
        self.talk()
        self.event("c1", "hold", 20)
        self.event("c1", "resume", 80)
        call = self.find("c1")
        self.assertFalse(call.hold_warning)
        self.event("c1", "hold", 100)
        self.event("c1", "resume", 161)
        self.assertIn("61 s", call.hold_warning)
        self.event("c1", "hold", 170)
        self.assertIn("3 times", call.hold_warning)

    def test_wrap_up(self):
        """000-100: the record is complete within sixty seconds (G11)."""
        call = self.talk().with_user(self.agent)
        self.event("c1", "ended", 60)
        call.write({"call_class": "query", "outcome": "solved", "request": "x"})
        with freeze_time(self.at(121)):
            call.action_finish()
        self.assertEqual((call.wrap_up_seconds, call.wrap_up_late), (61, True))

    def test_bad_line(self):
        """004-21, 004-22, 004-23, 004-24, 004-43: prompts are logged; the agent hangs
        up after them only."""
        call = self.by_hand()
        with self.assertRaisesRegex(UserError, "customer hangs up first"):
            call.log_prompt("hang_up")
        with self.assertRaisesRegex(UserError, "no prompt"):
            call.log_prompt("ended")
        for number in (1, 2, 3):
            call.log_prompt(f"silent_{number}")
        call.log_prompt("hang_up")
        self.assertEqual((call.state, call.outcome), ("ended", "silent"))
        for code in ("low_voice", "noise", "stays_2"):
            other = self.by_hand()
            other.log_prompt(code)
            other.log_prompt("hang_up")
            self.assertEqual(other.outcome, "dropped", code)

    def test_what_to_say(self):
        """001-55, 001-56, 000-101: the phrases of the scenario stand on the call."""
        cards = self.talk().with_user(self.agent).get_prompt_phrases()
        self.assertLessEqual(
            {"greet", "late", "close", "silent", "low_voice", "noise", "stays"},
            set(cards),
        )
        self.assertTrue(cards["silent"]["say"] or cards["silent"]["step"])
        with self.assertRaises(AccessError):
            self.find("c1").with_user(self.second).get_prompt_phrases()

    def test_looked_up_first(self):
        """000-111, 001-66: the knowledge base before the answer; it is noted."""
        call = self.by_hand(request="怎么擦柜门")
        action = call.action_knowledge()
        self.assertEqual(action["res_model"], "cs.article")
        self.assertEqual(action["context"]["search_default_question"], "怎么擦柜门")
        self.assertTrue(call.knowledge_asked)
        self.assertIn("knowledge", call.event_ids.mapped("event"))

    def test_promises_on_the_screen(self):
        """000-100: what the caller was promised stands on the ringing screen."""
        until = fields.Datetime.now() + timedelta(hours=3)
        ticket = self._ticket()
        self.env["cs.promise"].with_user(self.agent)._make("Call back", until, ticket)
        pop = self.ring().with_user(self.agent).get_pop()
        self.assertEqual([p["name"] for p in pop["promises"]], ["Call back"])

    def test_list_queries(self):
        """000-84: eighty calls take as many queries as eight."""
        calls = self.Call
        for number in range(80):
            calls |= self.ring(f"l{number}", f"1370000{number:04}")
        self.env.flush_all()
        names = {
            name: {}
            for name in (
                "display_name",
                "phone_masked",
                "open_ticket_count",
                "state",
                "ring_count",
            )
        }

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.agent).web_read(names)
            return self.env.cr.sql_log_count - before

        queries(calls[:1])
        self.assertEqual(queries(calls), queries(calls[:8]))

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    def test_registers(self):
        """001-02, 001-56: the register of calls and visits, and the record sheet."""
        call = self.talk()
        call.with_user(self.agent).write(
            {"request": "Odd glue", "departments": "Process", "answer": "Tomorrow"}
        )
        for code, heading in (("calls", "来电内容"), ("call_sheet", "协同部门")):
            register = self.env["cs.register"].search([("code", "=", code)])
            self.assertIn(heading, register.column_ids.mapped("heading"))
            table = (
                self.env["cs.register.preview"]
                .with_user(self.agent)
                .with_context(default_register_id=register.id)
                .create({})
                .table
            )
            self.assertIn("Odd glue", table)
