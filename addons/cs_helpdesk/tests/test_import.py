import base64
import io
from datetime import datetime, timedelta

import openpyxl
import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.table_reader import read_rows

HEADER = "编号,标题,描述,客户,电话,类型,紧急程度,渠道,创建时间,接单时间,反馈时间,状态"


class ImportCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Import Co", "country_id": cls.env.ref("base.cn").id}
        )
        cls.supervisor = new_test_user(
            cls.env,
            "import_supervisor",
            "cs_helpdesk.group_supervisor,base.group_partner_manager",
            lang="en_US",  # the messages compared here
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Import Desk",
                "company_id": cls.company.id,
                "service_desk": True,
                "default_type_id": cls.env.ref("cs_helpdesk.type_inquiry").id,
                "user_ids": [(4, cls.supervisor.id)],
            }
        )
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "王小明",
                "phone": "13800138000",
                "company_id": cls.company.id,
            }
        )

    def start(self, content, name="tickets.csv", **values):
        """Start an import as the supervisor and let the check run."""
        if isinstance(content, str):
            content = content.encode()
        wizard = (
            self.env["cs.ticket.import.wizard"]
            .with_user(self.supervisor)
            .create(
                {
                    "name": name,
                    "file": base64.b64encode(content),
                    "format_id": self.env.ref("cs_helpdesk.import_format_ticket").id,
                    "source": "old desk",
                    "company_id": self.company.id,
                    "team_id": self.team.id,
                    "tz": "Asia/Shanghai",
                    **values,
                }
            )
        )
        run = self.env["cs.ticket.import"].browse(wizard.action_check()["res_id"])
        self.run_job()
        return run

    def go(self, run):
        run.with_user(self.supervisor).action_import()
        self.run_job()
        self.assertEqual(run.state, "done", run.message)

    def run_job(self):
        cron = self.env.ref("cs_helpdesk.ir_cron_ticket_import")
        busy = [("state", "in", ("checking", "importing"))]
        with self.enter_registry_test_mode():
            for _run in range(10):  # each lasts ten seconds at most
                cron.method_direct_trigger()
                if not self.env["cs.ticket.import"].search_count(busy):
                    break

    def tickets(self, source="old desk"):
        return self.env["helpdesk.ticket"].search(
            [("external_source", "=", source)], order="external_ref"
        )

    def reasons(self, run):
        rejected = run.row_ids.filtered(lambda row: row.state == "rejected")
        return {row.line: row.reason for row in rejected}

    def row(self, ref, **cells):
        values = {
            "标题": "柜门有划痕",
            "描述": "主卧衣柜左门",
            "客户": "王小明",
            "电话": "13800138000",
            "类型": "投诉",
            "紧急程度": "紧急",
            "渠道": "微信",
            "创建时间": "2026-03-02 09:30",
            **cells,
        }
        return ",".join(
            [ref, *(values.get(name, "") for name in HEADER.split(",")[1:])]
        )

    def file(self, *rows):
        return "\n".join([HEADER, *rows]) + "\n"


@tagged("post_install", "-at_install")
class TestImport(ImportCommon):
    def test_check_creates_nothing_then_import_creates_with_real_times(self):
        run = self.start(
            self.file(self.row("A1"), self.row("A2", 接单时间="2026/3/2 10:00"))
        )
        self.assertEqual((run.state, run.total, run.valid_count), ("checked", 2, 2))
        self.assertFalse(self.tickets())
        self.go(run)
        first, second = self.tickets()
        self.assertRecordValues(
            first,
            [
                {
                    "name": "柜门有划痕",
                    "partner_id": self.partner.id,
                    "type_id": self.env.ref("cs_helpdesk.type_complaint").id,
                    "urgency": "urgent",
                    "channel_id": self.env.ref("cs_helpdesk.channel_wechat").id,
                    "company_id": self.company.id,
                    "team_id": self.team.id,
                    "received_date": datetime(2026, 3, 2, 1, 30),
                    "stage_role": "intake",
                    "create_uid": self.supervisor.id,
                }
            ],
        )
        self.assertEqual(second.stage_role, "execution")
        self.assertEqual(second.last_stage_update, datetime(2026, 3, 2, 2, 0))
        self.assertEqual(run.ticket_count, 2)
        self.assertEqual(run.progress, 100)

    def test_closed_history_asks_nobody_why_it_was_late(self):
        header = HEADER + ",办结时间,处理结果\n"
        row = self.row(
            "L1",
            接单时间="2026-03-03 09:00",
            反馈时间="2026-04-30 16:00",
            状态="办结",
        )
        run = self.start(header + row + ",2026-05-06 10:00,换新\n")
        self.go(run)
        ticket = self.tickets()
        self.assertEqual(self.reasons(run), {})
        self.assertTrue(ticket.closed)
        self.assertEqual(ticket.closed_date, datetime(2026, 5, 6, 2, 0))
        self.assertEqual(ticket.answered_date, datetime(2026, 4, 30, 8, 0))
        clock = ticket.clock_ids.filtered(lambda c: c.kind == "solution")
        self.assertEqual(clock.state, "late")
        self.assertEqual(clock.stopped_at, datetime(2026, 4, 30, 8, 0))
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(ticket.message_ids)

    def test_second_import_changes_nothing(self):
        content = self.file(self.row("B1"), self.row("B2"))
        self.go(self.start(content))
        before = self.tickets().read(["name", "write_date", "stage_id"])
        again = self.start(content)
        self.assertEqual((again.known_count, again.valid_count), (2, 0))
        self.go(again)
        self.assertEqual(
            self.tickets().read(["name", "write_date", "stage_id"]), before
        )
        self.assertEqual(again.ticket_count, 0)

    def test_check_then_import_of_a_file_another_import_took_meanwhile(self):
        first = self.start(self.file(self.row("M1")))
        second = self.start(self.file(self.row("M1"), self.row("M2")))
        self.go(first)
        self.go(second)
        self.assertEqual(self.tickets().mapped("external_ref"), ["M1", "M2"])
        self.assertEqual((second.known_count, second.done_count), (1, 1))

    def test_rejected_rows_say_why_and_the_others_go_in(self):
        future = (datetime.now() + timedelta(days=9)).strftime("%Y-%m-%d %H:%M")
        run = self.start(
            self.file(
                self.row("C1"),
                self.row("C2", 类型="火星"),
                self.row("", 类型="投诉"),
                self.row("C4", 创建时间="昨天"),
                self.row("C5", 创建时间=future),
                self.row("C6", 标题="", 描述=""),
                self.row("C7", 反馈时间="2026-03-01 08:00"),
                self.row("C1"),
                self.row("C9", 状态="办结"),
                self.row("C10", 客户="没有这个人", 电话="13900139000"),
                self.row("C11") + ",one,too,many",
            )
        )
        self.assertEqual(
            self.reasons(run),
            {
                3: "“火星” is not known in the column “类型”.",
                4: "The number of the other system is missing.",
                5: "“昨天” in the column “创建时间” is not a date and time like "
                "2026-01-31 09:30:00.",
                6: f"The time {future} lies in the future.",
                7: "Subject and description are both missing.",
                8: "The times of the row are not in their natural order.",
                9: "Row 2 has the same number.",
                10: "The state “办结” needs a time in the column “办结时间”.",
                11: "No customer 没有这个人 13900139000 is known.",
                12: "The row has more cells than the heading: is a text with a comma "
                "not in quotation marks?",
            },
        )
        self.go(run)
        self.assertEqual(self.tickets().mapped("external_ref"), ["C1"])
        book = openpyxl.load_workbook(
            io.BytesIO(base64.b64decode(run.with_user(self.supervisor).reject_file))
        )
        rows = list(book.active.iter_rows(values_only=True))
        self.assertEqual(rows[0][:3], ("Row", "Reason", "编号"))
        self.assertEqual(rows[1][:3], (3, self.reasons(run)[3], "C2"))
        self.assertEqual(len(rows), 11)

    def test_formula_like_text_stays_text(self):
        evil = ["=1+1", "+86", "-2", "@SUM(A1)"]
        rows = [self.row(f"D{i}", 标题=text) for i, text in enumerate(evil)]
        run = self.start(self.file(*rows, self.row("=2+3", 类型="?")))
        self.go(run)
        self.assertEqual(self.tickets().mapped("name"), evil)
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(run.reject_file)))
        cell = book.active["C2"]
        self.assertEqual((cell.value, cell.data_type), ("=2+3", "s"))

    def test_gb18030_semicolon_and_utf16(self):
        text = self.file(self.row("E1")).replace(",", ";")
        self.go(self.start(text.encode("gb18030")))
        self.go(self.start(self.file(self.row("E2")).encode("utf-16")))
        self.go(self.start(self.file(self.row("E3")).encode("utf-8-sig")))
        self.assertEqual(self.tickets().mapped("name"), ["柜门有划痕"] * 3)

    def test_xlsx_with_dates_and_numbers(self):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet()
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.write_row(0, 0, ["编号", "标题", "客户", "电话", "创建时间"])
            sheet.write_row(1, 0, [1001, "=A1", "王小明", 13800138000])
            sheet.write_datetime(1, 4, datetime(2026, 3, 2, 9, 30), moment)
            sheet.write_string(1, 1, "=A1")
        self.go(self.start(buffer.getvalue(), "tickets.xlsx"))
        ticket = self.tickets()
        self.assertEqual((ticket.external_ref, ticket.name), ("1001", "=A1"))
        self.assertEqual(ticket.received_date, datetime(2026, 3, 2, 1, 30))
        self.assertEqual(ticket.partner_id, self.partner)

    @mute_logger("odoo.addons.cs_helpdesk.models.cs_import_job")
    def test_unreadable_files_fail_with_one_sentence(self):
        for content, sentence in (
            (b"\xff\xff\x00garbage\xff", "neither UTF-8 nor GB18030"),
            (b"PK\x03\x04 not a workbook", "damaged"),
            (b"\n\n", "empty"),
            (b"", "empty"),
            ("编号,标题\n1,x\n".encode(), "no column 创建时间"),
            ("编号,编号,创建时间\n1,1,2\n".encode(), "comes twice"),
        ):
            with self.subTest(sentence):
                run = self.start(content)
                self.assertEqual(run.state, "failed")
                self.assertIn(sentence, run.message)
                with self.assertRaises(UserError):
                    run.with_user(self.supervisor).action_import()

    def test_unknown_customer_is_created_once_when_asked(self):
        cells = {"客户": "李雷", "电话": "13700137000"}
        run = self.start(
            self.file(self.row("F1", **cells), self.row("F2", **cells)),
            create_partners=True,
        )
        self.go(run)
        self.assertEqual(len(self.tickets().partner_id), 1)
        self.assertEqual(self.tickets().partner_id.name, "李雷")
        self.assertEqual(self.tickets().partner_id.company_id, self.company)

    def test_template_is_a_file_one_can_import(self):
        form = self.env.ref("cs_helpdesk.import_format_ticket")
        template = base64.b64decode(form.template_file)
        header = next(read_rows(io.BytesIO(template)))[1]
        columns, unused = form._match_header(header)
        self.assertEqual(len(columns), 17)
        self.assertFalse(unused)

    def test_template_is_offered_before_there_is_a_file(self):
        wizard = self.env["cs.ticket.import.wizard"].with_user(self.supervisor)
        action = wizard.create({"team_id": self.team.id}).action_template()
        self.assertIn("/template_file/", action["url"])

    def test_stop_keeps_what_is_imported(self):
        run = self.start(self.file(self.row("G1")))
        run.with_user(self.supervisor).action_cancel()
        self.run_job()
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(self.tickets())

    def test_rows_go_30_days_after_the_end(self):
        run = self.start(self.file(self.row("H1")))
        self.go(run)
        run._gc_rows()
        self.assertTrue(run.row_ids)
        self.env.cr.execute(
            "UPDATE cs_ticket_import SET write_date = now() - interval '31 days' "
            "WHERE id = %s",
            [run.id],
        )
        self.env.invalidate_all()
        run._gc_rows()
        self.assertFalse(run.row_ids)


@tagged("post_install", "-at_install")
class TestImportSafe(ImportCommon):
    def test_nothing_of_another_company(self):
        other = self.env["res.company"].create({"name": "Foreign Co"})
        foreign = self.env["res.partner"].create(
            {"name": "外公司客户", "phone": "13600136000", "company_id": other.id}
        )
        self.env["helpdesk.ticket.team"].create(
            {"name": "Foreign Desk", "company_id": other.id}
        )
        header = HEADER + ",班组\n"
        rows = [
            self.row("I1", 客户=foreign.name, 电话="13600136000") + ",",
            self.row("I2") + ",Foreign Desk",
        ]
        run = self.start(header + "\n".join(rows))
        self.assertEqual(
            self.reasons(run),
            {
                2: "No customer 外公司客户 13600136000 is known.",
                3: "“Foreign Desk” is not known in the column “班组”.",
            },
        )
        stranger = new_test_user(
            self.env,
            "import_stranger",
            "cs_helpdesk.group_supervisor",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            run.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            run.row_ids.with_user(stranger).read(["values"])
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_import()

    def test_supervisor_cannot_forge_a_run(self):
        run = self.start(self.file(self.row("J1")))
        with self.assertRaises(AccessError):
            run.with_user(self.supervisor).write({"state": "done"})
        with self.assertRaises(AccessError):
            run.row_ids.with_user(self.supervisor).write({"state": "done"})

    @mute_logger("odoo.addons.cs_helpdesk.models.cs_import_job")
    def test_import_stops_when_its_user_may_no_longer(self):
        run = self.start(self.file(self.row("K1")))
        run.with_user(self.supervisor).action_import()
        self.supervisor.group_ids = self.env.ref("base.group_user")
        self.run_job()
        self.assertEqual(run.state, "failed")
        self.assertFalse(self.tickets())

    def test_20000_rows_are_staged_and_checked(self):
        rows = [self.row(str(i)) for i in range(20000)]
        run = self.start(self.file(*rows))
        self.assertEqual((run.state, run.valid_count), ("checked", 20000))


@tagged("post_install", "-at_install")
class TestImportRpc(HttpCase, ImportCommon):
    @mute_logger("odoo.http")
    def test_agent_is_refused_over_rpc(self):
        new_test_user(self.env, "import_agent", "cs_helpdesk.group_agent")
        self.authenticate("import_agent", "import_agent")
        for model, method, args in (
            ("cs.ticket.import.wizard", "create", [[{"source": "x"}]]),
            ("cs.ticket.import", "create", [[{"source": "x"}]]),
            ("cs.ticket.import", "search_read", [[]]),
            ("cs.ticket.import.row", "search_read", [[]]),
        ):
            with self.subTest(f"{model}.{method}"):
                response = self.url_open(
                    f"/web/dataset/call_kw/{model}/{method}",
                    json={
                        "params": {
                            "model": model,
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        }
                    },
                )
                error = response.json()["error"]["data"]["name"]
                self.assertEqual(error, "odoo.exceptions.AccessError")
