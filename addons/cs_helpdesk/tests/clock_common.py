from datetime import datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.cs_helpdesk.models.helpdesk_ticket import EventTime


class ClockCase(TransactionCase):
    """A desk with an agent, a supervisor and a manager; times are Shanghai's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={})
        cls.agent = new_test_user(
            cls.env, "clock_agent", "cs_helpdesk.group_agent", lang="en_US"
        )
        cls.supervisor = new_test_user(
            cls.env,
            "clock_supervisor",
            "cs_helpdesk.group_supervisor",
            lang="en_US",
        )
        cls.manager = new_test_user(
            cls.env, "clock_manager", "cs_helpdesk.group_manager", lang="en_US"
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Clock Desk",
                "service_desk": True,
                "default_type_id": cls.env.ref("cs_helpdesk.type_inquiry").id,
                "user_id": cls.supervisor.id,
                "user_ids": [(6, 0, (cls.agent | cls.supervisor).ids)],
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls.calendar = cls.env.company.service_calendar_id
        cls.wait = cls.env.ref("cs_helpdesk.reason_wait_customer")
        cls.late_reason = cls.env.ref("cs_helpdesk.reason_late_load")
        cls.exempt_reason = cls.env.ref("cs_helpdesk.reason_exempt_weather")

    @staticmethod
    def shanghai(text):
        """Naive UTC of a wall time in Shanghai."""
        return datetime.strptime(text, "%Y-%m-%d %H:%M") - timedelta(hours=8)

    def at(self, records, text):
        moment = self.shanghai(text)
        return records.with_context(cs_event_at=EventTime(*moment.timetuple()[:6]))

    def ticket(self, code, when, **vals):
        vals = {
            "name": "Door does not close",
            "description": "It hangs",
            "team_id": self.team.id,
            "user_id": self.agent.id,
            "partner_id": self.customer.id,
            "type_id": self.env.ref(f"cs_helpdesk.type_{code}").id,
            **vals,
        }
        return self.at(self.env["helpdesk.ticket"], when).create(vals)

    def tell(self, ticket, when):
        """The customer is told the result: the ticket enters feedback."""
        ticket = self.at(ticket, when)
        ticket.plan = "Adjust the hinge"
        channel = self.env.ref("cs_helpdesk.channel_phone_400")
        ticket._tell_customer("contact", "Adjusted", channel=channel, note="Told")

    def clock(self, ticket, kind):
        return self.env["cs.clock"].search(
            [("res_id", "=", ticket.id), ("kind", "=", kind)], order="id desc", limit=1
        )

    def stage(self, code):
        return self.env.ref(f"cs_helpdesk.stage_{code}")

    def run_precommit(self):
        self.env.cr.precommit.run()
        self.env.flush_all()
