from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestHandUp(DeskCase):
    def _press(self, ticket, user, reason="Beyond me"):
        wizard = self.env["cs.ticket.transfer.wizard"].with_user(user)
        wizard.create(
            {"ticket_id": ticket.id, "kind": "escalate", "reason": reason}
        ).action_apply()

    def test_chain(self):
        """000-66: agent to supervisor to manager to leader; each is told, once"""
        ticket = self._ticket(kind="inquiry", user_id=self.agent.id)
        self._press(ticket, self.agent)
        self._press(ticket, self.agent)
        self.assertEqual(ticket.user_id, self.supervisor)
        self.assertEqual(ticket.lead_id, self.supervisor)
        self.assertEqual(ticket.activity_ids.user_id, self.supervisor)
        self.assertEqual(ticket.transfer_ids.mapped("kind"), ["escalate"])
        self.assertFalse(ticket.transfer_count)
        self.assertEqual(ticket.first_asked_id, self.agent)
        self._press(ticket, self.supervisor)
        self.assertEqual(ticket.lead_id, self.manager)
        self._press(ticket, self.manager)
        self.assertEqual(ticket.lead_id, self.leader)
        self.assertEqual(ticket.user_id, self.manager)  # the leader is not of the team

    def test_refused(self):
        """000-66: without a reason, or with nobody above, it stays where it is"""
        ticket = self._ticket(user_id=self.agent.id)
        with self.assertRaises(ValidationError):
            self._press(ticket, self.agent, reason=" ")
        with self.assertRaises(UserError):
            self._press(ticket, self.leader)
        self.assertEqual(ticket.user_id, self.agent)
