from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestPromise(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket("inquiry", user_id=cls.agent.id)
        cls.mine = cls.ticket.with_user(cls.agent)

    def _promise(self, hours=2, **values):
        until = fields.Datetime.now() + timedelta(hours=hours)
        return self.mine._promise("Call back", until, **values)

    def _break(self, promise):
        with freeze_time(promise.until + timedelta(minutes=1)):
            self.env["cs.promise"]._break_due()

    def test_two_clicks(self):
        """N25, 004-08: from a ticket; what, by whom and until when; its clock runs."""
        wizard = (
            self.env["cs.promise.wizard"]
            .with_user(self.agent)
            .with_context(cs_promise_preset="tomorrow", tz="Asia/Shanghai")
            .create({"ticket_id": self.ticket.id})
        )
        self.agent.tz = "Asia/Shanghai"
        wizard.action_promise()
        promise = self.mine.promise_ids
        local = fields.Datetime.context_timestamp(
            promise.with_context(tz="Asia/Shanghai"), promise.until
        )
        self.assertEqual(
            (promise.user_id, promise.partner_id, promise.state),
            (self.agent, self.customer, "open"),
        )
        self.assertEqual((local.hour, local.minute), (10, 0))
        clock = promise.sudo().clock_ids
        self.assertEqual((clock.kind, clock.state), ("promise", "running"))
        self.assertEqual(clock.deadline, promise.until)
        self.assertEqual(self.mine.promise_due, promise.until)

    def test_kept_by_button_once(self):
        """N25: kept by a button; the second press changes nothing."""
        promise = self._promise()
        promise.action_keep()
        settled = promise.settled_at
        promise.action_keep()
        self.assertEqual((promise.state, promise.way), ("kept", "hand"))
        self.assertEqual(promise.settled_at, settled)
        self.assertEqual(promise.sudo().clock_ids.state, "met")
        self.assertEqual(promise.kept, 1)

    def test_kept_by_writing_or_calling(self):
        """N25: what the customer hears later keeps it; the talk itself does not."""
        promise = self._promise()
        self.mine.message_post(
            body="We call you back",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(promise.state, "open")
        with freeze_time(promise.made_at + timedelta(minutes=30)):
            self.mine.message_post(body="a note", message_type="comment")
            self.assertEqual(promise.state, "open")
            self.mine.message_post(
                body="It is solved",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertEqual((promise.state, promise.way), ("kept", "message"))
        with freeze_time(promise.made_at + timedelta(minutes=40)):
            second = self._promise()
        with freeze_time(second.made_at + timedelta(minutes=30)):
            self.mine._tell_customer(
                "contact",
                "Solved",
                channel=self.env.ref("cs_helpdesk.channel_phone_400"),
                note="Told by telephone",
            )
        self.assertEqual((second.state, second.way), ("kept", "call"))

    def test_broken_needs_a_supervisor_next(self):
        """N25: a broken promise makes the next one need a supervisor, not oneself."""
        broken = self._promise()
        self._break(broken)
        self.assertEqual(broken.state, "broken")
        self.assertEqual(broken.sudo().clock_ids.state, "late")
        draft = self._promise(hours=5)
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.sudo().clock_ids)
        with self.assertRaises(AccessError):
            draft.action_approve()
        with self.assertRaises(UserError):
            draft.action_keep()
        draft.with_user(self.supervisor).action_approve()
        self.assertEqual(draft.state, "open")
        self.assertEqual(draft.sudo().clock_ids.state, "running")
        self.assertEqual(self._promise(hours=6).state, "open")

    def test_nobody_consents_to_his_own(self):
        """N25: a supervisor who broke one asks another supervisor."""
        mine = self.ticket.with_user(self.supervisor)
        until = fields.Datetime.now() + timedelta(hours=1)
        self._break(mine._promise("Call back", until))
        with freeze_time(until + timedelta(minutes=5)):
            draft = mine._promise("Call back", until + timedelta(hours=3))
            with self.assertRaises(AccessError):
                draft.with_user(self.supervisor).action_approve()
            draft.with_user(self.manager).action_approve()
        self.assertEqual(draft.state, "open")
        self.assertEqual(draft.approved_by_id, self.manager)

    def test_cancelled_with_a_reason(self):
        """N25: cancelled with a reason, by whom it is; cancelled is not broken."""
        promise = self._promise()
        action = promise.action_cancel()
        Wizard = self.env[action["res_model"]].with_context(**action["context"])
        with self.assertRaises(AccessError):
            Wizard.with_user(self.agent2).create({"reason": "x"}).action_apply()
        with self.assertRaises(ValidationError):
            promise._cancel("  ")
        Wizard.with_user(self.agent).create({"reason": "He called"}).action_apply()
        self.assertEqual((promise.state, promise.reason), ("cancelled", "He called"))
        self.assertEqual(promise.sudo().clock_ids.state, "cancelled")
        self.assertEqual(self._promise().state, "open")

    def test_rate_by_person(self):
        """N25: the share of promises kept, by person, from one query."""
        self._promise().action_keep()
        self._break(self._promise(hours=1))
        rows = self.env["cs.promise"]._read_group(
            [("user_id", "=", self.agent.id), ("state", "in", ("kept", "broken"))],
            ["user_id"],
            ["kept:avg", "__count"],
        )
        self.assertEqual(rows, [(self.agent, 0.5, 2)])

    def test_written_by_its_methods_alone(self):
        """N25: no hand makes a promise kept, and strangers do not see it."""
        promise = self._promise()
        for values in ({"state": "kept"}, {"until": fields.Datetime.now()}):
            with self.assertRaises(AccessError):
                promise.write(values)
        with self.assertRaises(AccessError):
            promise.copy()
        with self.assertRaises(AccessError):
            promise.unlink()
        with self.assertRaises(AccessError):
            promise.with_user(self.stranger).read(["name"])
        with self.assertRaises(AccessError):
            promise.with_user(self.portal).read(["name"])
        with self.assertRaises(ValidationError):
            self._promise(hours=-1)

    def test_list_reads_in_few_queries(self):
        """N25: the list of promises costs the same for one row as for eighty."""
        until = fields.Datetime.now() + timedelta(hours=2)
        names = ["name", "until", "state", "user_id", "next_deadline", "next_clock"]
        self.env["cs.promise"].create(
            [
                {
                    "name": "Call back",
                    "until": until,
                    "user_id": self.agent.id,
                    "made_by_id": self.agent.id,
                    "made_at": fields.Datetime.now(),
                    "company_id": self.env.company.id,
                    "ticket_id": self.ticket.id,
                }
                for _number in range(80)
            ]
        )._begin()
        self.env.flush_all()
        promises = self.env["cs.promise"].with_user(self.agent)
        promises.search([], limit=1).web_read({name: {} for name in names})
        counts = []
        for limit in (1, 80):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            promises.search([], limit=limit).web_read({name: {} for name in names})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
