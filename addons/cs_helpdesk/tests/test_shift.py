from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase


class ShiftCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env["cs.line"].search([]).active = False
        cls.env.flush_all()
        cls.day = cls.env.ref("cs_helpdesk.shift_day")
        cls.evening = cls.env.ref("cs_helpdesk.shift_evening")
        cls.duty = cls.env.ref("cs_helpdesk.shift_duty")
        cls.today = cls.env["cs.schedule.mixin"]._get_today(cls.company)
        cls.far = cls.today + timedelta(days=21)

    @classmethod
    def _shift(cls, user, date=None, kind=None, published=False, **vals):
        shift = (
            cls.env["cs.shift"]
            .with_user(cls.supervisor)
            .create(
                {
                    "user_id": user.id,
                    "date": date or cls.far,
                    "kind_id": (kind or cls.day).id,
                    **vals,
                }
            )
        )
        if published:
            shift._publish("as agreed")
        return shift

    @classmethod
    def _running(cls, user, kind=None):
        """A published shift whose hours are around now."""
        shift = cls._shift(user, cls.today, kind, published=True)
        now = fields.Datetime.now()
        cls._move(shift, now - timedelta(hours=8), now + timedelta(hours=1))
        return shift

    @classmethod
    def _move(cls, shift, start, end):
        shift.flush_recordset()
        cls.env.cr.execute(
            "UPDATE cs_shift SET start_at = %s, end_at = %s WHERE id = %s",
            [start, end, shift.id],
        )
        shift.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestRoster(ShiftCase):
    def test_hours_of_the_kinds(self):
        """000-82, 000-61, 000-70: day 9-18, evening 13-22, duty 18-9 of the next day"""
        zone = self.company.service_calendar_id.tz
        self.assertEqual(zone, "Asia/Shanghai")
        date = datetime(2027, 3, 8).date()
        cases = [(self.day, 1, 10), (self.evening, 5, 14), (self.duty, 10, 25)]
        for kind, begin, end in cases:
            start_at, end_at = kind._get_span(self.company, date)
            midnight = datetime(2027, 3, 8)
            self.assertEqual(start_at, midnight + timedelta(hours=begin))
            self.assertEqual(end_at, midnight + timedelta(hours=end))

    def test_clash(self):
        """000-82: two shifts at once: one clear sentence, and the database"""
        self._shift(self.agent)
        with self.assertRaisesRegex(ValidationError, "two shifts at once"):
            self._shift(self.agent, kind=self.evening)
        other = self._shift(self.agent2, kind=self.evening)
        with self.assertRaisesRegex(ValidationError, "two shifts at once"):
            other.user_id = self.agent
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE cs_shift SET user_id = %s WHERE id = %s",
                [self.agent.id, other.id],
            )

    def test_rest(self):
        """000-82: 11 hours between two shifts"""
        self._shift(self.agent, kind=self.evening)
        self._shift(self.agent, self.far + timedelta(days=1))
        self._shift(self.agent2, kind=self.duty)
        with self.assertRaisesRegex(ValidationError, "11 hours of rest"):
            self._shift(self.agent2, self.far + timedelta(days=1))

    def test_days_in_a_row(self):
        """000-82: six days in a row, not seven"""
        for offset in range(6):
            self._shift(self.agent, self.far + timedelta(days=offset))
        with self.assertRaisesRegex(ValidationError, "7 days in a row"):
            self._shift(self.agent, self.far + timedelta(days=6))

    def test_published_ahead(self):
        """000-82: seven days ahead; later asks for a reason, which stays"""
        late = self._shift(self.agent, self.today + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "7 days ahead"):
            late._publish()
        late._publish("somebody fell ill")
        self.assertEqual(late.publish_reason, "somebody fell ill")
        early = self._shift(self.agent2)
        self.assertFalse(early.with_user(self.agent2).has_access("read"))
        early._publish()
        self.assertEqual(early.state, "published")
        self.assertFalse(early.publish_reason)
        self.assertTrue(early.with_user(self.agent2).has_access("read"))
        with self.assertRaises(AccessError):
            early.with_user(self.agent2)._publish()
        with self.assertRaises(AccessError):
            early.with_user(self.supervisor).state = "draft"
        with self.assertRaises(UserError):
            early.unlink()

    def test_certified_on_each_line(self):
        """000-82, 000-104: each line has somebody certified on the roster"""
        skill = self.env.ref("cs_helpdesk.skill_complaint")
        self.env["cs.line"].create(
            {"name": "Complaints", "call_class": "complaint", "skill_id": skill.id}
        )
        monday = self.far + timedelta(days=-self.far.weekday() % 7)
        shift = self._shift(self.agent, monday)
        with self.assertRaisesRegex(UserError, "Nobody certified for “Complaints”"):
            shift._publish()
        self.env["cs.agent"].create(
            {"user_id": self.agent.id, "skill_ids": [Command.link(skill.id)]}
        )
        shift._publish()
        self.assertEqual(shift.state, "published")

    def test_wizard_fills(self):
        """000-82: a week in one go keeps every rule and is spread evenly"""
        people = self.agent + self.agent2 + self.second + self.supervisor
        monday = self.far + timedelta(days=-self.far.weekday() % 7)
        Wizard = self.env["cs.roster.wizard"]
        with Form(Wizard.with_user(self.supervisor)) as form:
            form.date_from = monday
            self.assertEqual(form.date_to, monday + timedelta(days=6))
            form.kind_ids = self.day + self.evening
            form.user_ids = people
            wizard = form.save()
        wizard.action_fill()
        made = self.env["cs.shift"].search([("date", ">=", monday)])
        self.assertEqual(len(made), 15, "two by day and one in the evening, five days")
        counts = [len(made.filtered(lambda s, u=u: s.user_id == u)) for u in people]
        self.assertLessEqual(max(counts) - min(counts), 1)
        wizard.action_fill()
        again = self.env["cs.shift"].search_count([("date", ">=", monday)])
        self.assertEqual(again, 15)
        with self.assertRaises(AccessError):
            wizard.with_user(self.agent).sudo(False).action_fill()
        wizard.date_to = monday - timedelta(days=1)
        with self.assertRaises(UserError):
            wizard.action_fill()

    def test_hundred_people_a_month(self):
        """000-82: 100 people, 31 days: queries do not grow with the rows"""
        people = self.env["res.users"].create(
            [{"name": f"P {n}", "login": f"roster_{n}"} for n in range(100)]
        )

        def cost(count, days):
            wizard = self.env["cs.roster.wizard"].create(
                {
                    "date_from": self.far + timedelta(days=60 * days),
                    "date_to": self.far + timedelta(days=61 * days - 1),
                    "kind_ids": [Command.set(self.day.ids)],
                    "user_ids": [Command.set(people[:count].ids)],
                    "everybody": True,
                }
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            wizard.action_fill()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(2, 2)
        few, many = cost(10, 5), cost(100, 31)
        made = self.env["cs.shift"].search_count([("user_id", "in", people.ids)])
        self.assertGreater(made, 1500)
        self.assertLess(many, few + 60)

    def test_on_shift_in_one_query(self):
        """000-82: who is on shift, many people in one query; signed out is off"""
        users = self.agent + self.agent2 + self.manager
        shift = self._running(self.agent)
        self._shift(self.agent2, self.today)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(
                users._is_on_shift(),
                {self.agent.id: True, self.agent2.id: False, self.manager.id: False},
            )
        shift.sudo().signed_out_at = fields.Datetime.now()
        self.assertFalse(self.agent._is_on_shift()[self.agent.id])


@tagged("post_install", "-at_install")
class TestPresence(ShiftCase):
    def test_signing_in(self):
        """000-61: everybody signs in himself, once; coming late is seen"""
        shift = self._running(self.agent)
        with self.assertRaises(AccessError):
            shift.with_user(self.supervisor).action_sign_in()
        with self.assertRaises(AccessError):
            shift.with_user(self.supervisor).signed_in_at = fields.Datetime.now()
        mine = shift.with_user(self.agent)
        mine.action_sign_in()
        at = shift.signed_in_at
        self.assertEqual(shift.late_minutes, 480)
        mine.action_sign_in()
        self.assertEqual(shift.signed_in_at, at)
        ahead = self._shift(self.agent2, published=True)
        with self.assertRaisesRegex(UserError, "sign in then"):
            ahead.with_user(self.agent2).action_sign_in()

    def test_signing_out(self):
        """000-70, 000-69: out only with the log; the telephones are diverted first"""
        shift = self._running(self.agent).with_user(self.agent)
        with self.assertRaises(UserError):
            shift.action_sign_out()
        shift.action_sign_in()
        action = shift.action_sign_out()
        self.assertEqual(action["res_model"], "cs.duty.log")
        self.assertFalse(shift.signed_out_at)
        log = self.env["cs.duty.log"].browse(action["res_id"]).with_user(self.agent)
        log.nothing = True
        with self.assertRaisesRegex(UserError, "duty line"):
            log.action_done()
        log.write({"diverted": True, "divert_number": "13900000000"})
        log.action_done()
        shift.action_sign_out()
        self.assertTrue(shift.signed_out_at)
        self.assertGreater(shift.early_minutes, 0)

    def test_log_even_when_empty(self):
        """000-82: a log for each shift; missing, the supervisor is alerted once"""
        shift = self._running(self.agent, self.evening)
        now = fields.Datetime.now()
        self._move(shift, now - timedelta(hours=9), now - timedelta(minutes=20))
        messages = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.env["cs.shift"]._cron_after_shift()
        log = shift._get_log()
        self.assertEqual(log.state, "missing")
        self.assertIn(self.supervisor, log.activity_ids.user_id)
        told = self.env["mail.message"].search(
            [("id", ">", messages), ("message_type", "=", "user_notification")]
        )
        self.assertIn(self.supervisor.partner_id, told.partner_ids)
        self.env["cs.shift"]._cron_after_shift()
        self.assertEqual(len(log.activity_ids), 1)
        mine = log.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Nothing Happened"):
            mine.action_done()
        mine.events = "Nobody called."
        mine.action_done()
        self.assertTrue(log.late)
        self.assertFalse(log.activity_ids)
        with self.assertRaises(UserError):
            mine.events = "Something else."
        with self.assertRaises(AccessError):
            log.with_user(self.agent2).action_done()


@tagged("post_install", "-at_install")
class TestShiftRegisters(ShiftCase):
    def test_registers_of_duty_and_handover(self):
        """000-82, 000-88: the paper forms of duty and handover, from the records"""
        shift = self._running(self.agent).with_user(self.agent)
        shift.action_sign_in()
        log = shift.sudo()._get_log().with_user(self.agent)
        log.write({"nothing": True, "diverted": True})
        log.action_done()
        shift.action_hand_over()
        tables = {}
        for code in ("duty", "handover"):
            register = self.env.ref(f"cs_helpdesk.register_{code}")
            tables[code] = (
                self.env["cs.register.preview"]
                .with_user(self.manager)
                .with_context(default_register_id=register.id)
                .create({})
                .table
            )
        self.assertIn("当班人员", tables["duty"])
        self.assertIn(self.agent.name, tables["duty"])
        self.assertIn("无", tables["duty"])
        self.assertIn("交接事项", tables["handover"])
        self.assertIn(self.agent.name, tables["handover"])


@tagged("post_install", "-at_install")
class TestSwap(ShiftCase):
    def _swap(self, **vals):
        mine = self._shift(self.agent, published=True)
        other = self._shift(self.agent2, kind=self.evening, published=True)
        return (
            self.env["cs.shift.swap"]
            .with_user(self.agent)
            .create(
                {
                    "shift_id": mine.id,
                    "colleague_id": self.agent2.id,
                    "other_shift_id": other.id,
                    "reason": "Parents' evening",
                    **vals,
                }
            )
        )

    def test_both_agree_supervisor_approves(self):
        """000-82: both agree, a supervisor approves, then both shifts change hands"""
        swap = self._swap()
        with self.assertRaises(AccessError):
            swap.with_user(self.agent).action_agree()
        swap.with_user(self.agent2).action_agree()
        with self.assertRaises(AccessError):
            swap.with_user(self.agent2).action_approve()
        mine, other = swap.sudo().shift_id, swap.sudo().other_shift_id
        swap.with_user(self.supervisor).action_approve()
        self.assertEqual((mine.user_id, other.user_id), (self.agent2, self.agent))
        self.assertEqual(swap.state, "approved")
        swap.with_user(self.supervisor).action_approve()
        self.assertEqual(mine.user_id, self.agent2)

    def test_nobody_approves_his_own(self):
        """000-82: a supervisor who swaps asks another one"""
        swap = self._swap(colleague_id=self.agent2.id)
        swap.sudo().user_id = self.supervisor
        swap.sudo().state = "agreed"
        with self.assertRaisesRegex(AccessError, "his own"):
            swap.with_user(self.supervisor).action_approve()
        with self.assertRaises(AccessError):
            swap.with_user(self.agent).write({"state": "approved"})
        with self.assertRaisesRegex(AccessError, "for himself"):
            self.env["cs.shift.swap"].with_user(self.agent).create(
                {
                    "user_id": self.agent2.id,
                    "shift_id": swap.sudo().other_shift_id.id,
                    "colleague_id": self.agent.id,
                    "reason": "In his name",
                }
            )

    def test_24_hours_before(self):
        """000-82: a swap needs 24 hours"""
        tomorrow = self._shift(self.agent, self.today, published=True)
        with self.assertRaisesRegex(UserError, "24 hours"):
            self.env["cs.shift.swap"].with_user(self.agent).create(
                {
                    "shift_id": tomorrow.id,
                    "colleague_id": self.agent2.id,
                    "reason": "Ill",
                }
            )

    def test_keeps_the_rules(self):
        """000-82: an approval that would break a rule changes nothing"""
        swap = self._swap(other_shift_id=False)
        other = self.env["cs.shift"].search([("user_id", "=", self.agent2.id)])
        other.sudo().date = self.far - timedelta(days=1)
        other.sudo().kind_id = self.duty
        swap.with_user(self.agent2).action_agree()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            swap.with_user(self.supervisor).action_approve()
        self.env.invalidate_all()
        self.assertEqual(swap.sudo().shift_id.user_id, self.agent)
        self.assertEqual(swap.state, "agreed")
