import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestProvider(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = cls._user("desk_provider", "group_provider_agent")
        cls.team.user_ids += cls.outside
        today = fields.Date.today()
        cls.provider = cls.env["cs.provider"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create({"name": "Call House", "is_company": True})
                .id,
                "type_ids": cls.env.ref("cs_helpdesk.type_inquiry").ids,
                "date_from": today,
                "date_to": today + timedelta(days=300),
                "nda_signed_on": today,
                "nda_file": base64.b64encode(b"signed"),
                "responsible_id": cls.supervisor.id,
                "agent_ids": [
                    Command.create(
                        {
                            "user_id": cls.outside.id,
                            "language": True,
                            "knowledge": True,
                            "attitude": True,
                        }
                    )
                ],
            }
        )
        cls.inquiry = cls._ticket("inquiry", user_id=False)
        cls.query = cls._ticket("query", user_id=False)
        for ticket in cls.inquiry + cls.query:
            ticket.user_id = False

    def _sees(self):
        Ticket = self.env["helpdesk.ticket"].with_user(self.outside)
        return Ticket.search([("id", "in", (self.inquiry + self.query).ids)])

    def test_within_the_contract(self):
        """002-01, 002-05, 002-02: only its types, its time, signed, and fit people"""
        self.assertEqual(self._sees(), self.inquiry, "002-01")
        self.assertFalse(self.query.with_user(self.outside).has_access("read"))
        self.provider.write({"nda_signed_on": False})
        self.assertFalse(self._sees(), "002-05: no secrecy, no tickets")
        self.provider.nda_signed_on = fields.Date.today()
        self.provider.agent_ids.attitude = False
        self.assertFalse(self._sees(), "002-02: not fit")
        self.provider.agent_ids.attitude = True
        self.provider.write({"date_from": "2020-01-01", "date_to": "2020-12-31"})
        self.assertFalse(self._sees(), "the contract has ended")

    def test_not_assigned_outside_the_scope(self):
        """002-01: a ticket of another kind cannot be given to its people"""
        self.inquiry.with_user(self.supervisor).user_id = self.outside
        with self.assertRaises(ValidationError) as refusal:
            self.query.with_user(self.supervisor).user_id = self.outside
        self.assertIn("desk_provider", str(refusal.exception))
        with self.assertRaises(ValidationError):
            self.inquiry.with_user(self.supervisor).type_id = self.query.type_id

    def test_agreement_is_kept(self):
        """002-05: a date alone is no signature"""
        with self.assertRaises(ValidationError):
            self.provider.nda_file = False

    def test_issue_from_report_to_feedback(self):
        """002-04, 002-07: reported by its people, solved by ours, fed back to them"""
        Issue = self.env["cs.provider.issue"]
        issue = Issue.with_user(self.outside).create(
            {
                "name": "Lines down",
                "kind": "escalation",
                "description": "No calls since 9:00",
                "provider_id": self.provider.id,
            }
        )
        self.assertEqual(issue.activity_ids.user_id, self.supervisor, "002-04")
        with self.assertRaises(AccessError):
            issue.action_solve()
        ours = issue.with_user(self.supervisor)
        with self.assertRaises(ValidationError):
            ours.action_solve()
        ours.solution = "Switched to the other line"
        for _press in range(2):
            ours.action_solve()
            ours.action_feed_back()
        self.assertEqual(issue.state, "fed_back")
        told = (
            self.env["mail.message"]
            .search([("model", "=", Issue._name), ("res_id", "=", issue.id)])
            .filtered(lambda m: self.outside.partner_id in m.notified_partner_ids)
        )
        self.assertEqual(len(told), 1, "002-07: once, however often it is pressed")
        other = self._user("desk_provider2", "group_provider_agent")
        self.assertFalse(issue.with_user(other).has_access("read"))

    def test_end_of_the_contract(self):
        """002-08: warned of 60 days before, once"""
        self.provider._cron_warn_ending()
        self.assertFalse(self.provider.activity_ids)
        self.provider.date_to = fields.Date.today() + timedelta(days=59)
        self.provider._cron_warn_ending()
        self.provider._cron_warn_ending()
        self.assertEqual(self.provider.activity_ids.user_id, self.supervisor)
        self.assertEqual(self.provider.state, "ending")
        self.assertEqual(len(self.provider.activity_ids), 1)

    def test_services_by_name(self):
        """002-23, 002-26: what is handed out is named in the contract"""
        kinds = self.env["cs.service.kind"].search([])
        by_process = kinds.grouped("process")
        self.assertGreaterEqual(len(by_process["service"]), 5, "002-23")
        self.assertGreaterEqual(len(by_process["support"]), 4, "002-26")
        self.provider.service_kind_ids = by_process["support"]
        self.assertTrue(self.provider.with_user(self.supervisor).service_kind_ids)
