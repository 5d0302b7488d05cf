from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .article_common import ArticleCase


@tagged("post_install", "-at_install")
class TestGap(ArticleCase):
    def _ask(self, text="<p>新款岩板餐桌能放火锅吗</p>", ticket=None):
        Gap = self.env["cs.knowledge.gap"].with_user(self.agent)
        return Gap.browse(Gap.action_ask(text, ticket and ticket.id))

    def test_one_click(self):
        """003-42: a question without an answer has an owner and a clock at once."""
        ticket = self._ticket(user_id=self.agent.id)
        gap = self._ask(ticket=ticket)
        self.assertEqual(gap.user_id, self.supervisor)
        self.assertEqual(gap.ticket_id, ticket)
        self.assertEqual(gap.asked_by_id, self.agent)
        self.assertEqual(gap.clock_state, "running")
        self.assertTrue(gap.next_deadline)
        clock = gap.sudo().clock_ids
        self.assertEqual((clock.kind, clock.user_id), ("gap", self.supervisor))
        self.assertIn(self.supervisor, gap.sudo().activity_ids.user_id)
        self.assertEqual(self._ask(ticket=ticket), gap, "asked twice, one question")

    def test_answer_becomes_an_article(self):
        """003-42: answered, the clock stops, the asker is told, a draft is there."""
        gap = self._ask()
        theirs = gap.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Write the answer first"):
            theirs.action_answer()
        theirs.answer = "<p>可以，但要垫隔热垫</p><script>x</script>"
        theirs.action_answer()
        self.assertFalse(theirs.action_answer(), "a second press changes nothing")
        self.assertEqual(gap.sudo().clock_ids.state, "met")
        article = gap.sudo().article_id
        self.assertEqual(article.state, "draft")
        self.assertEqual(article.author_id, self.supervisor)
        self.assertIn("隔热垫", article.steps)
        self.assertNotIn("script", article.steps)
        told = gap.sudo().message_ids.filtered("partner_ids")
        self.assertIn(self.agent.partner_id, told.partner_ids)

    def test_who_answers(self):
        """003-42: the department asked answers, not the asker nor a stranger."""
        gap = self._ask()
        gap.with_user(self.supervisor).write(
            {
                "user_id": False,
                "group_id": self.env.ref("cs_helpdesk.group_second_line").id,
                "answer": "<p>Yes</p>",
            }
        )
        with self.assertRaises(AccessError):
            gap.with_user(self.agent).action_answer()
        with self.assertRaises(AccessError):
            gap.with_user(self.agent2).action_answer()
        gap.with_user(self.second).action_answer()
        self.assertEqual(gap.sudo().state, "answered")
        self.assertEqual(gap.sudo().answered_by_id, self.second)

    def test_guarded(self):
        """003-42: state and asker are set by the steps alone; closing tells."""
        with self.assertRaisesRegex(UserError, "Write the question first"):
            self._ask("<p></p>")
        gap = self._ask()
        with self.assertRaises(UserError):
            gap.with_user(self.agent).state = "closed"
        with self.assertRaises(UserError):
            self.env["cs.knowledge.gap"].with_user(self.agent).create(
                {
                    "name": "x",
                    "user_id": self.supervisor.id,
                    "asked_by_id": self.agent2.id,
                }
            )
        gap.with_user(self.supervisor).action_close()
        self.assertEqual(gap.sudo().clock_ids.state, "cancelled")
