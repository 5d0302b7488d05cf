from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestComplaintClock(DeskCase):
    def _clocks(self, ticket, kind):
        return ticket.clock_ids.filtered(lambda c: c.kind == kind).sorted("id")

    def test_grade_chooses_the_limits(self):
        """000-107, 004-33: a graver complaint is answered within its own limit"""
        ticket = self._ticket()
        self._commit()
        clock = self._clocks(ticket, "answer")
        self.assertEqual(clock.limit_seconds, 2 * 3600)
        ticket.loss_amount = 900
        self._commit()
        self.assertEqual(clock.limit_seconds, 24 * 3600)
        ticket.product_error = True
        self._commit()
        self.assertEqual(clock.limit_seconds, 12 * 3600)

    def test_second_line_clock(self):
        """004-08: the promised reply time is a deadline until the answer is back"""
        line = self.env.ref("cs_helpdesk.team_second_line")
        line.user_ids += self.second
        ticket = self._ticket("problem", user_id=self.agent.id)
        promised = fields.Datetime.now() + timedelta(hours=3)
        ticket.with_user(self.agent)._to_second_line(
            line,
            self.second,
            False,
            promised,
            call_at=ticket.received_date,
            content="Door",
            contact="13812345678",
        )
        clock = self._clocks(ticket, "second_line")
        self.assertEqual((clock.state, clock.deadline), ("running", promised))
        ticket.with_user(self.second)._from_second_line("Turn the hinge")
        self._commit()
        self.assertEqual(clock.state, "met")

    def test_outside_clock(self):
        """000-107: their deadline counts down until they have their answer (N22)"""
        source = self.env.ref("cs_helpdesk.outside_wechat")
        ticket = self._ticket(outside_source_id=source.id, outside_number="W1")
        first = self._clocks(ticket, "outside")
        self.assertEqual(first.deadline, ticket.outside_deadline)
        earlier = ticket.outside_deadline - timedelta(hours=24)
        ticket.with_user(self.agent).outside_deadline = earlier
        second = self._clocks(ticket, "outside")[-1]
        self.assertEqual(first.state, "cancelled")
        self.assertEqual((second.state, second.deadline), ("running", earlier))
        ticket.with_user(self.agent).outside_answered_at = fields.Datetime.now()
        self.assertEqual(second.state, "met")

    def test_new_solution_clock_a_round(self):
        """003-34, 001-69: told stops the solution, called back the call-back clock"""
        ticket = self._ticket(user_id=self.agent.id)
        ticket.plan = "New hinge"
        phone = self.env.ref("cs_helpdesk.channel_phone_400")
        own = ticket.with_user(self.agent)
        own._tell_customer("contact", "Done", channel=phone, note="Told him")
        self.assertEqual(self._clocks(ticket, "answer").state, "met")
        self.assertEqual(self._clocks(ticket, "solution").state, "met")
        self.assertEqual(self._clocks(ticket, "revisit").state, "running")
        own._record_verdict("dissatisfied", "Squeaks")
        self.assertEqual(self._clocks(ticket, "revisit").state, "met")
        solutions = self._clocks(ticket, "solution")
        self.assertEqual(solutions.mapped("state"), ["met", "running"])
