"""Each role opens every menu of its day, in Chinese, without an error."""

from odoo.tests import HttpCase, new_test_user, tagged

CLICK = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    ".startClickEverywhere('helpdesk_mgmt.helpdesk_ticket_main_menu', true);"
)
ROLES = {
    "agent": "cs_helpdesk.group_agent",
    "supervisor": "cs_helpdesk.group_supervisor",
    "manager": "cs_helpdesk.group_manager",
}


@tagged("post_install", "-at_install")
class TestClickThrough(HttpCase):
    allow_end_on_form = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.users = {
            role: new_test_user(
                cls.env, f"click_{role}", group, lang="zh_CN", tz="Asia/Shanghai"
            )
            for role, group in ROLES.items()
        }
        team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "点击组",
                "service_desk": True,
                "user_id": cls.users["supervisor"].id,
                "user_ids": [user.id for user in cls.users.values()],
            }
        )
        customer = cls.env["res.partner"].create({"name": "刘先生"})
        cls.env["helpdesk.ticket"].create(
            [
                {
                    "name": "柜门变形",
                    "description": "<p>柜门变形，关不上</p>",
                    "team_id": team.id,
                    "partner_id": customer.id,
                    "user_id": user.id,
                    "type_id": cls.env.ref("cs_helpdesk.type_complaint").id,
                }
                for user in cls.users.values()
            ]
        )

    def _click(self, role):
        menus = self.env["ir.ui.menu"].with_user(self.users[role]).load_menus(False)
        root = self.env.ref("helpdesk_mgmt.helpdesk_ticket_main_menu").id
        self.assertGreater(len(menus[root]["children"]), 4)
        self.browser_js(
            "/odoo",
            CLICK,
            "odoo.isReady === true",
            login=f"click_{role}",
            timeout=400,
            success_signal="clickbot test succeeded",
        )

    def test_agent(self):
        """000-71, 004-56: an agent's whole day can be clicked through."""
        self._click("agent")

    def test_supervisor(self):
        """000-71: a supervisor's whole day can be clicked through."""
        self._click("supervisor")

    def test_manager(self):
        """000-60: a manager's whole day can be clicked through."""
        self._click("manager")
