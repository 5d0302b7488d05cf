from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common_desk import DeskCase


class RequestCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = new_test_user(
            cls.env, "request_sales", "sales_team.group_sale_salesman"
        )
        cls.manager2 = cls._user("request_manager", "group_manager")
        cls.admin = cls._user("request_admin", "group_system_admin")

    def _request(self, user=None, **vals):
        values = {"name": "Spring campaign", "reason": "To call them", **vals}
        Request = self.env["cs.request"].with_user(user or self.sales)
        return Request.create(values)

    def _access(self, user=None, **vals):
        return self._request(
            user,
            **{
                "kind": "access",
                "scope": "partner",
                "partner_ids": [Command.link(self.customer.id)],
                "date_to": fields.Datetime.now() + timedelta(days=30),
                **vals,
            },
        )

    def _press(self, request, user):
        step = request.sudo().current_step_id.id
        pressing = request.with_user(user).with_context(cs_flow_step_id=step)
        return pressing.action_flow_finish()

    def _refuse(self, request, user, note):
        request.sudo().current_step_id.with_user(user)._send_back(note)


@tagged("post_install", "-at_install")
class TestAccess(RequestCase):
    def test_access_opens_files(self):
        """000-115, 003-06, G25: approved, salesmen see the customer's tickets and link
        one to an opportunity; at the end they see nothing."""
        ticket = self._ticket("inquiry")
        other = self._ticket(
            "inquiry", partner_id=self.env["res.partner"].create({"name": "Other"}).id
        )
        Ticket = self.env["helpdesk.ticket"].with_user(self.sales)
        mine = [("id", "in", (ticket | other).ids)]
        self.assertFalse(Ticket.search(mine))
        request = self._access()
        request.action_submit()
        self.assertTrue(self._press(request, self.supervisor))
        self.assertFalse(Ticket.search(mine))
        self.assertTrue(self._press(request, self.manager))
        self.assertEqual(request.outcome, "granted")
        self.assertEqual(Ticket.search(mine), ticket.with_user(self.sales))
        with self.assertRaises(AccessError):
            ticket.with_user(self.sales).write({"name": "x"})
        lead = self.env["crm.lead"].create(
            {"name": "Kitchen", "user_id": self.sales.id}
        )
        wizard = self.env["cs.opportunity.wizard"].with_user(self.sales)
        wizard.create({"ticket_id": ticket.id, "lead_id": lead.id}).action_apply()
        self.assertEqual(ticket.opportunity_id, lead)
        with self.assertRaises(AccessError):
            other.with_user(self.sales)._link_opportunity(lead.with_user(self.sales))
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.assertFalse(Ticket.search(mine))
            self.env["cs.access.grant"]._cron_expire()
        self.assertFalse(self.sales.has_group("cs_helpdesk.group_grant_reader"))
        self.assertTrue(request.grant_ids.closed_at)

    def test_class_and_ticket_scope(self):
        """000-115: a class of customers, or single tickets, may be asked for."""
        dealer = self.env["res.partner"].create(
            {"name": "Dealer", "customer_class": "dealer"}
        )
        ticket = self._ticket("inquiry", partner_id=dealer.id)
        single = self._ticket("inquiry")
        by_class = self._access(scope="class", customer_class="dealer")
        by_ticket = self._access(scope="ticket", ticket_numbers=single.number)
        Ticket = self.env["helpdesk.ticket"].with_user(self.sales)
        wanted = [("id", "in", (ticket | single).ids)]
        for request, seen in ((by_class, ticket), (by_ticket, ticket | single)):
            request.action_submit()
            self._press(request, self.supervisor)
            self._press(request, self.manager)
            self.assertEqual(Ticket.search(wanted).ids, seen.sorted().ids)

    def test_limits(self):
        """G25: at most 90 days, with a reason and a scope; frozen once handed in."""
        with self.assertRaisesRegex(UserError, "90 days"):
            self._access(
                date_to=fields.Datetime.now() + timedelta(days=91)
            ).action_submit()
        with self.assertRaisesRegex(UserError, "Reason"):
            self._access(reason=" ").action_submit()
        with self.assertRaisesRegex(UserError, "No ticket has the number X1"):
            self._access(scope="ticket", ticket_numbers="X1").action_submit()
        with self.assertRaisesRegex(UserError, "which customers"):
            self._access(partner_ids=False).action_submit()
        request = self._access()
        request.action_submit()
        request.action_submit()
        self.assertEqual(len(request.sudo().step_ids), 1)
        with self.assertRaisesRegex(UserError, "handed in"):
            request.date_to = fields.Datetime.now() + timedelta(days=80)
        with self.assertRaises(AccessError):
            request.write({"outcome": "granted"})
        with self.assertRaises(AccessError):
            self.env["cs.access.grant"].with_user(self.sales).create(
                {"request_id": request.id, "user_id": self.sales.id}
            )

    def test_nobody_grants_himself(self):
        """000-115, 003-22: neither the one who asked nor who receives it decides."""
        request = self._access(self.supervisor)
        request.action_submit()
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            self._press(request, self.supervisor)
        self._press(request, self.manager)
        with self.assertRaises(AccessError):
            self._access(self.agent, user_id=self.supervisor.id)
        shared = self._access(
            self.agent,
            kind="sharing",
            receiver_ids=[Command.set((self.supervisor | self.sales).ids)],
        )
        shared.action_submit()
        with self.assertRaisesRegex(UserError, "shared with you"):
            self._press(shared, self.supervisor)
        self._press(shared, self.manager)
        self.assertEqual(shared.sudo().grant_ids.user_id, self.supervisor | self.sales)

    def test_leaver(self):
        """000-115, G25: the day somebody leaves, his access and requests end."""
        request = self._access()
        request.action_submit()
        self._press(request, self.supervisor)
        self._press(request, self.manager)
        waiting = self._access()
        waiting.action_submit()
        self.assertEqual(request.grant_ids.state, "running")
        self.sales.active = False
        self.assertTrue(request.sudo().grant_ids.closed_at)
        self.assertEqual(waiting.sudo().flow_state, "cancelled")

    def test_refused(self):
        """003-22: a refusal bears its reason and opens nothing."""
        request = self._access()
        request.action_submit()
        self._refuse(request, self.supervisor, "Not needed")
        self.assertEqual(request.outcome, "refused")
        self.assertFalse(request.grant_ids)
        self.assertIn("Not needed", "".join(request.sudo().message_ids.mapped("body")))


@tagged("post_install", "-at_install")
class TestInstruction(RequestCase):
    def _instruction(self, **vals):
        return self._request(
            self.agent, kind="instruction", reason="May we send a new door?", **vals
        )

    def test_answered(self):
        """000-87: asked, answered in writing by the supervisor, told to the ticket."""
        ticket = self._ticket("complaint")
        request = self._instruction(ticket_id=ticket.id)
        request.action_submit()
        with self.assertRaisesRegex(UserError, "Write the instruction"):
            self._press(request, self.supervisor)
        with self.assertRaises(UserError):
            request.answer = "Yes, I may"
        request.with_user(self.supervisor).answer = "Yes, send it"
        self._press(request, self.supervisor)
        self.assertEqual(request.flow_state, "done")
        self.assertIn("Yes, send it", "".join(ticket.message_ids.mapped("body")))

    def test_next_level(self):
        """000-87, G18: unanswered for 4 hours it passes to the manager by the sweep."""
        request = self._instruction()
        request.action_submit()
        first = request.sudo().current_step_id
        self.assertEqual(first.limit_id.quantity, 4)
        with (
            freeze_time(first.deadline + timedelta(minutes=1)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("cs_helpdesk.cron_clock_sweep").method_direct_trigger()
            first.invalidate_recordset()
            second = request.sudo().current_step_id
        self.assertEqual(first.state, "escalated")
        self.assertEqual(first.clock_id.state, "late")
        self.assertEqual(second.group_id, self.env.ref("cs_helpdesk.group_manager"))
        self.assertGreater(second.deadline, first.deadline)
        with self.assertRaises(AccessError):
            self._press(request, self.supervisor)
        request.with_user(self.manager).answer = "Yes"
        self._press(request, self.manager)
        self.assertEqual(request.flow_state, "done")

    def test_by_word_of_mouth(self):
        """000-87, G18: what was said in an emergency is written within 24 hours by the
        one who said it."""
        said = fields.Datetime.now() - timedelta(hours=2)
        request = self._instruction(
            verbal=True,
            verbal_user_id=self.supervisor.id,
            verbal_at=said,
            verbal_answer="Send it",
        )
        request.action_submit()
        step = request.sudo().current_step_id
        self.assertEqual((step.code, step.user_id), ("written", self.supervisor))
        self.assertEqual(step.deadline, said + timedelta(hours=24))
        with self.assertRaises(AccessError):
            self._press(request, self.manager)
        request.with_user(self.supervisor).answer = "Send a new door"
        self._press(request, self.supervisor)
        self.assertEqual(request.flow_state, "done")


@tagged("post_install", "-at_install")
class TestExtraction(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner"].create(
            [{"name": f"Row {n}", "ref": "extract"} for n in range(101)]
        )
        cls.env["res.partner"].search([("ref", "=", "extract")], limit=5).street = "few"

    def _extraction(self, few=False, **vals):
        domain = [("ref", "=", "extract")] + ([("street", "=", "few")] if few else [])
        column = self.env.ref("cs_helpdesk.extraction_partner_name")
        return self._request(
            self.agent,
            **{
                "kind": "extraction",
                "data_model": "res.partner",
                "filter_domain": str(domain),
                "column_ids": [Command.link(column.id)],
                "file_reader_ids": [Command.link(self.agent.id)],
                "destroy_by": fields.Date.today() + timedelta(days=10),
                **vals,
            },
        )

    def _groups(self, request):
        """Who has to approve, in order."""
        codes = []
        while request.sudo().flow_state == "running":
            step = request.sudo().current_step_id
            codes.append(step.code)
            user = {
                "supervisor": self.supervisor,
                "manager": self.manager,
                "administrator": self.admin,
            }[step.code]
            self._press(request, user)
        return codes

    def test_approvers_by_size(self):
        """000-116, G26: 100 rows masked the supervisor, more the manager, over 1,000
        unmasked the administrator too; the count is frozen."""
        small = self._extraction(few=True)
        small.action_submit()
        self.assertEqual(small.row_count, 5)
        self.assertEqual(self._groups(small), ["supervisor"])
        many = self._extraction()
        many.action_submit()
        self.assertEqual(self._groups(many), ["manager"])
        plain = self._extraction(few=True, masked=False)
        plain.action_submit()
        self.assertEqual(self._groups(plain), ["manager"])
        huge = self._extraction(masked=False)
        huge.action_submit()
        huge.sudo().row_count = 1001
        self.assertEqual(self._groups(huge), ["manager", "administrator"])
        self.env["res.partner"].create({"name": "One more", "ref": "extract"})
        self.assertEqual(many.row_count, 101)
        with self.assertRaises(AccessError):
            many.row_count = 1

    def test_refusals(self):
        """000-116: bad filters, columns, dates and readers get one sentence each."""
        today = fields.Date.today()
        for vals, words in (
            ({"filter_domain": "[('nothing', '=', 1)]"}, "filter cannot be used"),
            ({"filter_domain": "__import__('os')"}, "filter cannot be used"),
            ({"filter_domain": "[('ref', '=', 'no such')]"}, "Nothing fits"),
            ({"destroy_by": today + timedelta(days=31)}, "within 30 days"),
            ({"column_ids": False}, "which columns"),
            ({"file_reader_ids": False}, "who gets to know"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._extraction(**vals).action_submit()
        request = self._extraction(few=True)
        request.action_submit()
        with self.assertRaisesRegex(UserError, "handed in"):
            request.filter_domain = "[]"
