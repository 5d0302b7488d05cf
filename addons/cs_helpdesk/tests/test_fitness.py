from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .common_desk import DeskCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    b"WjR9awAAAABJRU5ErkJggg=="
)


class FitnessCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = new_test_user(
            cls.env, "fit_provider", "cs_helpdesk.group_provider_agent"
        )
        cls.qualification = cls.env.ref("cs_helpdesk.qualification_agent")
        cls.company = cls.qualification.company_id
        (cls.agent + cls.agent2 + cls.supervisor + cls.provider).write(
            {"company_ids": [(4, cls.company.id)], "company_id": cls.company.id}
        )

    def _answer(self, certificate, part, share):
        """Hand in a part with this share of right answers."""
        getattr(certificate.with_user(certificate.user_id), f"action_take_{part}")()
        sheet = certificate.sudo()[f"{part}_input_id"]
        questions = sheet.survey_id.question_ids
        right = round(len(questions) * share)
        for number, question in enumerate(questions):
            answers = question.suggested_answer_ids
            good = answers.filtered("is_correct")
            sheet._save_lines(
                question, (good if number < right else answers - good)[0].id
            )
        sheet._mark_done()
        return sheet

    def _exam(self, user):
        return self.qualification.with_user(user)._start_exam(user)

    def _mock(self, certificate, score, user=None):
        certificate = certificate.with_user(user or self.supervisor)
        certificate.mock_score = score
        certificate.action_mock_done()

    def _certify(self, user):
        certificate = self._exam(user)
        self._answer(certificate, "theory", 1)
        self._answer(certificate, "system", 1)
        self._mock(certificate, 90)
        return certificate


@tagged("post_install", "-at_install")
class TestFitness(FitnessCase):
    def test_certificate_from_three_parts(self):
        """000-81, 003-09: theory 40, system 30, mock call 30; valid for a year."""
        certificate = self._exam(self.agent)
        self._answer(certificate, "theory", 0.8)
        self.assertEqual(certificate.theory_score, 80)
        self._answer(certificate, "system", 1)
        self.assertEqual(certificate.state, "running")
        self._mock(certificate, 70)
        self.assertEqual(certificate.state, "valid")
        self.assertEqual(certificate.total_score, 0.4 * 80 + 0.3 * 100 + 0.3 * 70)
        self.assertEqual(
            certificate.expiry_date, fields.Date.add(fields.Date.today(), months=12)
        )
        self.assertEqual(certificate.mock_by_id, self.supervisor)

    @freeze_time("2026-03-09 04:00:00")  # a Monday
    def test_resit_then_retraining_then_out(self):
        """003-09, 000-81: one resit in 3 working days, retraining of 5, then out."""
        first = self._exam(self.agent)
        self._answer(first, "theory", 0.5)
        self.assertEqual(first.state, "failed", "a part below 60 fails at once")
        self.assertEqual(str(first.resit_until), "2026-03-12")
        second = self._exam(self.agent)
        self.assertEqual(second.attempt, 2)
        self._answer(second, "theory", 0.5)
        with self.assertRaisesRegex(UserError, "after retraining"):
            self._exam(self.agent)
        self.assertEqual(str(second.retrained_on), "2026-03-16")
        with freeze_time("2026-03-16 04:00:00"):
            third = self._exam(self.agent)
            self.assertEqual(third.attempt, 3)
            self._answer(third, "theory", 0.5)
            with self.assertRaisesRegex(UserError, "the manager decides"):
                self._exam(self.agent)

    def test_nobody_helps_himself(self):
        """003-09: neither by hand, nor his own mock call, nor another's paper."""
        certificate = self._exam(self.agent)
        for vals in ({"state": "valid"}, {"theory_score": 100}):
            with self.assertRaises(UserError):
                certificate.with_user(self.supervisor).write(vals)
            with self.assertRaises(UserError):
                certificate.with_user(self.agent).write(vals)
        own = self._exam(self.supervisor)
        with self.assertRaisesRegex(AccessError, "his own mock call"):
            self._mock(own, 100)
        with self.assertRaises(AccessError):
            certificate.with_user(self.agent2).action_take_theory()
        self._answer(certificate, "theory", 1)
        with self.assertRaisesRegex(UserError, "taken this part already"):
            certificate.with_user(self.agent).action_take_theory()
        self.assertEqual(self._exam(self.agent), certificate, "one exam at a time")

    def test_unfit(self):
        """000-80, 000-81: once enforced, who has no certificate is unfit."""
        people = self.agent + self.agent2
        self.assertFalse(people._get_unfit(), "a new company can begin")
        self.company.fitness_enforced = True
        self.assertEqual(people._get_unfit(), people)
        self._certify(self.agent)
        self.assertTrue(self.agent._is_fit())
        self.assertFalse(self.agent2._is_fit())
        with freeze_time(fields.Date.today() + timedelta(days=400)):
            self.assertFalse(self.agent._is_fit(), "it has run out")

    def test_unfit_in_one_query(self):
        """000-81: asked for any number of people, by one query."""
        self.company.fitness_enforced = True
        people = self.agent + self.agent2 + self.supervisor
        people._get_unfit()
        with self.assertQueryCount(1):
            people._get_unfit()

    def test_provider_agents_too(self):
        """002-02, 002-03: a provider's agents need their certificate like our own."""
        self.company.fitness_enforced = True
        self.assertEqual(self.provider._get_unfit(), self.provider)
        self.assertTrue(self.provider._is_fit(kind="agent"))
        self.qualification = self.env.ref("cs_helpdesk.qualification_provider")
        self._certify(self.provider)
        self.assertTrue(self.provider._is_fit())

    def test_override(self):
        """000-81: a supervisor lets somebody work, with reason and end; it stays."""
        self.company.fitness_enforced = True
        Override = self.env["cs.fitness.override"]
        until = fields.Datetime.now() + timedelta(days=1)
        vals = {"user_id": self.agent.id, "reason": "Flu", "until": until}
        with self.assertRaises(AccessError):
            Override.with_user(self.agent2).create(vals)
        with self.assertRaisesRegex(AccessError, "Nobody lets himself"):
            Override.with_user(self.supervisor).create(
                {**vals, "user_id": self.supervisor.id}
            )
        with self.assertRaises(ValidationError):
            Override.with_user(self.supervisor).create(
                {**vals, "until": fields.Datetime.now() - timedelta(days=1)}
            )
        override = Override.with_user(self.supervisor).create(
            {**vals, "granted_by_id": self.manager.id}
        )
        self.assertEqual(override.granted_by_id, self.supervisor)
        self.assertTrue(self.agent._is_fit())
        with self.assertRaises(AccessError):
            override.reason = "Other"
        with freeze_time(until + timedelta(hours=1)):
            self.assertFalse(self.agent._is_fit())

    def test_expiry_is_told(self):
        """000-81: a month before its end the person is told, then it expires."""
        certificate = self._certify(self.agent)
        cron = self.env["cs.certificate"]
        with freeze_time(certificate.expiry_date - timedelta(days=20)):
            cron._cron_expire()
            cron._cron_expire()
            self.assertEqual(certificate.sudo().activity_ids.user_id, self.agent)
            self.assertEqual(len(certificate.sudo().activity_ids), 1)
        with freeze_time(certificate.expiry_date + timedelta(days=1)):
            cron._cron_expire()
        self.assertEqual(certificate.state, "expired")


@tagged("post_install", "-at_install")
class TestTraining(FitnessCase):
    def _training(self, **vals):
        return (
            self.env["cs.training"]
            .with_user(self.supervisor)
            .create(
                {
                    "name": "新员工培训",
                    "topic": "function",
                    "onboarding": True,
                    "hours": 1.5,
                    "date_start": fields.Datetime.now() - timedelta(hours=3),
                    "user_ids": [(6, 0, (self.agent + self.agent2).ids)],
                    **vals,
                }
            )
        )

    def test_session(self):
        """003-07, 000-91: topic, trainer, who was there, the test's result."""
        training = self._training()
        with self.assertRaisesRegex(UserError, "tick who was there"):
            training.action_held()
        line = training.line_ids.filtered(lambda r: r.user_id == self.agent)
        line.write({"present": True, "score": 85})
        training.action_held()
        self.assertEqual(training.trainer_id, self.supervisor)
        self.assertTrue(line.passed)
        self.assertEqual(line.hours, 1.5)
        line.with_user(self.agent).action_confirm()
        self.assertTrue(line.signed_at)
        with self.assertRaises(AccessError):
            line.with_user(self.agent).score = 100
        with self.assertRaisesRegex(UserError, "has not begun"):
            self._training(
                date_start=fields.Datetime.now() + timedelta(days=1)
            ).action_held()

    def test_plan(self):
        """000-91, 003-08: a month's plan counts what was planned and held."""
        plan = (
            self.env["cs.training.plan"]
            .with_user(self.supervisor)
            .create(
                {"name": "三月", "date_from": "2026-03-01", "date_to": "2026-03-31"}
            )
        )
        held = self._training(plan_id=plan.id, topic="upgrade", upgrade="UP-1")
        self._training(plan_id=plan.id)
        held.action_all_present()
        held.action_held()
        self.assertEqual((plan.planned_count, plan.held_count), (2, 1))
        self.assertEqual(plan.held_hours, 1.5)

    @freeze_time("2026-03-16 04:00:00")
    def test_two_hours_a_week(self):
        """000-91, 000-57: supervisors are told who had less than two hours."""
        monday = fields.Date.to_date("2026-03-09")
        for hours, users in ((1.5, self.agent + self.agent2), (1, self.agent)):
            training = self._training(
                hours=hours,
                date_start="2026-03-11 02:00:00",
                user_ids=[(6, 0, users.ids)],
            )
            training.action_all_present()
            training.action_held()
        short = self.env["cs.training"]._get_short_of_training(self.company, monday)
        self.assertNotIn(self.agent, short)
        self.assertEqual(short[self.agent2], 1.5)
        self.env["cs.training"]._cron_tell_short()
        told = self.env["mail.message"].search(
            [("partner_ids", "in", self.supervisor.partner_id.ids)], limit=1
        )
        self.assertIn("desk_agent2", told.body)


@tagged("post_install", "-at_install")
class TestUndertaking(FitnessCase):
    def _mine(self, user):
        Undertaking = self.env["cs.undertaking"].with_user(user)
        return Undertaking.browse(Undertaking.action_open_mine()["res_id"])

    def test_signed_once_a_year(self):
        """000-48, 000-99, 003-10: drawn, with name and time; not changed after."""
        self.assertFalse(self.agent._has_undertaking())
        with self.assertRaisesRegex(UserError, "undertaking"):
            self.agent._check_undertaking()
        mine = self._mine(self.agent)
        self.assertEqual(self._mine(self.agent), mine)
        self.assertIn("保密", mine.body)
        with self.assertRaisesRegex(UserError, "Draw your signature"):
            mine.action_sign()
        mine.write({"signature": PIXEL, "signed_name": "张三"})
        mine.action_sign()
        self.assertFalse(mine.action_sign(), "a second press changes nothing")
        self.assertTrue(self.agent._has_undertaking())
        self.assertTrue(mine.signed_at)
        with self.assertRaises(UserError):
            mine.signed_name = "李四"
        with freeze_time(fields.Date.today() + timedelta(days=366)):
            self.assertFalse(self.agent._has_undertaking(), "next year again")

    def test_nobody_signs_for_others(self):
        """000-99, 003-10: neither a colleague nor a supervisor; no time by hand."""
        mine = self._mine(self.agent)
        for user in (self.agent2, self.supervisor):
            with self.assertRaises(AccessError):
                mine.with_user(user).write({"signature": PIXEL})
            with self.assertRaises(AccessError):
                mine.with_user(user).action_sign()
        with self.assertRaises(UserError):
            mine.with_user(self.agent).signed_at = fields.Datetime.now()
        self.assertTrue(mine.with_user(self.supervisor).has_access("read"))
        self.assertFalse(mine.with_user(self.agent2).has_access("read"))
