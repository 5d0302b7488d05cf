from odoo.tests import new_test_user


class DeskMixin:
    """A service desk with agents, a supervisor and a customer, for any test case."""

    @classmethod
    def _make_desk(cls):
        env = cls.env
        cls.agent = new_test_user(
            env, "desk_agent", "cs_helpdesk.group_agent", name="张敏"
        )
        cls.agent2 = new_test_user(
            env, "desk_agent2", "cs_helpdesk.group_agent", name="李娜"
        )
        cls.supervisor = new_test_user(
            env, "desk_supervisor", "cs_helpdesk.group_supervisor", name="王强"
        )
        cls.outsider = new_test_user(
            env, "desk_outsider", "cs_helpdesk.group_agent", name="钱伟"
        )
        cls.type_inquiry = env.ref("cs_helpdesk.type_inquiry")
        cls.type_complaint = env.ref("cs_helpdesk.type_complaint")
        cls.team = env["helpdesk.ticket.team"].create(
            {
                "name": "测试客服组",
                "service_desk": True,
                "default_type_id": cls.type_inquiry.id,
                "user_id": cls.supervisor.id,
                "user_ids": (cls.agent + cls.agent2 + cls.supervisor).ids,
            }
        )
        cls.partner = env["res.partner"].create(
            {
                "name": "刘先生",
                "phone": "13800138000",
                "email": "liu@customer.example.com",
            }
        )

    @classmethod
    def _make_ticket(cls, **vals):
        ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "柜门变形",
                "description": "<p>柜门变形，关不上</p>",
                "team_id": cls.team.id,
                "partner_id": cls.partner.id,
                "user_id": cls.agent.id,
                **vals,
            }
        )
        cls.env.flush_all()  # what is computed belongs to this moment
        return ticket

    @classmethod
    def _stage(cls, role, ticket_type=None):
        stages = (ticket_type or cls.type_inquiry).stage_ids
        return stages.filtered(lambda stage: stage.role == role)[:1]

    @classmethod
    def _tell_result(cls, ticket):
        """The result is told to the customer: the ticket enters feedback."""
        ticket.plan = "更换柜门"
        channel = cls.env.ref("cs_helpdesk.channel_phone_400")
        ticket._tell_customer(
            "contact", "已更换柜门，客户确认", channel=channel, note="已电话告知"
        )
        cls.env.flush_all()
        cls.env.cr.precommit.run()
