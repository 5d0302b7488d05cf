import base64
import io

from freezegun import freeze_time
from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .worktime_common import WorktimeCommon, local


def csv_file(*rows):
    text = "\n".join(("date,kind,name,weekday", *rows))
    return base64.b64encode(text.encode())


@tagged("post_install", "-at_install")
class TestHolidayImport(WorktimeCommon):
    def _states(self, wizard):
        return [(line.row, line.state) for line in wizard.line_ids]

    def test_shipped_year(self):
        """N27: a year of the shipped calendar, merged to one leave for each run."""
        wizard = self._import(year=2025)
        self.assertEqual(len(wizard.line_ids), 33)
        self.assertEqual(wizard.new_count, 33)
        self.assertFalse(self.calendar.leave_ids, "nothing is written before")
        self.assertFalse(self.calendar.makeup_ids)
        wizard.action_import()
        self.assertRecordValues(
            self.calendar.leave_ids.sorted("date_from")[-1],
            [
                {
                    "name": "国庆节、中秋节",
                    "date_from": local("2025-10-01 00:00"),
                    "date_to": local("2025-10-08 23:59:59"),
                    "time_type": "leave",
                }
            ],
        )
        self.assertEqual(len(self.calendar.leave_ids), 6)
        self.assertEqual(
            {str(m.date): m.dayofweek for m in self.calendar.makeup_ids},
            {
                "2025-01-26": "0",
                "2025-02-08": "1",
                "2025-04-27": "0",
                "2025-09-28": "1",
                "2025-10-11": "2",
            },
        )

    def test_idempotent(self):
        """P35: taken again, nothing is new; a longer file adds what is missing."""
        self._import(year=2025).action_import()
        again = self._import(year=2025)
        self.assertEqual(again.new_count, 0)
        self.assertEqual(set(again.line_ids.mapped("state")), {"present"})
        again.action_import()
        self.assertEqual(len(self.calendar.leave_ids), 6)
        self.assertEqual(len(self.calendar.makeup_ids), 5)
        longer = self._import(
            source="file",
            data_file=csv_file("2025-10-08,holiday,国庆节", "2025-10-09,holiday,延长"),
        )
        self.assertEqual(self._states(longer), [(2, "present"), (3, "new")])
        longer.action_import()
        self.assertEqual(
            self.calendar._worktime_add(local("2025-09-30 17:00"), 2 * 3600),
            local("2025-10-10 10:00"),
        )

    def test_rejected_rows(self):
        """P35: every row that cannot be taken is shown with its reason."""
        self._make_up("2027-01-02")
        self._close("2027-02-06", "2027-02-06")
        wizard = self._import(
            source="file",
            data_file=csv_file(
                "2027-13-01,holiday,x",
                "0001-01-01,holiday,x",
                "2027-01-01,off,x",
                "2027-01-01,holiday,元旦",
                "2027-01-01,makeup,元旦",
                "2027-01-02,holiday,x",
                "2027-02-06,makeup,x",
                "2027-01-03,makeup,x,9",
                "2027-01-03,makeup,x,6",
                "2027-01-02,makeup,x,1",
                "",
                "2027/1/9,makeup,元旦调休,周五",
            ),
        )
        reasons = [
            "is not a date",
            "is not a date",
            "neither holiday nor makeup",
            False,
            "already in row 5",
            "is a make-up working day",
            "is a day off",
            "is not a weekday",
            "no working hours on that weekday",
            "worked like another weekday",
            False,
        ]
        self.assertEqual(len(wizard.line_ids), len(reasons))
        for line, reason in zip(wizard.line_ids, reasons, strict=True):
            self.assertEqual(line.state, "rejected" if reason else "new", line.row)
            self.assertIn(reason or "", line.reason or "")
        self.assertEqual(wizard.message, "2 new, 0 already there, 9 rejected.")
        wizard.action_import()
        self.assertEqual(len(self.calendar.makeup_ids), 2)
        self.assertEqual(len(self.calendar.leave_ids), 2)

    def test_unreadable_files(self):
        """P35: a file that is no table is refused in one sentence."""
        for content, sentence in (
            (b"", "Choose a file."),
            (b"PK\x03\x04 broken", "cannot be read"),
            (b"\xff\xfe\x00\xff\xff", "cannot be read"),
            (b"a,b\n1,2", "missing: date, kind"),
            (b"kind,date\n\nholiday", "1 rejected"),
        ):
            wizard = self._import(source="file", data_file=base64.b64encode(content))
            self.assertIn(sentence, wizard.message)
            self.assertFalse(wizard.new_count)

    def test_xlsx_and_chinese_headings(self):
        """N27: a spreadsheet with Chinese headings and real dates, one year of it."""
        book = Workbook()
        for row in (
            ("日期", "类型", "名称", "按周几上班"),
            (local("2027-05-03 12:00"), "放假", "劳动节", None),
            (local("2027-05-08 12:00"), "上班", "劳动节调休", 1),
            ("2028-05-01", "放假", "劳动节", None),
        ):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        with Form(self.env["cs.holiday.import"]) as form:
            form.calendar_id = self.calendar
            form.source = "file"
            form.data_file = base64.b64encode(content.getvalue())
            form.year = 2027
            self.assertEqual(form.new_count, 2, "the preview follows the form")
        form.record.action_import()
        self.assertEqual(self.calendar.makeup_ids.mapped("dayofweek"), ["0"])
        self.assertEqual(self.calendar.leave_ids.name, "劳动节")

    def test_two_at_once(self):
        """P35: a schedule somebody else is changing is left alone."""
        calendar = self.env.ref("cs_helpdesk.calendar_service")
        wizard = self._import(calendar, year=2025)
        with self.registry.cursor() as other:
            other.execute(
                "SELECT id FROM resource_calendar WHERE id = %s "
                "FOR NO KEY UPDATE NOWAIT",
                [calendar.id],
            )
            with self.assertRaises(UserError) as caught:
                wizard.action_import()
        self.assertIn("Somebody else", str(caught.exception))

    def test_access(self):
        """N27: managers and system administrators enter the calendar, agents not."""
        users = {
            name: self.env["res.users"].create(
                {
                    "name": name,
                    "login": f"{name}@wt",
                    "group_ids": [Command.link(self.env.ref(f"cs_helpdesk.{name}").id)],
                }
            )
            for name in ("group_agent", "group_manager", "group_system_admin")
        }
        for name in ("group_manager", "group_system_admin"):
            wizard = self._import(year=2024 if name == "group_manager" else 2025)
            wizard = wizard.copy().with_user(users[name])
            wizard.action_import()
        self.assertEqual(len(self.calendar.makeup_ids), 13)
        with self.assertRaises(AccessError):
            self.env["cs.holiday.import"].with_user(users["group_agent"]).create({})
        makeup = self.calendar.makeup_ids[0].with_user(users["group_agent"])
        self.assertTrue(makeup.date)
        with self.assertRaises(AccessError):
            makeup.dayofweek = "3"
        manager = makeup.with_user(users["group_manager"])
        manager.dayofweek = "3"
        with self.assertRaises(AccessError):
            manager.unlink()
        manager.with_user(users["group_system_admin"]).unlink()


@tagged("post_install", "-at_install")
class TestHolidayWarning(WorktimeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].search([])
        cls.companies.service_calendar_id = cls.calendar
        group = cls.env.ref("cs_helpdesk.group_system_admin")
        cls.admin = cls.env["res.users"].create(
            {"name": "Sys", "login": "sys@wt", "group_ids": [Command.link(group.id)]}
        )

    def _todo(self, at):
        with freeze_time(at):
            self.env["resource.calendar"]._cron_warn_missing_holidays()
        return self.env["mail.activity"].search([("user_id", "=", self.admin.id)])

    def test_warning_from_november(self):
        """P35, N27: one task for each system administrator from November on, gone
        when the year has been entered."""
        self._import(year=2026).action_import()
        self.assertFalse(self._todo("2026-10-31"), "2026 is there")
        todo = self._todo("2026-11-01")
        self.assertEqual(len(todo), 1)
        self.assertIn("2027", todo.summary)
        self.assertIn(self.calendar.name, todo.summary)
        self.assertEqual(self._todo("2026-12-01"), todo, "asked once")
        self._close("2027-10-01", "2027-10-07")
        self.assertFalse(self._todo("2026-12-02"))
