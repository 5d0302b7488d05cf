from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestProvider(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outside = cls._user("desk_outside", "group_provider_agent")
        cls.team.user_ids += cls.outside
        today = fields.Date.today()
        cls.contract = cls.env["cs.provider"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Callers"}).id,
                "date_from": today - timedelta(days=10),
                "date_to": today + timedelta(days=10),
                "type_ids": [Command.set(cls.env.ref("cs_helpdesk.type_query").ids)],
                "user_ids": [Command.link(cls.outside.id)],
                "nda_date": today,
                "state": "open",
            }
        )
        cls.inside = cls._ticket("query", user_id=cls.outside.id)
        cls.foreign = cls._ticket("complaint", user_id=False)
        cls.waiting = cls._ticket("query", user_id=False)

    def seen(self):
        self.env.flush_all()
        self.env.invalidate_all()
        tickets = self.env["helpdesk.ticket"].with_user(self.outside)
        return tickets.search(
            [("id", "in", (self.inside + self.foreign + self.waiting).ids)]
        )

    def test_scope(self):
        """002-01: a provider's people see and get what the contract names."""
        self.assertEqual(self.seen(), self.waiting + self.inside)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.outside).read(["name"])
        with self.assertRaisesRegex(UserError, "outside the scope"):
            self.foreign.user_id = self.outside
        with self.assertRaisesRegex(UserError, "outside the scope"):
            self.inside.type_id = self.env.ref("cs_helpdesk.type_complaint")

    def test_agreement_and_dates(self):
        """002-05: no agreement or no running contract, no ticket; from that moment."""
        for vals in (
            {"nda_date": False},
            {"date_to": fields.Date.today() - timedelta(days=1)},
            {"date_from": fields.Date.today() + timedelta(days=1)},
            {"state": "ended"},
            {"state": "draft"},
            {"user_ids": [Command.unlink(self.outside.id)]},
        ):
            before = {name: self.contract[name] for name in vals}
            with self.subTest(vals=vals):
                self.contract.write(vals)
                self.assertFalse(self.seen())
            restore = {n: v if n != "user_ids" else v.ids for n, v in before.items()}
            if "user_ids" in restore:
                restore["user_ids"] = [Command.set(restore["user_ids"])]
            self.contract.write(restore)
        self.assertEqual(len(self.seen()), 2)
        self.contract.nda_date = False
        with self.assertRaisesRegex(UserError, "confidentiality agreement"):
            self.waiting.user_id = self.outside

    def test_on_boarding(self):
        """002-02, 002-04, 002-05: work begins when every gate is passed."""
        contract = self.contract
        contract.write({"state": "draft", "nda_date": False})
        contract = contract.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "buttons"):
            contract.state = "open"
        with self.assertRaises(UserError) as caught:
            contract.action_open()
        for words in ("agreement on secrecy", "named contact", "check is not passed"):
            self.assertIn(words, str(caught.exception))
        contract.write(
            {
                "nda_date": fields.Date.today(),
                "nda_file": "YQ==",
                "contact_ids": [Command.set(self.customer.ids)],
            }
        )
        contract.action_check()
        contract.action_check()
        self.assertEqual(
            (contract.run_id.res_model, contract.run_id.res_id),
            ("cs.provider", contract.id),
        )
        contract.run_id.sudo().passed = True
        contract.action_open()
        contract.action_open()
        self.assertEqual(contract.state, "open")
        with self.assertRaises(AccessError):
            contract.with_user(self.supervisor).action_end()

    def test_issue(self):
        """002-07: reported by the provider, solved by us, confirmed by him."""
        Issue = self.env["cs.provider.issue"].with_user(self.outside)
        issue = Issue.create(
            {"name": "No access", "description": "x", "ticket_id": self.inside.id}
        )
        self.assertEqual(issue.provider_id, self.contract)
        self.assertTrue(issue.sudo().activity_ids)
        with self.assertRaises(UserError):
            issue.action_confirm()
        with self.assertRaises(AccessError):
            issue.action_solve()
        ours = issue.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Write down the solution"):
            ours.action_solve()
        ours.solution = "Opened"
        ours.action_solve()
        issue.action_confirm()
        self.assertEqual(issue.state, "done")
        self.assertTrue(issue.confirmed_at)
        other = self.contract.sudo().copy(
            {
                "partner_id": self.customer.id,
                "date_from": "2020-01-01",
                "date_to": "2030-01-01",
            }
        )
        foreign = self.env["cs.provider.issue"].create(
            {"name": "Not yours", "description": "x", "provider_id": other.id}
        )
        self.assertFalse(foreign.with_user(self.outside).has_access("read"))
        self.assertFalse(other.with_user(self.outside).has_access("read"))

    def test_masked(self):
        """002-05: customers' numbers stay masked, a reveal is logged."""
        self._sign_undertaking(self.outside)
        ticket = self.inside.with_user(self.outside)
        self.assertEqual(ticket.cs_phone, "138****5678")
        self.assertEqual(ticket.action_reveal("cs_phone", "回电"), "13812345678")
        log = self.env["cs.reveal.log"].search([("user_id", "=", self.outside.id)])
        self.assertEqual(log.res_id, ticket.id)

    def test_catalogue(self):
        """002-23, 002-26: the kinds of service of a contract, as the documents list."""
        codes = set(self.env["cs.service.kind"].search([]).mapped("code"))
        self.assertLessEqual(
            {"invoice", "account", "dispatch", "schedule", "information"}, codes
        )
        self.assertLessEqual(
            {"phone_support", "self_help", "technician", "vendor"}, codes
        )
