from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestSuggestion(DeskCase):
    def _finish(self, record, user):
        step = record.sudo().current_step_id.id
        record.with_user(user).with_context(cs_flow_step_id=step).action_flow_finish()

    def _send_back(self, record, user, note):
        wizard = record.with_user(user).action_flow_send_back()
        wizard = (
            self.env["cs.flow.wizard"]
            .with_user(user)
            .with_context(**wizard["context"])
            .create({"note": note})
        )
        wizard.action_apply()

    def test_whole_way(self):
        """000-25, 000-57: an agent's idea is reviewed, evaluated, put into practice."""
        Suggestion = self.env["cs.suggestion"].with_user(self.agent)
        idea = Suggestion.create({"name": "Longer screws", "kind": "process"})
        self.assertEqual(idea.current_step_id.code, "review")
        self.assertEqual(idea.source, "staff")
        with self.assertRaises(AccessError):
            idea.review = "I like it"
        mine = idea.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Review"):
            self._finish(idea, self.supervisor)
        mine.review = "Sensible"
        self._finish(idea, self.supervisor)
        self.assertEqual(idea.current_step_id.code, "evaluate")
        above = idea.with_user(self.manager)
        above.write(
            {"evaluation": "Cheap", "benefit": "high", "responsible_id": self.agent2.id}
        )
        self._finish(idea, self.manager)
        self.assertEqual(idea.sudo().current_step_id.user_id, self.agent2)
        does = idea.with_user(self.agent2)
        with self.assertRaisesRegex(UserError, "what was changed"):
            self._finish(idea, self.agent2)
        does.result = "Screws of 40 mm since May"
        self._finish(idea, self.agent2)
        self.assertEqual((idea.flow_state, idea.outcome), ("done", "adopted"))
        told = idea.sudo().message_ids.filtered(
            lambda m: self.agent.partner_id in m.notified_partner_ids
        )
        self.assertTrue(told)

    def test_refused(self):
        """000-25: what is not adopted says why, and its giver hears of it."""
        idea = (
            self.env["cs.suggestion"]
            .with_user(self.agent)
            .create({"name": "Free coffee"})
        )
        self._send_back(idea, self.supervisor, "No budget")
        self.assertEqual((idea.flow_state, idea.outcome), ("cancelled", "refused"))
        self.assertIn("No budget", "".join(idea.sudo().message_ids.mapped("body")))

    def test_from_ticket(self):
        """001-40: one click makes a product opinion of a ticket a suggestion, once."""
        ticket = self._ticket("inquiry", name="Handles should be softer")
        action = ticket.with_user(self.agent).action_make_suggestion()
        again = ticket.with_user(self.agent).action_make_suggestion()
        self.assertEqual(action["res_id"], again["res_id"])
        idea = self.env["cs.suggestion"].browse(action["res_id"])
        self.assertEqual(idea.name, "Handles should be softer")
        self.assertEqual((idea.source, idea.kind), ("customer", "product"))
        self.assertEqual(idea.partner_id, self.customer)
        self.assertEqual(idea.current_step_id.code, "review")
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger).action_make_suggestion()

    def test_not_in_anothers_name(self):
        """000-57: nobody puts a suggestion in for somebody else to approve it."""
        with self.assertRaisesRegex(AccessError, "his own"):
            self.env["cs.suggestion"].with_user(self.supervisor).create(
                {"name": "Mine", "user_id": self.agent.id}
            )
        mine = (
            self.env["cs.suggestion"]
            .with_user(self.supervisor)
            .create({"name": "Mine"})
        )
        with self.assertRaises(AccessError):
            mine.user_id = self.agent
