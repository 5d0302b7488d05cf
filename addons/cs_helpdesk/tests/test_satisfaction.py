import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .collab_common import DeskMixin


class SatisfactionMixin(DeskMixin):
    @classmethod
    def _make_asked(cls, **vals):
        ticket = cls._make_ticket(**vals)
        cls._tell_result(ticket)
        return ticket

    def _rating(self, ticket):
        return self.env["rating.rating"].search([("ticket_id", "=", ticket.id)])[:1]

    def _mails(self, text):
        return self.env["mail.mail"].search(
            [("subject", "ilike", text), ("recipient_ids", "in", self.partner.ids)]
        )

    def _answer(self, ticket, overall, feedback=False, rating=None):
        questions = self.env["cs.satisfaction.question"].search([])
        scores = {q: overall if q.is_overall else 4 for q in questions}
        ticket.sudo()._apply_satisfaction(
            rating or self._rating(ticket), scores, feedback
        )


@tagged("post_install", "-at_install")
class TestSatisfaction(SatisfactionMixin, TransactionCase):
    """The customer says how it went (000-32, 003-34, P15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()

    def _run(self, cron):
        with self.enter_registry_test_mode():
            self.env.ref(f"cs_helpdesk.{cron}").method_direct_trigger()
        self.env.invalidate_all()

    # -- asking -----------------------------------------------------------
    def test_asked_when_told(self):
        """000-32: telling the result asks the customer, once, by a secret link."""
        ticket = self._make_ticket()
        self.assertFalse(ticket.satisfaction_state)
        self._tell_result(ticket)
        self.assertEqual(ticket.satisfaction_state, "waiting")
        mail = self._mails(ticket.number)
        self.assertEqual(len(mail), 1)
        self.assertIn(f"/rate/ticket/{self._rating(ticket).access_token}", mail.body)
        self.assertIn("刘先生", mail.body)
        ticket.write({"urgency": "urgent"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(len(self._mails(ticket.number)), 1)

    def test_agent_cannot_see_the_link(self):
        """P15: the link, which can rate, is hidden from the agent who is rated."""
        ticket = self._make_ticket()
        ticket = ticket.with_user(self.agent)
        self._tell_result(ticket)
        token = self._rating(ticket.sudo()).access_token
        self.assertTrue(token)
        bodies = "".join(ticket.message_ids.mapped("body"))
        self.assertNotIn(token, bodies)
        with self.assertRaises(AccessError):
            self._rating(ticket.sudo()).with_user(self.agent).read(["access_token"])
        message = self._mails(ticket.number).mail_message_id
        with self.assertRaises(AccessError):
            message.with_user(self.agent).read(["body"])

    def test_no_address(self):
        """P15: a customer without address is not reached, so silence is not assumed."""
        ticket = self._make_ticket()
        self.partner.email = False
        self._tell_result(ticket)
        self.assertEqual(ticket.satisfaction_state, "unreached")

    def test_import_of_history_asks_nobody(self):
        """000-32: what happened long ago is imported without writing to customers."""
        ticket = self._make_ticket()
        self.env.cr.precommit.run()
        past = fields.Datetime.now() - timedelta(days=300)
        with patch.object(
            self.registry["helpdesk.ticket"], "_event_time", lambda ticket: past
        ):
            self._tell_result(ticket)
        self.assertFalse(ticket.satisfaction_state)
        self.assertFalse(self._mails(ticket.number))

    # -- answering --------------------------------------------------------
    def test_answer_of_several_questions(self):
        """000-32: five points on several questions; the overall one is the rating."""
        ticket = self._make_asked()
        self._answer(ticket, 5, "很满意")
        self.assertEqual(ticket.rating_last_value, 5)
        self.assertEqual(ticket.satisfaction_state, "answered")
        self.assertEqual(ticket.satisfaction_answer_ids.mapped("score"), [5, 4, 4, 4])
        note = ticket.message_ids[0]
        self.assertIn("很满意", note.body)
        self.assertEqual(note.author_id, self.partner)

    def test_overall_is_needed(self):
        """P15: without overall points, or with six, there is no answer."""
        ticket = self._make_asked()
        rating = self._rating(ticket)
        attitude = self.env.ref("cs_helpdesk.question_attitude")
        overall = self.env.ref("cs_helpdesk.question_overall")
        for scores in ({}, {attitude: 5}, {overall: 6}, {overall: 0}):
            with self.assertRaises(UserError):
                ticket.sudo()._apply_satisfaction(rating, scores, False)
        self.assertFalse(rating.consumed)

    def test_dissatisfied_hook(self):
        """003-34: two points or less are handed to re-handling, once per answer."""
        ticket = self._make_asked()
        with patch.object(
            self.registry["helpdesk.ticket"], "_on_dissatisfied", autospec=True
        ) as hook:
            self._answer(ticket, 3)
            hook.assert_not_called()
            self._answer(ticket, 2, "还是关不上")
            hook.assert_called_once()
            self.assertIn("还是关不上", hook.call_args.args[1])
            self._answer(ticket, 1)
            hook.assert_called_once()

    def test_change_until_closed(self):
        """P15: an answer can be changed while the ticket is open, not after."""
        ticket = self._make_asked()
        self._answer(ticket, 4)
        self._answer(ticket, 5)
        self.assertEqual(ticket.rating_last_value, 5)
        self.assertEqual(len(ticket.satisfaction_answer_ids), 4)
        ticket.stage_id = self._stage("done")
        with self.assertRaises(UserError):
            self._answer(ticket, 3)

    def test_new_round_new_link(self):
        """003-34: after re-handling the customer is asked anew, the old link ends."""
        ticket = self._make_asked()
        old = self._rating(ticket)
        self._answer(ticket, 3)
        ticket._record_verdict("dissatisfied", "还是不行")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._tell_result(ticket)
        self.assertEqual(ticket.satisfaction_state, "waiting")
        new = self._rating(ticket) - old
        self.assertTrue(new)
        with self.assertRaises(UserError):
            self._answer(ticket, 5, rating=old)
        self._answer(ticket, 5, rating=new)
        self.assertEqual(ticket.rating_last_value, 5)

    # -- who may write ----------------------------------------------------
    def test_agents_cannot_rate(self):
        """P15: no way over the ORM leads an agent, or a manager, to a rating."""
        manager = new_test_user(self.env, "desk_manager", "cs_helpdesk.group_manager")
        ticket = self._make_asked()
        rating = self._rating(ticket)
        model = self.env["ir.model"]._get_id("helpdesk.ticket")
        for user in (self.agent, manager):
            own = ticket.with_user(user)
            with self.assertRaises(AccessError):
                rating.with_user(user).write({"rating": 5, "consumed": True})
            with self.assertRaises(AccessError):
                self.env["rating.rating"].with_user(user).create(
                    {"res_model_id": model, "res_id": ticket.id, "rating": 5}
                )
            with self.assertRaises(AccessError):
                own.rating_apply(5, rating=rating.with_user(user))
            with self.assertRaises(AccessError):
                own.message_post(body="好", rating_value=5)
            with self.assertRaises(AccessError):
                own.write({"satisfaction_state": "answered"})
        self.assertFalse(rating.consumed)

    def test_rating_cannot_be_moved_onto_a_ticket(self):
        """P15: a rating of something else does not become a ticket's by a write."""
        ticket = self._make_asked()
        model = self.env["ir.model"]
        other = (
            self.env["rating.rating"]
            .with_user(self.agent)
            .create(
                {
                    "res_model_id": model._get_id("res.partner"),
                    "res_id": self.partner.id,
                    "rating": 5,
                    "consumed": True,
                }
            )
        )
        with self.assertRaises(AccessError):
            other.write(
                {
                    "res_model_id": model._get_id("helpdesk.ticket"),
                    "res_id": ticket.id,
                }
            )

    def test_ratings_are_read_with_the_ticket(self):
        """000-32: a colleague without the ticket does not read the customer's words."""
        ticket = self._make_asked()
        self._answer(ticket, 2, "电话里的隐私")
        rating = self._rating(ticket)
        self.assertTrue(rating.with_user(self.agent2).has_access("read"))
        self.assertTrue(rating.with_user(self.supervisor).has_access("read"))
        self.assertFalse(rating.with_user(self.outsider).has_access("read"))
        answers = ticket.satisfaction_answer_ids
        self.assertTrue(answers.with_user(self.agent).has_access("read"))
        self.assertFalse(answers[0].with_user(self.outsider).has_access("read"))

    def test_team_satisfaction(self):
        """000-32: satisfaction of the team over 30 days, in one query for all teams."""
        for points in (5, 4, 2):
            self._answer(self._make_asked(), points)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.team.rating_count, 3)
        self.assertAlmostEqual(self.team.rating_avg, 11 / 3, 2)
        self.assertEqual(self.team.rating_percentage_satisfaction, 66)

    # -- silence ----------------------------------------------------------
    def test_reminded_once(self):
        """000-105: one reminder after 24 h, and no other."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_asked()
        with freeze_time("2026-03-03 07:59:00"):
            self._run("cron_satisfaction")
            self.assertFalse(self._mails("期待您的评价"))
        with freeze_time("2026-03-03 08:01:00"):
            self._run("cron_satisfaction")
            self.assertEqual(len(self._mails("期待您的评价")), 1)
            link = re.search(r"/rate/ticket/(\w+)", self._mails("期待您的评价").body)
            self.assertEqual(link[1], self._rating(ticket).access_token)
        with freeze_time("2026-03-04 09:00:00"):
            self._run("cron_satisfaction")
            self.assertEqual(len(self._mails("期待您的评价")), 1)

    def test_silence_closes(self):
        """000-105: an unanswered request closes the ticket after 72 h."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_asked()
            answered = self._make_asked()
            self._answer(answered, 5)
        with freeze_time("2026-03-05 07:59:00"):
            self._run("cron_satisfaction")
            self.assertFalse(ticket.closed)
        with freeze_time("2026-03-05 08:01:00"):
            self._run("cron_satisfaction")
        self.assertTrue(ticket.closed)
        self.assertEqual(ticket.satisfaction_state, "silent")
        self.assertFalse(answered.closed)

    def test_silence_never_closes_a_complaint(self):
        """000-105: a complaint stays open however long the customer is silent."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_ticket(type_id=self.type_complaint.id)
            ticket.sudo().write(
                {
                    "satisfaction_state": "waiting",
                    "satisfaction_asked_at": fields.Datetime.now(),
                }
            )
        # not even when somebody ticks both boxes of the type
        self.type_complaint.auto_close = True
        with freeze_time("2026-03-12 08:00:00"):
            self._run("cron_satisfaction")
        self.assertFalse(ticket.closed)
        self.assertEqual(ticket.satisfaction_state, "silent")

    def test_refused_closing_is_told(self):
        """000-105: when a gate refuses the closing, the owner gets its sentence."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_asked()
        with (
            freeze_time("2026-03-06 08:00:00"),
            patch.object(
                self.registry["helpdesk.ticket"],
                "_check_stage_gates",
                side_effect=UserError("还缺处理结果"),
            ),
        ):
            self._run("cron_satisfaction")
        self.assertFalse(ticket.closed)
        self.assertIn("还缺处理结果", ticket.activity_ids.note)
        self.assertEqual(ticket.activity_ids.user_id, self.agent)

    # -- no progress ------------------------------------------------------
    def _idle(self, ticket):
        return ticket.activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref("cs_helpdesk.activity_idle")
        )

    def test_idle_reminder(self):
        """000-105: 24 h without progress remind the owner, once per idle period."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_ticket()
        with freeze_time("2026-03-03 07:00:00"):
            self._run("cron_idle")
            self.assertFalse(self._idle(ticket))
        with freeze_time("2026-03-03 09:00:00"):
            self._run("cron_idle")
            self.assertEqual(self._idle(ticket).user_id, self.agent)
        with freeze_time("2026-03-05 09:00:00"):
            self._run("cron_idle")
            self.assertEqual(len(self._idle(ticket)), 1)
        with freeze_time("2026-03-06 09:00:00"):
            ticket.with_user(self.agent).message_post(body="已联系工厂")
            self._run("cron_idle")
            self.assertEqual(len(self._idle(ticket)), 1)
        with freeze_time("2026-03-07 10:00:00"):
            self._run("cron_idle")
            self.assertEqual(len(self._idle(ticket)), 2)

    def test_no_idle_reminder_while_the_customer_is_asked(self):
        """000-105: who waits for the customer's evaluation is not reminded."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_asked()
        with freeze_time("2026-03-03 09:00:00"):
            self._run("cron_idle")
        self.assertFalse(self._idle(ticket))

    def test_idle_goes_to_the_leader_without_owner(self):
        """000-105: an idle ticket of an archived owner is brought to the leader."""
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self._make_ticket()
        self.agent.active = False
        with freeze_time("2026-03-03 09:00:00"):
            self._run("cron_idle")
        self.assertEqual(self._idle(ticket).user_id, self.supervisor)


@tagged("post_install", "-at_install")
class TestSatisfactionPage(SatisfactionMixin, HttpCase):
    """The rating page, as the customer's browser sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        cls.partner.lang = "en_US"  # the page speaks the customer's language
        cls.ticket = cls._make_asked()
        cls.overall = cls.env.ref("cs_helpdesk.question_overall")
        cls.speed = cls.env.ref("cs_helpdesk.question_speed")

    def _token(self):
        return self._rating(self.ticket).access_token

    def _post(self, token, **values):
        page = self.url_open(f"/rate/ticket/{token}")
        csrf = re.search(r'name="csrf_token" value="(\w+)"', page.text)
        values["csrf_token"] = csrf and csrf[1] or "none"
        response = self.url_open(f"/rate/ticket/{token}", data=values)
        self.env.invalidate_all()
        return response

    def test_get_shows_and_writes_nothing(self):
        """P15: opening the link, as mail scanners do, writes nothing."""
        page = self.url_open(f"/rate/ticket/{self._token()}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.ticket.number, page.text)
        self.assertIn(f'name="question_{self.overall.id}"', page.text)
        self.assertNotIn(self.partner.phone, page.text)
        self.assertFalse(self._rating(self.ticket).consumed)

    def test_post_writes(self):
        """P15: the form writes points and words, without login."""
        response = self._post(
            self._token(),
            **{
                f"question_{self.overall.id}": "4",
                f"question_{self.speed.id}": "2",
                "feedback": "师傅很专业 <script>",
            },
        )
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.ticket.rating_last_value, 4)
        self.assertEqual(self.ticket.rating_last_feedback, "师傅很专业 <script>")
        self.assertEqual(self.ticket.satisfaction_answer_ids.mapped("score"), [4, 2])
        self.assertNotIn("<script>", self.ticket.message_ids[0].body)

    @mute_logger("odoo.http")
    def test_post_needs_csrf(self):
        """P15: a form of another site cannot rate in the customer's name."""
        self.authenticate(None, None)
        response = self.url_open(
            f"/rate/ticket/{self._token()}",
            data={f"question_{self.overall.id}": "5"},
        )
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(self._rating(self.ticket).consumed)

    def test_missing_points_are_said(self):
        """P15: without overall points the page says what is missing."""
        response = self._post(self._token(), feedback="好")
        self.assertEqual(response.status_code, 400)
        self.assertIn("overall points", response.text)
        self.assertFalse(self._rating(self.ticket).consumed)

    def test_token_is_bound_to_ticket_and_purpose(self):
        """P15: a wrong token opens nothing; ours does not open core's three faces."""
        self.assertEqual(self.url_open("/rate/ticket/" + "0" * 32).status_code, 404)
        self.assertEqual(self.url_open(f"/rate/{self._token()}/5").status_code, 404)
        other = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.partner.id,
            }
        )
        page = self.url_open(f"/rate/ticket/{other.access_token}")
        self.assertEqual(page.status_code, 404)

    def test_old_link(self):
        """P15: a link never used ends after 30 days, with a sentence."""
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            page = self.url_open(f"/rate/ticket/{self._token()}")
        self.assertIn("expired", page.text)
        self.assertNotIn("<form", page.text)
