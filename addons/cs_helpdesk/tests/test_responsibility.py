from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestFirstAsked(DeskCase):
    def test_creating_agent_004_93(self):
        """004-93: the agent who takes a ticket in is asked first, for life"""
        ticket = self._ticket(user_id=self.agent2.id)
        self.assertEqual(ticket.first_asked_id, self.agent)
        ticket.with_user(self.supervisor).user_id = self.supervisor
        self._commit()
        self.assertEqual(ticket.first_asked_id, self.agent)
        self.assertNotEqual(ticket.copy().first_asked_id, self.agent)

    def test_first_assigned(self):
        """004-93: what nobody took in belongs to the first one it is given to"""
        ticket = self._ticket(user=self.env.user)
        self.assertFalse(ticket.first_asked_id)
        for user in (self.agent2, self.agent, self.env["res.users"], self.supervisor):
            ticket.user_id = user
            self._commit()
            self.assertEqual(ticket.first_asked_id, self.agent2)

    def test_never_changed_by_hand(self):
        """004-93: not even over RPC; a manager corrects it with a reason"""
        ticket = self._ticket()
        for user in (self.agent, self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                ticket.with_user(user).first_asked_id = self.agent2
            with self.assertRaises(AccessError):
                self._ticket(user=user, first_asked_id=self.agent2.id)
        wizard = self.env["cs.ticket.transfer.wizard"]
        values = {
            "ticket_id": ticket.id,
            "kind": "first_asked",
            "user_id": self.agent2.id,
            "reason": "Typed in for a colleague",
        }
        with self.assertRaises(AccessError):
            wizard.with_user(self.supervisor).create(values).action_apply()
        with self.assertRaises(ValidationError):
            wizard.with_user(self.manager).create(
                dict(values, reason="")
            ).action_apply()
        correct = wizard.with_user(self.manager).create(values)
        correct.action_apply()
        correct.action_apply()
        self.assertEqual(ticket.first_asked_id, self.agent2)
        self.assertEqual(len(ticket.transfer_ids), 1)
        self.assertEqual(ticket.transfer_ids.reason, "Typed in for a colleague")
        self.assertEqual(ticket.transfer_count, 0)

    def test_co_owner_until_answered(self):
        """004-93: co-owner after a transfer until the customer is answered (N26)"""
        ticket = self._ticket(user_id=self.agent.id)
        self.assertFalse(ticket.co_owner_id)
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Other", "service_desk": True, "user_ids": [(4, self.second.id)]}
        )
        ticket.with_user(self.agent)._transfer(other, self.second, "Technical")
        self.assertEqual(ticket.co_owner_id, self.agent)
        domain = [("co_owner_id", "=", self.agent.id)]
        self.assertIn(ticket, ticket.search(domain))
        mine = ticket.with_user(self.agent)
        mine.message_unsubscribe(self.agent.partner_id.ids)
        self.env.invalidate_all()
        mine.name = "Still mine to write"
        ticket.plan = "Plan"
        ticket.with_user(self.second)._tell_customer("message", "Done")
        self.assertFalse(ticket.co_owner_id)
        self.env.invalidate_all()
        self.assertEqual(mine.name, "Still mine to write")
        with self.assertRaises(AccessError):
            mine.name = "No more"


@tagged("post_install", "-at_install")
class TestTransfer(DeskCase):
    def _hand(self, ticket, user, team=False, **vals):
        return (
            self.env["cs.ticket.transfer.wizard"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": ticket.id,
                    "team_id": (team or self.team).id,
                    "user_id": user.id,
                    "reason": "Knows the product",
                    **vals,
                }
            )
        )

    def test_wizard(self):
        """003-31, 004-93: a transfer has a reason and is logged once"""
        ticket = self._ticket(user_id=self.agent.id)
        self._commit()
        with self.assertRaises(ValidationError):
            self._hand(ticket, self.agent2, reason=" ").action_apply()
        with self.assertRaisesRegex(ValidationError, "not a member"):
            self._hand(ticket, self.second).action_apply()
        wizard = self._hand(ticket, self.agent2)
        wizard.action_apply()
        wizard.action_apply()
        self._commit()
        self.assertEqual(ticket.user_id, self.agent2)
        self.assertRecordValues(
            ticket.transfer_ids,
            [
                {
                    "kind": "transfer",
                    "from_user_id": self.agent.id,
                    "to_user_id": self.agent2.id,
                    "by_id": self.agent.id,
                    "reason": "Knows the product",
                }
            ],
        )
        self.assertEqual(ticket.transfer_count, 1)

    def test_outside_the_wizard(self):
        """003-31: reassigning by write or by compute counts as well (N26)"""
        ticket = self._ticket()
        self._commit()
        ticket.with_user(self.supervisor).user_id = self.agent
        self._commit()
        self.assertFalse(ticket.transfer_ids, "the first assignment is none")
        ticket.with_user(self.supervisor).user_id = self.agent2
        ticket.with_user(self.supervisor).user_id = self.supervisor
        self._commit()
        self.assertEqual(ticket.transfer_count, 1, "one commit, one transfer")
        self.assertEqual(ticket.transfer_ids.by_id, self.supervisor)
        self.assertEqual(ticket.transfer_ids.from_user_id, self.agent)
        other = self.env["helpdesk.ticket.team"].create(
            {"name": "Other", "service_desk": True}
        )
        ticket.team_id = other
        self._commit()
        self.assertFalse(ticket.user_id, "taken away by a compute")
        self.assertEqual(ticket.transfer_count, 2)
        last = ticket.transfer_ids.sorted("id")[-1]
        self.assertEqual(last.from_user_id, self.supervisor)
        ticket.write({"team_id": self.team.id})
        ticket.write({"team_id": other.id})
        self._commit()
        self.assertEqual(ticket.transfer_count, 2, "there and back is nothing")

    def test_bounced(self):
        """004-93: three transfers and the manager sees it (N26)"""
        ticket = self._ticket(user_id=self.agent.id)
        self._commit()
        for count, user in enumerate((self.agent2, self.supervisor, self.manager)):
            self.assertFalse(ticket.bounced, count)
            ticket.user_id = user
            self._commit()
        self.assertTrue(ticket.bounced)
        found = ticket.with_user(self.manager).search([("bounced", "=", True)])
        self.assertIn(ticket, found)

    def test_append_only(self):
        """003-33: nobody writes or deletes the log, nor reads others' over RPC"""
        ticket = self._ticket(user_id=self.agent.id)
        ticket.with_user(self.agent)._urge("urge", "customer")
        self._hand(ticket, self.agent2).action_apply()
        for rows in (ticket.transfer_ids, ticket.urge_ids):
            for user in (self.agent, self.supervisor, self.manager):
                own = rows.with_user(user)
                self.assertTrue(own.read(["kind"]))
                with self.assertRaises(AccessError):
                    own.write({"kind": "urge"})
                with self.assertRaises(AccessError):
                    own.unlink()
                with self.assertRaises(AccessError):
                    own.copy()
            for user in (self.second, self.stranger, self.portal):
                with self.assertRaises(AccessError):
                    rows.with_user(user).read(["kind"])
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write(
                {"transfer_ids": [(5, 0, 0)], "name": "x"}
            )

    def test_strangers_refused(self):
        """003-31: who may not write on the ticket hands nothing over"""
        ticket = self._ticket(user_id=self.agent.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger)._transfer(self.team, self.agent2, "x")
        with self.assertRaises(AccessError):
            self.env["cs.ticket.transfer.wizard"].with_user(self.stranger).create(
                {"ticket_id": ticket.id}
            )
        wizard = self.env["cs.ticket.transfer.wizard"].with_user(self.second)
        with self.assertRaises(AccessError):
            wizard.create(
                {"ticket_id": ticket.id, "user_id": self.agent2.id, "reason": "x"}
            ).action_apply()

    def test_foreign_company(self):
        """003-31: another company's log stays its own"""
        company = self.env["res.company"].create({"name": "Foreign"})
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "F", "service_desk": True, "company_id": company.id}
        )
        ticket = self._ticket(
            user=self.env.user, team_id=team.id, company_id=company.id
        )
        ticket._urge("urge", "customer")
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager)._urge("supervise", "leader")
        with self.assertRaises(AccessError):
            ticket.urge_ids.with_user(self.manager).read(["kind"])


@tagged("post_install", "-at_install")
class TestSecondLine(DeskCase):
    def setUp(self):
        super().setUp()
        self.line = self.env.ref("cs_helpdesk.team_second_line")
        self.line.user_ids += self.second
        self.ticket = self._ticket("problem", user_id=self.agent.id)
        self._commit()
        self.promised = fields.Datetime.now() + timedelta(hours=3)

    def _ask(self, **vals):
        form = Form(
            self.env["cs.ticket.transfer.wizard"]
            .with_user(self.agent)
            .with_context(default_ticket_id=self.ticket.id, default_kind="second_line")
        )
        for name, value in {"promised_at": self.promised, **vals}.items():
            form[name] = value
        return form.save()

    def test_round_trip_004_08(self):
        """004-08: time, content, contact recorded, reply time mandatory, then back"""
        wizard = self._ask()
        self.assertEqual(wizard.contact, "13812345678")
        self.assertIn("does not close", wizard.content)
        wizard.action_apply()
        wizard.action_apply()
        row = self.ticket.transfer_ids
        self.assertEqual(len(row), 1)
        self.assertEqual(row.promised_at, self.promised)
        self.assertEqual(row.call_at, self.ticket.received_date)
        self.assertEqual(self.ticket.team_id, self.line)
        self.assertEqual(self.ticket.second_line_due, self.promised)
        self.assertEqual(self.ticket.co_owner_id, self.agent)
        own = self.ticket.with_user(self.second)
        with self.assertRaises(ValidationError):
            own._from_second_line(" ")
        self.env["cs.ticket.transfer.wizard"].with_user(self.second).create(
            {"ticket_id": own.id, "kind": "return", "answer": "Turn the hinge"}
        ).action_apply()
        self.assertEqual(self.ticket.team_id, self.team)
        self.assertEqual(self.ticket.user_id, self.agent)
        self.assertEqual(row.answer, "Turn the hinge")
        self.assertEqual(row.answered_by_id, self.second)
        self.assertFalse(self.ticket.second_line_due)
        self._commit()
        self.assertEqual(self.ticket.transfer_count, 1)
        with self.assertRaises(UserError):
            self.ticket.with_user(self.agent)._from_second_line("again")

    def test_promise_mandatory(self):
        """004-08: without a promised time to come nothing is handed over"""
        with self.assertRaises(AssertionError):
            self._ask(promised_at=False)
        details = {"call_at": datetime(2026, 1, 1), "content": "x", "contact": "y"}
        own = self.ticket.with_user(self.agent)
        for promised in (False, fields.Datetime.now() - timedelta(minutes=1)):
            with self.assertRaises(ValidationError):
                own._to_second_line(self.line, self.second, False, promised, **details)
        with self.assertRaises(ValidationError):
            own._to_second_line(
                self.line,
                self.second,
                False,
                self.promised,
                **details | {"contact": ""},
            )
        self.assertEqual(self.ticket.team_id, self.team)

    def test_gate(self):
        """004-08: no result is told while the second line has not answered"""
        self._ask().action_apply()
        with self.assertRaisesRegex(ValidationError, "has not answered"):
            self.ticket._tell_customer("message", "Done")


@tagged("post_install", "-at_install")
class TestUrging(DeskCase):
    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(user_id=self.agent.id)
        self._commit()

    def _press(self, user, kind="urge"):
        self.env["cs.ticket.urge.wizard"].with_user(user).create(
            {"ticket_id": self.ticket.id, "kind": kind, "note": "Customer is waiting"}
        ).action_apply()

    def test_urge_003_33(self):
        """003-33: urging is counted, logged and told to the owner; twice is once"""
        self._press(self.agent2)
        self._press(self.agent2)
        self.assertEqual(self.ticket.urge_count, 1)
        told = self.env["mail.message"].search(
            [("res_id", "=", self.ticket.id), ("subject", "like", "Urged")]
        )
        self.assertEqual(told.notified_partner_ids, self.agent.partner_id)
        row = self.ticket.urge_ids
        self.env.cr.execute(
            "UPDATE cs_ticket_urge SET at = at - interval '61 s' WHERE id = %s",
            [row.id],
        )
        self.env.invalidate_all()
        self._press(self.agent2)
        self.assertEqual(self.ticket.urge_count, 2)
        self.assertEqual(row.note, "Customer is waiting")
        self.assertEqual(row.by_id, self.agent2)
        self.assertFalse(self.ticket.supervised)

    def test_supervise_000_33(self):
        """000-33: a leader supervises and hears the result"""
        with self.assertRaises(AccessError):
            self._press(self.agent, "supervise")
        self._press(self.manager, "supervise")
        self._press(self.manager, "supervise")
        self.assertEqual(self.ticket.supervise_count, 1)
        self.assertTrue(self.ticket.supervised)
        self.assertEqual(self.ticket.urge_ids.source, "leader")
        self.assertIn(self.agent, self.ticket.activity_ids.user_id)
        self.ticket.plan = "New hinge"
        self.ticket.with_user(self.agent)._tell_customer("message", "Hinge replaced")
        told = self.env["mail.message"].search(
            [("res_id", "=", self.ticket.id), ("subject", "like", "Result of")]
        )
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)
        self.assertIn("Hinge replaced", told.body)

    def test_closed(self):
        """003-33: a closed ticket is not urged"""
        self.ticket.with_user(self.supervisor).stage_id = self._stage(
            self.ticket, "cancelled"
        )
        with self.assertRaises(UserError):
            self._press(self.agent)
