import io
import json

from openpyxl import load_workbook

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase
from .test_request import RequestCase

COLUMNS = [
    {"heading": "Name", "path": "name", "sensitive": False},
    {"heading": "Phone", "path": "phone", "sensitive": True},
]


class ExtractionCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": "=1+1", "phone": "13900001111", "ref": "extract"},
                {"name": "Call 13900003333", "phone": "13900002222", "ref": "extract"},
            ]
        )

    def _grant(self, **vals):
        return self.env["cs.extraction"]._grant(
            {
                "name": "Customers of Spring",
                "purpose": "Invitation",
                "company_id": self.env.company.id,
                "user_id": self.agent.id,
                "approved_by_id": self.supervisor.id,
                "data_model": "res.partner",
                "domain": "[('ref', '=', 'extract')]",
                "columns": COLUMNS,
                "granted_rows": 2,
                "destroy_by": fields.Date.add(fields.Date.today(), days=10),
                **vals,
            }
        )

    def _book(self, content):
        return load_workbook(io.BytesIO(content))

    def _cells(self, content):
        rows = list(self._book(content).active.iter_rows(values_only=True))
        return [row[:2] for row in rows[2:]]


@tagged("post_install", "-at_install")
class TestExtraction(ExtractionCase):
    def test_file_is_masked_and_watermarked(self):
        """000-116, G26, N24: masked, with name and time on it, logged."""
        extraction = self._grant().with_user(self.agent)
        content = extraction._fetch()
        self.assertEqual(
            self._cells(content),
            [
                ("Name", "Phone"),
                ("=1+1", "139****1111"),
                ("Call 139****3333", "139****2222"),
            ],
        )
        book = self._book(content)
        self.assertEqual(book.active["A4"].data_type, "s")  # text, no formula
        for place in (
            book.active["A2"].value,
            book.properties.description,
            book.active.oddFooter.left.text,
        ):
            self.assertIn("desk_agent", place)
        log = self.env["cs.audit.log"].search(
            [("res_model", "=", "cs.extraction"), ("event", "=", "export")], limit=1
        )
        self.assertEqual((log.login, log.changes["count"]), ("desk_agent", 2))

    def test_unmasked_if_so_approved(self):
        """G26: whole numbers only where they were approved."""
        extraction = self._grant(masked=False).with_user(self.agent)
        self.assertIn(("=1+1", "13900001111"), self._cells(extraction._fetch()))

    def test_fetched_once(self):
        """N24: the second download is refused, by the database as well."""
        extraction = self._grant().with_user(self.agent)
        extraction._fetch()
        with self.assertRaisesRegex(UserError, "once only"):
            extraction._fetch()
        self.assertEqual(extraction.download_count, 1)

    def test_seven_days(self):
        """G26: fetched within seven days or not at all."""
        with freeze_time("2026-03-01 08:00:00"):
            extraction = self._grant(destroy_by="2026-03-20").with_user(self.agent)
        with freeze_time("2026-03-08 08:00:01"):
            with self.assertRaisesRegex(UserError, "could be fetched until"):
                extraction._fetch()
            self.env["cs.extraction"]._gc_expired()
        self.assertEqual(extraction.state, "expired")

    def test_no_more_rows_than_granted(self):
        """N24, 000-116: new customers since; nothing leaves, nothing is used up."""
        extraction = self._grant(granted_rows=1).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "2 rows by now and 1 were granted"):
            extraction._fetch()
        self.assertEqual((extraction.download_count, extraction.state), (0, "ready"))

    def test_quota(self):
        """N24: so many rows a person in thirty days."""
        self.env["ir.config_parameter"].set_param(
            "cs_helpdesk.extraction_quota_rows", "3"
        )
        self._grant().with_user(self.agent)._fetch()
        second = self._grant().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "more than 3"):
            second._fetch()
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=31)):
            self._grant().with_user(self.agent)._fetch()

    def test_only_who_asked(self):
        """000-116, N24: neither a colleague nor the manager fetches it."""
        extraction = self._grant()
        with self.assertRaises(AccessError):
            extraction.with_user(self.agent2)._fetch()
        with self.assertRaises(AccessError):
            extraction.with_user(self.manager)._fetch()
        with self.assertRaises(AccessError):
            extraction.with_user(self.agent).write({"download_count": 0})
        with self.assertRaises(AccessError):
            self.env["cs.extraction"].with_user(self.manager).create({"name": "Own"})

    def test_destruction(self):
        """G26: confirmed by who fetched it, reminded at the date."""
        extraction = self._grant().with_user(self.agent)
        with self.assertRaises(UserError):
            extraction.action_confirm_destroyed()
        extraction._fetch()
        activity = extraction.sudo().activity_ids
        self.assertEqual(
            (activity.user_id, activity.date_deadline),
            (self.agent, extraction.destroy_by),
        )
        with self.assertRaises(AccessError):
            extraction.with_user(self.manager).action_confirm_destroyed()
        extraction.action_confirm_destroyed()
        extraction.action_confirm_destroyed()
        self.assertEqual(extraction.state, "destroyed")
        self.assertFalse(extraction.sudo().activity_ids)

    def test_export_of_customers_is_refused_to_everybody(self):
        """N24, 000-116: managers and administrators too; also by a detour."""
        admin = self.env.ref("base.user_admin")
        for user in (self.manager, admin):
            env = self.env(user=user)
            for model in ("res.partner", "helpdesk.ticket", "crm.lead", "cs.call"):
                with self.subTest(user=user.login, model=model):
                    with self.assertRaisesRegex(UserError, "approved data extraction"):
                        env[model].export_data(["display_name"])
            with self.assertRaisesRegex(UserError, "approved data extraction"):
                env["cs.promise"].export_data(["partner_id/phone"])
        self._ticket()
        clocks = self.env["cs.clock"].with_user(self.manager).search([], limit=1)
        self.assertTrue(clocks.export_data(["kind", "team_id/name"])["datas"])
        self.assertTrue(self.customer.sudo().export_data(["name"])["datas"])


@tagged("post_install", "-at_install")
class TestGrantedRequest(RequestCase, ExtractionCase):
    def test_approved_request_becomes_a_file(self):
        """000-116, G26, N24: what was approved, for who asked, once."""
        columns = self.env.ref("cs_helpdesk.extraction_partner_name")
        columns |= self.env.ref("cs_helpdesk.extraction_partner_phone")
        request = self._request(
            self.agent,
            kind="extraction",
            data_model="res.partner",
            filter_domain="[('ref', 'in', ['extract'])]",
            period_from=fields.Date.add(fields.Date.today(), days=-2),
            column_ids=[Command.set(columns.ids)],
            file_reader_ids=[Command.link(self.agent.id)],
            destroy_by=fields.Date.add(fields.Date.today(), days=9),
        )
        request.action_submit()
        self.assertFalse(request.extraction_ids)
        self._press(request, self.supervisor)
        extraction = request.extraction_ids
        self.assertEqual(
            (extraction.user_id, extraction.granted_rows, extraction.masked),
            (self.agent, 2, True),
        )
        self.assertEqual(extraction.approved_by_id, self.supervisor)
        request.sudo()._grant_request_extraction()
        self.assertEqual(len(request.extraction_ids), 1)
        self.assertIn(("=1+1", "139****1111"), self._cells(extraction._fetch()))


@tagged("post_install", "-at_install")
class TestExtractionPages(HttpCase, ExtractionCase):
    @mute_logger("odoo.http")
    def test_page_fetches_by_post_once(self):
        """N24, 000-116: looking does not count, the second press is refused."""
        extraction = self._grant()
        url = f"/cs/extraction/{extraction.id}"
        self.authenticate("desk_agent2", "desk_agent2")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("desk_agent", "desk_agent")
        page = self.url_open(url).text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        self.assertEqual(extraction.download_count, 0)
        self.assertEqual(self.url_open(url, data={"x": "1"}).status_code, 400)
        first = self.url_open(url, data={"csrf_token": token})
        self.assertEqual(first.content[:2], b"PK")
        second = self.url_open(url, data={"csrf_token": token})
        self.assertEqual(second.status_code, 409)
        self.assertIn("只能提取一次", second.text)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.export")
    def test_web_client_cannot_take_customers_away(self):
        """N24: neither the export dialog nor a pivot table."""
        self.authenticate("desk_manager", "desk_manager")
        csrf = http.Request.csrf_token(self)
        data = {
            "model": "res.partner",
            "fields": [{"name": "phone", "label": "Phone", "type": "char"}],
            "ids": self.customers.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
        }
        for kind in ("csv", "xlsx"):
            answer = self.url_open(
                f"/web/export/{kind}",
                data={"data": json.dumps(data), "csrf_token": csrf},
            )
            self.assertEqual(answer.status_code, 500)
            self.assertIn("odoo.exceptions.UserError", answer.text)
            self.assertNotIn("13900001111", answer.text)
        table = {
            "model": "helpdesk.ticket",
            "title": "Tickets",
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [],
            "measure_headers": [],
            "origin_headers": [],
            "rows": [],
        }
        answer = self.url_open(
            "/web/pivot/export_xlsx",
            data={"data": json.dumps(table), "csrf_token": csrf},
        )
        self.assertEqual(answer.status_code, 500)
        self.assertIn("odoo.exceptions.UserError", answer.text)
