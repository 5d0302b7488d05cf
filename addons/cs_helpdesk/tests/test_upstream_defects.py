"""What is wrong in ``helpdesk_mgmt`` alone and right with ``cs_helpdesk``.

Nothing here needs a record or a field of ours, so the file runs both ways. On a
database that has only ``helpdesk_mgmt`` and its like, every test but those named
``test_keeps_...`` fails; with ``cs_helpdesk`` installed every test passes::

    pytest --odoo-database=OURS --odoo-http tests/test_upstream_defects.py
    cp tests/test_upstream_defects.py /tmp/defects/     # away from our manifest
    pytest --odoo-database=THEIRS --odoo-http /tmp/defects/test_upstream_defects.py
"""

from uuid import uuid4

from psycopg2.errors import UniqueViolation

from odoo import Command, fields, http
from odoo.tests import (
    HttpCase,
    TransactionCase,
    freeze_time,
    new_test_user,
    tagged,
)
from odoo.tools import SQL, mute_logger

from odoo.addons.mail.tests.common import MailCommon

MAIL = """Return-Path: <{sender}>
To: {to}
From: Bob Example <{sender}>
Message-ID: <{msg_id}@example.org>
Date: Tue, 29 Nov 2022 12:43:21 +0000
Subject: {subject}
MIME-Version: 1.0
{header}Content-Type: text/plain; charset=utf-8

My hinge squeaks.
"""


class DefectCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ticket = cls.env["helpdesk.ticket"]
        cls.done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        cls.new = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")

    @classmethod
    def make_ticket(cls, **values):
        return cls.env["helpdesk.ticket"].create(
            {"name": "Hinge", "description": "It squeaks.", **values}
        )


@tagged("post_install", "-at_install")
class TestRecordDefects(DefectCase):
    def test_public_cannot_write_stages(self):
        """6b 7.1 (2), 003-11: the visitor of a web page changes no workflow."""
        public = self.env.ref("base.public_user")
        stage = self.new.with_user(public)
        self.assertFalse(stage.has_access("write"))

    def test_keeps_public_stage_reading(self):
        public = self.env.ref("base.public_user")
        self.assertTrue(self.new.with_user(public).has_access("read"))

    def test_write_leaves_the_values_of_its_caller(self):
        """6b 7.1 (6): two writes with one dictionary do not mix."""
        vals = {"stage_id": self.done.id, "user_id": self.env.uid}
        self.make_ticket().write(vals)
        self.assertEqual(vals, {"stage_id": self.done.id, "user_id": self.env.uid})

    def test_create_leaves_the_values_of_its_caller(self):
        """The same values twice are two tickets with two numbers."""
        values = {"name": "Hinge", "description": "It squeaks."}
        tickets = self.Ticket.create([values] * 2)
        self.assertNotEqual(tickets[0].number, tickets[1].number)
        self.assertNotIn("number", values)

    def test_reopened_ticket_has_no_closing_date(self):
        """6b 7.1 (6)."""
        ticket = self.make_ticket()
        ticket.stage_id = self.done
        self.assertTrue(ticket.closed_date)
        ticket.stage_id = self.new
        self.assertFalse(ticket.closed_date)

    def test_stage_changed_by_a_compute_is_dated(self):
        """6b 7.1 (6): a new team means a new stage, without any write()."""
        Stage = self.env["helpdesk.ticket.stage"]
        Team = self.env["helpdesk.ticket.team"]
        here, there = Team.create([{"name": "Here"}, {"name": "There"}])
        own = Stage.create({"name": "Here only", "team_ids": here.ids, "sequence": 0})
        with freeze_time("2026-03-02 08:00:00"):
            ticket = self.make_ticket(team_id=here.id, stage_id=own.id)
            self.env.flush_all()
        with freeze_time("2026-03-05 09:00:00"):
            ticket.team_id = there
            self.env.flush_all()
        self.assertNotEqual(ticket.stage_id, own)
        self.assertEqual(
            ticket.last_stage_update, fields.Datetime.to_datetime("2026-03-05 09:00:00")
        )

    def test_several_tickets_are_duplicated_at_once(self):
        """6b 7.1 (7)."""
        tickets = self.make_ticket() + self.make_ticket()
        copies = tickets.copy()
        self.assertEqual(len(set(copies.mapped("number"))), 2)

    @mute_logger("odoo.sql_db")
    def test_ticket_number_is_unique(self):
        """6b 7.1 (7)."""
        first, second = self.make_ticket(), self.make_ticket()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            second.number = first.number
            self.env.flush_all()

    def test_queue_order_is_served_by_an_index(self):
        """6b 7.1 (7): 80 rows of the default order are read, not all sorted."""
        query = self.Ticket._search([], limit=80, order=self.Ticket._order)
        plan = self._explain(query.select(SQL("helpdesk_ticket.id")))
        self.assertNotIn("Sort", plan)

    def _explain(self, query):
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL enable_sort = off"))
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        return "\n".join(line for [line] in self.env.cr.fetchall())

    def test_partner_list_counts_tickets_in_few_queries(self):
        """6b 7.1 (8): as many queries for 80 customers as for one."""
        parent = self.env["res.partner"].create({"name": "Dealer"})
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}", "parent_id": parent.id} for n in range(80)]
        )
        for partner in partners[:3]:
            self.make_ticket(partner_id=partner.id)
        self.make_ticket(partner_id=partners[3].id, stage_id=self.done.id)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            (partners | parent).mapped("helpdesk_ticket_count")
        self.assertEqual(parent.helpdesk_ticket_count_string, "3 / 4")

    def test_name_search_reads_only_what_it_finds(self):
        """6b 7.1 (9)."""
        for model in ("helpdesk.ticket.category", "helpdesk.ticket.team"):
            Model = self.env[model]
            root = Model.create({"name": "Kitchen"})
            leaf = Model.create({"name": "Hinge", "parent_id": root.id})
            other = Model.create({"name": "Wardrobe"})
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(
                Model.search([("complete_name", "=", "Kitchen / Hinge")]), leaf
            )
            self.assertIn(
                leaf, Model.search([("complete_name", "ilike", "chen / hin")])
            )
            self.assertNotIn(
                leaf, Model.search([("complete_name", "not ilike", "/ hin")])
            )
            cached = self.env.cache.contains(other, Model._fields["complete_name"])
            self.assertFalse(cached, f"{model}: the whole table was loaded")

    def test_leaving_a_team_ends_the_view_of_its_tickets(self):
        """proofs 2 (11), 003-05: domains of rules are cached, memberships not."""
        user = new_test_user(
            self.env, "leaver", "helpdesk_mgmt.group_helpdesk_user_team"
        )
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Left", "user_ids": [Command.link(user.id)]}
        )
        ticket = self.make_ticket(team_id=team.id)
        self.assertIn(ticket, self.Ticket.with_user(user).search([]))
        team.user_ids = [Command.unlink(user.id)]
        self.env.flush_all()
        self.assertNotIn(ticket, self.Ticket.with_user(user).search([]))


@tagged("post_install", "-at_install")
class TestMailDefects(MailCommon, DefectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "By mail", "alias_name": "defect-desk"}
        )
        cls.address = cls.team.alias_id.alias_full_name
        params = cls.env["ir.config_parameter"].sudo()
        params.set_param("mail.gateway.loop.threshold", 3)

    def receive(self, subject, sender="bob@example.org", header=""):
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                None,
                MAIL.format(
                    to=self.address,
                    sender=sender,
                    subject=subject,
                    header=header,
                    msg_id=uuid4().hex,
                ),
            )
        self.env.flush_all()
        return self.Ticket.search([("name", "=", subject)])

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_answering_machine_is_stopped(self):
        """6b 7.1 (5): the fourth ticket of an address within two hours is refused."""
        for _n in range(6):
            tickets = self.receive("Out of office")
        self.assertEqual(len(tickets), 3)

    def test_automatic_answer_opens_no_ticket(self):
        """6b 7.1 (5): Auto-Submitted says it (RFC 3834)."""
        header = "Auto-Submitted: auto-replied\n"
        self.assertFalse(self.receive("Away until Monday", header=header))

    def test_keeps_mail_of_persons(self):
        header = "Auto-Submitted: no\n"
        self.assertEqual(len(self.receive("A person", header=header)), 1)

    def test_sender_is_stored_as_a_bare_address(self):
        """6b 7.1 (5)."""
        ticket = self.receive("Plain address", sender="Bob.Upper@Example.org")
        self.assertEqual(ticket.partner_email, "bob.upper@example.org")
        self.assertEqual(ticket.partner_name, "Bob Example")

    def test_loop_check_reads_an_index(self):
        """proofs 2 (12): not the whole table for every e-mail."""
        domain = self.Ticket._detect_loop_sender_domain("bob@example.org")
        self.assertTrue(domain, "no loop check at all")
        query = self.Ticket.with_context(active_test=False)._search(domain)
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertRegex(plan, r"Index Cond: .*email")


@tagged("post_install", "-at_install")
class TestPortalDefects(HttpCase, DefectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "portal.ann", "base.group_portal", name="Ann")
        cls.ben = new_test_user(cls.env, "portal.ben", "base.group_portal", name="Ben")
        cls.agent = new_test_user(
            cls.env,
            "portal.agent",
            "helpdesk_mgmt.group_helpdesk_user",
            name="Agent Smith",
            email="agent.private@example.com",
        )
        cls.agent.partner_id.phone = "+86 138 0000 5678"
        cls.ticket = cls.make_ticket(
            partner_id=cls.ann.partner_id.id, user_id=cls.agent.id
        )
        # the portal buttons of helpdesk_mgmt close in this stage
        cls.done.close_from_portal = True

    def post(self, url, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=data, files=files, allow_redirects=False)

    def page(self):
        self.authenticate("portal.ann", "portal.ann")
        return self.url_open(f"/my/ticket/{self.ticket.id}").text

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------
    def test_stranger_cannot_close(self):
        """6b 7.1 (1): by number one could close the tickets of all customers."""
        self.authenticate("portal.ben", "portal.ben")
        self.post("/ticket/close", ticket_id=self.ticket.id, stage_id=self.done.id)
        self.assertFalse(self.ticket.closed)

    def test_link_in_a_mail_cannot_close(self):
        """6b 7.1 (1): a GET changes nothing."""
        self.authenticate("portal.ann", "portal.ann")
        url = f"/ticket/close?ticket_id={self.ticket.id}&stage_id={self.done.id}"
        self.url_open(url, allow_redirects=False)
        self.assertFalse(self.ticket.closed)

    def test_keeps_closing_of_ones_own(self):
        self.authenticate("portal.ann", "portal.ann")
        self.post("/ticket/close", ticket_id=self.ticket.id, stage_id=self.done.id)
        self.assertTrue(self.ticket.closed)

    def test_nonsense_is_no_server_error(self):
        """6b 7.1 (1): words for numbers."""
        self.authenticate("portal.ann", "portal.ann")
        answer = self.post("/ticket/close", ticket_id="one", stage_id="two")
        self.assertLess(answer.status_code, 500)

    # ------------------------------------------------------------------
    # What the page shows
    # ------------------------------------------------------------------
    def test_files_of_notes_stay_inside(self):
        """6b 7.1 (3): not listed, no link made, the address refused."""
        note = self.ticket.message_post(
            body="for us", attachments=[("margin.txt", b"secret")]
        )
        file = note.attachment_ids
        self.assertNotIn("margin.txt", self.page())
        self.assertFalse(file.access_token)
        url = f"/web/content/{file.id}?download=true"
        self.assertNotEqual(self.url_open(url).content, b"secret")

    def test_keeps_files_sent_to_the_customer(self):
        message = self.ticket.message_post(
            body="for you",
            subtype_xmlid="mail.mt_comment",
            attachments=[("manual.txt", b"read me")],
        )
        self.assertIn("manual.txt", self.page())
        self.assertTrue(message.attachment_ids)

    def test_agents_mail_and_telephone_stay_inside(self):
        """6b 7.1 (4): name yes, address no (19.0.1.3 shows an empty side bar)."""
        page = self.page()
        self.assertIn("Agent Smith", page)
        self.assertNotIn("agent.private@example.com", page)
        self.assertNotIn("0000 5678", page)

    def test_unknown_order_is_no_server_error(self):
        self.authenticate("portal.ann", "portal.ann")
        for parameter in ("sortby", "groupby", "search_in"):
            answer = self.url_open(f"/my/tickets?{parameter}=nonsense&search=x")
            self.assertEqual(answer.status_code, 200, parameter)

    # ------------------------------------------------------------------
    # The form
    # ------------------------------------------------------------------
    def submit(self, files=None, **data):
        self.authenticate("portal.ann", "portal.ann")
        data = {"subject": "Form", "description": "It squeaks.", **data}
        return self.post("/submitted/ticket", files=files, **data)

    def sent(self):
        domain = [("partner_id", "=", self.ann.partner_id.id)]
        return self.Ticket.search(domain) - self.ticket

    def test_form_needs_subject_and_description(self):
        for missing in ("subject", "description"):
            answer = self.submit(**{missing: "  "})
            self.assertLess(answer.status_code, 500)
        self.assertFalse(self.sent())

    def test_form_refuses_a_category_it_does_not_offer(self):
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Internal", "show_in_portal": False}
        )
        self.submit(category=category.id)
        self.assertFalse(self.sent())

    def test_form_refuses_what_runs(self):
        for name, content in (
            ("page.html", b"<html><script>alert(1)</script></html>"),
            ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
        ):
            self.submit(files=[("attachment", (name, content))])
        self.assertFalse(self.sent())

    def test_second_press_of_the_form_is_harmless(self):
        key = str(uuid4())
        first = self.submit(portal_key=key)
        second = self.submit(portal_key=key)
        self.assertEqual(len(self.sent()), 1)
        self.assertTrue(first.headers["Location"].endswith(f"/{self.sent().id}"))
        self.assertTrue(second.headers["Location"].endswith(f"/{self.sent().id}"))

    def test_keeps_a_good_form(self):
        png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
        self.submit(files=[("attachment", ("photo.png", png))])
        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(self.sent().attachment_ids.name, "photo.png")
