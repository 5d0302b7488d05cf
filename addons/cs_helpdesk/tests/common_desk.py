from odoo.tests import TransactionCase, new_test_user

# a picture of one point
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class DeskCase(TransactionCase):
    """A service desk of its own with one person a role; mail and tracking are on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.agent = cls._user("desk_agent", "group_agent")
        cls.agent2 = cls._user("desk_agent2", "group_agent")
        cls.supervisor = cls._user("desk_supervisor", "group_supervisor")
        cls.manager = cls._user("desk_manager", "group_manager")
        cls.leader = cls._user("desk_leader", "group_leader")
        cls.second = cls._user("desk_second", "group_second_line")
        cls.stranger = new_test_user(cls.env, "desk_stranger")
        cls.portal = new_test_user(cls.env, "desk_portal", "base.group_portal")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk",
                "service_desk": True,
                "user_id": cls.supervisor.id,
                "user_ids": [
                    (6, 0, (cls.agent + cls.agent2 + cls.supervisor + cls.manager).ids)
                ],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Customer",
                "email": "customer@example.com",
                "phone": "13812345678",
            }
        )

    @classmethod
    def _user(cls, login, group):
        return new_test_user(cls.env, login, f"cs_helpdesk.{group}")

    @classmethod
    def _sign_undertaking(cls, *users):
        """Sign this year's confidentiality undertaking for these users."""
        Undertaking = cls.env["cs.undertaking"]
        for user in users:
            mine = Undertaking.with_user(user).action_open_mine()["res_id"]
            paper = Undertaking.with_user(user).browse(mine)
            paper.write({"signature": PIXEL, "signed_name": user.name})
            paper.action_sign()

    @classmethod
    def _ticket(cls, kind="complaint", user=None, **vals):
        values = {
            "name": "Door does not close",
            "description": "<p>The door of the wardrobe does not close.</p>",
            "partner_id": cls.customer.id,
            "team_id": cls.team.id,
            "type_id": cls.env.ref(f"cs_helpdesk.type_{kind}").id,
            **vals,
        }
        ticket = cls.env["helpdesk.ticket"].with_user(user or cls.agent).create(values)
        return ticket.with_user(cls.env.user)

    @classmethod
    def _commit(cls):
        """Run what waits for the commit."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    def _stage(self, ticket, role):
        return ticket.allowed_stage_ids.filtered(lambda s: s.role == role)
