from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .flow_common import PIXEL
from .test_shift import ShiftCase


@tagged("post_install", "-at_install")
class TestHandover(ShiftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._running(cls.agent)

    def _begin(self, **vals):
        """The handover of the running shift, opened by its one button."""
        action = self.shift.with_user(self.agent).action_hand_over()
        handover = self.env["cs.handover"].browse(action["res_id"])
        handover.with_user(self.agent).write(
            {"receiver_id": self.agent2.id, "notices": "none", **vals}
        )
        return handover

    def _check_equipment(self, handover):
        run = handover.sudo().run_id.with_user(self.agent)
        run.line_ids.answer = "yes"
        run.action_done()

    def _sign(self, handover, user):
        step = handover.sudo().current_step_id
        return (
            handover.with_user(user)
            .with_context(cs_flow_step_id=step.id, cs_flow_signature=PIXEL)
            .action_flow_finish()
        )

    def _grave(self, level=3, **vals):
        grade = self.env["cs.complaint.grade"].search([("level", "=", level)], limit=1)
        ticket = self._ticket(user_id=self.agent.id, **vals)
        ticket.sudo().grade_id = grade
        self._commit()
        return ticket

    def test_lists_everything_open(self):
        """N31, 000-89: one button lists tickets, promises, return calls, absent ones"""
        today = fields.Date.today()
        self.second.write(
            {
                "absent_from": today - timedelta(days=1),
                "absent_until": today + timedelta(days=1),
                "deputy_id": self.agent.id,
            }
        )
        mine = self._ticket("query", user_id=self.agent.id)
        grave = self._grave()
        theirs = self._ticket("query", user_id=self.second.id)
        closed = self._ticket("query", user_id=self.agent.id)
        closed.stage_id = self._stage(closed, "cancelled")
        promise = (
            self.env["cs.promise"]
            .with_user(self.agent)
            ._make("Call back", self._in(hours=3), ticket=mine)
        )
        callback = self.env["cs.callback"].create(
            {"user_id": self.agent.id, "deadline": self._in(hours=2)}
        )
        self._commit()
        handover = self._begin()
        kinds = {
            line.kind: line.ticket_id or line.promise_id or line.callback_id
            for line in handover.line_ids
        }
        self.assertEqual(
            kinds,
            {
                "ticket": mine,
                "complaint": grave,
                "absent": theirs,
                "promise": promise.sudo(),
                "callback": callback,
            },
        )
        again = self.shift.with_user(self.agent).action_hand_over()
        self.assertEqual(again["res_id"], handover.id)
        late = self._ticket("query", user_id=self.agent.id)
        handover.with_user(self.agent).action_collect()
        self.assertEqual(len(handover.line_ids), 6)
        self.assertIn(late, handover.line_ids.ticket_id)
        with self.assertRaises(AccessError):
            handover.line_ids[:1].with_user(self.agent).unlink()
        self.assertFalse(handover.with_user(self.second).has_access("read"))

    def _in(self, **delta):
        return fields.Datetime.now() + timedelta(**delta)

    def test_both_sign_and_matters_move(self):
        """000-88, 000-89: line by line, two signatures, accepted tickets move"""
        taken = self._ticket("query", user_id=self.agent.id)
        left = self._ticket("query", user_id=self.agent.id)
        promise = (
            self.env["cs.promise"]
            .with_user(self.agent)
            ._make("Call back", self._in(hours=3), ticket=taken)
            .sudo()
        )
        self._commit()
        handover = self._begin()
        with self.assertRaisesRegex(UserError, "checklist"):
            self._sign(handover, self.agent)
        self._check_equipment(handover)
        lines = handover.line_ids
        with self.assertRaisesRegex(UserError, "after the giver has signed"):
            lines.with_user(self.agent2).action_accept()
        with self.assertRaises(AccessError):
            self._sign(handover, self.agent2)
        self._sign(handover, self.agent)
        with self.assertRaises(AccessError):
            lines.with_user(self.agent).action_accept()
        with self.assertRaisesRegex(UserError, "signed"):
            handover.with_user(self.agent).notices = "Something else"
        with self.assertRaises(AccessError):
            lines.with_user(self.agent2).write({"accepted": True})
        accepted = lines.filtered(lambda line: line.ticket_id != left)
        accepted.with_user(self.agent2).action_accept()
        self._sign(handover, self.agent2)
        self._commit()
        self.assertEqual(handover.flow_state, "done")
        self.assertEqual((taken.user_id, left.user_id), (self.agent2, self.agent))
        self.assertEqual(promise.user_id, self.agent2)
        self.assertEqual(handover.moved_count, 1)
        row = taken.transfer_ids
        self.assertEqual((row.kind, row.counted), ("handover", False))
        running = taken.clock_ids.filtered(lambda c: c.state == "running")
        self.assertEqual(running.user_id, self.agent2)
        signed = handover.step_ids.filtered("signature")
        self.assertEqual(signed.finished_by_id, self.agent + self.agent2)
        self._sign(handover, self.agent2)
        self.assertEqual(len(taken.transfer_ids), 1)

    def test_grave_lines(self):
        """000-90: not without the cause written down, not with one unaccepted"""
        self._grave(3)
        handover = self._begin()
        self._check_equipment(handover)
        with self.assertRaisesRegex(UserError, "cause, course and result"):
            self._sign(handover, self.agent)
        handover.line_ids.with_user(self.agent).note = "Glass broke; expert comes."
        self._sign(handover, self.agent)
        handover.with_user(self.agent2).action_accept_all()
        self.assertFalse(handover.line_ids.accepted, "grave ones are looked at singly")
        with self.assertRaisesRegex(UserError, "never left behind"):
            self._sign(handover, self.agent2)
        handover.line_ids.with_user(self.agent2).action_accept()
        self._sign(handover, self.agent2)
        self.assertEqual(handover.flow_state, "done")

    def test_refused(self):
        """000-90: refused in a major event, to the absent, to another team's people"""
        crisis = self._grave(4)
        handover = self._begin()
        self._check_equipment(handover)
        handover.line_ids.with_user(self.agent).note = "Being looked after."
        with self.assertRaisesRegex(UserError, "major event"):
            self._sign(handover, self.agent)
        crisis.sudo().answered_date = fields.Datetime.now()
        self.agent2.write({"absent_until": fields.Date.today() + timedelta(days=2)})
        with self.assertRaisesRegex(UserError, "absent"):
            self._sign(handover, self.agent)
        self.agent2.absent_until = False
        self.team.user_ids = [Command.unlink(self.agent2.id)]
        with self.assertRaisesRegex(UserError, "not a member"):
            self._sign(handover, self.agent)
        self.team.user_ids = [Command.link(self.agent2.id)]
        fault = self._ticket("fault", urgency="urgent", user_id=self.agent.id)
        with self.assertRaisesRegex(UserError, "major event"):
            self._sign(handover, self.agent)
        fault.stage_id = self._stage(fault, "cancelled")
        self._sign(handover, self.agent)
        self.assertEqual(handover.current_step_id.code, "receive")

    def test_unsigned_is_an_alert(self):
        """N31, 000-88: unsigned 15 minutes after the shift, the supervisor is told"""
        handover = self._begin()
        clock = handover.current_step_id.clock_id
        self.assertEqual(clock.deadline, self.shift.end_at + timedelta(minutes=15))
        self.assertIn(self.supervisor, clock._get_recipients("supervisor"))
        now = fields.Datetime.now()
        other = self._running(self.agent2, self.evening)
        self._ticket("query", user_id=self.agent2.id)
        self._move(other, now - timedelta(hours=9), now - timedelta(minutes=20))
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.env["cs.shift"]._cron_after_shift()
        told = self.env["mail.message"].search(
            [("id", ">", last), ("message_type", "=", "user_notification")]
        )
        without = told.filtered(lambda m: "without a handover" in (m.subject or ""))
        self.assertIn(self.supervisor.partner_id, without.partner_ids)

    def test_somebody_leaves(self):
        """000-88: who leaves hands over everything, and a supervisor signs as well"""
        ticket = self._ticket("query", user_id=self.agent.id)
        self._commit()
        wizard = (
            self.env["cs.account.wizard"]
            .with_user(self.supervisor)
            .create({"user_id": self.agent.id, "role": "agent"})
        )
        with self.assertRaisesRegex(UserError, "handover of somebody who leaves"):
            wizard.action_archive_account()
        handover = (
            self.env["cs.handover"]
            .with_user(self.agent)
            .create(
                {
                    "kind": "leaving",
                    "giver_id": self.agent.id,
                    "receiver_id": self.agent2.id,
                    "notices": "none",
                }
            )
        )
        self._check_equipment(handover)
        self._sign(handover, self.agent)
        handover.line_ids.with_user(self.agent2).action_accept()
        self._sign(handover, self.agent2)
        self.assertEqual(handover.sudo().flow_state, "running")
        self.assertEqual(ticket.user_id, self.agent)
        self._sign(handover, self.supervisor)
        self._commit()
        self.assertEqual(ticket.user_id, self.agent2)
        wizard.action_archive_account()
        self.assertFalse(self.agent.active)

    def test_archived_by_the_administrator(self):
        """000-88: an administrator may archive the account; supervisors are told"""
        self._ticket("query", user_id=self.agent.id)
        self._commit()
        admin = self._user("desk_admin", "group_system_admin")
        last = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.agent.with_user(admin).active = False
        told = self.env["mail.message"].search(
            [("id", ">", last), ("message_type", "=", "user_notification")]
        )
        words = told.filtered(lambda m: "still has 1 open" in (m.subject or ""))
        self.assertIn(self.supervisor.partner_id, words.partner_ids)

    def test_only_ones_own(self):
        """000-88: nobody hands over for another; only a supervisor may begin one"""
        with self.assertRaises(AccessError):
            self.env["cs.handover"].with_user(self.agent2).create(
                {"giver_id": self.agent.id, "receiver_id": self.agent2.id}
            )
        with self.assertRaises(AccessError):
            self.shift.with_user(self.agent2).action_hand_over()
        handover = self._begin()
        with self.assertRaises(AccessError):
            handover.with_user(self.agent).giver_id = self.agent2
        with self.assertRaises(AccessError):
            handover.with_user(self.agent).flow_state = "done"

    def test_bounded_queries(self):
        """000-89: many open tickets: queries do not grow with the lines"""
        for number in range(3):
            self._ticket("query", user_id=self.agent.id, name=f"Query {number}")
        self._commit()
        before = self.env.cr.sql_log_count
        few = self._begin()
        first = self.env.cr.sql_log_count - before
        few.sudo()._flow_cancel()
        self.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"More {number}",
                    "description": "x",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "user_id": self.agent.id,
                    "type_id": self.env.ref("cs_helpdesk.type_query").id,
                }
                for number in range(60)
            ]
        )
        self._commit()
        before = self.env.cr.sql_log_count
        many = self._begin()
        self.assertEqual(len(many.line_ids), 63)
        self.assertLess(self.env.cr.sql_log_count - before, first + 15)
