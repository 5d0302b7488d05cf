from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCallJourney(HttpCase):
    """The ringing screen and the guide, in the browser, as an agent."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        self.agent = new_test_user(
            self.env,
            "call_journey",
            "cs_helpdesk.group_agent",
            lang="zh_CN",
            tz="Asia/Shanghai",
        )
        self.agent.phone_extension = "8009"
        cti = new_test_user(self.env, "call_journey_cti", "cs_helpdesk.group_cti")
        cti.group_ids = [Command.set(self.env.ref("cs_helpdesk.group_cti").ids)]
        self.env["helpdesk.ticket.team"].create(
            {
                "name": "Call Journey",
                "service_desk": True,
                "user_ids": [Command.link(self.agent.id)],
            }
        )
        Call = self.env["cs.call"].with_user(cti)
        begin = fields.Datetime.now() - timedelta(seconds=20)
        for event, seconds in (("ringing", 0), ("answered", 6)):
            at = fields.Datetime.to_string(begin + timedelta(seconds=seconds))
            answer = Call.cti_event("journey", event, at, "13700001111", agent="8009")
        self.call = self.env["cs.call"].browse(answer["id"])

    def test_ringing_screen(self):
        """000-84, 000-100: an unknown caller has his ticket with four fields."""
        self.start_tour("/odoo/calls", "cs_helpdesk_call_pop", login="call_journey")
        self.env.invalidate_all()
        self.assertEqual(self.call.partner_id.name, "Mrs Li")
        self.assertEqual(self.call.region_zone, "province")
        self.assertEqual(self.call.ticket_id.name, "The drawer squeaks")
        self.assertEqual(self.call.ticket_id.user_id, self.agent)

    def test_guide(self):
        """000-100, 004-21: a step done and two prompts, five seconds apart."""
        self.start_tour(
            f"/odoo/calls/{self.call.id}",
            "cs_helpdesk_call_guide",
            login="call_journey",
        )
        self.env.invalidate_all()
        self.assertEqual(self.call.guide_step, "identify")
        prompts = self.call.event_ids.filtered(lambda e: e.event.startswith("silent"))
        self.assertEqual(prompts.mapped("event"), ["silent_1", "silent_2"])
        self.assertGreaterEqual((prompts[1].at - prompts[0].at).total_seconds(), 4)
