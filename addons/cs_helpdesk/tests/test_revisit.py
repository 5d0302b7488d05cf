from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestRevisit(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket("complaint", user_id=cls.agent.id)
        cls.mine = cls.ticket.with_user(cls.agent)

    def _tell(self):
        self.mine.plan = "Change the hinge"
        self.mine._tell_customer(
            "contact",
            "Hinge changed",
            channel=self.env.ref("cs_helpdesk.channel_phone_400"),
            note="Told",
        )
        self._commit()
        return self.mine.revisit_ids.filtered(lambda r: r.state == "planned")

    def _answer(self, revisit, answer="yes"):
        revisit.action_start()
        revisit.line_ids.answer = answer

    def _call(self, seconds):
        now = fields.Datetime.now()
        return self.env["cs.call"].create(
            {
                "direction": "out",
                "state": "ended",
                "cti_call_id": f"revisit-{seconds}",
                "user_id": self.agent.id,
                "partner_id": self.customer.id,
                "started_at": now,
                "talk_seconds": seconds,
            }
        )

    def test_planned_within_three_days(self):
        """001-69, 004-03: a told complaint has one call-back, due in three days."""
        revisit = self._tell()
        self.assertEqual(len(revisit), 1)
        self.assertEqual(
            (revisit.user_id, revisit.partner_id), (self.agent, self.customer)
        )
        days = revisit.due_at - self.ticket.told_at
        self.assertLess(abs(days - timedelta(days=3)), timedelta(minutes=1))
        self.mine.stage_id = self._stage(self.ticket, "revisit")
        self._commit()
        self.assertEqual(self.mine.revisit_ids, revisit)
        action = self.mine.action_call_back()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("cs.revisit", revisit.id)
        )

    def test_satisfied_ends_the_ticket(self):
        """001-69: questions answered, satisfied: the ticket's own step ends with it."""
        revisit = self._tell()
        revisit.action_start()
        self.assertEqual(len(revisit.line_ids), 3)
        with self.assertRaises(UserError):
            revisit.action_satisfied()
        revisit.write(
            {"line_ids": [(1, line.id, {"answer": "yes"}) for line in revisit.line_ids]}
        )
        revisit.action_satisfied()
        revisit.action_satisfied()
        self.assertEqual((revisit.state, revisit.result), ("done", "satisfied"))
        self.assertEqual(revisit.run_id.state, "done")
        self.assertEqual((self.ticket.verdict, self.ticket.closed), ("satisfied", True))
        clocks = self.ticket.clock_ids.filtered(lambda c: c.kind == "revisit")
        self.assertEqual(clocks.mapped("state"), ["met"])

    def test_dissatisfied_is_handled_again(self):
        """001-69, 003-34: not satisfied: a new round, and later a new call-back."""
        revisit = self._tell()
        self._answer(revisit, "no")
        with self.assertRaises(ValidationError):
            revisit._dissatisfied("")
        revisit._dissatisfied("It still hangs")
        self.assertEqual(
            (self.ticket.round_number, self.ticket.stage_role), (2, "plan")
        )
        self._commit()
        second = self._tell()
        self.assertTrue(second)
        self.assertNotEqual(second, revisit)

    def test_three_days_then_not_reached(self):
        """001-69: three attempts on different days, then not reached."""
        revisit = self._tell()
        now = fields.Datetime.now()
        for day in range(3):
            with freeze_time(now + timedelta(days=day)):
                revisit._note_attempt("No answer")
                if day < 2:
                    self.assertEqual(revisit.state, "planned")
                    self.assertGreater(
                        revisit.planned_date, fields.Date.context_today(revisit)
                    )
                    with self.assertRaises(UserError):
                        revisit._note_attempt("No answer")
        self.assertEqual((revisit.state, revisit.result), ("done", "unreachable"))
        self.assertEqual(self.ticket.verdict, "unreachable")
        self.assertFalse(revisit.counted)

    def test_refused(self):
        """004-03: a customer who does not want to answer is not asked again."""
        revisit = self._tell()
        action = revisit.action_refused()
        self.env[action["res_model"]].with_user(self.agent).with_context(
            **action["context"]
        ).create({"reason": "No time"}).action_apply()
        self.assertEqual((revisit.state, revisit.result), ("done", "refused"))
        self.assertFalse(self.ticket.closed)

    def test_the_word_from_elsewhere_ends_it(self):
        """001-69: what the customer says on the portal ends the planned call-back."""
        revisit = self._tell()
        self.ticket.with_user(self.portal).sudo()._record_verdict("satisfied")
        self.assertEqual((revisit.state, revisit.result), ("done", "satisfied"))
        self.assertFalse(revisit.counted)

    def test_goal_of_the_day(self):
        """004-91: ten a day; who was reached and answered counts, no short talk."""
        link = self.env.ref("cs_helpdesk.workbench_revisits")
        self.assertEqual(link.goal, 10)
        revisit = self._tell()
        numbers = link.with_user(self.agent)._get_numbers(link.action_id)
        self.assertEqual((numbers["count"], numbers["done"]), (1, 0))
        self._answer(revisit)
        call = self._call(40)
        revisit.action_satisfied()
        self.assertEqual((revisit.call_id, revisit.talk_seconds), (call, 40))
        numbers = link.with_user(self.agent)._get_numbers(link.action_id)
        self.assertEqual((numbers["done"], numbers["goal"]), (1, 10))
        self.assertEqual(revisit.quota_done, 1)
        short = revisit.sudo().copy({"state": "planned", "run_id": False})
        self._call(5)
        short._settle("satisfied", False, self.agent)
        self.assertFalse(short.counted)

    def test_who_may(self):
        """004-91: nobody writes a call-back by hand, strangers see none."""
        revisit = self._tell()
        for values in ({"counted": True}, {"result": "satisfied"}):
            with self.assertRaises(AccessError):
                revisit.write(values)
        with self.assertRaises(AccessError):
            revisit.with_user(self.stranger).read(["state"])
        with self.assertRaises(AccessError):
            revisit.with_user(self.portal).read(["state"])
        with self.assertRaises(AccessError):
            revisit.with_user(self.second).action_start()

    def test_a_call_keeps_the_promise(self):
        """N25: an outgoing call of some length keeps what was promised."""
        promise = self.mine._promise(
            "Call back", fields.Datetime.now() + timedelta(hours=2)
        )
        with freeze_time(promise.made_at + timedelta(minutes=20)):
            self._call(5).ticket_id = self.ticket
            self.assertEqual(promise.state, "open")
            self._call(60).ticket_id = self.ticket
        self.assertEqual((promise.state, promise.way), ("kept", "call"))
        due = self.env["cs.promise"]._get_due_for(self.customer)
        self.assertFalse(due)

    def test_list_in_few_queries(self):
        """004-91: the daily list costs the same for one row as for eighty."""
        rule = self.env.ref("cs_helpdesk.revisit_rule_complaint")
        now = fields.Datetime.now()
        self.env["cs.revisit"].create(
            [
                {
                    "rule_id": rule.id,
                    "res_model": "helpdesk.ticket",
                    "res_id": 10**8 + number,
                    "partner_id": self.customer.id,
                    "user_id": self.agent.id,
                    "due_at": now,
                    "planned_date": now.date(),
                    "company_id": self.env.company.id,
                }
                for number in range(80)
            ]
        )
        self.env.flush_all()
        names = ["planned_date", "due_at", "partner_id", "user_id", "attempt_days"]
        revisits = self.env["cs.revisit"].with_user(self.agent)
        revisits.search([], limit=1).web_read({name: {} for name in names})
        counts = []
        for limit in (1, 80):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            revisits.search([], limit=limit).web_read({name: {} for name in names})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
