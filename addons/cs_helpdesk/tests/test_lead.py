"""意向商家: merchants who wish to sell our goods (G05)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .call_common import CallCase


@tagged("post_install", "-at_install")
class TestLead(CallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "sales_team.group_sale_salesman_all_leads"
        cls.sales = new_test_user(cls.env, "lead_sales", group)
        cls.sales2 = new_test_user(cls.env, "lead_sales2", group)
        cls.sales_team = cls.env["crm.team"].create(
            {"name": "Merchants", "member_ids": [(6, 0, (cls.sales | cls.sales2).ids)]}
        )

    def lead(self, days=None, **vals):
        today = fields.Date.context_today(self.env["crm.lead"])
        return self.env["crm.lead"].create(
            {
                "name": "Shop in Dongguan",
                "type": "lead",
                "is_merchant": True,
                "team_id": self.sales_team.id,
                "user_id": False,
                "date_deadline": days is not None and today + timedelta(days=days),
                **vals,
            }
        )

    def clock(self, lead, kind):
        return self.env["cs.clock"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("kind", "=", kind),
            ],
            order="id desc",
            limit=1,
        )

    def code(self, name):
        return self.env.ref(f"cs_helpdesk.lead_class_{name}")

    def test_classes(self):
        """000-109: A a month, B three, C six, D later or unclear, E by hand; fields."""
        for days, code in [
            (30, "a"),
            (31, "b"),
            (90, "b"),
            (180, "c"),
            (181, "d"),
            (None, "d"),
        ]:
            with self.subTest(days=days):
                self.assertEqual(self.lead(days).lead_class_id, self.code(code))
        invalid = self.lead(10, lead_class_id=self.code("e").id)
        invalid.date_deadline = fields.Date.today()
        self.assertEqual(invalid.lead_class_id, self.code("e"))
        for name in (
            "merchant_region",
            "merchant_goods",
            "merchant_means",
            "merchant_source",
        ):
            self.assertIn(name, invalid._fields)
        self.assertFalse(self.env["crm.lead"].create({"name": "Usual"}).lead_class_id)

    def test_from_a_call(self):
        """000-109, 003-06: handed over to sales once, with its clocks."""
        call = self.talk("l1", "13500000000").with_user(self.agent)
        call.write(
            {"caller_name": "陈老板", "request": "想加盟", "region_zone": "province"}
        )
        call.action_to_sales()
        lead = call.sudo().opportunity_id
        call.action_to_sales()
        self.assertEqual(call.sudo().opportunity_id, lead)
        self.assertEqual(call.call_class, "partner")
        self.assertTrue(lead.is_merchant and not lead.user_id)
        self.assertIn("想加盟", lead.description)
        self.assertEqual(self.clock(lead, "first_response").unit, "work_hours")
        self.assertEqual(self.clock(lead, "first_response").limit_seconds, 7200)
        self.assertEqual(self.clock(lead, "accept").unit, "same_day")
        with self.assertRaises(AccessError):
            lead.with_user(self.agent).read(["name"])

    def test_ticket_and_opportunity(self):
        """003-06: a ticket is linked to a sales opportunity, one however pressed."""
        ticket = self._ticket("prospect")
        ticket.with_user(self.agent).action_opportunity()
        lead = ticket.opportunity_id
        ticket.with_user(self.agent).action_opportunity()
        self.assertEqual(ticket.opportunity_id, lead)
        self.assertTrue(lead.is_merchant)
        self.assertEqual(lead.ticket_ids, ticket)
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger).action_opportunity()

    def test_first_contact_and_handover(self):
        """000-109: two working hours, the same day; both stop by what sales does."""
        lead = self.lead(20).with_user(self.sales)
        lead.action_merchant_accept()
        self.assertEqual(lead.user_id, self.sales)
        self.assertEqual(self.clock(lead, "accept").state, "met")
        lead.with_user(self.sales2).action_merchant_accept()
        self.assertEqual(lead.user_id, self.sales)
        lead.action_merchant_contacted()
        self.assertEqual(self.clock(lead, "first_response").state, "met")
        follow = self.clock(lead, "follow_up")
        self.assertEqual(follow.deadline - follow.started_at, timedelta(days=3))
        self.assertEqual(follow.user_id, self.sales)

    def test_follow_up_by_class(self):
        """000-109: A 3 days, B 7, C 14, D 90, E never; the class changes the clock."""
        lead = self.lead(20)
        lead.action_merchant_contacted()
        today = fields.Date.context_today(lead)
        for days, every in ((60, 7), (150, 14), (400, 90), (5, 3)):
            lead.date_deadline = today + timedelta(days=days)
            clock = self.clock(lead, "follow_up")
            self.assertEqual(
                (clock.state, clock.deadline - clock.started_at),
                ("running", timedelta(days=every)),
            )
        lead.lead_class_id = self.code("e")
        self.assertFalse(lead.clock_ids.filtered(lambda c: c.state == "running"))

    def test_missed_follow_ups(self):
        """000-109: overdue reminds; two misses go to another; contact begins anew."""
        lead = self.lead(20)
        lead.with_user(self.sales).action_merchant_accept()
        lead.with_user(self.sales).action_merchant_contacted()
        now = fields.Datetime.now()
        Lead = self.env["crm.lead"]
        with freeze_time(now + timedelta(days=3, hours=1)):
            Lead._cron_follow_up()
            Lead._cron_follow_up()
            self.assertEqual((lead.follow_up_misses, lead.user_id), (1, self.sales))
            self.assertEqual(lead.activity_ids.user_id, self.sales)
        with freeze_time(now + timedelta(days=6, hours=2)):
            Lead._cron_follow_up()
            self.assertEqual((lead.follow_up_misses, lead.user_id), (0, self.sales2))
            late = self.env["cs.clock"].search_count(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "=", lead.id),
                    ("state", "=", "late"),
                    ("kind", "=", "follow_up"),
                ]
            )
            self.assertEqual(late, 2)
