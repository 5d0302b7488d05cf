"""Checklists: runs with lines copied in, scores, findings and what comes round."""

from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .checklist_common import ChecklistCase


@tagged("post_install", "-at_install")
class TestChecklist(ChecklistCase):
    def test_score_and_pass(self):
        """G38: points, shares, the score to pass; what does not apply is left out."""
        run = self.answer(self.start(), manner=2)
        # 2 + 1 + 2 + 1 of 8 points
        self.assertEqual(run.score, 75.0)
        self.assertFalse(run.passed)
        run.line_ids.filtered(lambda line: line.name == "Manner").write(
            {"score_value": 3}
        )
        self.assertEqual(run.score, 87.5)
        self.assertTrue(run.passed)
        run.line_ids.filtered(lambda line: line.name == "Desk tidy").action_na()
        self.assertEqual(run.score, 83.33)

    def test_fatal(self):
        """G38: one fatal failure takes all points."""
        run = self.answer(self.start(), locked="no")
        self.assertEqual(run.score, 0.0)
        self.assertTrue(run.fatal_failed)
        self.assertFalse(run.passed)

    def test_zero_is_an_answer(self):
        """000-86: a number of 0 is given, not missing; a score beyond the points is no
        score."""
        run = self.answer(self.start(), manner=0, recordings=0)
        failed = run.line_ids.filtered("failed").mapped("name")
        self.assertEqual(failed, ["Manner", "Recordings"])
        line = run.line_ids.filtered(lambda line: line.name == "Manner")
        with self.assertRaisesRegex(UserError, "from 0 to 4"):
            line.score_value = 5

    def test_done_needs_answers_and_photo(self):
        """000-86: nothing is skipped, what is wrong is shown by a photo."""
        run = self.start()
        with self.assertRaisesRegex(UserError, "Desk tidy.*Locked.*Manner"):
            run.action_done()
        self.answer(run, desk="no")
        with self.assertRaisesRegex(UserError, "photo of what is wrong: Desk tidy"):
            run.action_done()
        run.line_ids[0].photo = self.picture()
        run.action_done()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.user_id, self.supervisor)
        self.assertTrue(run.done_at)

    def test_photo_is_judged_by_content(self):
        """000-86: a text, an SVG or a picture bomb is no photo, whatever its name."""
        line = self.start().line_ids[0]
        for data in (
            b"aGVsbG8=",
            b"PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
        ):
            with self.assertRaisesRegex(ValidationError, "not a photo"):
                line.photo = data
        bomb = self.picture(size=(9000, 9000))
        with self.assertRaisesRegex(ValidationError, "too many pixels"):
            line.photo = bomb
        line.photo = self.picture("JPEG")
        self.assertTrue(line.photo)

    def test_definition_is_copied(self):
        """000-86: editing a checklist touches no run that has begun; names come in all
        their languages."""
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        item = self.checklist.item_ids[0]
        item.with_context(lang="zh_CN").name = "桌面整洁"
        run = self.start()
        item.write({"name": "Other", "points": 9})
        line = run.line_ids[0].with_context(lang="en_US")
        self.assertEqual((line.name, line.points), ("Desk tidy", 2))
        self.assertEqual(line.with_context(lang="zh_CN").name, "桌面整洁")
        self.checklist.item_ids[1:].unlink()
        self.assertEqual(len(run.line_ids), 5)

    def test_done_is_final(self):
        """000-86: a finished run is not edited, and a second press does nothing."""
        run = self.answer(self.start(), recordings=1)
        run.action_done()
        findings, done_at = run.finding_ids, run.done_at
        run.action_done()
        self.assertEqual(run.finding_ids, findings)
        self.assertEqual(run.done_at, done_at)
        with self.assertRaisesRegex(UserError, "not edited"):
            run.line_ids[0].answer = "no"
        with self.assertRaisesRegex(UserError, "not edited"):
            run.note = "later"
        with self.assertRaises(AccessError):
            run.write({"score": 100})
        with self.assertRaises(AccessError):
            run.line_ids[0].write({"points": 100})
        with self.assertRaisesRegex(UserError, "is kept"):
            run.sudo().unlink()

    def test_about_a_record_and_a_person(self):
        """004-116: a run may be about a record, or about somebody's work."""
        ticket = self._ticket().with_user(self.supervisor)
        run = self.start(record=ticket, subject_user=self.agent)
        self.assertEqual((run.res_model, run.res_id), ("helpdesk.ticket", ticket.id))
        self.assertEqual(run.record_name, ticket.display_name)
        self.assertEqual(run.action_open_record()["res_id"], ticket.id)
        mine = run.with_user(self.agent)
        self.assertFalse(mine.has_access("read"), "not before it is done")
        self.answer(run).action_done()
        mine.invalidate_recordset()
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(mine.has_access("write"))
        self.assertFalse(run.with_user(self.agent2).has_access("read"))

    def test_people(self):
        """003-11: who does not do a checklist cannot start, read or answer it."""
        with self.assertRaisesRegex(AccessError, "members of"):
            self.checklist.with_user(self.agent).action_start()
        run = self.start()
        stranger = run.line_ids[0].with_user(self.agent)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            stranger.action_no()
        with self.assertRaises(AccessError):
            self.env["cs.checklist.run"].with_user(self.supervisor).create({})
        with self.assertRaisesRegex(UserError, "no checklist “nothing”"):
            self.env["cs.checklist"]._start_run("nothing")

    def test_start_twice(self):
        """000-86: starting again opens the run that is not finished yet."""
        checklist = self.checklist.with_user(self.supervisor)
        first = checklist.action_start()["res_id"]
        self.assertEqual(checklist.action_start()["res_id"], first)


@tagged("post_install", "-at_install")
class TestFinding(ChecklistCase):
    def found(self, **kwargs):
        run = self.start(subject_user=self.agent, **kwargs)
        self.answer(run, recordings=1).action_done()
        return run.finding_ids

    @freeze_time("2026-03-06 08:00:00")  # Friday 16:00 in Shanghai
    def test_owner_and_date(self):
        """G17, 000-86: a failed line has an owner, a task and 1 working day."""
        finding = self.found()
        self.assertEqual(finding.owner_id, self.agent)
        self.assertEqual(finding.due_date, date(2026, 3, 9), "Monday")
        activity = finding.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertEqual(activity.date_deadline, date(2026, 3, 9))
        clock = finding._clocks("finding")
        self.assertEqual(clock.deadline, datetime(2026, 3, 9, 8))

    def test_recheck(self):
        """G17, 000-86: mended by its owner, looked at again by somebody else."""
        finding = self.found().with_user(self.agent)
        with self.assertRaisesRegex(UserError, "write what was done"):
            finding.action_fixed()
        finding.fix_note = "Listened to four"
        finding.action_fixed()
        finding.action_fixed()
        self.assertEqual((finding.state, finding.rounds), ("fixed", 1))
        self.assertEqual(finding.activity_ids.user_id, self.supervisor)
        with self.assertRaisesRegex(AccessError, "not by who"):
            finding.action_recheck_good()
        checker = finding.with_user(self.supervisor)
        checker.action_recheck_bad()
        self.assertEqual(finding.state, "open")
        self.assertEqual(finding.activity_ids.user_id, self.agent)
        finding.action_fixed()
        checker.action_recheck_good()
        checker.action_recheck_good()
        self.assertEqual((finding.state, finding.rounds), ("closed", 2))
        self.assertFalse(finding.activity_ids)
        self.assertFalse(finding._clocks())

    def test_hand_over(self):
        """G17: a supervisor hands a finding on; task and clock go with it."""
        finding = self.found().with_user(self.supervisor)
        finding.owner_id = self.agent2
        self.assertEqual(finding.activity_ids.user_id, self.agent2)
        self.assertEqual(finding._clocks().user_id, self.agent2)
        with self.assertRaises(AccessError):
            finding.with_user(self.agent2).owner_id = self.agent
        with self.assertRaises(AccessError):
            finding.state = "closed"

    def test_own_finding_goes_to_another_supervisor(self):
        """G17: who checked himself does not look at himself again."""
        run = self.start()
        self.answer(run, recordings=1).action_done()
        finding = run.finding_ids
        self.assertEqual(finding.owner_id, self.supervisor)
        self.assertNotEqual(finding._get_rechecker(), self.supervisor)
        self.assertTrue(finding._get_rechecker())


@tagged("post_install", "-at_install")
class TestRounds(ChecklistCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.checklist"].search([("id", "!=", cls.checklist.id)]).active = False
        cls.checklist.write({"schedule": "daily", "due_time": 9.0})

    def rounds(self):
        with self.enter_registry_test_mode():
            self.env.ref("cs_helpdesk.cron_checklist_rounds").method_direct_trigger()
        return self.env["cs.checklist.run"].search(
            [("checklist_id", "=", self.checklist.id)]
        )

    @freeze_time("2026-03-06 00:30:00")  # Friday 8:30
    def test_each_person_each_day_once(self):
        """000-60, 000-71: each person's checklist is there in the morning, once."""
        self.checklist.not_group_id = self.env.ref("cs_helpdesk.group_manager")
        away = self._user("desk_away", "group_supervisor")
        away.write({"absent_from": "2026-03-01", "absent_until": "2026-03-31"})
        runs = self.rounds()
        self.assertIn(self.supervisor, runs.user_id)
        self.assertNotIn(self.manager, runs.user_id)
        self.assertNotIn(self.agent, runs.user_id)
        self.assertNotIn(away, runs.user_id)
        self.assertEqual(set(runs.mapped("due_at")), {datetime(2026, 3, 6, 1)})
        self.assertEqual(self.rounds(), runs, "a second run of the job adds nothing")

    @freeze_time("2026-03-07 01:00:00")  # Saturday
    def test_days_off(self):
        """000-61: nothing is due on a day off."""
        self.assertFalse(self.rounds())

    @freeze_time("2026-03-06 00:30:00")
    def test_unique(self):
        """000-86: one run a checklist, person, day and time, by the database."""
        run = self.rounds().filtered(lambda r: r.user_id == self.supervisor)
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            run.copy({"scheduled_on": run.scheduled_on, "date": run.date})

    @freeze_time("2026-03-06 00:30:00")
    def test_times_a_day(self):
        """G17: a supervisor inspects twice a day, the second by the due time."""
        self.checklist.write({"times": 2, "due_time": 17.0})
        runs = self.rounds().filtered(lambda r: r.user_id == self.supervisor)
        self.assertEqual(
            runs.sorted("slot").mapped("due_at"),
            [datetime(2026, 3, 6, 5), datetime(2026, 3, 6, 9)],
        )

    def test_one_for_all(self):
        """003-70: one run for the whole lane; who takes it is its person."""
        self.checklist.scope = "company"
        with freeze_time("2026-03-06 00:30:00"):
            run = self.rounds().filtered(lambda r: r.company_id == self.env.company)
            self.assertEqual(len(run), 1)
            self.assertFalse(run.user_id)
            self.assertEqual(run._clocks().group_id, self.checklist.group_id)
            self.answer(run.with_user(self.manager)).action_done()
        self.assertEqual(run.user_id, self.manager)

    def test_late_and_missed(self):
        """000-60: late ones warn and escalate; what nobody did is missed, not done."""
        with freeze_time("2026-03-05 22:00:00"):
            runs = self.rounds()
        run = runs.filtered(lambda r: r.user_id == self.supervisor)
        with freeze_time("2026-03-06 01:30:00"), self.enter_registry_test_mode():
            self.env.ref("cs_helpdesk.cron_clock_sweep").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.clock_state, "late")
        notices = self.env["cs.clock.notice"].search(
            [("clock_id", "in", run._clocks().ids)]
        )
        self.assertTrue(notices.filtered(lambda n: n.level != "owner"))
        with freeze_time("2026-03-09 01:00:00"):
            self.rounds()
        self.assertEqual(run.state, "missed")
        self.assertFalse(run._clocks())
        with self.assertRaisesRegex(UserError, "not done in time"):
            run.with_user(self.supervisor).action_done()

    @freeze_time("2026-03-02 00:30:00")
    def test_monthly_is_due_on_its_day(self):
        """000-117, G27: monthly, by the 5th."""
        self.checklist.write({"schedule": "monthly", "due_day": 5, "scope": "company"})
        run = self.rounds().filtered(lambda r: r.company_id == self.env.company)
        self.assertEqual(run.date, date(2026, 3, 5))
        self.assertEqual(run.scheduled_on, date(2026, 3, 1))
        self.checklist.due_day = 8  # Sunday
        found = self.checklist._get_round(self.env.company, date(2026, 3, 2))
        self.assertEqual(found[2], date(2026, 3, 6))

    def test_list_is_fast(self):
        """000-60: 80 runs cost no more queries than 8."""
        with freeze_time("2026-03-06 00:30:00"):
            vals = [
                {
                    "date": date(2026, 3, 6) - timedelta(days=n),
                    "user_id": self.manager.id,
                }
                for n in range(80)
            ]
            runs = self.checklist._start(vals).with_user(self.manager)
        names = (
            "display_name",
            "next_deadline",
            "score",
            "finding_count",
            "open_count",
        )
        self.env.flush_all()

        def read(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.read(names)
            return self.env.cr.sql_log_count - before

        read(runs[:8])
        self.assertLessEqual(read(runs), read(runs[:8]))
