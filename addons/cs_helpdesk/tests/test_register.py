from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .register_common import RegisterCase


@tagged("post_install", "-at_install")
class TestRegister(RegisterCase):
    def _preview(self, user, register=None, **vals):
        return (
            self.env["cs.register.preview"]
            .with_user(user)
            .with_context(default_register_id=(register or self.register).id)
            .create(vals)
        )

    # ------------------------------------------------------------------
    # On screen
    # ------------------------------------------------------------------
    def test_screen_shows_what_the_reader_may_see(self):
        """000-98, G24: an agent's table holds his own tickets, masked."""
        self._ticket(name="Mine", user_id=self.agent.id)
        self._ticket(name="Hers", user_id=self.agent2.id)
        rights = self.env["helpdesk.ticket"].with_user(self.agent)
        visible = rights.search_count([("team_id", "=", self.team.id)])
        mine = self._preview(self.agent)
        self.assertEqual(mine.row_count, visible)
        self.assertIn("138****5678", mine.table)
        self.assertNotIn("13812345678", mine.table)
        self.assertFalse(mine.may_issue)
        with self.assertRaises(AccessError):
            mine.action_issue()
        self.assertEqual(self._preview(self.manager).row_count, 2)

    def test_unreadable_column_is_empty(self):
        """000-98, G23: the heading stays as on the form, the cells are empty."""
        register = self._register(
            code="test_hidden",
            columns=[("Subject", "name"), ("Advice", "complainant_evidence")],
        )
        field = self.env["helpdesk.ticket"]._fields["complainant_evidence"]
        self._ticket(name="One", complainant_evidence="Secret word")
        self.assertIn("Secret word", self._preview(self.manager, register).table)
        self.patch(field, "groups", "cs_helpdesk.group_supervision")
        preview = self._preview(self.manager, register)
        self.assertEqual(preview.hidden, "Advice")
        self.assertIn("Advice", preview.table)
        self.assertNotIn("Secret word", preview.table)

    def test_button_before_it_is_saved(self):
        """000-98: who may issue sees the button as soon as the register opens."""
        Preview = self.env["cs.register.preview"].with_user(self.manager)
        Preview = Preview.with_context(default_register_id=self.register.id)
        with Form(Preview) as form:
            self.assertTrue(form.may_issue)
            self.assertIn("Complaints", form.title)

    def test_records_behind_the_table(self):
        """000-98: from the table to the records of the period."""
        ticket = self._ticket()
        action = self._preview(self.manager).action_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, ticket)

    def test_table_is_one_pass(self):
        """000-98: queries do not grow with the rows."""
        self._ticket()
        counts = []
        for more in (0, 40):
            for _number in range(more):
                self._ticket()
            reader = self.register._get_reader(self.manager)
            records = reader.search(reader.domain())
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(list(reader.rows(records))), 1 + more)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # ------------------------------------------------------------------
    # Checked when it is saved
    # ------------------------------------------------------------------
    def test_definition_is_checked(self):
        """000-98: one clear sentence for a wrong field, condition, date, split."""
        column = self.register.column_ids[0]
        for record, vals, words in (
            (column, {"path": "nothing_here"}, "nothing_here"),
            (column, {"path": "partner_id.nothing"}, "partner_id.nothing"),
            (column, {"path": "message_main_attachment_id.raw"}, "Number"),
            (self.register, {"domain": "[('nothing', '=', 1)]"}, "condition"),
            (self.register, {"domain": "__import__('os').getcwd()"}, "condition"),
            (self.register, {"date_field": "name"}, "no stored date"),
            (self.register, {"split_field": "description"}, "not possible"),
        ):
            with self.subTest(vals=vals):
                with self.assertRaises(ValidationError) as caught:
                    record.write(vals)
                self.assertIn(words, str(caught.exception))

    def test_who_edits(self):
        """000-98: managers and administrators; code is named by data files only."""
        with self.assertRaises(AccessError):
            self.register.with_user(self.supervisor).name = "Other"
        self.register.with_user(self.manager).name = "Other"
        with self.assertRaises(ValidationError):
            self.register.with_user(self.manager).column_ids = [
                Command.create({"heading": "X", "path": "method:_get_age_begin"})
            ]
        self.register.with_user(self.manager).column_ids = [
            Command.create({"heading": "X", "path": "method:_get_register_customer"})
        ]

    def test_free_days(self):
        """000-98: any two days; the last before the first is told."""
        register = self._register(code="test_free", period="custom")
        self._ticket()
        self.assertEqual(self._preview(self.manager, register).row_count, 1)
        today = self._preview(self.manager, register).day
        wrong = self._preview(
            self.manager, register, day=today, last=fields.Date.add(today, days=-2)
        )
        self.assertIn("last day is before the first", wrong.table)
        with self.assertRaises(UserError):
            wrong.action_issue()

    # ------------------------------------------------------------------
    # What is shipped
    # ------------------------------------------------------------------
    def test_shipped_columns(self):
        """004-95, 004-88, 004-98, 001-57, 001-67: the columns of the documents."""
        expected = {
            "complaint_follow_up": "客户、电话、地址、出现的问题、处理、回访情况",
            "complaint_book": "受理日期、用户姓名、用户电话、投诉内容、处理结果",
            "query": "受理日期、用户姓名、用户电话、查询的内容、处理进度信息",
            "demand": "受理日期、用户姓名、联系方式、需求产品、处理结果",
            "faults": "发生时间、现象、处理过程、处理结果",
            "upgrades": "时间、步骤、风险评估、应急预案",
        }
        for code, headings in expected.items():
            register = self.env.ref(f"cs_helpdesk.register_{code}")
            with self.subTest(code=code):
                found = "、".join(register.column_ids.mapped("heading"))
                self.assertEqual(found, headings)
                self.assertEqual(register.retention_years, 10)
        demand = self.env.ref("cs_helpdesk.register_demand")
        self.assertEqual((demand.copies, demand.period), (2, "week"))
        self.assertEqual((demand.scheduled, demand.schedule_weekday), (True, "0"))

    def test_every_shipped_register_opens(self):
        """000-98, 000-52, 000-85, 000-90, 000-116: each as a manager, this month."""
        found = self.env["cs.register"].search([("code", "not ilike", "test_")])
        self.assertGreaterEqual(len(found), 16)
        for register in found:
            with self.subTest(register=register.code):
                reader = register._get_reader(self.manager)
                self.assertTrue(reader.cells)
                if not reader.Model.has_access("read"):
                    continue  # backups are the administrator's
                preview = self._preview(self.manager, register)
                self.assertIn("<th>", preview.table)

    def test_shipped_rows(self):
        """001-57, 004-95: what the columns say of a complaint."""
        ticket = self._ticket(name="Door is bent")
        ticket.write({"result": "Door replaced"})
        register = self.env.ref("cs_helpdesk.register_complaint_book")
        reader = register._get_reader(self.manager)
        ((_id, row),) = reader.rows(ticket)
        self.assertEqual(row[1], "Customer")
        self.assertEqual(row[2], "138****5678")
        self.assertIn("The door of the wardrobe does not close.", row[3])
        self.assertEqual(row[4], "Door replaced")


@tagged("post_install", "-at_install")
class TestMeasure(RegisterCase):
    def test_shipped_measures(self):
        """004-33, 004-10, 001-69: answered, solved, called back in time."""
        first, _last, begin, end = self.window
        for code in ("answered_in_time", "complaints_in_time", "call_backs_done"):
            measure = self.env.ref(f"cs_helpdesk.measure_{code}")
            with self.subTest(code=code):
                figure = measure.with_user(self.manager)._get_value(
                    self.env.company, begin, end
                )
                self.assertLessEqual(figure["numerator"], figure["denominator"])
        ticket = self._ticket()
        clock = ticket.sudo()._clocks("solution")
        clock.write({"deadline": begin, "overdue": True})
        measure = self.env.ref("cs_helpdesk.measure_complaints_in_time")
        late = measure._get_value(self.env.company, begin, end)
        clock.write({"state": "met", "overdue": False})
        met = measure._get_value(self.env.company, begin, end)
        self.assertIn(ticket.id, met["ids"])
        self.assertEqual(met["numerator"] - late["numerator"], 1)
        self.assertEqual(met["denominator"], late["denominator"])

    def test_query_changes_nothing(self):
        """N36: a measure reads; what it may not, it says in one sentence."""
        values = {
            "name": "Bad",
            "code": "bad",
            "meaning": "-",
            "res_model": "helpdesk.ticket",
        }
        Measure = self.env["cs.measure"]
        for query in (
            "DELETE FROM helpdesk_ticket RETURNING 1, 1, ARRAY[1]",
            "SELECT 1, 1, ARRAY[1]; DELETE FROM helpdesk_ticket",
            "WITH gone AS (UPDATE cs_register SET name = name RETURNING id) "
            "SELECT 1, 1, array_agg(id) FROM gone",
            "SELECT nothing FROM nowhere",
            "SELECT 1",
        ):
            with self.subTest(query=query), self.assertRaises(UserError):
                Measure.create({**values, "query": query})
        with self.assertRaises(AccessError):
            Measure.with_user(self.manager).create({**values, "query": "SELECT 1,1,1"})
        measure = self.env.ref("cs_helpdesk.measure_call_backs_done")
        with self.assertRaises(AccessError):
            measure.with_user(self.manager).read(["query"])
        self.env["res.partner"].create({"name": "Writing goes on"}).flush_recordset()

    def test_figures_stand_on_the_copy(self):
        """N36, 001-69: the figures of the period are issued with it."""
        measure = self.env.ref("cs_helpdesk.measure_call_backs_done")
        self.register.measure_ids = measure
        issue = self._issue()
        self.assertEqual(issue.figures[0]["code"], "call_backs_done")
        self.assertIn(measure.name, issue.figure_text)
