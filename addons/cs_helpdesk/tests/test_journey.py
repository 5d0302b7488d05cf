from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestJourney(HttpCase):
    def test_agent_takes_a_ticket_to_the_end(self):
        """003-32, 003-34: accepted, told, finished; in the browser, by an agent."""
        self.env["res.lang"]._activate_lang("zh_CN")
        agent = new_test_user(
            self.env,
            "journey_agent",
            "cs_helpdesk.group_agent",
            tz="Asia/Shanghai",
            lang="zh_CN",
        )
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Journey Desk",
                "service_desk": True,
                "user_ids": [(4, agent.id)],
                "user_id": agent.id,
            }
        )
        customer = self.env["res.partner"].create(
            {"name": "Journey Customer", "phone": "13911112222"}
        )
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Journey: drawer fell out",
                "description": "It fell out",
                "team_id": team.id,
                "user_id": False,
                "partner_id": customer.id,
                "type_id": self.env.ref("cs_helpdesk.type_suggestion").id,
                "channel_id": self.env.ref("cs_helpdesk.channel_phone_400").id,
            }
        )
        self.start_tour(
            "/odoo/workbench", "cs_helpdesk_ticket_journey", login="journey_agent"
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.user_id, agent)
        self.assertTrue(ticket.closed)
        self.assertEqual(ticket.result, "The drawer slide was replaced")
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"met"})
