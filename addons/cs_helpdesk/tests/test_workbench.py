from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestWorkbench(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.workbench.link"].search([("active", "=", True)]).active = False
        cls.action = cls.env["ir.actions.act_window"].create(
            {"name": "Late", "res_model": "helpdesk.ticket", "view_mode": "list"}
        )

    def _link(self, **vals):
        return self.env["cs.workbench.link"].create(
            {"name": "Mine", "action_id": self.action.id, **vals}
        )

    def test_what_waits(self):
        """004-56: each list with what waits for the one who looks, red when late"""
        link = self._link(
            late_domain="[('next_deadline', '<', 'now')]",
            done_domain="[('closed', '=', True)]",
            goal=10,
        )
        ticket = self._ticket(user_id=self.agent.id)
        self._ticket(user_id=self.agent2.id)
        Link = self.env["cs.workbench.link"]
        self.assertEqual(
            Link.with_user(self.agent).get_links(),
            [
                {
                    "id": link.id,
                    "label": "Mine",
                    "count": 1,
                    "action": self.action.id,
                    "late": False,
                    "done": 0,
                    "goal": 10,
                }
            ],
        )
        ticket.clock_ids.deadline = "2020-01-01"
        self.assertTrue(Link.with_user(self.agent).get_links()[0]["late"])

    def test_only_for_its_readers(self):
        """004-56: neither what one may not read nor what is meant for others"""
        link = self._link()
        Link = self.env["cs.workbench.link"]
        self.assertTrue(Link.with_user(self.agent).get_links())
        self.action.res_model = "cs.audit.log"
        self.assertFalse(Link.with_user(self.agent).get_links())
        self.action.res_model = "helpdesk.ticket"
        link.group_ids = [Command.link(self.env.ref("cs_helpdesk.group_qa").id)]
        self.assertFalse(Link.with_user(self.agent).get_links())
        with self.assertRaises(AccessError):
            link.with_user(self.agent).name = "Other"

    def test_wrong_condition(self):
        """004-56: a condition that cannot be used is refused when it is typed"""
        for domain in ("[('no_field', '=', 1)]", "[(", "__import__('os')"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._link(domain=domain)
