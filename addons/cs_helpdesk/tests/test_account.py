from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestAccount(DeskCase):
    def _wizard(self, user, **vals):
        values = {"name": "New", "login": "desk_new", "team_ids": self.team.ids}
        return (
            self.env["cs.account.wizard"]
            .with_user(user)
            .create({**values, **vals, "team_ids": [Command.set(self.team.ids)]})
        )

    def _find(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def test_open(self):
        """003-04: a supervisor opens an account at the desk, with desk rights alone"""
        wizard = self._wizard(self.supervisor)
        wizard.action_apply()
        wizard.action_apply()
        user = self._find("desk_new")
        self.assertEqual(len(user), 1)
        self.assertTrue(user.has_group("cs_helpdesk.group_agent"))
        self.assertFalse(user.has_group("cs_helpdesk.group_supervisor"))
        self.assertFalse(user.has_group("base.group_allow_export"))
        self.assertIn(user, self.team.user_ids)
        with self.assertRaises(ValidationError):
            self._wizard(self.supervisor).action_apply()

    def test_change_role(self):
        """003-04: rights move between the roles of the desk"""
        self._wizard(
            self.supervisor, user_id=self.agent2.id, role="second_line"
        ).action_apply()
        self.assertFalse(self.agent2.has_group("cs_helpdesk.group_agent"))
        self.assertTrue(self.agent2.has_group("cs_helpdesk.group_second_line"))
        self._wizard(self.supervisor, user_id=self.agent2.id).action_archive_account()
        self.assertFalse(self.agent2.active)

    def test_not_beyond_the_desk(self):
        """003-04, 003-11: no agent does it, nobody above or outside is touched"""
        with self.assertRaises(AccessError):
            self._wizard(self.agent)
        admin = self.env.ref("base.user_admin")
        self.agent2.group_ids += self.env.ref("base.group_system")
        for user in (self.manager, admin, self.agent2):
            wizard = self._wizard(self.supervisor, user_id=user.id)
            with self.assertRaises(AccessError):
                wizard.action_apply()
            with self.assertRaises(AccessError):
                wizard.action_archive_account()
        with self.assertRaises(UserError):
            self._wizard(self.supervisor, user_id=self.supervisor.id).action_apply()
