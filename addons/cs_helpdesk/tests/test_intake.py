from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestIntake(DeskCase):
    """What people bring to the desk, from the first word to the end of the matter."""

    def _finish(self, ticket, *, satisfied=True):
        agent = ticket.with_user(self.agent)
        agent.plan = "Adjust the hinge"
        while ticket.stage_role not in ("execution", "done"):
            agent.action_accept()
            agent.action_next_stage()
        channel = self.env.ref("cs_helpdesk.channel_phone_400")
        agent._tell_customer("contact", "Adjusted", channel=channel, note="Told")

    def test_kinds_of_matters(self):
        """000-27, 004-05: inquiries, queries, and what the second line has to know."""
        inquiry, query = self._ticket("inquiry"), self._ticket("query")
        kinds = {
            ticket: set(ticket.clock_ids.mapped("limit_id.name"))
            for ticket in (inquiry, query)
        }
        self.assertTrue(any("Inquiry" in name for name in kinds[inquiry]), "000-27")
        self.assertNotEqual(kinds[inquiry], kinds[query])
        wizard = self.env["cs.ticket.transfer.wizard"].with_user(self.agent)
        asked = wizard.create(
            {
                "ticket_id": inquiry.id,
                "kind": "second_line",
                "reason": "Hard to tell",
                "promised_at": "2099-01-01 02:00:00",
            }
        )
        with self.assertRaisesRegex(UserError, "check the year"):
            asked.action_apply()
        asked.promised_at = fields.Datetime.now() + timedelta(hours=4)
        asked.action_apply()
        self.assertTrue(inquiry.second_line_transfer_id, "004-05: a difficult one")

    def test_complaint_to_its_settlement(self):
        """000-24, 000-43: accepted, settled, and a supervisor hears what came of it."""
        ticket = self._ticket("complaint", user_id=self.agent.id)
        ticket.with_user(self.supervisor)._urge("supervise", "leader", "Be quick")
        self.assertTrue(ticket.supervised, "000-43: the supervisor supervises it")
        self._finish(ticket)
        self.assertTrue(ticket.told_at, "000-24: the complainant has his answer")
        told = (
            self.env["mail.message"]
            .search([("res_id", "=", ticket.id), ("model", "=", ticket._name)])
            .filtered(
                lambda m: self.supervisor.partner_id in m.notified_partner_ids
                and "Result of a supervised" in (m.subject or "")
            )
        )
        self.assertTrue(told, "000-43: the result is fed back")

    def test_complete_and_clear(self):
        """003-12: no handling of a ticket whose facts are missing."""
        ticket = self._ticket("query", partner_id=False)
        with self.assertRaises(ValidationError):
            ticket.with_user(self.agent).action_accept()
        self.assertEqual(ticket.stage_role, "intake")

    def test_app_and_devices(self):
        """000-21: the app and the devices are served like furniture."""
        ticket = self._ticket(
            "problem", category_id=self.env.ref("cs_helpdesk.category_app").id
        )
        self.assertIn(ticket.category_id, ticket.category_id.search([]))
        self.assertIn("solution", ticket.clock_ids.mapped("kind"))
