from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import InsufficientPrivilege

from odoo import Command, fields, http
from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tests.test_cursor import TestCursor
from odoo.tools import SQL, mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT


class AuditCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **DISABLED_MAIL_CONTEXT))
        cls.Log = cls.env["cs.audit.log"]
        cls.agent = cls.make_user("audit.agent", "group_agent", name="张敏")
        cls.manager = cls.make_user("audit.manager", "group_manager")
        cls.sysadmin = cls.make_user("audit.sysadmin", "group_system_admin")
        cls.supervision = cls.make_user("audit.supervision", "group_supervision")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk",
                "service_desk": True,
                "default_type_id": cls.env.ref("cs_helpdesk.type_inquiry").id,
                "user_ids": [Command.link(cls.agent.id)],
            }
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Customer", "phone": "13800005678"}
        )
        cls.settle()

    @classmethod
    def make_user(cls, login, group, **kw):
        return new_test_user(cls.env, login, f"cs_helpdesk.{group}", **kw)

    @classmethod
    def settle(cls):
        """End of a transaction, as far as the log is concerned."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    def make_ticket(self, user=None, **values):
        Ticket = self.env["helpdesk.ticket"].with_user(user or self.agent)
        ticket = Ticket.create(
            {
                "name": "Hinge",
                "description": "It squeaks.",
                "team_id": self.team.id,
                "partner_id": self.partner.id,
                **values,
            }
        )
        self.settle()
        return ticket

    def rows(self, record=None, **criteria):
        self.settle()
        domain = [(name, "=", value) for name, value in criteria.items()]
        if record:
            domain += [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.Log.search(domain, order="id")


@tagged("post_install", "-at_install")
class TestAuditRows(AuditCase):
    def test_ticket_creation_and_change(self):
        """004-83: who, when, which ticket, what before and after."""
        ticket = self.make_ticket()
        created = self.rows(ticket)
        self.assertEqual(created.event, "create")
        self.assertEqual((created.login, created.user_name), ("audit.agent", "张敏"))
        self.assertEqual(created.res_name, ticket.number)
        self.assertEqual(created.company_id, ticket.company_id)
        ticket.write({"name": "Door", "urgency": "urgent"})
        changed = self.rows(ticket, event="write")
        self.assertEqual(changed.changes["name"], ["Hinge", "Door"])
        self.assertEqual(changed.changes["urgency"], ["normal", "urgent"])
        self.assertEqual(changed.login, "audit.agent")

    def test_change_by_a_compute_is_seen(self):
        """004-83: a stage that follows the team never passes write()."""
        ticket = self.make_ticket()
        plain = self.env["helpdesk.ticket.team"].create({"name": "Plain"})
        old = ticket.stage_id.display_name
        ticket.sudo().team_id = plain
        changes = self.rows(ticket, event="write").changes
        self.assertEqual(changes["team_id"][1], "Plain")
        self.assertEqual(changes["stage_id"][0], old)

    def test_several_changes_of_one_transaction_are_one_row(self):
        ticket = self.make_ticket()
        for name in ("One", "Two", "Three"):
            ticket.name = name
            ticket.flush_recordset()
        self.assertEqual(
            self.rows(ticket, event="write").changes, {"name": ["Hinge", "Three"]}
        )

    def test_change_and_back_is_no_row(self):
        ticket = self.make_ticket()
        for name in ("Other", "Hinge"):
            ticket.name = name
            ticket.flush_recordset()
        self.assertFalse(self.rows(ticket, event="write"))

    def test_rolled_back_change_is_no_row(self):
        ticket = self.make_ticket()
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            ticket.name = "Never"
            ticket.flush_recordset()
            raise ValueError
        self.assertFalse(self.rows(ticket, event="write"))

    def test_customer_is_logged_and_masked(self):
        """004-83: old and new of a customer, telephone numbers not in full."""
        self.partner.with_user(self.agent).write(
            {"phone": "13912341234", "city": "佛山"}
        )
        changes = self.rows(self.partner, event="write").changes
        self.assertEqual(changes["phone"], ["138****5678", "139****1234"])
        self.assertEqual(changes["city"], [False, "佛山"])

    def test_archive_restore_delete(self):
        partner = self.env["res.partner"].create({"name": "Brief"})
        self.settle()
        partner.active = False
        self.settle()
        partner.active = True
        self.settle()
        partner_id = partner.id
        partner.unlink()
        self.settle()
        events = self.Log.search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner_id)], order="id"
        )
        self.assertEqual(
            events.mapped("event"), ["create", "archive", "unarchive", "unlink"]
        )
        self.assertEqual(events[-1].res_name, "Brief")

    def test_settings_and_accounts(self):
        """003-61: parameters, companies, configuration, groups, passwords."""
        params = self.env["ir.config_parameter"]
        params.set_param("cs.test.limit", "1")
        params.set_param("cs.test.secret", "hush")
        self.settle()
        params.set_param("cs.test.limit", "2")
        params.set_param("cs.test.secret", "hushhush")
        self.env.company.helpdesk_mgmt_portal_select_team = True
        self.agent.group_ids += self.env.ref("cs_helpdesk.group_qa")
        self.agent.password = "NewPassword1"
        self.team.user_ids += self.manager
        self.settle()
        by_name = {row.res_name: row for row in self.rows(event="write")}
        self.assertEqual(by_name["cs.test.limit"].changes["value"], ["1", "2"])
        self.assertNotIn("hush", str(by_name["cs.test.secret"].changes))
        self.assertIn(
            "helpdesk_mgmt_portal_select_team",
            by_name[self.env.company.name].changes,
        )
        account = by_name["audit.agent"].changes
        self.assertIn(
            self.env.ref("cs_helpdesk.group_qa").display_name, account["group_ids"][1]
        )
        self.assertEqual(account["password"], ["********", "********"])
        self.assertIn(self.manager.name, by_name["Desk"].changes["user_ids"][1])

    def test_every_setting_of_the_desk_is_watched(self):
        """003-61: whatever decides what happens to a ticket."""
        for model in (
            "cs.ticket.type",
            "cs.time.limit",
            "cs.clock.reason",
            "cs.complaint.grade",
            "cs.complaint.trigger",
            "cs.complainant.tag",
            "cs.outside.source",
            "cs.satisfaction.question",
            "helpdesk.ticket.category",
            "helpdesk.ticket.channel",
            "helpdesk.ticket.stage",
            "helpdesk.ticket.tag",
            "resource.calendar",
        ):
            record = self.env[model].with_context(active_test=False).search([], limit=1)
            record = record or self.env[model].create({"name": "New"})
            self.settle()
            name = "sequence" if "sequence" in record._fields else "name"
            record[name] = 77 if name == "sequence" else "Renamed"
            with self.subTest(model=model):
                changed = self.rows(record, event="write")
                self.assertIn(name, changed.changes)

    def test_export_is_logged(self):
        """003-61: who took how much of what away."""
        ticket_type = self.make_ticket().type_id
        ticket_type.with_user(self.manager).export_data(["code", "name"])
        row = self.rows(event="export", res_model="cs.ticket.type")
        self.assertEqual(row.login, "audit.manager")
        self.assertEqual(row.changes, {"fields": ["code", "name"], "count": 1})
        self.assertIn("1", row.summary)

    def test_corrected_message_keeps_what_it_said(self):
        """004-83."""
        ticket = self.make_ticket()
        message = ticket.message_post(body="We come on Monday")
        self.settle()
        message.write({"body": "We come some day"})
        changes = self.rows(message).changes
        self.assertEqual(changes["body"], ["We come on Monday", "We come some day"])

    def test_login_and_refused_login(self):
        """003-61: a refused login is kept although its transaction is not."""
        Users = self.env["res.users"]
        credential = {"type": "password", "login": "audit.agent"}
        Users._login({**credential, "password": "audit.agent"}, {"interactive": True})
        self.assertEqual(self.rows(event="login").login, "audit.agent")
        apart = []
        with (
            patch.object(
                type(self.Log), "_append_apart", lambda s, row: apart.append(row)
            ),
            self.assertRaises(AccessDenied),
            mute_logger("odoo.addons.base.models.res_users"),
        ):
            Users._login({**credential, "password": "wrong"}, {})
        self.assertEqual(apart, [{"event": "login_failed", "login": "audit.agent"}])

    def test_cost_is_one_insert_for_a_batch(self):
        """Creating a hundred customers costs one statement for the log."""
        vals = [{"name": f"C{n}"} for n in range(100)]
        partners = self.env["res.partner"].create(vals)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()
        self.assertEqual(len(self.rows(partners)), 100)


@tagged("post_install", "-at_install")
class TestAuditGuard(AuditCase):
    def setUp(self):
        super().setUp()
        self.row = self.rows(self.make_ticket())

    def test_orm_refuses_everybody(self):
        """004-83: not the administrator, not the system, not over RPC."""
        for env in (
            self.env,
            self.env(user=self.env.ref("base.user_admin")),
            self.env(user=self.sysadmin),
        ):
            row = self.row.with_env(env)
            for log in (row, row.sudo()):
                with self.assertRaises(AccessError):
                    log.write({"login": "nobody"})
                with self.assertRaises(AccessError):
                    log.unlink()
                with self.assertRaises(AccessError):
                    log.create({"event": "login", "date": fields.Datetime.now()})

    @mute_logger("odoo.sql_db")
    def test_database_refuses_too(self):
        """004-83: SQL that passes the ORM by is stopped by a trigger."""
        for statement in (
            SQL("UPDATE cs_audit_log SET login = 'nobody' WHERE id = %s", self.row.id),
            SQL("DELETE FROM cs_audit_log WHERE id = %s", self.row.id),
            SQL("TRUNCATE cs_audit_log"),
        ):
            with self.assertRaises(InsufficientPrivilege), self.env.cr.savepoint():
                self.env.cr.execute(statement)

    def test_three_years_are_kept_and_no_more(self):
        """000-117, 003-61."""
        now = fields.Datetime.now()
        for days, name in ((3 * 365 - 5, "young"), (3 * 366 + 5, "old")):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO cs_audit_log (date, event, res_name)"
                    " VALUES (%s, 'login', %s)",
                    now - timedelta(days=days),
                    f"gc {name}",
                )
            )
        self.assertEqual(self.Log._gc_audit_log(), (1, False))
        left = self.Log.search([("res_name", "like", "gc ")])
        self.assertEqual(left.mapped("res_name"), ["gc young"])

    def test_who_reads_what(self):
        """003-03, 003-80: logs for the administrator, contents for the others."""
        ticket = self.env["helpdesk.ticket"].browse(self.row.res_id)
        ticket.name = "Very private"
        row = self.rows(ticket, event="write")
        self.assertIn("Very private", row.with_user(self.supervision).summary)
        self.assertIn("Very private", row.with_user(self.manager).summary)
        self.assertNotIn("Very private", row.with_user(self.sysadmin).summary)
        self.assertTrue(row.with_user(self.sysadmin).summary)
        for user in (self.manager, self.sysadmin):
            with self.assertRaises(AccessError):
                row.with_user(user).read(["changes"])
        with self.assertRaises(AccessError):
            row.with_user(self.manager).read(["ip"])
        with self.assertRaises(AccessError):
            row.with_user(self.agent).read(["login"])

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        foreign = self.make_ticket(self.env.user, company_id=other.id, team_id=False)
        row = self.rows(foreign, event="create")
        self.assertEqual(row.company_id, other)
        seen = self.Log.with_user(self.supervision).search([("id", "=", row.id)])
        self.assertFalse(seen)

    def test_default_order_and_filters_read_indexes(self):
        self.env.cr.execute(SQL("SET LOCAL enable_sort = off"))
        for domain in (
            [],
            [("res_model", "=", "res.partner")],
            [("login", "=", "audit.agent")],
        ):
            query = self.Log._search(domain, limit=80, order=self.Log._order)
            self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for [line] in self.env.cr.fetchall())
            self.assertNotIn("Sort", plan, domain)


@tagged("post_install", "-at_install")
class TestAuditHttp(AuditCase, HttpCase):
    def test_rows_know_the_address(self):
        """003-61: the login of a browser, and where it came from."""
        self.authenticate(None, None)
        before = self.rows(event="login")
        answer = self.url_open(
            "/web/login",
            data={
                "login": "audit.agent",
                "password": "audit.agent",
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(answer.status_code, 200)
        row = self.rows(event="login") - before
        self.assertEqual((row.login, row.ip), ("audit.agent", "127.0.0.1"))

    def test_refused_login_of_a_browser(self):
        """003-61."""
        self.authenticate(None, None)
        with mute_logger("odoo.addons.base.models.res_users"):
            self.url_open(
                "/web/login",
                data={
                    "login": "audit.stranger",
                    "password": "x",
                    "csrf_token": http.Request.csrf_token(self),
                },
            )
        self.assertEqual(
            self.rows(event="login_failed").mapped("login"), ["audit.stranger"]
        )

    def test_rpc_refuses(self):
        """004-83: over RPC as the highest role there is."""
        row = self.rows(self.make_ticket())
        self.authenticate("audit.sysadmin", "audit.sysadmin")
        for method, args in (
            ("write", [row.ids, {"login": "x"}]),
            ("unlink", [row.ids]),
            ("create", [{"event": "login"}]),
        ):
            with self.assertRaises(Exception) as caught, mute_logger("odoo.http"):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/cs.audit.log/{method}",
                    {
                        "model": "cs.audit.log",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                )
            self.assertIn("AccessError", str(caught.exception))
        self.assertEqual(row.login, "audit.agent")

    def test_pivot_taken_away_is_an_export(self):
        """003-61."""
        self.authenticate("audit.manager", "audit.manager")
        table = (
            '{"model": "cs.clock", "title": "Clocks", "measure_count": 1,'
            ' "origin_count": 1, "col_group_headers": [], "measure_headers": [],'
            ' "origin_headers": [], "rows": []}'
        )
        commit = TestCursor.commit

        def commit_and_go_on(cr):  # test cursors leave out what follows a commit
            hooks = [*cr.postcommit._funcs]
            commit(cr)
            for hook in hooks:
                hook()

        with patch.object(TestCursor, "commit", commit_and_go_on):
            answer = self.url_open(
                "/web/pivot/export_xlsx",
                data={"data": table, "csrf_token": http.Request.csrf_token(self)},
            )
        self.assertEqual(answer.status_code, 200)
        row = self.rows(event="export", res_model="cs.clock")
        self.assertEqual((row.login, row.res_name), ("audit.manager", "Clocks"))
