from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestSurvey(DeskCase):
    def _answered(self, code, **who):
        survey = self.env.ref(f"cs_helpdesk.survey_{code}")
        sheet = survey._create_answer(**who)
        question = survey.question_ids[0]
        if question.question_type == "scale":
            sheet._save_lines(question, 5)
        else:
            sheet._save_lines(question, [question.suggested_answer_ids[0].id])
        sheet._mark_done()
        return sheet

    def test_templates(self):
        """000-09, 000-23, 000-45: demand, habits and satisfaction can be asked."""
        for code, question in (
            ("demand", "APP"),
            ("habit", "清洁保养"),
            ("satisfaction", "满意程度"),
        ):
            survey = self.env.ref(f"cs_helpdesk.survey_{code}")
            self.assertEqual(survey.cs_kind, code)
            titles = "".join(survey.question_ids.mapped("title"))
            self.assertIn(question, titles)
            survey.check_validity()

    def test_answers_are_filed(self):
        """000-23, 000-21: an answer belongs to the customer, by person or address."""
        self.assertEqual(
            self._answered("habit", partner=self.customer).partner_id, self.customer
        )
        by_mail = self._answered("demand", email="Customer@Example.com")
        self.assertEqual(by_mail.partner_id, self.customer)
        stranger = self._answered("demand", email="nobody@example.com")
        self.assertFalse(stranger.partner_id)
        twin = self.customer.copy({"email": "customer@example.com"})
        doubtful = self._answered("demand", email="customer@example.com")
        self.assertFalse(doubtful.partner_id, f"could be {twin.name} as well")

    def test_evaluation(self):
        """000-45: content, credibility, use value, conclusion; submitted upwards."""
        self._answered("satisfaction", partner=self.customer)
        survey = self.env.ref("cs_helpdesk.survey_satisfaction")
        Evaluation = self.env["cs.survey.evaluation"]
        with self.assertRaises(AccessError):
            Evaluation.with_user(self.agent).create({"survey_id": survey.id})
        mine = Evaluation.with_user(self.supervisor).create(
            {"survey_id": survey.id, "content": "80 份", "state": "noted"}
        )
        self.assertEqual((mine.state, mine.answer_count), ("draft", 1))
        with self.assertRaisesRegex(UserError, "Fill in"):
            mine.action_submit()
        mine.write(
            {"credibility": "high", "use_value": "medium", "conclusion": "加强安装"}
        )
        mine.action_submit()
        self.assertFalse(mine.action_submit(), "a second press changes nothing")
        self.assertIn(self.manager, mine.sudo().activity_ids.user_id)
        with self.assertRaises(UserError):
            mine.conclusion = "Other"
        with self.assertRaises(UserError):
            mine.action_note()
        mine.with_user(self.manager).action_note()
        self.assertEqual(mine.noted_by_id, self.manager)

    def test_agents_see_no_answers(self):
        """000-45: answers and exam papers are closed to agents."""
        for model in ("survey.user_input", "survey.question.answer", "survey.survey"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).search([])
