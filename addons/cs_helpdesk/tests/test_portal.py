from unittest.mock import patch
from uuid import uuid4

from odoo import http
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..controllers.portal_ticket_form import TicketForm
from ..hooks import post_init_hook, pre_init_hook

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@tagged("post_install", "-at_install")
class TestPortal(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ticket = cls.env["helpdesk.ticket"]
        cls.customer = cls.make_customer("desk.customer")
        cls.follower = cls.make_customer("desk.follower")
        cls.agent = new_test_user(cls.env, "desk.agent", "cs_helpdesk.group_agent")
        cls.inquiry = cls.env.ref("cs_helpdesk.type_inquiry")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk",
                "service_desk": True,
                "default_type_id": cls.inquiry.id,
                "user_ids": cls.agent.ids,
            }
        )
        cls.ticket = cls.Ticket.create(
            {
                "name": "Hinge",
                "description": "It squeaks.",
                "team_id": cls.team.id,
                "partner_id": cls.customer.partner_id.id,
            }
        )
        cls.done = cls.stage("done")
        cls.done.close_from_portal = True

    @classmethod
    def make_customer(cls, login):
        return new_test_user(cls.env, login, "base.group_portal", name=login)

    @classmethod
    def stage(cls, role):
        return cls.inquiry.stage_ids.filtered(lambda s: s.role == role)[:1]

    def post(self, url, user=None, files=None, **data):
        login = (user or self.customer).login
        self.authenticate(login, login)
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def get(self, url, user=None, **kw):
        login = (user or self.customer).login
        self.authenticate(login, login)
        return self.url_open(url, **kw)

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------
    def close(self, stage, user=None):
        return self.post(
            "/ticket/close", user, ticket_id=self.ticket.id, stage_id=stage.id
        )

    def test_customer_closes_only_where_it_is_meant(self):
        """003-34: a stage that is not for customers cannot be forged."""
        for role in ("feedback", "cancelled"):
            self.close(self.stage(role))
            self.assertEqual(self.ticket.stage_id, self.stage("intake"))

    def test_customer_passes_the_gates_like_everybody(self):
        """003-34: what a gate says is told, the ticket stays."""
        sentence = "First say what was done."
        with patch.object(
            type(self.Ticket),
            "_check_stage_gates",
            side_effect=ValidationError(sentence),
        ):
            answer = self.close(self.done)
        self.assertEqual(answer.status_code, 302)
        self.assertFalse(self.ticket.closed)
        page = self.url_open(f"/my/ticket/{self.ticket.id}").text
        self.assertIn(sentence, page)
        self.assertNotIn(sentence, self.url_open(f"/my/ticket/{self.ticket.id}").text)

    def test_follower_may_read_but_not_close(self):
        self.ticket.message_subscribe(self.follower.partner_id.ids)
        page = self.get(f"/my/ticket/{self.ticket.id}", self.follower).text
        self.assertIn("Hinge", page)
        self.assertNotIn("/ticket/close", page)
        self.close(self.done, self.follower)
        self.assertFalse(self.ticket.closed)

    def test_buttons_post_with_a_token(self):
        page = self.get(f"/my/ticket/{self.ticket.id}").text
        self.assertIn('action="/ticket/close"', page)
        self.assertNotIn('method="GET"', page)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    def file_url(self, file):
        return f"/my/ticket/{self.ticket.id}/file/{file.id}"

    def test_files_shown_can_be_had_and_others_not(self):
        """004-83: the page's own address serves what the page shows, no more."""
        note = self.ticket.message_post(body="us", attachments=[("us.txt", b"us")])
        answer = self.ticket.message_post(
            body="you",
            subtype_xmlid="mail.mt_comment",
            attachments=[("you.txt", b"you")],
        )
        shown = self.get(self.file_url(answer.attachment_ids))
        self.assertEqual(shown.content, b"you")
        self.assertIn("attachment", shown.headers["Content-Disposition"])
        self.assertEqual(self.get(self.file_url(note.attachment_ids)).status_code, 404)
        stranger = self.get(self.file_url(answer.attachment_ids), self.follower)
        self.assertEqual(stranger.status_code, 404)

    def test_link_in_a_mail_shows_no_files_of_notes(self):
        """The chat of a visitor with a link lists what the page lists."""
        note = self.ticket.message_post(body="us", attachments=[("us.txt", b"us")])
        answer = self.ticket.message_post(
            body="you",
            subtype_xmlid="mail.mt_comment",
            attachments=[("you.txt", b"you")],
        )
        self.authenticate(None, None)
        data = self.make_jsonrpc_request(
            "/mail/data",
            {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "helpdesk.ticket",
                            "thread_id": self.ticket.id,
                            "request_list": ["attachments"],
                            "access_params": {
                                "token": self.ticket._portal_ensure_token()
                            },
                        },
                    ]
                ]
            },
        )
        ids = [file["id"] for file in data.get("ir.attachment", [])]
        self.assertIn(answer.attachment_ids.id, ids)
        self.assertNotIn(note.attachment_ids.id, ids)

    def test_old_links_to_notes_are_revoked(self):
        note = self.ticket.message_post(body="us", attachments=[("us.txt", b"us")])
        answer = self.ticket.message_post(
            body="you",
            subtype_xmlid="mail.mt_comment",
            attachments=[("you.txt", b"you")],
        )
        files = note.attachment_ids + answer.attachment_ids
        files.generate_access_token()
        self.env.flush_all()
        post_init_hook(self.env)
        self.assertFalse(note.attachment_ids.access_token)
        self.assertTrue(answer.attachment_ids.access_token)

    # ------------------------------------------------------------------
    # The form
    # ------------------------------------------------------------------
    def submit(self, files=None, **data):
        data = {"subject": "Form", "description": "It squeaks.", **data}
        return self.post("/submitted/ticket", files=files, **data)

    def sent(self):
        domain = [("partner_id", "=", self.customer.partner_id.id)]
        return self.Ticket.search(domain) - self.ticket

    def test_form_has_all_it_asks_for(self):
        page = self.get("/new/ticket").text
        for name in ("subject", "description", "attachment", "portal_key"):
            self.assertIn(f'name="{name}"', page)

    def test_refused_form_says_why_and_keeps_what_was_written(self):
        answer = self.submit(subject="", description="Long text I wrote")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Long text I wrote", answer.text)
        self.assertIn("alert-danger", answer.text)

    def test_file_too_large(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("cs_helpdesk.file_megabytes", "0")
        answer = self.submit(files=[("attachment", ("photo.png", PNG))])
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.sent())

    def test_too_many_files(self):
        files = [("attachment", (f"{n}.png", PNG)) for n in range(21)]
        self.assertEqual(self.submit(files=files).status_code, 422)

    def test_team_must_be_offered(self):
        """A team that is not in the list cannot be forged, archived or foreign."""
        self.env.company.helpdesk_mgmt_portal_select_team = True
        hidden = self.team.copy({"name": "Hidden", "show_in_portal": False})
        for team in (hidden.id, "abc", 0, 10**9):
            self.assertEqual(self.submit(team=team or "0").status_code, 422, team)
        self.assertEqual(self.submit().status_code, 422, "a team is required")
        self.assertFalse(self.sent())
        self.submit(team=self.team.id)
        self.assertEqual(self.sent().team_id, self.team)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_presses_at_once(self):
        """The second does not see the first yet: the index does, and it is retried."""
        key = str(uuid4())
        self.submit(portal_key=key)
        find, looks = TicketForm._find_sent_ticket, []

        def find_late(form, values):
            looks.append(values)
            return find(form, values) if len(looks) > 1 else None

        with (
            patch.object(TicketForm, "_find_sent_ticket", find_late),
            patch("odoo.service.model.time.sleep"),
        ):
            answer = self.submit(portal_key=key)
        self.assertEqual(len(self.sent()), 1)
        self.assertTrue(answer.headers["Location"].endswith(f"/{self.sent().id}"))

    def test_key_of_somebody_else_shows_nothing(self):
        key = str(uuid4())
        self.submit(portal_key=key)
        self.env["helpdesk.ticket"].search(
            [("portal_key", "=", key)]
        ).partner_id = self.follower.partner_id
        with mute_logger("odoo.sql_db", "odoo.service.model", "odoo.http"):
            with patch("odoo.service.model.time.sleep"):
                answer = self.submit(portal_key=key)
        self.assertGreaterEqual(answer.status_code, 400)

    # ------------------------------------------------------------------
    # Chinese
    # ------------------------------------------------------------------
    def test_labels_are_asked_from_this_addon(self):
        """What helpdesk_mgmt says in Python we say again, so that it is Chinese."""
        self.customer.lang = "zh_CN"
        page = self.get("/my/tickets").text
        for word in ("最新", "标题"):
            self.assertIn(word, page)


@tagged("post_install", "-at_install")
class TestHooks(TransactionCase):
    def test_double_numbers_are_told_apart_before_the_index(self):
        """helpdesk_mgmt lets two tickets have one number; the oldest keeps it."""
        Ticket = self.env["helpdesk.ticket"]
        tickets = Ticket.create(
            [{"name": str(n), "description": "x"} for n in range(5)]
        )
        self.env.flush_all()
        self.env.cr.execute(SQL("DROP INDEX helpdesk_ticket_number_uniq"))
        for ticket, number in zip(tickets, ["A", "A", "A", "A-2", "/"], strict=True):
            ticket.number = number
        self.env.flush_all()
        pre_init_hook(self.env)
        tickets.invalidate_recordset(["number"])
        numbers = tickets.mapped("number")
        self.assertEqual(numbers[0], "A")
        self.assertEqual(numbers[4], "/")
        self.assertEqual(len(set(numbers)), 5)
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX helpdesk_ticket_number_uniq ON helpdesk_ticket"
                " (number, company_id) WHERE number != '/'"
            )
        )
