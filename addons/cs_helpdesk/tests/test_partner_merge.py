from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestPartnerMerge(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls.env["res.partner"].create(
            {
                "name": "Customer Two",
                "email": "customer@example.com",
                "archive_number": "KHX999998",
                "identity_number": "440106199001011234",
            }
        )
        cls._sign_undertaking(cls.agent)
        cls.ticket = cls._ticket("complaint", partner_id=cls.twin.id)
        cls.env.flush_all()

    def merge(self, partners, into, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard.with_user(user or self.supervisor)._merge(partners.ids, into)
        self.env.invalidate_all()

    def test_everything_moves(self):
        """000-05, 000-113: tickets, clocks, locked fields, logs and the number move."""
        clocks = self.ticket.clock_ids
        log = self.twin.with_user(self.agent)
        log.action_reveal("cs_phone", "回访")
        self.assertTrue(clocks)
        self.merge(self.customer + self.twin, self.customer)
        self.assertFalse(self.twin.exists())
        self.assertEqual(self.ticket.partner_id, self.customer)
        self.assertEqual(self.ticket.clock_ids, clocks)
        self.assertEqual(self.customer.archive_number, "KHX999998")
        self.assertEqual(
            self.customer.action_reveal("identity_number", "核实"), "440106199001011234"
        )
        logs = self.env["cs.reveal.log"].search([("user_id", "=", self.agent.id)])
        self.assertEqual(logs.res_id, self.customer.id)

    def test_numbers(self):
        """000-113: one number is kept, the other is told in the file."""
        self.customer.archive_number = "KHX999997"
        self.merge(self.customer + self.twin, self.customer)
        self.assertEqual(self.customer.archive_number, "KHX999997")
        self.assertIn("KHX999998", self.customer.message_ids[0].body)

    def test_portal_gains_nothing(self):
        """000-05: an account never sees what was the other file's."""
        account = new_test_user(self.env, "merge_portal", "base.group_portal")
        account.partner_id.email = "customer@example.com"
        for into in (account.partner_id, self.twin):
            with self.assertRaisesRegex(UserError, "portal account"):
                self.merge(account.partner_id + self.twin, into)
        self.assertFalse(self.ticket.with_user(account).has_access("read"))
        self.assertEqual(self.ticket.partner_id, self.twin)
        empty = self.env["res.partner"].create(
            {"name": "Nothing there", "email": "customer@example.com"}
        )
        self.merge(account.partner_id + empty, account.partner_id)
        self.assertFalse(empty.exists())

    def test_two_accounts(self):
        """000-05: two accounts cannot become one."""
        accounts = [
            new_test_user(self.env, f"merge_{n}", "base.group_portal") for n in (1, 2)
        ]
        partners = accounts[0].partner_id + accounts[1].partner_id
        partners.email = "customer@example.com"
        with self.assertRaises(UserError):
            self.merge(partners, partners[0])
