"""The day's paper: journals, announcements, tasks, papers, incidents, equipment."""

from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .checklist_common import ChecklistCase
from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestJournal(DeskCase):
    def paper(self, user=None, **vals):
        Journal = self.env["cs.journal"].with_user(user or self.agent)
        return Journal.create({"content": "<p>Worked</p>", **vals})

    def test_filled_from_records(self):
        """000-52: journal and statistics come with their figures; a plan with what is
        open."""
        mine = self._ticket("inquiry", user_id=self.agent.id)
        self._ticket("inquiry", user_id=self.agent2.id)
        mine.with_user(self.agent).action_accept()
        figures = {f.code: f.value for f in self.paper().fact_ids}
        self.assertEqual(figures["received"], 1)
        self.assertEqual(figures["open"], 1)
        summary = self.paper(self.supervisor, kind="day_summary")
        whole = {f.code: f.value for f in summary.fact_ids}
        self.assertGreaterEqual(whole["received"], 2)
        plan = self.paper(kind="plan", date="2026-05-17")
        self.assertEqual(plan.date, date(2026, 5, 1))
        self.assertEqual(set(plan.fact_ids.mapped("code")), {"open", "tasks"})

    def test_one_a_day(self):
        """000-52: one paper of a kind a person and day."""
        self.paper(date="2026-03-06")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.paper(date="2026-03-06")

    def test_supervisor_checks(self):
        """000-68, 000-71: handed in, returned with a comment, checked; never by its
        writer."""
        paper = self.paper(content=False)
        with self.assertRaisesRegex(UserError, "write in a sentence"):
            paper.action_submit()
        paper.content = "<p>Forty calls</p>"
        paper.action_submit()
        paper.action_submit()
        self.assertEqual(paper.state, "submitted")
        with self.assertRaisesRegex(UserError, "after it was returned"):
            paper.content = "<p>Fifty calls</p>"
        with self.assertRaises(AccessError):
            paper.state = "accepted"
        with self.assertRaisesRegex(AccessError, "not by its writer"):
            paper.action_accept()
        boss = paper.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "write in the comment"):
            boss.action_return()
        boss.comment = "Which calls?"
        boss.action_return()
        paper.content = "<p>Forty calls, ten of them call-backs</p>"
        paper.action_submit()
        boss.action_accept()
        self.assertEqual((paper.state, paper.checker_id), ("accepted", self.supervisor))
        own = self.paper(self.supervisor)
        own.action_submit()
        with self.assertRaisesRegex(AccessError, "not by its writer"):
            own.action_accept()

    def test_who_sees_it(self):
        """003-11: colleagues do not read each other's journals."""
        paper = self.paper()
        self.assertFalse(paper.with_user(self.agent2).has_access("read"))
        self.assertTrue(paper.with_user(self.supervisor).has_access("read"))
        as_other = self.env["cs.journal"].with_user(self.agent)
        forged = as_other.create({"user_id": self.agent2.id, "kind": "daily_report"})
        self.assertEqual(forged.user_id, self.agent, "one writes one's own")


@tagged("post_install", "-at_install")
class TestAnnouncement(DeskCase):
    def paper(self, **vals):
        Announcement = self.env["cs.announcement"].with_user(self.supervisor)
        return Announcement.create(
            {
                "name": "New greeting",
                "body": "<p>您好</p>",
                "group_ids": [(6, 0, self.env.ref("cs_helpdesk.group_agent").ids)],
                **vals,
            }
        )

    @freeze_time("2026-03-06 02:00:00")  # Friday 10:00
    def test_read_confirmation(self):
        """000-39, G20: published to those concerned, who have 2 working days."""
        paper = self.paper()
        mine = paper.with_user(self.agent)
        self.assertFalse(mine.has_access("read"), "a draft is nobody's")
        paper.action_publish()
        mine.invalidate_recordset()
        self.assertTrue(mine.i_must_read)
        receipt = self.env["cs.read.receipt"].search(
            [("user_id", "=", self.agent.id), ("res_id", "=", paper.id)]
        )
        clock = receipt._clocks("read")
        self.assertEqual(
            clock.deadline, fields.Datetime.to_datetime("2026-03-10 02:00:00")
        )
        mine.action_confirm_read()
        read_at = receipt.read_at
        mine.action_confirm_read()
        self.assertEqual(receipt.read_at, read_at)
        self.assertEqual(clock.state, "met")
        self.assertFalse(mine.i_must_read)
        self.assertNotIn(self.agent.name, paper.unread_names)
        self.assertIn(self.agent2.name, paper.unread_names)

    def test_published_stays(self):
        """000-39: an edition is not changed after people have read it."""
        paper = self.paper()
        paper.action_publish()
        count = len(paper.sudo().receipt_ids)
        paper.action_publish()
        self.assertEqual(len(paper.sudo().receipt_ids), count)
        with self.assertRaisesRegex(UserError, "new edition"):
            paper.body = "<p>您好,请讲</p>"
        with self.assertRaises(UserError):
            paper.unlink()
        paper.action_withdraw()
        self.assertFalse(paper.sudo().receipt_ids._clocks())

    def test_who(self):
        """000-39, 003-11: agents announce nothing, strangers read nothing."""
        with self.assertRaises(AccessError):
            self.paper().with_user(self.agent).action_publish()
        paper = self.paper()
        paper.action_publish()
        self.assertFalse(paper.with_user(self.stranger).has_access("read"))
        with self.assertRaises(AccessError):
            self.env["cs.read.receipt"].with_user(self.agent).create(
                {"res_model": "cs.announcement", "res_id": paper.id}
            )


@tagged("post_install", "-at_install")
class TestTask(DeskCase):
    def task(self, **vals):
        return (
            self.env["cs.task"]
            .with_user(self.supervisor)
            .create(
                {
                    "name": "Count the headsets",
                    "user_id": self.agent.id,
                    "date_deadline": "2026-03-09",
                    **vals,
                }
            )
        )

    @freeze_time("2026-03-06 02:00:00")
    def test_asked_done_accepted(self):
        """000-58: visible to both, with a date, done with a result and accepted."""
        task = self.task()
        mine = task.with_user(self.agent)
        self.assertTrue(mine.has_access("write"))
        self.assertEqual(task.activity_ids.user_id, self.agent)
        self.assertEqual(task.activity_ids.date_deadline, date(2026, 3, 9))
        clock = task._clocks("task")
        self.assertEqual(
            clock.deadline, fields.Datetime.to_datetime("2026-03-09 10:00:00")
        )
        with self.assertRaisesRegex(UserError, "write the result"):
            mine.action_done()
        mine.result = "Fourteen, two broken"
        mine.action_done()
        mine.action_done()
        self.assertEqual((task.state, clock.state), ("done", "met"))
        with self.assertRaisesRegex(AccessError, "asked for by"):
            mine.action_accept()
        task.action_reopen()
        self.assertEqual(task.activity_ids.user_id, self.agent)
        mine.action_done()
        task.action_accept()
        self.assertEqual(task.state, "accepted")
        self.assertFalse(task.activity_ids)

    @freeze_time("2026-03-06 02:00:00")
    def test_moved(self):
        """000-58: a new date or owner takes clock and reminder along."""
        task = self.task()
        task.write({"user_id": self.agent2.id, "date_deadline": "2026-03-10"})
        clock = task._clocks("task")
        self.assertEqual(clock.user_id, self.agent2)
        self.assertEqual(
            clock.deadline, fields.Datetime.to_datetime("2026-03-10 10:00:00")
        )
        self.assertEqual(task.activity_ids.user_id, self.agent2)

    def test_who_may_ask(self):
        """000-58, 003-11: agents ask nobody; the owner does not move the date."""
        with self.assertRaisesRegex(AccessError, "supervisors and managers"):
            self.env["cs.task"].with_user(self.agent).create(
                {"name": "You", "user_id": self.agent2.id}
            )
        own = self.env["cs.task"].with_user(self.agent).create({"name": "Me"})
        self.assertEqual(own.assigner_id, self.agent)
        task = self.task()
        with self.assertRaises(AccessError):
            task.with_user(self.agent).date_deadline = "2026-12-31"
        self.assertFalse(task.with_user(self.agent2).has_access("read"))


@tagged("post_install", "-at_install")
class TestRegisters(DeskCase):
    def test_received_document(self):
        """000-52: numbered, classified, dealt with and filed; a filed one stays."""
        Paper = self.env["cs.received.document"].with_user(self.agent)
        paper = Paper.create(
            {
                "name": "New warranty rules",
                "sender": "Head office",
                "doc_class": "policy",
            }
        )
        self.assertRegex(paper.number, r"^SW\d{4}-\d{4}$")
        with self.assertRaisesRegex(UserError, "how it was dealt with"):
            paper.action_handled()
        paper.handling = "Told in the morning meeting"
        paper.action_handled()
        with self.assertRaisesRegex(UserError, "where it is filed"):
            paper.action_filed()
        paper.place = "Cabinet 2"
        paper.action_filed()
        paper.action_filed()
        self.assertEqual((paper.state, paper.handler_id), ("filed", self.agent))
        with self.assertRaisesRegex(UserError, "not edited"):
            paper.place = "Cabinet 3"
        with self.assertRaises(AccessError):
            paper.number = "SW1"

    def test_incident(self):
        """000-65, G18: a major one reaches the managers at once; closed with its
        result."""
        Incident = self.env["cs.incident"].with_user(self.agent)
        incident = Incident.create({"name": "Line 400 is down", "severity": "major"})
        told = self.env["mail.message"].search(
            [("model", "=", "cs.incident"), ("res_id", "=", incident.id)]
        )
        self.assertIn(self.manager.partner_id, told.notified_partner_ids)
        with self.assertRaisesRegex(UserError, "what was done and the result"):
            incident.action_close()
        incident.write({"process": "Carrier called", "result": "Back after 20 minutes"})
        incident.action_close()
        with self.assertRaisesRegex(UserError, "closed and not edited"):
            incident.result = "Never mind"

    def test_equipment_fault_button(self):
        """000-85, 003-14: the fault button brings the fault of this thing to IT."""
        headset = self.env["cs.equipment"].create({"name": "Headset", "code": "H-1"})
        mine = headset.with_user(self.agent)
        action = mine.action_report_fault()
        Wizard = self.env["cs.fault.wizard"].with_user(self.agent)
        with Form(Wizard.with_context(**action["context"])) as form:
            self.assertEqual(form.equipment_id, mine)
            form.symptom = "No sound on the left\nsince this morning"
        wizard = form.record
        wizard.action_report()
        ticket = wizard.sudo().ticket_id
        wizard.action_report()
        self.assertEqual(wizard.sudo().ticket_id, ticket, "once")
        self.assertEqual(ticket.team_id, self.env.ref("cs_helpdesk.team_it"))
        self.assertEqual(ticket.equipment_id, headset)
        self.assertEqual(ticket.name, "No sound on the left")
        headset.invalidate_recordset()
        self.assertEqual((mine.open_faults, mine.fault_count), (1, 1))
        with self.assertRaises(AccessError):
            mine.name = "Mine"


@tagged("post_install", "-at_install")
class TestShipped(ChecklistCase):
    def items(self, code):
        return self.env.ref(f"cs_helpdesk.checklist_{code}").item_ids

    def test_days(self):
        """000-60, 000-69, 000-71, 004-04, 004-11: the days of the three roles."""
        checklist = self.env.ref("cs_helpdesk.checklist_manager_opening")
        self.assertEqual((checklist.schedule, checklist.due_time), ("daily", 9.0))
        closing = self.items("manager_closing")
        self.assertTrue(
            closing.filtered("fatal").name.startswith("Telephones diverted")
        )
        supervisor = self.env.ref("cs_helpdesk.checklist_supervisor_day")
        self.assertEqual(
            supervisor.not_group_id, self.env.ref("cs_helpdesk.group_manager")
        )
        sign_in = self.items("agent_sign_in")
        self.assertIn("telephone", sign_in.mapped("code"))
        self.assertIn("seat_clean", sign_in.mapped("code"))

    def test_days_2(self):
        """000-61, 000-63, 000-67, 000-70, 004-58: what the days ask for."""
        sign_in = self.env.ref("cs_helpdesk.checklist_agent_sign_in")
        self.assertEqual(sign_in.due_time, 9.0)
        day = self.items("manager_day")
        self.assertTrue(day.filtered(lambda i: "Abnormal customer files" in i.name))
        recordings = day.filtered(lambda i: "Recordings" in i.name)
        self.assertEqual((recordings.bounds, recordings.minimum), ("min", 1))
        agent = self.items("agent_day")
        self.assertTrue(agent.filtered(lambda i: "after 18:00" in i.name))
        self.assertIn("at_post", agent.mapped("code"))

    def test_inspection(self):
        """000-83, 000-84, 000-85, 000-86: twelve items, manager once, supervisor twice
        a day."""
        manager = self.env.ref("cs_helpdesk.checklist_inspection_manager")
        supervisor = self.env.ref("cs_helpdesk.checklist_inspection_supervisor")
        self.assertEqual((manager.times, supervisor.times), (1, 2))
        sections = manager.item_ids.grouped("section")
        self.assertEqual(len(sections["Discipline"]), 6)
        self.assertEqual(len(sections["Environment"]), 3)
        self.assertEqual(len(sections["Equipment"]), 3)

    def test_provider_gates(self):
        """002-02, 002-03, 002-04, 002-05: without licence, agreement or masking no
        provider passes."""
        Checklist = self.env["cs.checklist"].with_user(self.supervisor)
        run = Checklist._start_run("provider_onboarding")
        codes = run.line_ids.mapped("code")
        self.assertLessEqual({"language", "knowledge", "attitude"}, set(codes))
        self.assertIn("training", codes)
        self.assertIn("contacts", codes)
        for line in run.line_ids:
            line.write(
                {
                    "yesno": {"answer": "yes"},
                    "score": {"score_value": line.points},
                    "number": {"number_value": 9},
                    "photo": {"photo": self.picture()},
                }[line.kind]
            )
        self.assertTrue(run.passed)
        run.line_ids.filtered(lambda line: line.code == "nda").answer = "no"
        self.assertFalse(run.passed)
        self.assertEqual(run.score, 0)

    def test_day_facts(self):
        """000-62, 000-52: the checklist of the day knows meeting, journal and
        notices."""
        today = self.env["cs.schedule.mixin"]._get_today(self.env.company)
        Checklist = self.env["cs.checklist"].with_user(self.agent)
        run = Checklist._start_run("agent_day")
        journal = run.line_ids.filtered(lambda line: line.fact == "own_journal")
        self.assertFalse(journal.answer)
        for kind in ("journal", "daily_report"):
            paper = self.env["cs.journal"].with_user(self.agent)
            paper = paper.create({"kind": kind, "content": "<p>x</p>", "date": today})
            paper.action_submit()
        run.action_read_facts()
        self.assertEqual(journal.answer, "yes")


@tagged("post_install", "-at_install")
class TestDailyRpc(DeskCase, HttpCase):
    @mute_logger("odoo.http")
    def test_stranger_over_rpc(self):
        """003-11, 000-52: what no button offers a stranger is refused as well."""
        journal = self.env["cs.journal"].with_user(self.agent).create({})
        self.stranger.password = "desk_stranger"
        self.authenticate("desk_stranger", "desk_stranger")
        for model, method, *args in (
            ("cs.journal", "read", journal.ids, ["content"]),
            ("cs.journal", "action_submit", journal.ids),
            ("cs.checklist", "_start_run", "agent_day"),
            ("cs.backup.log", "search_read", []),
            ("cs.backup.log", "_record_run", {"run_key": "x", "kind": "backup"}),
            ("cs.task", "create", {"name": "You", "user_id": self.agent.id}),
            ("cs.incident", "create", {"name": "x"}),
        ):
            with (
                self.subTest(model=model, method=method),
                self.assertRaisesRegex(Exception, "AccessError"),
            ):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/{method}",
                    {"model": model, "method": method, "args": args, "kwargs": {}},
                )

    def test_lists_are_fast(self):
        """000-52, 000-58: 80 rows cost no more queries than 8."""
        day = date(2026, 1, 1)
        journals = self.env["cs.journal"].create(
            [
                {"user_id": self.agent.id, "date": day + timedelta(days=n)}
                for n in range(80)
            ]
        )
        tasks = self.env["cs.task"].create(
            [{"name": str(n), "user_id": self.agent.id} for n in range(80)]
        )
        for records, names in (
            (journals, ["display_name", "state", "checker_id"]),
            (tasks, ["name", "next_deadline", "user_id", "meeting_id", "state"]),
        ):
            self.env.flush_all()
            counts = []
            for some in (records[:8], records[:8], records):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.with_user(self.supervisor).read(names)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[2], counts[1])
