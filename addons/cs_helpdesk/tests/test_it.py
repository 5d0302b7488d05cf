"""Faults, upgrades, system and security checks, backup log."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .clock_common import ClockCase
from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestFault(ClockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.it = cls.env["res.users"].create(
            {
                "name": "IT",
                "login": "it_support",
                "group_ids": [(6, 0, cls.env.ref("cs_helpdesk.group_it_support").ids)],
            }
        )
        cls.it_team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "IT",
                "service_desk": True,
                "it_support": True,
                "default_type_id": cls.env.ref("cs_helpdesk.type_fault").id,
                "user_ids": [(6, 0, cls.it.ids)],
            }
        )

    def fault(self, when="2026-03-09 10:00", **vals):
        return self.ticket(
            "fault",
            when,
            team_id=self.it_team.id,
            user_id=self.it.id,
            fault_symptom="Screen black",
            fault_occurred_at=self.shanghai(when),
            **vals,
        )

    def test_limits_of_a_general_fault(self):
        """003-72, G40: a general fault is mended in 4 hours."""
        fault = self.fault()
        self.assertTrue(fault.is_fault)
        clock = self.clock(fault, "solution")
        self.assertEqual(clock.deadline, self.shanghai("2026-03-09 15:00"))
        self.assertFalse(self.clock(fault, "fault_report"))

    def test_limits_of_a_major_fault(self):
        """003-72, G40: major: 15 minutes, report in 30, workaround in 2 hours."""
        fault = self.fault().with_user(self.it)
        self.at(fault, "2026-03-09 10:00").action_fault_major()
        clocks = {
            kind: self.clock(fault, kind)
            for kind in ("first_response", "fault_report", "solution")
        }
        self.assertEqual(
            clocks["first_response"].deadline, self.shanghai("2026-03-09 10:15")
        )
        self.assertEqual(
            clocks["fault_report"].deadline, self.shanghai("2026-03-09 10:30")
        )
        self.assertEqual(clocks["solution"].deadline, self.shanghai("2026-03-09 12:00"))
        told = self.env["mail.message"].search(
            [("model", "=", "helpdesk.ticket"), ("res_id", "=", fault.id)]
        )
        self.assertIn(self.manager.partner_id, told.notified_partner_ids)

    def test_report_and_post_mortem(self):
        """003-72, G40: reported to the leaders; post-mortem 2 working days after."""
        fault = self.fault().with_user(self.it)
        fault = self.at(fault, "2026-03-09 10:05")
        fault.action_fault_major()
        with self.assertRaisesRegex(UserError, "write the report"):
            fault.action_fault_report()
        fault.fault_report = "Telephone down, all seats, until 11:00"
        fault.action_fault_report()
        fault.action_fault_report()
        self.assertEqual(self.clock(fault, "fault_report").state, "met")
        fault.write({"fault_process": "Restarted", "fault_result": "Works"})
        self.tell(fault.sudo(), "2026-03-09 11:00")
        done = self.at(fault.sudo(), "2026-03-09 11:30")
        done.stage_id = self.stage("done")
        clock = self.clock(fault, "post_mortem")
        self.assertEqual(clock.deadline, self.shanghai("2026-03-11 11:30"))
        late = self.at(fault, "2026-03-10 11:00")
        late.post_mortem = "Switch was old; replaced; spare bought"
        late.action_post_mortem()
        self.assertEqual(clock.state, "met")

    def test_facts_before_done(self):
        """003-73: time, symptom, handling and result before a fault is done."""
        fault = self.fault()
        self.tell(fault, "2026-03-09 11:00")
        with self.assertRaisesRegex(ValidationError, "Handling.*Result"):
            fault.stage_id = self.stage("done")

    def test_users_do_not_mend(self):
        """003-14: who is not IT support reports and leaves the rest to them."""
        fault = self.fault()
        boss = fault.with_user(self.supervisor)
        with self.assertRaisesRegex(AccessError, "Faults are mended by"):
            boss.fault_process = "Hit it"
        with self.assertRaises(AccessError):
            fault.with_user(self.it).fault_reported_at = fields.Datetime.now()
        fault.with_user(self.it).fault_process = "Cable"
        other = self.ticket("inquiry", "2026-03-09 10:00")
        self.assertFalse(other.is_fault)

    def test_report_by_anybody(self):
        """003-14, 003-72: any member of staff reports; all out is a major fault."""
        Wizard = self.env["cs.fault.wizard"]
        user = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        wizard = Wizard.with_user(user).create(
            {"symptom": "Nothing works", "nobody_can_work": True}
        )
        action = wizard.action_report()
        ticket = wizard.sudo().ticket_id
        self.assertIn(ticket.number, action["params"]["message"])
        self.assertEqual((ticket.fault_level, ticket.urgency), ("major", "urgent"))
        self.assertEqual(ticket.partner_id, user.partner_id)
        later = fields.Datetime.now() + timedelta(days=1)
        wrong = Wizard.with_user(user).create({"symptom": "x", "occurred_at": later})
        with self.assertRaisesRegex(UserError, "lies in the past"):
            wrong.action_report()


@tagged("post_install", "-at_install")
class TestUpgrade(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.it = cls._user("desk_it", "group_it_support")

    def plan(self, **vals):
        return (
            self.env["cs.upgrade.plan"]
            .with_user(self.it)
            .create(
                {
                    "name": "Update",
                    "system": "Odoo",
                    "planned_at": "2026-03-14 14:00:00",
                    "steps": "<p>1</p>",
                    "risk": "<p>2</p>",
                    "emergency_plan": "<p>3</p>",
                    **vals,
                }
            )
        )

    def test_plan_has_four_parts(self):
        """003-74: time, steps, risks, emergency plan; approved by somebody else."""
        plan = self.plan(risk=False)
        boss = plan.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Risks"):
            boss.action_approve()
        plan.risk = "<p>Down for an hour</p>"
        with self.assertRaisesRegex(AccessError, "somebody else"):
            plan.action_approve()
        boss.action_approve()
        self.assertEqual(plan.approver_id, self.manager)
        with self.assertRaises(AccessError):
            plan.steps = "<p>other</p>"

    def test_not_done_without_test(self):
        """003-74: tested before, explained to the users afterwards."""
        plan = self.plan()
        plan.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "has to be tested first"):
            plan.action_done()
        plan.test_result = "<p>Form broken</p>"
        with self.assertRaisesRegex(UserError, "not passed its test"):
            plan.action_tested()
        plan.test_passed = True
        plan.action_tested()
        plan.outcome = "<p>Done in 20 minutes</p>"
        plan.action_done()
        plan.action_done()
        with self.assertRaisesRegex(UserError, "Notice to Users"):
            plan.action_explained()
        plan.write({"notice": "<p>New button</p>", "training": "Monday, by IT"})
        plan.action_explained()
        self.assertEqual(plan.state, "closed")
        paper = self.env["cs.announcement"].search([("name", "=", plan.name)])
        self.assertIn(self.agent, paper.receipt_ids.user_id)


@tagged("post_install", "-at_install")
class TestSystem(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._user("desk_sysadmin", "group_system_admin")
        cls.Log = cls.env["cs.backup.log"]
        cls.Log.search([]).unlink()

    def backup(self, hours=1, **vals):
        end = fields.Datetime.now() - timedelta(hours=hours)
        return self.Log._record_run(
            {
                "run_key": f"run-{hours}",
                "kind": "backup",
                "state": "ok",
                "started_at": end - timedelta(minutes=6),
                "finished_at": end,
                "size_mb": 12,
                **vals,
            }
        )

    def test_daily_check_reads_the_system(self):
        """003-70: server, network, log; what the system can read is filled in."""
        self.backup(3)
        Checklist = self.env["cs.checklist"].with_user(self.admin)
        run = Checklist._start_run("system_daily")
        by_fact = {line.fact: line for line in run.line_ids if line.fact}
        self.assertIn("PostgreSQL", by_fact["server"].fact_text)
        self.assertGreater(by_fact["disk_free"].number_value, 0)
        self.assertGreater(by_fact["database_size"].number_value, 10)
        self.assertEqual(by_fact["backup_age"].number_value, 3)
        self.assertFalse(by_fact["backup_age"].failed)
        self.assertTrue(run.line_ids.filtered(lambda line: "Network" in line.name))

    def test_every_fact_answers(self):
        """003-70, 000-117: each figure the shipped checklists ask for is there."""
        self.env["cs.backup.log"].search([]).unlink()
        for code in (
            "system_daily",
            "security_monthly",
            "security_quarterly",
            "maintenance_weekly",
            "maintenance_hardware",
            "restore_test",
            "manager_day",
            "manager_closing",
            "supervisor_day",
        ):
            run = self.env["cs.checklist"].with_user(self.admin)._start_run(code)
            for line in run.line_ids.filtered("fact"):
                with self.subTest(code=code, fact=line.fact):
                    self.assertTrue(line.fact_text or line.numbered)
        with self.assertRaisesRegex(ValidationError, "knows no figure"):
            run.checklist_id.item_ids[0].fact = "unlink"

    def test_security_checks(self):
        """000-117, 003-60, G27: monthly by the administrator, quarterly by the
        supervision group."""
        monthly = self.env.ref("cs_helpdesk.checklist_security_monthly")
        self.assertEqual((monthly.schedule, monthly.due_day), ("monthly", 5))
        quarterly = self.env.ref("cs_helpdesk.checklist_security_quarterly")
        self.assertEqual(
            quarterly.group_id, self.env.ref("cs_helpdesk.group_supervision")
        )
        names = " ".join(quarterly.item_ids.mapped("name"))
        for word in ("Firewall", "Intrusion", "Vulnerability", "Patches"):
            self.assertIn(word, names)

    def test_maintenance(self):
        """003-65, 003-71, 000-118, 003-62: server, hardware, rubbish, restore test."""
        kinds = {
            code: self.env.ref(f"cs_helpdesk.checklist_{code}").schedule
            for code in (
                "maintenance_weekly",
                "maintenance_monthly",
                "maintenance_hardware",
                "restore_test",
            )
        }
        self.assertEqual(kinds["maintenance_monthly"], "monthly")
        self.assertEqual(kinds["maintenance_weekly"], "weekly")
        self.assertEqual(kinds["restore_test"], "quarterly")
        self.assertIn(
            "off the premises",
            " ".join(
                self.env.ref(
                    "cs_helpdesk.checklist_maintenance_weekly"
                ).item_ids.mapped("name")
            ),
        )

    def test_missing_backup_alerts(self):
        """000-118, G28: no good backup for 26 hours: an alert, once a day."""
        self.backup(25)
        self.assertFalse(self.Log._cron_check_missing())
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            missing = self.Log._cron_check_missing()
            self.assertEqual(missing.state, "missing")
            self.assertIn(self.admin, missing.activity_ids.user_id)
            self.assertFalse(self.Log._cron_check_missing(), "once a day")
        self.backup(0)
        self.assertFalse(missing.activity_ids, "done when there is one again")

    def test_log_once(self):
        """003-62, 000-118: a run is logged once; a failed one alerts."""
        log = self.backup(1)
        self.assertEqual(self.backup(1), log)
        self.assertEqual(log.duration, 6)
        failed = self.backup(0, run_key="bad", state="failed", message="disk full")
        self.assertIn("disk full", failed.activity_ids[0].summary)
        with self.assertRaises(AccessError):
            log.with_user(self.admin).state = "failed"
        self.assertFalse(self.Log.with_user(self.agent).has_access("read"))
