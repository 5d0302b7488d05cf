from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase


class RoundCase(DeskCase):
    def _to_execution(self, ticket):
        ticket.plan = "New hinge on Friday"
        ticket.stage_id = self._stage(ticket, "execution")
        return ticket

    def _told(self, kind="complaint", **vals):
        ticket = self._to_execution(self._ticket(kind, **vals))
        ticket.with_user(self.agent)._tell_customer("message", "Hinge replaced")
        return ticket

    def _fail(self, ticket, words="Still squeaks"):
        ticket.with_user(self.agent)._record_verdict("dissatisfied", words)
        ticket.plan = "Another hinge"


@tagged("post_install", "-at_install")
class TestFeedback(RoundCase):
    def test_gates_003_34(self):
        """003-34, 001-57: closed only with plan, result and the customer told"""
        ticket = self._ticket()
        for role, missing in [
            ("execution", "plan"),
            ("feedback", "plan"),
            ("done", "plan"),
        ]:
            with self.assertRaisesRegex(ValidationError, missing):
                ticket.stage_id = self._stage(ticket, role)
        self._to_execution(ticket)
        with self.assertRaisesRegex(ValidationError, "result"):
            ticket.stage_id = self._stage(ticket, "feedback")
        ticket.result = "Hinge replaced"
        for role in ("feedback", "revisit", "done"):
            with self.assertRaisesRegex(ValidationError, "tell the customer"):
                ticket.stage_id = self._stage(ticket, role)
        inquiry = self._ticket("inquiry")
        with self.assertRaisesRegex(ValidationError, "result"):
            inquiry.stage_id = self._stage(inquiry, "done")

    def test_message_really_sent(self):
        """003-34: the customer gets the message, the ticket goes to feedback"""
        ticket = self._to_execution(self._ticket())
        wizard = self.env["cs.ticket.feedback.wizard"].with_user(self.agent)
        tell = wizard.create({"ticket_id": ticket.id, "result": "Hinge replaced"})
        self.assertEqual(tell.way, "message")
        tell.action_apply()
        tell.action_apply()
        self.assertEqual(ticket.stage_role, "feedback")
        row = ticket.round_ids
        self.assertEqual(len(row), 1)
        self.assertEqual(row.told_by_id, self.agent)
        self.assertEqual(row.plan, "New hinge on Friday")
        message = row.told_message_id
        self.assertEqual(message.partner_ids, self.customer)
        self.assertFalse(message.is_internal)
        self.assertIn("Hinge replaced", message.body)
        sent = ticket.message_ids.filtered(lambda m: m.partner_ids == self.customer)
        self.assertEqual(len(sent), 1)

    def test_contact_logged(self):
        """003-34: a call counts with channel, time and note"""
        self.customer.email = False
        ticket = self._to_execution(self._ticket())
        wizard = self.env["cs.ticket.feedback.wizard"].with_user(self.agent)
        values = {"ticket_id": ticket.id, "result": "Hinge replaced"}
        tell = wizard.create(values)
        self.assertEqual(tell.way, "contact")
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            wizard.create(dict(values, way="message")).action_apply()
        phone = self.env.ref("cs_helpdesk.channel_phone_400")
        for wrong in (
            {},
            {"channel_id": phone.id, "note": " "},
            {
                "channel_id": phone.id,
                "note": "Told",
                "at": fields.Datetime.now() + timedelta(hours=1),
            },
            {"channel_id": phone.id, "note": "Told", "at": "2020-01-01 00:00:00"},
        ):
            with self.assertRaises(ValidationError):
                wizard.create(values | wrong).action_apply()
        self.assertFalse(ticket.told_at)
        wizard.create(
            values | {"channel_id": phone.id, "note": "Told Mrs Wang"}
        ).action_apply()
        self.assertTrue(ticket.told_at)
        self.assertEqual(ticket.round_ids.told_channel_id, phone)
        self.assertEqual(ticket.round_ids.told_note, "Told Mrs Wang")

    def test_facts_are_closed(self):
        """003-34: nobody writes the facts by hand; strangers tell nothing"""
        ticket = self._told().with_user(self.manager)
        for name, value in [
            ("told_at", fields.Datetime.now()),
            ("round_number", 1),
            ("verdict", "satisfied"),
            ("round_ids", [(5, 0, 0)]),
        ]:
            with self.assertRaises(AccessError):
                ticket.write({name: value})
        with self.assertRaises(AccessError):
            ticket.round_ids.write({"verdict": "satisfied"})
        for user in (self.stranger, self.second):
            with self.assertRaises(AccessError):
                ticket.with_user(user)._tell_customer("message", "x")
            with self.assertRaises(AccessError):
                ticket.with_user(user)._record_verdict("satisfied")
        for name in ("feedback", "verdict"):
            with self.assertRaises(AccessError):
                self.env[f"cs.ticket.{name}.wizard"].with_user(self.stranger).create(
                    {"ticket_id": ticket.id}
                )


@tagged("post_install", "-at_install")
class TestRounds(RoundCase):
    def test_satisfied_closes_000_49(self):
        """000-49, 001-69: a complaint closes when its customer is content"""
        ticket = self._told()
        with self.assertRaisesRegex(ValidationError, "call the customer back"):
            ticket.stage_id = self._stage(ticket, "done")
        call = (
            self.env["cs.ticket.verdict.wizard"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "verdict": "satisfied"})
        )
        call.action_apply()
        call.action_apply()
        self.assertTrue(ticket.closed)
        row = ticket.round_ids
        self.assertEqual(row.verdict, "satisfied")
        self.assertEqual(row.verdict_by_id, self.agent)
        self.assertTrue(row.verdict_at)

    def test_not_told_not_called_back(self):
        """001-69: nothing to ask before the result was told"""
        ticket = self._to_execution(self._ticket())
        with self.assertRaises(UserError):
            ticket._record_verdict("satisfied")
        told = self._told()
        with self.assertRaises(ValidationError):
            told._record_verdict("dissatisfied", " ")

    def test_unreachable(self):
        """000-49: who was not reached is closed by a supervisor only"""
        ticket = self._told()
        own = ticket.with_user(self.agent)
        own._record_verdict("unreachable", "No answer three times")
        with self.assertRaisesRegex(ValidationError, "only a supervisor"):
            own.stage_id = self._stage(ticket, "done")
        ticket.with_user(self.supervisor).stage_id = self._stage(ticket, "done")
        self.assertTrue(ticket.closed)

    def test_dissatisfied_starts_round(self):
        """003-34: not satisfied means another plan, result and feedback; no limit"""
        ticket = self._told()
        for number in range(1, 6):
            self.assertEqual(ticket.round_number, number)
            self._fail(ticket)
            self.assertEqual(ticket.stage_role, "plan")
            self.assertFalse(ticket.result)
            self.assertFalse(ticket.told_at)
            self._to_execution(ticket)
            with self.assertRaises(ValidationError):
                ticket.stage_id = self._stage(ticket, "feedback")
            ticket._tell_customer("message", f"Result {number + 1}")
        rounds = ticket.round_ids
        self.assertEqual(rounds.mapped("number"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(rounds[0].result, "Hinge replaced")
        self.assertEqual(rounds[0].verdict_reason, "Still squeaks")
        self.assertEqual(rounds[5].result, "Result 6")
        self.assertFalse(rounds[5].verdict)

    def test_escalation_by_rounds(self):
        """003-34: supervisor after the second failed round, manager after the third"""
        ticket = self._told()
        leads = []
        for _round in range(3):
            self._fail(ticket)
            leads.append(ticket.lead_id)
            self._to_execution(ticket)
            ticket._tell_customer("message", "Again")
        nobody = self.env["res.users"]
        self.assertEqual(leads, [nobody, self.supervisor, self.manager])
        self.assertIn(self.manager, ticket.activity_ids.user_id)

    def test_no_way_back_without_round(self):
        """003-34: a told ticket goes back to work only as a new round"""
        ticket = self._told()
        with self.assertRaisesRegex(ValidationError, "start a new round"):
            ticket.stage_id = self._stage(ticket, "plan")

    def test_reopen_closed(self):
        """003-34, 001-69: a closed ticket is reopened with its history"""
        ticket = self._told("problem")
        ticket._record_verdict("satisfied")
        self.assertTrue(ticket.closed)
        messages = ticket.message_ids
        with self.assertRaises(ValidationError):
            ticket.stage_id = self._stage(ticket, "execution")
        ticket.with_user(self.agent)._record_verdict("dissatisfied", "Broke again")
        self.assertFalse(ticket.closed)
        self.assertEqual(ticket.stage_role, "execution")
        self.assertEqual(ticket.round_number, 2)
        self.assertFalse(ticket.closed_date)
        self.assertLessEqual(messages, ticket.message_ids)
        self.assertEqual(ticket.round_ids[0].verdict, "dissatisfied")

    def test_cancel_complaint(self):
        """000-49: cancelling is no way out of a complaint for an agent"""
        ticket = self._ticket()
        with self.assertRaises(ValidationError):
            ticket.with_user(self.agent).stage_id = self._stage(ticket, "cancelled")
        ticket.with_user(self.supervisor).stage_id = self._stage(ticket, "cancelled")
        self.assertTrue(ticket.closed)

    def test_bad_rating_is_a_verdict(self):
        """003-34: a customer who rates badly starts a new round"""
        ticket = self._told("problem")
        ticket.sudo()._on_dissatisfied("★☆☆☆☆")
        self.assertEqual(ticket.round_number, 2)

    def test_other_teams_unbound(self):
        """003-34: the gates bind service desks only"""
        team = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        ticket = self._ticket(user=self.env.user, team_id=team.id, type_id=False)
        done = self.env["helpdesk.ticket.stage"].create(
            {"name": "Plain done", "closed": True}
        )
        ticket.stage_id = done
        self.assertTrue(ticket.closed)


@tagged("post_install", "-at_install")
class TestPortalVerdict(RoundCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.owner = new_test_user(
            self.env, "owner_login", "base.group_portal", password="owner_login"
        )
        self.ticket = self._told("problem", partner_id=self.owner.partner_id.id)
        self.env.flush_all()

    def _post(self, what, login="owner_login", csrf=True, **data):
        self.authenticate(login, login)
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(f"/my/ticket/{self.ticket.id}/{what}", data=data)

    def test_not_satisfied(self):
        """003-34: the customer himself starts a new round, once"""
        self.authenticate("owner_login", "owner_login")
        page = self.url_open(f"/my/ticket/{self.ticket.id}").text
        self.assertIn("Hinge replaced", page)
        self.assertIn(f"/my/ticket/{self.ticket.id}/verdict", page)
        for _press in range(2):
            self._post("verdict", words="It squeaks")
        self.env.invalidate_all()
        self.assertEqual(self.ticket.round_number, 2)
        self.assertEqual(self.ticket.round_ids[0].verdict_reason, "It squeaks")
        self.assertEqual(self.ticket.round_ids[0].verdict_by_id, self.owner)

    def test_refused(self):
        """003-34: not by others, not without words, not without token"""
        stranger = new_test_user(
            self.env, "other_login", "base.group_portal", password="other_login"
        )
        self._post("verdict", login="other_login", words="x")
        self.ticket.message_subscribe(stranger.partner_id.ids)
        self._post("verdict", login="other_login", words="a follower only")
        self._post("verdict", words="  ")
        with mute_logger("odoo.http"):
            answer = self._post("verdict", csrf=False, words="x")
        self.assertEqual(answer.status_code, 400)
        self.url_open(f"/my/ticket/{self.ticket.id}/verdict?words=x")
        self.env.invalidate_all()
        self.assertEqual(self.ticket.round_number, 1)

    def test_urge(self):
        """003-33: the customer urges in the portal"""
        self._fail(self.ticket)
        self.env.flush_all()
        for _press in range(2):
            self._post("urge")
        self.env.invalidate_all()
        self.assertEqual(self.ticket.urge_count, 1)
        self.assertEqual(self.ticket.urge_ids.source, "customer")
