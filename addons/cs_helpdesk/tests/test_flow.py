from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .flow_common import PIXEL, FlowCase


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_definition_is_copied(self):
        """000-25: a flow moves stage by stage with clocks; edits touch no open step."""
        flow = self._flow(
            ("first", {"limit_quantity": 4, "limit_unit": "wall_hours"}),
            ("second", {"limit_quantity": 1, "limit_unit": "wall_days"}),
        )
        record = self._record(flow)
        step = record.current_step_id
        self.assertEqual(step.group_id, self.lane)
        self.assertEqual(step.deadline - step.started_at, timedelta(hours=4))
        self.assertEqual(record.next_deadline, step.deadline)
        with freeze_time(step.started_at + timedelta(days=7)):
            shares = record.time_strip["shares"]
        self.assertIn("Test Lane", {share["label"] for share in shares})
        flow.stage_ids[0].write(
            {
                "limit_quantity": 40,
                "group_id": self.env.ref("cs_helpdesk.group_manager").id,
                "signature": True,
                "gate_codes": "suggestion_reviewed",
            }
        )
        self.assertEqual(step.deadline - step.started_at, timedelta(hours=4))
        self.assertTrue(self._finish(record, self.worker))
        self.assertEqual(step.finished_by_id, self.worker)
        self.assertEqual(step.clock_id.state, "met")
        self.assertEqual(
            self._steps(record), [("first", "done"), ("second", "running")]
        )
        self.assertTrue(self._finish(record, self.worker))
        self.assertEqual(record.flow_state, "done")
        self.assertFalse(record.current_step_id)
        self.assertEqual(record.clock_state, "none")

    def test_second_press(self):
        """000-25: a second press for the step on the screen changes nothing."""
        record = self._record(self._flow(("first", {}), ("second", {})))
        shown = record.current_step_id
        pressing = record.with_user(self.worker).with_context(cs_flow_step_id=shown.id)
        self.assertTrue(pressing.action_flow_finish())
        self.assertFalse(pressing.action_flow_finish())
        self.assertTrue(shown.with_user(self.worker).action_finish())
        self.assertEqual(
            self._steps(record), [("first", "done"), ("second", "running")]
        )

    def test_wrong_person(self):
        """003-22: who is not the owner is told whose it is; RPC cannot write it."""
        record = self._record(self._flow(("first", {})), user=self.agent2)
        with self.assertRaisesRegex(AccessError, "Test Lane"):
            self._finish(record, self.agent)
        with self.assertRaises(AccessError):
            record.with_user(self.agent2).write({"flow_state": "done"})
        with self.assertRaises(AccessError):
            record.current_step_id.with_user(self.worker).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["cs.flow.step"].with_user(self.worker).create({"name": "x"})
        self.assertEqual(self._steps(record), [("first", "running")])

    def test_own_request(self):
        """G25: nobody approves his own request, nor does a deputy in his place."""
        flow = self._flow(("first", {}))
        record = self._record(flow, user=self.worker)
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            self._finish(record, self.worker)
        # a supervisor's override does not lift it
        mine = self._record(flow, user=self.supervisor)
        step = mine.current_step_id.with_user(self.supervisor)
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            step._finish(reason="I need it")
        # the step belongs to the one who asked by name, his deputy may not help him
        flow.stage_ids.write({"user_id": self.worker.id, "group_id": False})
        self.worker.write(
            {
                "deputy_id": self.agent2.id,
                "absent_from": fields.Date.today(),
                "absent_until": fields.Date.today(),
            }
        )
        named = self._record(flow, user=self.worker)
        self.assertNotIn(self.worker, named.current_step_id.user_id)
        named.current_step_id.sudo().write({"user_id": self.worker.id})
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            self._finish(named, self.agent2)
        self.assertTrue(self._finish(record, self.colleague))

    def test_deputy_and_override(self):
        """003-22: a deputy acts for who is away; a supervisor with a reason, shown."""
        flow = self._flow(("first", {"user_id": self.worker.id, "group_id": False}))
        record = self._record(flow)
        with self.assertRaises(AccessError):
            self._finish(record, self.agent2)
        today = fields.Date.today()
        self.worker.write(
            {"deputy_id": self.agent2.id, "absent_from": today, "absent_until": today}
        )
        mine = self.env["cs.flow.step"].with_user(self.agent2)
        self.assertIn(record.current_step_id, mine.search([("is_mine", "=", True)]))
        self.assertTrue(self._finish(record, self.agent2))
        self.assertEqual(record.step_ids.acting_for_id, self.worker)
        other = self._record(flow)
        step = other.current_step_id.with_user(self.supervisor)
        wizard = self.env["cs.flow.wizard"].with_user(self.supervisor)
        wizard = wizard.create({"purpose": "override", "step_id": step.id})
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_apply()
        wizard.note = "He is ill"
        wizard.action_apply()
        self.assertEqual(step.override_reason, "He is ill")
        self.assertIn("He is ill", "".join(other.message_ids.mapped("body")))
        self.assertEqual(other.flow_bar[0]["override"], "He is ill")

    def test_never_nobody(self):
        """000-25: an archived owner's step falls to his deputy, an empty lane's to the
        supervisor."""
        alone = self._user("flow_alone", "group_agent")
        flow = self._flow(("first", {"user_id": alone.id, "group_id": False}))
        record = self._record(flow)
        alone.deputy_id = self.agent2
        alone.active = False
        self.assertEqual(record.current_step_id.user_id, self.agent2)
        self.assertTrue(record.current_step_id.fallback)
        self.assertEqual(self._record(flow).current_step_id.user_id, self.agent2)
        lanes = self._record(self._flow(("first", {}), code="lane"))
        self.lane.user_ids = [Command.clear()]
        supervisors = self.env.ref("cs_helpdesk.group_supervisor")
        self.assertEqual(lanes.current_step_id.group_id, supervisors)

    def test_gates_and_send_back(self):
        """000-25: a gate says what is missing; a rejection bears its reason."""
        flow = self._flow(
            ("first", {"gate_codes": "suggestion_reviewed"}),
            ("second", {"send_back_to": "first"}),
        )
        record = self._record(flow)
        with self.assertRaisesRegex(UserError, "Review"):
            self._finish(record, self.worker)
        record.review = "Good"
        self._finish(record, self.worker)
        step = record.current_step_id.with_user(self.worker)
        with self.assertRaisesRegex(UserError, "why it goes back"):
            step._send_back("  ")
        self.assertTrue(step._send_back("Not clear"))
        self.assertFalse(step._send_back("Not clear"))
        self.assertEqual(step.note, "Not clear")
        self.assertEqual(
            self._steps(record),
            [("first", "done"), ("second", "sent_back"), ("first", "running")],
        )
        with self.assertRaisesRegex(ValidationError, "_gate_nothing"):
            flow.stage_ids[0].gate_codes = "nothing"

    def test_parallel_skip_optional(self):
        """000-25: parallel steps are waited for, optional ones are not."""
        limit = {"limit_quantity": 2, "limit_unit": "wall_hours"}
        flow = self._flow(
            ("left", limit),
            ("right", {"parallel": True, **limit}),
            ("aside", {"parallel": True, "optional": True}),
            ("last", {}),
        )
        record = self._record(flow)
        left, right, aside = record.step_ids.sorted("id")
        running = record.clock_ids.filtered(lambda c: c.state == "running")
        self.assertEqual(running.step_id, left | right)
        right.with_user(self.worker)._finish()
        self.assertEqual(left.state, "running")
        left.with_user(self.worker)._finish()
        self.assertEqual(record.current_step_id.code, "last")
        self.assertEqual(aside.state, "running")
        record.current_step_id.with_user(self.worker)._finish()
        self.assertEqual((record.flow_state, aside.state), ("done", "cancelled"))

    def test_signature(self):
        """000-25: drawn signature with name and time, by its person alone."""
        record = self._record(self._flow(("first", {"signature": True})))
        opened = self._finish(record, self.worker)
        self.assertEqual(opened["res_model"], "cs.flow.wizard")
        with self.assertRaisesRegex(UserError, "needs a signature"):
            record.current_step_id.with_user(self.worker)._finish()
        with self.assertRaisesRegex(AccessError, "belongs to Test Lane"):
            self._finish(record, self.agent2, cs_flow_signature=PIXEL)
        self._finish(record, self.worker, cs_flow_signature=PIXEL)
        step = record.step_ids
        self.assertEqual(step.signed_name, self.worker.name)
        self.assertTrue(step.signature and step.signed_at)
