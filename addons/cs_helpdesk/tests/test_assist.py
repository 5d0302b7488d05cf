from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common_desk import DeskCase


class AssistCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = new_test_user(cls.env, "assist_engineer")
        cls.head = new_test_user(cls.env, "assist_head")
        cls.department = cls.env["cs.department"].create(
            {
                "name": "Test Workshop",
                "code": "test",
                "leader_id": cls.head.id,
                "user_ids": [(6, 0, cls.engineer.ids)],
            }
        )
        cls.ticket = cls._ticket(
            "complaint",
            user_id=cls.agent.id,
            description="<p>The door hangs</p>",
        )
        cls.mine = cls.ticket.with_user(cls.agent)

    def _ask(self, **values):
        return self.mine._ask_department(self.department, "Which hinge?", **values)

    def _told(self, user, words):
        return self.env["mail.message"].search_count(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("subject", "ilike", words),
            ]
        )

    def _late(self, assist):
        """Let the task's deadline pass, and the sweep see it."""
        when = assist.next_deadline + timedelta(hours=1)
        with freeze_time(when):
            assist.sudo()._clocks()._pass_thresholds(fields.Datetime.now())
            self.env.flush_all()
            self.env["cs.assist"]._cron_notices()
        return when


@tagged("post_install", "-at_install")
class TestAssist(AssistCase):
    def test_question_and_answer(self):
        """000-15, 001-04, 003-32, 004-02: a department gets a task and answers it."""
        wizard = (
            self.env["cs.assist.wizard"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "department_id": self.department.id,
                    "question": "Which hinge?",
                }
            )
        )
        wizard.action_apply()
        assist = self.mine.assist_ids
        self.assertEqual((assist.user_id, assist.state), (self.engineer, "open"))
        clock = assist.sudo().clock_ids
        self.assertEqual((clock.kind, clock.user_id), ("assist", self.engineer))
        self.assertEqual(clock.limit_id, self.env.ref("cs_helpdesk.limit_assist"))
        self.assertTrue(self._told(self.engineer, "Help asked"))
        theirs = assist.with_user(self.engineer)
        theirs._give_answer("The 110 degree hinge")
        theirs._give_answer("Another")
        self.assertEqual(
            (assist.state, assist.answer), ("answered", "The 110 degree hinge")
        )
        self.assertEqual(clock.state, "met")
        self.assertTrue(self._told(self.agent, "Answered"))
        self.assertIn("110 degree", self.ticket.message_ids[0].body)

    def test_the_department_sees_the_task_alone(self):
        """001-57, 003-32: who helps reads a summary, not the ticket or the number."""
        assist = self._ask()
        theirs = assist.with_user(self.engineer)
        read = theirs.read(["name", "summary", "question", "ticket_number"])[0]
        self.assertIn("The door hangs", read["summary"])
        self.assertNotIn("13812345678", str(read))
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.engineer).read(["name"])
        with self.assertRaises(AccessError):
            theirs.read(["ticket_id"])
        with self.assertRaises(AccessError):
            assist.with_user(self.stranger).read(["name"])
        with self.assertRaises(AccessError):
            assist.with_user(self.agent2)._give_answer("I know it")
        with self.assertRaises(AccessError):
            theirs.write({"answer": "x"})

    def test_returned_with_a_reason(self):
        """004-02: what is not the department's comes back with a reason."""
        assist = self._ask()
        theirs = assist.with_user(self.engineer)
        with self.assertRaises(ValidationError):
            theirs._return(" ")
        action = theirs.action_return()
        self.env[action["res_model"]].with_user(self.engineer).with_context(
            **action["context"]
        ).create({"reason": "Ask logistics"}).action_apply()
        self.assertEqual((assist.state, assist.reason), ("returned", "Ask logistics"))
        self.assertEqual(assist.sudo().clock_ids.state, "cancelled")
        self.assertTrue(self._told(self.agent, "Returned"))

    def test_ticket_waits_for_the_department(self):
        """003-32, 000-64: a ticket does not close while help is open."""
        inquiry = self._ticket("inquiry", user_id=self.agent.id)
        mine = inquiry.with_user(self.agent)
        assist = mine._ask_department(self.department, "Which hinge?")
        mine._tell_customer(
            "contact",
            "Told",
            channel=self.env.ref("cs_helpdesk.channel_phone_400"),
            note="Told",
        )
        with self.assertRaisesRegex(ValidationError, "Test Workshop"):
            mine.stage_id = self._stage(inquiry, "done")
        assist.with_user(self.engineer)._give_answer("This one")
        mine.stage_id = self._stage(inquiry, "done")
        self.assertTrue(inquiry.closed)
        with self.assertRaises(UserError):
            mine._ask_department(self.department, "More?")

    def test_withdrawn_by_who_asked(self):
        """003-32: only who asked, or a supervisor, withdraws a question."""
        assist = self._ask()
        with self.assertRaises(AccessError):
            assist.with_user(self.engineer)._withdraw("x")
        assist._withdraw("Found it")
        self.assertEqual(assist.state, "cancelled")

    def test_late_task_brings_a_notice(self):
        """000-14: late: a notice with what was due and how late; then a new date."""
        assist = self._ask()
        due = assist.next_deadline
        when = self._late(assist)
        notice = assist.notice_ids
        self.assertEqual((notice.promised_at, notice.number), (due, 1))
        self.assertGreater(notice.late_hours, 0.9)
        self.assertTrue(self._told(self.head, "Rectification notice"))
        self.env["cs.assist"]._cron_notices()
        self.assertEqual(len(assist.notice_ids), 1)
        with freeze_time(when):
            theirs = notice.with_user(self.engineer)
            with self.assertRaises(ValidationError):
                theirs._commit("No hinge in stock", when - timedelta(hours=1))
            with self.assertRaises(AccessError):
                notice.with_user(self.agent)._commit("x", when + timedelta(days=1))
            wizard = self.env["cs.assist.notice.wizard"].with_user(self.engineer)
            wizard.create(
                {
                    "notice_id": notice.id,
                    "cause": "No hinge in stock",
                    "new_date": when + timedelta(days=1),
                }
            ).action_apply()
        self.assertEqual(assist.next_deadline, when + timedelta(days=1))
        self.assertEqual(assist.clock_state, "running")
        self._late(assist)
        self.assertEqual(len(assist.notice_ids), 2)
        self.assertTrue(self._told(self.leader, "Rectification notice"))

    def test_joint_plan(self):
        """001-68, 000-30, 004-96: one plan, one task for each of five departments."""
        self.ticket.sudo().injury_risk = True
        self._commit()
        self.assertTrue(self._told(self.leader, "Grave complaint"))
        action = self.mine.action_joint_plan()
        plan = self.mine.joint_plan_ids
        self.assertEqual(action["res_id"], plan.id)
        codes = {"sales", "process", "production", "logistics", "installation"}
        joint = set(plan.assist_ids.department_id.mapped("code"))
        self.assertEqual(joint & codes, codes)
        self.mine.action_joint_plan()
        self.assertEqual(len(self.mine.joint_plan_ids), 1)
        for assist in plan.assist_ids:
            assist.with_user(self.supervisor)._give_answer("Done")
        self.assertEqual(plan.state, "done")

    def test_joint_plan_is_for_grave_complaints(self):
        """001-68: below grade 3 an agent does not convene the whole house."""
        with self.assertRaises(AccessError):
            self.mine.action_joint_plan()
        self.ticket.with_user(self.supervisor).action_joint_plan()
        self.assertTrue(self.mine.joint_plan_ids)

    def test_mediation(self):
        """000-47: a dispute, the supervisor's word on the policy, and its outcome."""
        Mediation = self.env["cs.mediation"]
        values = {
            "ticket_id": self.ticket.id,
            "parties": "Customer and dealer",
            "dispute": "Who pays the second visit",
            "interpretation": "The second visit is free within a year",
        }
        with self.assertRaises(AccessError):
            Mediation.with_user(self.agent).create(values)
        mediation = Mediation.with_user(self.supervisor).create(values)
        with self.assertRaisesRegex(ValidationError, "mediation"):
            self.ticket._gate_assists()
        with self.assertRaises(ValidationError):
            mediation.outcome = "agreed"
        mediation.write({"outcome": "agreed", "agreement": "The dealer pays"})
        self.assertTrue(mediation.closed_at)
        self.ticket._gate_assists()
        self.assertEqual(mediation.with_user(self.agent).agreement, "The dealer pays")


@tagged("post_install", "-at_install")
class TestComplaintReport(AssistCase):
    def _tell(self, ticket):
        ticket.plan = "Change the hinge"
        ticket._tell_customer(
            "contact",
            "Hinge changed",
            channel=self.env.ref("cs_helpdesk.channel_phone_400"),
            note="Told",
        )

    def test_a_graver_complaint_ends_with_its_report(self):
        """000-08: cause, handling and lesson; the customer's word is not lost."""
        self.ticket.sudo().loss_amount = 600
        self.assertEqual(self.ticket.grade_level, 2)
        self._tell(self.mine)
        self.mine._record_verdict("satisfied")
        self.assertEqual(
            (self.ticket.verdict, self.ticket.closed), ("satisfied", False)
        )
        self.assertEqual(self.mine.next_step, "report")
        with self.assertRaisesRegex(ValidationError, "report"):
            self.mine.stage_id = self._stage(self.ticket, "done")
        wizard = (
            self.env["cs.complaint.report.wizard"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id})
        )
        self.assertEqual(wizard.handling, "Change the hinge\nHinge changed")
        wizard.write({"cause": "Wrong hinge", "lesson": "Check at packing"})
        wizard.action_apply()
        self.assertTrue(self.ticket.closed)
        self.assertEqual(self.ticket.report_lesson, "Check at packing")

    def test_a_simple_complaint_reports_itself(self):
        """000-08: plan and result are the report of a simple complaint."""
        self._tell(self.mine)
        self.mine._record_verdict("satisfied")
        self.assertTrue(self.ticket.closed)
        self.assertEqual(self.ticket.report_handling, "Change the hinge\nHinge changed")

    def test_the_customer_cannot_be_stopped(self):
        """000-08: satisfied on the portal: noted, and the owner writes the report."""
        self.ticket.sudo().loss_amount = 600
        self._tell(self.mine)
        self.ticket.with_user(self.portal).sudo()._record_verdict("satisfied")
        self.assertEqual(self.ticket.verdict, "satisfied")
        self.assertIn(
            "Write the complaint report", self.ticket.activity_ids.mapped("summary")
        )
