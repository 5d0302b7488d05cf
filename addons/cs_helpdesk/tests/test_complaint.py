from datetime import datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..lib.grading import highest, matches
from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestComplaintGrade(DeskCase):
    def _level(self, **vals):
        partner = self.env["res.partner"].create({"name": "Once"})
        return self._ticket(partner_id=partner.id, **vals).grade_id.level

    def test_evaluator_is_closed(self):
        """Triggers are compared, never evaluated."""
        self.assertTrue(matches(500, "ge", 500))
        self.assertFalse(matches(None, "lt", 500))
        self.assertFalse(matches(False, "is_set", 0))
        with self.assertRaises(ValueError):
            matches(1, "__import__", 1)
        triggers = [(2, "a", "ge", 1), (3, "b", "is_set", 0), (3, "a", "gt", 5)]
        self.assertEqual(highest(triggers, {"a": 1}), (2, [0]))
        self.assertEqual(highest(triggers, {"a": 6, "b": True}), (3, [1, 2]))
        self.assertEqual(highest(triggers, {}), (0, []))

    def test_grades_000_107(self):
        """000-107, 001-64, 001-65: each trigger of G02 gives its grade"""
        self.assertEqual(self._level(), 1)
        self.assertEqual(self._level(loss_amount=499.99), 1)
        self.assertEqual(self._level(loss_amount=500), 2)
        self.assertEqual(self._level(loss_amount=5000), 2)
        self.assertEqual(self._level(loss_amount=5000.01), 3)
        for fact, level in [
            ({"department_count": 2}, 2),
            ({"same_matter_count": 2}, 2),
            ({"product_error": True}, 3),
            ({"affected_customer_count": 3}, 3),
            ({"injury_risk": True}, 4),
            ({"media_involved": True}, 4),
            ({"lawsuit": True}, 4),
            ({"group_event": True}, 4),
        ]:
            self.assertEqual(self._level(**fact), level, fact)
        self.assertFalse(self._ticket("inquiry", loss_amount=9000).grade_id)

    def test_tier_raises(self):
        """G02: the tier of the customer counts through its hook"""
        self.patch(
            self.registry["helpdesk.ticket"],
            "_get_tier_rank",
            lambda ticket: 2,
        )
        self.assertEqual(self._level(), 2)

    def test_rises_by_rule_falls_by_supervisor(self):
        """000-107: a lost trigger lowers nothing; a supervisor does, with a reason"""
        ticket = self._ticket(loss_amount=6000)
        self._commit()
        ticket.with_user(self.agent).loss_amount = 10
        self.assertEqual(ticket.grade_id.level, 3)
        ticket.loss_amount = 6000
        grade = self.env.ref("cs_helpdesk.grade_2")
        wizard = self.env["cs.ticket.grade.wizard"].with_user(self.supervisor)
        with self.assertRaises(UserError):
            wizard.create(
                {"ticket_id": ticket.id, "grade_id": grade.id, "reason": " "}
            ).action_apply()
        lower = wizard.create(
            {"ticket_id": ticket.id, "grade_id": grade.id, "reason": "Loss was ¥600"}
        )
        lower.action_apply()
        lower.action_apply()
        logs = ticket.message_ids.filtered(lambda m: "Loss was ¥600" in (m.body or ""))
        self.assertEqual(ticket.grade_id, grade)
        self.assertEqual(len(logs), 1, "pressed twice, logged once")
        ticket.loss_amount = 7000
        self.assertEqual(ticket.grade_id, grade, "the same fact does not undo it")
        ticket.injury_risk = True
        self.assertEqual(ticket.grade_id.level, 4, "a graver one does")

    def test_agent_cannot_change_grade(self):
        """000-107: no way around the supervisor over RPC"""
        ticket = self._ticket(loss_amount=6000).with_user(self.agent)
        grade = self.env.ref("cs_helpdesk.grade_1")
        for name in ("grade_id", "grade_waived_level", "lead_id"):
            with self.assertRaises(AccessError):
                ticket.write({name: grade.id})
        with self.assertRaises(AccessError):
            self._ticket(grade_id=grade.id)
        with self.assertRaises(AccessError):
            ticket.with_context(default_grade_id=grade.id).create(
                {"name": "x", "description": "x"}
            )
        with self.assertRaises(AccessError):
            self.env["cs.ticket.grade.wizard"].with_user(self.agent).create(
                {"ticket_id": ticket.id, "grade_id": grade.id, "reason": "x"}
            )
        with self.assertRaises(AccessError):
            ticket._set_grade(grade, "x")
        with self.assertRaises(AccessError):
            ticket.type_id = self.env.ref("cs_helpdesk.type_inquiry")
        with self.assertRaises(AccessError):
            ticket.with_user(self.stranger).write({"loss_amount": 1})

    def test_leaders_told_at_once(self):
        """001-68, 004-96: the role of the grade is told when it is reached"""
        ticket = self._ticket()
        self._commit()
        self.assertFalse(ticket.lead_id)
        self.assertFalse(ticket.activity_ids)
        ticket.with_user(self.agent).loss_amount = 600
        self._commit()
        self.assertEqual(ticket.lead_id, self.supervisor)
        self.assertEqual(ticket.activity_ids.user_id, self.supervisor)
        told = self.env["mail.message"].search(
            [("res_id", "=", ticket.id), ("subject", "=", "Grave complaint")]
        )
        self.assertEqual(told.notified_partner_ids, self.supervisor.partner_id)
        self.assertIn("Loss of ¥500 or more", told.body)
        ticket.with_user(self.agent).injury_risk = True
        self._commit()
        self.assertEqual(ticket.lead_id, self.manager)
        self.assertIn(self.leader, ticket.activity_ids.user_id)
        self.assertIn(self.leader.partner_id, ticket.message_partner_ids)

    def test_told_at_creation(self):
        """004-96: a crisis that arrives as one is told as well, once"""
        ticket = self._ticket(media_involved=True)
        self._commit()
        self._commit()
        mine = ticket.activity_ids.filtered(lambda a: a.user_id == self.leader)
        self.assertEqual(len(mine), 1)

    def test_history_in_chatter(self):
        """000-107: each change of grade stays in the history"""
        ticket = self._ticket()
        self._commit()
        ticket.loss_amount = 600
        self._commit()
        values = ticket.message_ids.tracking_value_ids
        changes = values.filtered(lambda v: v.field_id.name == "grade_id")
        self.assertEqual(changes.mapped("new_value_char"), ["Complex"])

    def test_grade_of_company(self):
        """000-107: another company's grades do not count"""
        company = self.env["res.company"].create({"name": "Foreign"})
        self.env["cs.complaint.grade"].create(
            {
                "name": "Foreign",
                "level": 9,
                "company_id": company.id,
                "trigger_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Any",
                            "field_name": "loss_amount",
                            "operator": "ge",
                            "value": 0,
                        },
                    )
                ],
            }
        )
        self.assertEqual(self._level(), 1)


@tagged("post_install", "-at_install")
class TestComplainant(DeskCase):
    def test_advice_000_108(self):
        """000-108: tags of wish and temper show their advice"""
        wish = self.env.ref("cs_helpdesk.tag_respect")
        ticket = self._ticket(complainant_tag_ids=[(6, 0, wish.ids)])
        self.assertIn("Let him finish", ticket.complainant_advice)
        kinds = self.env["cs.complainant.tag"].search([]).mapped("kind")
        self.assertEqual((kinds.count("wish"), kinds.count("temper")), (4, 5))

    def test_malicious_by_supervisor(self):
        """000-108: the gravest tag needs a supervisor and evidence"""
        tag = self.env.ref("cs_helpdesk.tag_malicious")
        ticket = self._ticket()
        values = {"complainant_tag_ids": [(4, tag.id)], "complainant_evidence": "Tape"}
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write(values)
        with self.assertRaises(AccessError):
            self._ticket(**values)
        with self.assertRaises(ValidationError):
            ticket.with_user(self.supervisor).complainant_tag_ids = tag
        ticket.with_user(self.supervisor).write(values)
        self.assertEqual(ticket.complainant_tag_ids, tag)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).complainant_tag_ids = False
        with self.assertRaises(ValidationError):
            ticket.with_user(self.supervisor).complainant_evidence = " "

    def test_hidden_in_portal(self):
        """000-108: the customer never reads what is thought of him"""
        ticket = self._ticket(partner_id=self.portal.partner_id.id)
        mine = ticket.with_user(self.portal)
        self.assertTrue(mine.name)
        for name in (
            "complainant_tag_ids",
            "complainant_advice",
            "complainant_evidence",
            "compensation_promised",
        ):
            with self.assertRaises(AccessError):
                mine.read([name])
        with self.assertRaises(AccessError):
            self.env["cs.complainant.tag"].with_user(self.portal).search([])

    def test_repeat_complaint(self):
        """000-108, 001-57: three complaints in 90 days, by customer or telephone"""
        first = self._ticket()
        self.env.flush_all()
        second = self._ticket(
            partner_id=self.env["res.partner"]
            .create(
                {
                    "name": "Wife",
                    "parent_id": self.customer.id,
                    "phone": "138 1234 5678",
                }
            )
            .id
        )
        self._ticket("inquiry")
        self.assertEqual((first.repeat_count, second.repeat_count), (1, 2))
        self.assertFalse(second.is_repeat)
        third = self._ticket(partner_id=False, customer_phone="+86 138-1234-5678")
        self.assertEqual(third.repeat_count, 3)
        self.assertTrue(third.is_repeat)
        self.assertEqual(third.grade_id.level, 3)
        self.env.cr.execute(
            "UPDATE helpdesk_ticket "
            "SET received_date = received_date - interval '91 days' "
            "WHERE id IN %s",
            [tuple((first + second + third).ids)],
        )
        self.env.invalidate_all()
        self.assertEqual(self._ticket().repeat_count, 1)

    def test_repeat_one_query(self):
        """001-57: the count does not cost a query a ticket"""
        for count in (1, 20):
            tickets = self.env["helpdesk.ticket"]
            for _i in range(count):
                tickets += self._ticket()
            self.env.flush_all()
            self.env.add_to_compute(tickets._fields["repeat_count"], tickets)
            with self.assertQueryCount(8):
                tickets.mapped("repeat_count")


@tagged("post_install", "-at_install")
class TestOutsideAndCompensation(DeskCase):
    def test_outside_deadline(self):
        """000-107: their deadline comes from data, their letter raises the grade"""
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        self.env["resource.calendar.leaves"].search([]).unlink()
        # Thursday, 11:00 in Shanghai
        received = datetime(2026, 3, 5, 3, 0)
        ticket = self._ticket(
            outside_source_id=self.env.ref("cs_helpdesk.outside_12315").id,
            outside_number="SH-1",
            outside_received_at=received,
        )
        self.assertEqual(ticket.grade_id.level, 3)
        # Fri 6, Mon 9 ... Mon 16 is the seventh working day
        self.assertEqual(ticket.outside_deadline.date(), datetime(2026, 3, 16).date())
        ticket.outside_source_id = self.env.ref("cs_helpdesk.outside_wechat")
        self.assertEqual(ticket.outside_deadline, datetime(2026, 3, 7, 3, 0))
        ticket.outside_deadline = datetime(2026, 3, 6)
        self.assertEqual(ticket.outside_deadline, datetime(2026, 3, 6))
        source = self.env.ref("cs_helpdesk.outside_12315")
        self.env.company.resource_calendar_id = False
        due = source._get_deadline(received, self.env.company)
        self.assertEqual(due, datetime(2026, 3, 12, 3, 0), "no calendar: every day")

    def test_outside_number(self):
        """000-107: a number arrives once a source, and not without it"""
        source = self.env.ref("cs_helpdesk.outside_12345").id
        ticket = self._ticket(outside_source_id=source)
        with self.assertRaisesRegex(ValidationError, "file number"):
            ticket.stage_id = self._stage(ticket, "grading")
        ticket.outside_number = "X1"
        ticket.stage_id = self._stage(ticket, "grading")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._ticket(outside_source_id=source, outside_number="X1")
            self.env.flush_all()

    def test_compensation_ladder(self):
        """000-107: nobody promises more than his authority (G02)"""
        ticket = self._ticket()
        for user, amount in [
            (self.agent, 50),
            (self.supervisor, 500),
            (self.manager, 5000),
        ]:
            own = ticket.with_user(user)
            own.compensation_promised = amount
            with self.assertRaisesRegex(ValidationError, "You may promise at most"):
                own.compensation_promised = amount + 1
        ticket.with_user(self.leader).compensation_promised = 80000
        ticket.with_user(self.agent).name = "Another field is no promise"
        with self.assertRaises(ValidationError):
            self._ticket(compensation_promised=51)
        with self.assertRaises(ValidationError):
            ticket.with_user(self.leader).compensation_promised = -1

    def test_form(self):
        """001-57: an agent records a complaint in the form"""
        model = self.env["helpdesk.ticket"].with_user(self.agent)
        with Form(model.with_context(default_team_id=self.team.id)) as form:
            form.name = "Scratches"
            form.description = "<p>On both doors</p>"
            form.partner_id = self.customer
            form.type_id = self.env.ref("cs_helpdesk.type_complaint")
            form.loss_amount = 700
            form.outside_source_id = self.env.ref("cs_helpdesk.outside_wechat")
            form.outside_number = "W1"
        ticket = form.record
        self.assertEqual(ticket.grade_id.level, 2)
        self.assertTrue(ticket.outside_deadline)
