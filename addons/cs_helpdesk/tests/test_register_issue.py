import io
from datetime import datetime, timedelta

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .register_common import RegisterCase


def photo(kind="JPEG"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, format=kind)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestRegisterIssue(RegisterCase):
    def test_copy_holds_rows_hash_and_time(self):
        """N36, 000-98, G22: rows, hash, retention of an issued copy."""
        self._ticket(name="One")
        self._ticket(name="Two")
        issue = self._issue()
        self.assertEqual((issue.state, issue.row_count), ("done", 2))
        self.assertEqual(len(issue.digest), 64)
        self.assertEqual(issue.keep_until.year, issue.date_to.year + 10)
        self.assertEqual(issue.lock_date.day, 3)
        _sheet, rows = self._sheet(issue)
        self.assertEqual(
            [cell.value for cell in rows[0]],
            ["Number", "Received", "Subject", "Customer", "Phone"],
        )
        self.assertEqual([row[2].value for row in rows[1:]], ["One", "Two"])
        self.assertEqual(rows[1][4].value, "138****5678")

    def test_second_press_shows_the_same_copy(self):
        """N36: one copy a period, however often the button is pressed."""
        self.assertEqual(self._issue(), self._issue())

    def test_recount_names_row_and_person(self):
        """N36: what changed since, and who did it."""
        ticket = self._ticket(name="One")
        gone = self._ticket(name="Two")
        issue = self._issue()
        issue.with_user(self.manager).action_recount()
        self.assertEqual(issue.recount_state, "same")
        self._commit()
        ticket.with_user(self.supervisor).name = "Changed"
        gone.team_id = False
        self._ticket(name="Three")
        self._commit()
        issue.with_user(self.manager).action_recount()
        self.assertEqual(issue.recount_state, "changed")
        found = {d.kind: d for d in issue.difference_ids}
        self.assertEqual(set(found), {"changed", "gone", "added"})
        self.assertEqual(
            (found["changed"].heading, found["changed"].old, found["changed"].new),
            ("Subject", "One", "Changed"),
        )
        self.assertIn(self.supervisor.name, found["changed"].who)

    def test_lock_day(self):
        """G22: after the 3rd of the next month only a correction with a reason."""
        with freeze_time("2026-03-10 08:00:00"):
            self._ticket(name="Old")
            issue = self._issue(day="2026-03-10")
            issue.with_user(self.manager).action_reissue()
        with freeze_time("2026-04-03 08:00:00"):
            issue.invalidate_recordset()
            self.assertTrue(issue.locked)
            with self.assertRaises(UserError):
                issue.with_user(self.manager).action_reissue()
            Wizard = self.env["cs.register.correction"]
            with self.assertRaises(AccessError):
                Wizard.with_user(self.supervisor).create(
                    {"issue_id": issue.id, "reason": "Wrong"}
                )
            with self.assertRaises(AccessError):
                issue.with_user(self.supervisor)._correct("Wrong")
            wizard = Wizard.with_user(self.manager).create(
                {"issue_id": issue.id, "reason": "Name was wrong"}
            )
            copy = issue.browse(wizard.action_correct()["res_id"])
        self.assertEqual(
            (copy.correction_number, copy.corrects_id, copy.correction_reason),
            (1, issue, "Name was wrong"),
        )
        self.assertTrue(issue.digest)

    def test_signatures(self):
        """N32: boxes of the form; nobody signs two, a signed copy is closed."""
        issue = self._issue()
        issue.with_user(self.manager).action_sign()
        with self.assertRaises(UserError):
            issue.with_user(self.manager).action_sign()
        with self.assertRaises(AccessError):
            issue.with_user(self.agent).action_sign()
        issue.with_user(self.supervisor).action_sign()
        self.assertEqual(
            issue.signature_ids.mapped("user_id"), self.manager | self.supervisor
        )
        self.assertTrue(issue.locked)
        with self.assertRaises(UserError):
            issue.with_user(self.manager).action_reissue()

    def test_list_in_few_queries(self):
        """000-98: the list of copies takes as many queries for 80 as for one."""
        vals = self._issue().copy_data({"issued_as_id": self.manager.id})[0]
        vals["signature_ids"] = [(0, 0, {"label": "Made by"})]
        day = self.window[0]
        self.env["cs.register.issue"].create(
            [
                {**vals, "begin_at": day - timedelta(days=n), "correction_number": n}
                for n in range(1, 80)
            ]
        )
        Issue = self.env["cs.register.issue"].with_user(self.supervisor)
        names = ("name", "row_count", "on_time", "locked", "recount_state", "state")
        counts = []
        for limit in (2, 80):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Issue.web_search_read([], dict.fromkeys(names, {}), limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_retention(self):
        """G22: kept ten years, then and only then removed."""
        issue = self._issue()
        with self.assertRaises(UserError):
            issue.unlink()
        self.env["cs.register.issue"]._gc_after_retention()
        self.assertTrue(issue.exists())
        later = issue.keep_until + timedelta(days=1)
        with freeze_time(datetime.combine(later, datetime.min.time())):
            self.env["cs.register.issue"]._gc_after_retention()
        self.assertFalse(issue.exists())

    def test_readers(self):
        """000-98, N32: copies are for the register's group, on paper as well."""
        issue = self._issue()
        with self.assertRaises(AccessError):
            issue.with_user(self.agent).read(["name"])
        with self.assertRaises(AccessError):
            issue.with_user(self.supervisor).read(["file"])
        with self.assertRaises(AccessError):
            issue.with_user(self.supervisor).write({"digest": "0"})
        token = issue.paper_token
        Issue = self.env["cs.register.issue"]
        self.assertFalse(Issue.with_user(self.agent)._find_by_token(token))
        self.assertEqual(Issue.with_user(self.supervisor)._find_by_token(token), issue)

    def test_printed_form(self):
        """N32, 004-98: title, number, headings, boxes, QR, each copy of it."""
        self.register.write({"form_number": "004-95", "copies": 2})
        self._ticket(name="<b>One</b>")
        issue = self._issue()
        Report = self.env["ir.actions.report"].with_user(self.supervisor)
        name = "cs_helpdesk.report_register_issue"
        html, _kind = Report._render_qweb_html(name, issue.ids)
        text = html.decode()
        for word in ("Complaints", "004-95", "Subject", "Checked by", "data:image/png"):
            self.assertIn(word, text)
        self.assertIn("&lt;b&gt;One", text)
        self.assertEqual(text.count("data:image/png"), 2)

    def test_photo_of_the_signed_page(self):
        """N32: attached to its copy; no picture, no attachment."""
        issue = self._issue()
        self.assertRaises(
            UserError, issue.with_user(self.manager)._attach_photo, "a", b"MZ"
        )
        with self.assertRaises(AccessError):
            issue.with_user(self.agent)._attach_photo("a", photo())
        attachment = issue.with_user(self.manager)._attach_photo("p.jpg", photo())
        self.assertEqual((attachment.res_id, issue.photo_count), (issue.id, 1))
        self.assertEqual(attachment.mimetype, "image/jpeg")


@tagged("post_install", "-at_install")
class TestRegisterSchedule(RegisterCase):
    def _scheduled(self, **vals):
        calendar = self.env["resource.calendar"].create(
            {"name": "Office", "tz": "Asia/Shanghai"}
        )
        with freeze_time("2026-03-06 08:00:00"):  # a Friday, 16:00 in Shanghai
            return self._register(
                code="test_schedule",
                scheduled=True,
                calendar_id=calendar.id,
                responsible_id=self.manager.id,
                **vals,
            )

    def _run(self, now):
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref("cs_helpdesk.cron_register").method_direct_trigger()
        self.env.invalidate_all()

    def test_daily_on_working_days(self):
        """004-76, N36: 16:30 on working days; the day ends then; done once."""
        register = self._scheduled(
            period="day", schedule_time=16.5, work_days_only=True, cut_at_time=True
        )
        self.assertEqual(register.next_run_at, datetime(2026, 3, 6, 8, 30))
        with freeze_time("2026-03-06 08:10:00"):
            self._ticket(name="Friday")
        with freeze_time("2026-03-07 02:00:00"):
            self._ticket(name="Saturday")
        self._run("2026-03-06 08:31:00")
        self._run("2026-03-06 08:32:00")
        issue = register.issue_ids
        self.assertEqual((len(issue), issue.row_count), (1, 1))
        self.assertEqual(issue.begin_at, datetime(2026, 3, 5, 8, 30))
        self._run("2026-03-09 08:31:00")
        monday = register.issue_ids - issue
        self.assertEqual(monday.begin_at, datetime(2026, 3, 6, 8, 30))
        self.assertEqual(monday.row_count, 1)

    def test_missed_runs_are_caught_up(self):
        """004-98, N36: after an outage every copy that was due is made."""
        register = self._scheduled(period="week", schedule_weekday="0")
        self._run("2026-03-24 08:00:00")
        self.assertEqual(
            sorted(register.issue_ids.mapped("date_from")),
            [fields.Date.to_date(f"2026-03-{day:02}") for day in (2, 9, 16)],
        )
        self.assertEqual(register.next_run_at, datetime(2026, 3, 30, 8, 30))
        self.assertFalse(min(register.issue_ids, key=lambda i: i.date_from).on_time)

    def test_only_readers_get_it(self):
        """000-98, N24: recipients who may not read it get no file."""
        register = self._scheduled(
            period="day", recipient_ids=[(6, 0, (self.supervisor + self.agent).ids)]
        )
        self._run("2026-03-06 08:31:00")
        mails = self.env["mail.mail"].search(
            [("subject", "=", register.issue_ids.name)]
        )
        self.assertEqual(mails.recipient_ids, self.supervisor.partner_id)
        self.assertEqual(len(mails.attachment_ids), 1)
        self.assertIn(
            self.agent.name, str(register.issue_ids.message_ids.mapped("body"))
        )

    def test_one_file_for_each(self):
        """004-76: split by a field."""
        with freeze_time("2026-03-06 08:10:00"):
            self._ticket(name="A", user_id=self.agent.id)
            self._ticket(name="B", user_id=self.agent2.id)
            self._ticket(name="C", user_id=self.agent2.id)
        register = self._scheduled(
            period="day", split_field="user_id", covers="current"
        )
        self._run("2026-03-06 08:31:00")
        whole = register.issue_ids.filtered(lambda i: not i.parent_id)
        self.assertEqual(whole.row_count, 3)
        self.assertEqual(
            {child.split_label: child.row_count for child in whole.child_ids},
            {self.agent.name: 1, self.agent2.name: 2},
        )
        with freeze_time("2026-03-06 09:00:00"):
            self.env["helpdesk.ticket"].search([("name", "=", "A")]).user_id = False
            whole.with_user(self.manager).action_reissue()
            whole.with_user(self.manager).action_recount()
        self.assertEqual(
            {child.split_label: child.row_count for child in whole.child_ids},
            {self.agent.name: 0, self.agent2.name: 2, "–": 1},
        )
        self.assertEqual(whole.recount_state, "same")

    def test_removed_field_is_told(self):
        """000-98: one sentence on the copy; other copies and the register stay."""
        register = self._scheduled(period="day", covers="current")
        self.env.cr.execute(
            "UPDATE cs_register_column SET path = 'gone_field' WHERE id = %s",
            [register.column_ids[0].id],
        )
        register.column_ids.invalidate_recordset()
        self._run("2026-03-06 08:31:00")
        issue = register.issue_ids
        self.assertEqual(issue.state, "failed")
        self.assertIn("gone_field", issue.message)
        self.assertIn("Number", issue.message)
        with self.assertRaises(ValidationError):
            register.responsible_id = False


@tagged("post_install", "-at_install")
class TestRegisterPages(HttpCase, RegisterCase):
    @mute_logger("odoo.http")
    def test_paper_page(self):
        """N32: the QR code's page attaches a photograph for who may read the copy."""
        issue = self._issue()
        url = f"/cs/paper/{issue.paper_token}"
        self.authenticate("desk_agent", "desk_agent")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("desk_manager", "desk_manager")
        page = self.url_open(url)
        self.assertIn("capture", page.text)
        without = self.url_open(
            url, data={"x": "1"}, files={"photo": ("a.jpg", photo())}
        )
        self.assertEqual(without.status_code, 400)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        sent = self.url_open(
            url, data={"csrf_token": token}, files={"photo": ("a.jpg", photo())}
        )
        self.assertEqual(sent.status_code, 200)
        issue.invalidate_recordset()
        self.assertEqual(issue.photo_count, 1)
        wrong = self.url_open(
            url, data={"csrf_token": token}, files={"photo": ("a.svg", b"<svg/>")}
        )
        self.assertEqual(wrong.status_code, 422)

    def test_workbook_is_downloaded_and_logged(self):
        """003-61, N32: only by readers; the log knows."""
        issue = self._issue()
        url = f"/cs/register/{issue.id}/xlsx"
        self.authenticate("desk_agent", "desk_agent")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("desk_supervisor", "desk_supervisor")
        answer = self.url_open(url)
        self.assertEqual(answer.content[:2], b"PK")
        log = self.env["cs.audit.log"].search(
            [("res_model", "=", "cs.register.issue"), ("event", "=", "export")], limit=1
        )
        self.assertEqual((log.login, log.res_id), ("desk_supervisor", issue.id))
