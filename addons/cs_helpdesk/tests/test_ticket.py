from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .clock_common import ClockCase


@tagged("post_install", "-at_install")
class TestTicket(ClockCase):
    """Types, stages, channels, mandatory facts, the next step and the queues."""

    def roles(self, code):
        ticket = self.ticket(code, "2026-03-09 10:00")
        return ticket.allowed_stage_ids.mapped("role")

    def test_types_and_their_stages(self):
        """001-62, 001-03, 000-106: kinds of matters, each with its own stages."""
        codes = self.env["cs.ticket.type"].search([]).mapped("code")
        self.assertLessEqual({"inquiry", "query", "complaint"}, set(codes), "001-62")
        self.assertLessEqual({"problem", "suggestion"}, set(codes), "001-03")
        self.assertLessEqual({"media", "nuisance", "prospect", "fault"}, set(codes))
        self.assertEqual(
            self.roles("complaint"),
            [
                "intake",
                "grading",
                "investigation",
                "plan",
                "execution",
                "feedback",
                "revisit",
                "done",
                "cancelled",
            ],
        )
        self.assertEqual(
            self.roles("query"),
            ["intake", "execution", "feedback", "done", "cancelled"],
            "000-106",
        )

    def test_changed_type_keeps_the_role(self):
        ticket = self.ticket("complaint", "2026-03-09 10:00")
        ticket.action_accept()
        self.assertEqual(ticket.stage_role, "grading")
        ticket.type_id = self.env.ref("cs_helpdesk.type_query")
        self.assertEqual(ticket.stage_id, self.stage("intake"))

    def test_channels(self):
        """000-50, 001-63, 002-23: every way in has its name."""
        codes = set(self.env["helpdesk.ticket.channel"].search([]).mapped("code"))
        self.assertLessEqual({"phone400", "wechat", "weibo"}, codes, "000-50")
        self.assertLessEqual({"qq", "visit"}, codes, "001-63")
        self.assertLessEqual({"fax", "self_service", "livechat"}, codes, "002-23")

    def test_limits_by_class_and_zone(self):
        """001-51, 001-46: a limit may be for one class of customers, or one zone."""
        base = self.env.ref("cs_helpdesk.limit_solution_query")
        base.copy({"customer_class": "dealer", "quantity": 2})
        base.copy({"region_zone": "remote", "quantity": 8})
        hours = {}
        for name, values in {
            "dealer": {"customer_class": "dealer"},
            "oem": {"customer_class": "oem"},
            "remote": {"region_zone": "remote"},
        }.items():
            self.customer.write(
                {"customer_class": False, "region_zone": False, **values}
            )
            ticket = self.ticket("query", "2026-03-09 10:00")
            hours[name] = self.clock(ticket, "solution").limit_seconds / 3600
        self.assertEqual(hours, {"dealer": 2, "oem": 4, "remote": 8})

    def test_mandatory_before_handling(self):
        """003-30: no handling before customer and description are known."""
        ticket = self.ticket("query", "2026-03-09 10:00", partner_id=False)
        with self.assertRaises(ValidationError) as refusal:
            ticket.with_user(self.agent).action_accept()
        label = ticket._fields["partner_id"].get_description(self.env, ["string"])
        self.assertIn(label["string"], str(refusal.exception))
        self.assertEqual(ticket.stage_role, "intake")
        ticket.partner_id = self.customer
        ticket.with_user(self.agent).action_accept()
        self.assertEqual(ticket.stage_role, "execution")

    def test_plain_team_waits_to_be_sorted(self):
        """A team that is no service desk behaves as before, until it is sorted."""
        plain = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        values = {"name": "x", "description": "x", "team_id": plain.id}
        ticket = self.env["helpdesk.ticket"].create(values)
        self.assertFalse(ticket.type_id)
        self.assertEqual(ticket.next_step, "sort")
        self.assertEqual(
            ticket.stage_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        )
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        ticket.with_user(self.supervisor).action_sort()
        self.assertTrue(ticket.team_id.service_desk)
        self.assertEqual(ticket.stage_role, "intake")

    def test_second_press_does_nothing(self):
        ticket = self.ticket("complaint", "2026-03-09 10:00").with_user(self.agent)
        ticket.action_accept()
        ticket.action_accept()
        self.assertEqual(ticket.stage_role, "grading")
        seen = ticket.with_context(cs_from_stage_id=ticket.stage_id.id)
        seen.action_next_stage()
        seen.action_next_stage()
        self.assertEqual(ticket.stage_role, "investigation")

    def test_words_of_the_dashboard_are_chinese(self):
        """What helpdesk_mgmt says in Python is said again in words we translate."""
        self.env["res.lang"]._activate_lang("zh_CN")
        team = self.env["helpdesk.ticket.team"].with_context(lang="zh_CN")
        names = {card["name"] for card in team._retrieve_dashboard()}
        self.assertEqual(names, {"未结工单", "未分组的未结工单"})
        ticket = self.ticket("query", "2026-03-09 10:00", user_id=False)
        stranger = ticket.with_user(self.manager).with_context(lang="zh_CN")
        with self.assertRaises(AccessError) as refusal:
            stranger.assign_to_me()
        self.assertIn("成员", str(refusal.exception))

    def test_queues(self):
        """003-33: what waits, by queue, the most urgent first."""
        Ticket = self.env["helpdesk.ticket"].with_user(self.agent)
        late = self.ticket("query", "2026-03-02 10:00")
        later = self.ticket("suggestion", "2026-03-09 10:00")
        free = self.ticket("query", "2026-03-09 10:00", user_id=False)
        mine = [("user_id", "=", self.agent.id)]
        self.assertEqual(Ticket.search(mine), late | later)
        counts = Ticket.get_queue_counts(
            [mine, [("id", "=", free.id), ("user_id", "=", False)]], 1000
        )
        self.assertEqual(counts, [2, 1])
        self.assertEqual(Ticket.get_queue_counts([mine], 1), [1])

    def test_list_of_80_in_few_queries(self):
        vals = {
            "name": "x",
            "description": "x",
            "team_id": self.team.id,
            "user_id": self.agent.id,
            "partner_id": self.customer.id,
            "type_id": self.env.ref("cs_helpdesk.type_query").id,
        }
        Ticket = self.env["helpdesk.ticket"]
        Ticket.create([vals] * 80)
        self.run_precommit()
        names = ("next_deadline", "clock_state", "next_clock", "number", "name")
        spec = dict.fromkeys(names, {})
        spec |= dict.fromkeys(
            ("type_id", "partner_id", "user_id", "stage_id"),
            {"fields": {"display_name": {}}},
        )
        Queue = Ticket.with_user(self.agent)
        domain = [("user_id", "=", self.agent.id), ("closed", "=", False)]
        Queue.web_search_read(domain, spec, limit=80)
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            found = Queue.web_search_read(domain, spec, limit=80)
        self.assertEqual(len(found["records"]), 80)
