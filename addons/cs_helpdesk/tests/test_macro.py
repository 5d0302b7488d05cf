from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestMacro(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket("inquiry", user_id=cls.agent.id)
        cls.mine = cls.ticket.with_user(cls.agent)
        cls.tag = cls.env["helpdesk.ticket.tag"].create({"name": "Hinge"})
        cls.macro = cls.env["cs.macro"].create(
            {
                "name": "Begin",
                "line_ids": [
                    Command.create({"action": "tag", "tag_id": cls.tag.id}),
                    Command.create({"action": "urgency", "urgency": "urgent"}),
                    Command.create({"action": "reply", "text": "We look into it"}),
                    Command.create({"action": "promise", "hours": 2}),
                    Command.create({"action": "activity", "text": "Ask the workshop"}),
                    Command.create({"action": "stage"}),
                ],
            }
        )

    def _run(self, macro=None, user=None):
        self.env["cs.macro.wizard"].with_user(user or self.agent).create(
            {"ticket_id": self.ticket.id, "macro_id": (macro or self.macro).id}
        ).action_apply()

    def test_several_actions_in_one_click(self):
        """P13: reply, tag, urgency, promise, task and next stage in one click."""
        self._run()
        self.assertIn(self.tag, self.ticket.tag_ids)
        self.assertEqual(self.ticket.urgency, "urgent")
        self.assertEqual(self.ticket.stage_role, "execution")
        self.assertEqual(self.mine.promise_ids.state, "open")
        self.assertIn("Ask the workshop", self.ticket.activity_ids.mapped("summary"))
        reply = self.ticket.message_ids.filtered(lambda m: "We look" in m.body)
        self.assertEqual(reply.author_id, self.agent.partner_id)
        self.assertTrue(self.ticket.answered_date)

    def test_all_or_nothing(self):
        """P13: an action that is refused takes the others back."""
        scenario = self.env["cs.phrase.scenario"].create({"name": "T", "code": "t"})
        self.env["cs.phrase"].create(
            {
                "scenario_id": scenario.id,
                "kind": "never",
                "text": "滚出去测试",
                "severity": "severe",
            }
        )
        self.macro.line_ids[2].text = "滚出去测试"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._run()
        self.env.invalidate_all()
        self.assertFalse(self.ticket.tag_ids)
        self.assertEqual(self.ticket.urgency, "normal")

    def test_whose_rights(self):
        """P13: runs with the user's rights; supervisors make what agents use."""
        with self.assertRaises(AccessError):
            self._run(user=self.second)
        with self.assertRaises(AccessError):
            self.macro.with_user(self.agent).name = "x"
        self.macro.with_user(self.supervisor).name = "Other"
        self.macro.type_ids = self.env.ref("cs_helpdesk.type_complaint")
        with self.assertRaises(UserError):
            self._run()

    def test_an_action_says_what_it_needs(self):
        """P13: an incomplete action is refused when it is defined, not when it runs."""
        for action in ("reply", "tag", "urgency", "promise", "assist"):
            with self.assertRaises(ValidationError):
                self.env["cs.macro.line"].create(
                    {"macro_id": self.macro.id, "action": action}
                )
