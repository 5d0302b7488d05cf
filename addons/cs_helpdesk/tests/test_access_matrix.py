"""Roles against records: who reads, writes, creates and deletes what."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

ROLES = {
    "agent": "cs_helpdesk.group_agent",
    "supervisor": "cs_helpdesk.group_supervisor",
    "manager": "cs_helpdesk.group_manager",
    "second_line": "cs_helpdesk.group_second_line",
    "provider": "cs_helpdesk.group_provider_agent",
    "qa": "cs_helpdesk.group_qa",
    "supervision": "cs_helpdesk.group_supervision",
    "sysadmin": "cs_helpdesk.group_system_admin",
    "sales": "sales_team.group_sale_salesman_all_leads",
    "marketing": "base.group_user",
}
OPERATIONS = ("read", "write", "create", "unlink")

# model: {role: operations allowed on the model at all}, roles not named: "read"
MODELS = {
    "helpdesk.ticket": {
        **dict.fromkeys(
            ("agent", "supervisor", "manager", "second_line", "provider"),
            "read write create",
        ),
    },
    "helpdesk.ticket.stage": {"manager": "rwc", "sysadmin": "rwc"},
    "helpdesk.ticket.channel": {"manager": "rwc", "sysadmin": "rwc"},
    "helpdesk.ticket.category": {"manager": "rwc", "sysadmin": "rwc"},
    "helpdesk.ticket.tag": {"manager": "rwc", "sysadmin": "rwc"},
    "helpdesk.ticket.team": {"supervisor": "rw", "manager": "rwc", "sysadmin": "rwc"},
    "cs.ticket.type": {"manager": "rwc", "sysadmin": "rwc"},
    "cs.time.limit": {"manager": "rwc", "sysadmin": "rwc"},
    "cs.complaint.grade": {"manager": "rwc", "sysadmin": "rwc"},
    "cs.audit.log": {
        **dict.fromkeys(ROLES, ""),
        **dict.fromkeys(("manager", "supervision", "sysadmin"), "r"),
    },
    "res.partner": {
        **dict.fromkeys(("agent", "supervisor", "manager", "provider"), "rwc"),
        "sales": "rwc",
        "sysadmin": "rwcu",
    },
    "ir.config_parameter": {**dict.fromkeys(ROLES, ""), "sysadmin": "rwcu"},
    "res.groups": {"sysadmin": "rwcu"},
    "res.users": {"sysadmin": "rwcu"},
    "res.company": {"sysadmin": "rwcu"},
    "ir.rule": {**dict.fromkeys(ROLES, ""), "sysadmin": "rwcu"},
    "ir.model.access": {**dict.fromkeys(ROLES, ""), "sysadmin": "rwcu"},
}
# records of tickets each role may read / write
SEES = {
    "agent": "mine colleague unassigned no_team",
    "supervisor": "mine colleague unassigned no_team second_line foreign_team",
    "manager": "mine colleague unassigned no_team second_line foreign_team",
    "second_line": "second_line",
    "provider": "provider unassigned",
    "qa": "mine colleague unassigned second_line provider foreign_team",
    "supervision": "mine colleague unassigned second_line provider foreign_team",
    "sysadmin": "",
    "sales": "",
    "marketing": "",
}
WRITES = {role: SEES[role] for role in SEES if role not in ("qa", "supervision")}


def expand(letters):
    names = dict(zip("rwcu", OPERATIONS, strict=True))
    words = letters.split() if " " in letters or not letters else list(letters)
    return {names.get(word, word) for word in words}


class RoleCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **DISABLED_MAIL_CONTEXT))
        cls.users = {
            role: new_test_user(cls.env, f"role.{role}", f"base.group_user,{group}")
            for role, group in ROLES.items()
        }
        cls.users["provider"].provider_id = cls.make_contract()
        cls.colleague = new_test_user(cls.env, "role.other", ROLES["agent"])
        cls.partner = cls.env["res.partner"].create({"name": "Customer"})
        cls.desk = cls.make_team("Desk", "agent", "provider", "supervisor")
        cls.desk.user_ids += cls.colleague
        cls.line2 = cls.make_team("Second Line", "second_line")
        cls.foreign = cls.make_team("Elsewhere")
        users = cls.users
        cls.tickets = {
            "mine": cls.make_ticket(cls.desk, users["agent"]),
            "colleague": cls.make_ticket(cls.desk, cls.colleague),
            "unassigned": cls.make_ticket(cls.desk),
            "provider": cls.make_ticket(cls.desk, users["provider"]),
            "no_team": cls.make_ticket(),
            "second_line": cls.make_ticket(cls.line2),
            "foreign_team": cls.make_ticket(cls.foreign),
        }
        # the agent and the supervisors see what a provider does in their team
        cls.sees = {role: set(names.split()) for role, names in SEES.items()}
        for role in ("agent", "supervisor", "manager"):
            cls.sees[role].add("provider")

    @classmethod
    def make_contract(cls):
        """A provider's people work under a running contract."""
        return cls.env["cs.provider"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Outside"}).id,
                "state": "open",
                "nda_date": "2020-01-01",
                "date_from": "2020-01-01",
                "date_to": "2099-12-31",
                "type_ids": [Command.set(cls.env["cs.ticket.type"].search([]).ids)],
            }
        )

    @classmethod
    def make_team(cls, name, *roles):
        return cls.env["helpdesk.ticket.team"].create(
            {
                "name": name,
                "service_desk": True,
                "default_type_id": cls.env.ref("cs_helpdesk.type_inquiry").id,
                "user_ids": [Command.set([cls.users[role].id for role in roles])],
            }
        )

    @classmethod
    def make_ticket(cls, team=None, user=None, **values):
        ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Hinge",
                "description": "It squeaks.",
                "partner_id": cls.partner.id,
                "team_id": team.id if team else False,
                "user_id": user.id if user else False,
                **values,
            }
        )
        if not user:
            ticket.user_id = False
        # who created it follows it, and followers may read
        ticket.message_unsubscribe(ticket.message_partner_ids.ids)
        return ticket


@tagged("post_install", "-at_install")
class TestAccessMatrix(RoleCase):
    def test_models(self):
        """000-28, 000-29, 003-04, 003-05, 003-11: what a role may do at all."""
        for model, allowed in MODELS.items():
            for role, user in self.users.items():
                want = expand(allowed.get(role, "r"))
                Model = self.env[model].with_user(user)
                has = {name for name in OPERATIONS if Model.has_access(name)}
                with self.subTest(model=model, role=role):
                    self.assertEqual(has, want)

    def test_nobody_in_customer_service_deletes(self):
        """004-83: tickets, their messages and files, stages, customers."""
        ticket = self.tickets["mine"]
        message = ticket.message_post(
            body="Look", attachments=[("photo.txt", b"x")], message_type="comment"
        )
        for role in ("agent", "supervisor", "manager", "second_line", "provider"):
            user = self.users[role]
            own = self.env["mail.message"].with_user(user).browse(message.id)
            message.author_id = user.partner_id
            for record in (
                ticket,
                ticket.stage_id,
                ticket.team_id,
                self.partner,
                own,
                message.attachment_ids,
            ):
                with (
                    self.subTest(role=role, model=record._name),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).unlink()
            with self.subTest(role=role, way="empty"), self.assertRaises(UserError):
                ticket.with_user(user)._message_update_content(own, body="")

    def test_tickets_read(self):
        """003-05, 003-80, 004-08, 002-05: whose tickets a role sees."""
        everything = self.env["helpdesk.ticket"].browse(
            [ticket.id for ticket in self.tickets.values()]
        )
        for role, user in self.users.items():
            Ticket = self.env["helpdesk.ticket"].with_user(user)
            found = Ticket.search([("id", "in", everything.ids)])
            names = {n for n, ticket in self.tickets.items() if ticket in found}
            with self.subTest(role=role):
                self.assertEqual(names, self.sees[role])
            for name, ticket in self.tickets.items():
                with self.subTest(role=role, ticket=name):
                    can = ticket.with_user(user).has_access("read")
                    self.assertEqual(can, name in self.sees[role])

    def test_tickets_written(self):
        """003-80: who only looks does not touch."""
        for role, user in self.users.items():
            writes = self.sees[role] if role in WRITES else set()
            for name, ticket in self.tickets.items():
                with self.subTest(role=role, ticket=name):
                    can = ticket.with_user(user).has_access("write")
                    self.assertEqual(can, name in writes)

    def test_who_only_looks_writes_to_nobody(self):
        """003-80: a reader of all tickets sends no word to customers."""
        ticket = self.tickets["mine"]
        for role in ("qa", "supervision"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                ticket.with_user(self.users[role]).message_post(
                    body="Hello", subtype_xmlid="mail.mt_comment"
                )
        ticket.with_user(self.users["agent"]).message_post(body="Hello")

    def test_other_company_is_closed(self):
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        ticket = self.make_ticket(company_id=other.id)
        for role, user in self.users.items():
            with self.subTest(role=role):
                self.assertFalse(ticket.with_user(user).has_access("read"))

    def test_content_of_tickets_is_closed_to_the_administrator(self):
        """003-03: not by messages, tracked values, outgoing mail or files either."""
        ticket = self.tickets["mine"]
        message = ticket.message_post(
            body="Secret", attachments=[("secret.txt", b"x")], message_type="comment"
        )
        mail = self.env["mail.mail"].create({"mail_message_id": message.id})
        tracking = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get(ticket._name, "name").id,
                "new_value_char": "Secret",
            }
        )
        sysadmin = self.users["sysadmin"]
        for record in (ticket, message, message.attachment_ids, mail, tracking):
            with self.subTest(model=record._name):
                as_admin = record.with_user(sysadmin)
                self.assertFalse(as_admin.has_access("read"))
                self.assertFalse(as_admin.search([("id", "=", record.id)]))
        self.assertTrue(
            mail.with_user(self.env.ref("base.user_admin")).subject is False
        )

    def test_the_administrator_keeps_settings_accounts_and_logs(self):
        """003-03."""
        env = self.env(user=self.users["sysadmin"])
        env["ir.config_parameter"].set_param("cs.test", "1")
        account = env["res.users"].create({"name": "New", "login": "role.new"})
        account.group_ids += env.ref(ROLES["agent"])
        self.assertTrue(account.has_group(ROLES["agent"]))
        env["cs.audit.log"].search([], limit=1).read(["summary"])
        plain = self.env["mail.mail"].create({"subject": "No ticket"})
        self.assertEqual(plain.with_env(env).subject, "No ticket")

    def test_agents_reach_no_settings(self):
        """003-11, 003-05: neither through the form nor through the records."""
        for role in ("agent", "supervisor", "second_line", "provider", "qa"):
            env = self.env(user=self.users[role])
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    env["res.config.settings"].create({}).execute()
                with self.assertRaises(AccessError):
                    env["res.users"].browse(self.colleague.id).group_ids += env.ref(
                        "cs_helpdesk.group_manager"
                    )

    def test_only_the_manager_exports(self):
        """003-05: the function; 004-83: and it is logged; N24: never customers."""
        clocks = self.env["cs.clock"]
        for role in ("agent", "supervisor", "second_line", "provider", "qa"):
            with self.subTest(role=role), self.assertRaises(UserError):
                clocks.with_user(self.users[role]).export_data(["kind"])
        exported = clocks.search([], limit=1).with_user(self.users["manager"])
        self.assertIn("datas", exported.export_data(["kind"]))
        for role in ("agent", "supervisor", "manager"):
            ticket = self.tickets["mine"].with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(UserError):
                ticket.export_data(["number"])

    def test_supervisor_staffs_teams(self):
        """003-04: who works in which team is a supervisor's business."""
        team = self.desk.with_user(self.users["supervisor"])
        team.user_ids = [Command.unlink(self.colleague.id)]
        self.assertNotIn(self.colleague, self.desk.user_ids)

    def test_menus(self):
        """003-03, 003-11: a role sees what it may open."""
        config = self.env.ref("helpdesk_mgmt.helpdesk_ticket_config_main_menu")
        root = self.env.ref("helpdesk_mgmt.helpdesk_ticket_main_menu")
        log = self.env.ref("cs_helpdesk.menu_audit_log")
        every = self.env.ref("helpdesk_mgmt.helpdesk_ticket_menu")
        desk = {"agent", "supervisor", "manager", "second_line", "provider"}
        lookers = {"qa", "supervision"}
        for menu, roles in (
            (root, desk | lookers | {"sysadmin"}),
            (every, desk | lookers),
            (config, {"manager", "sysadmin"}),
            (log, {"manager", "supervision", "sysadmin"}),
        ):
            for role, user in self.users.items():
                Menu = self.env["ir.ui.menu"].with_user(user)
                with self.subTest(menu=menu.name, role=role):
                    self.assertEqual(menu.id in Menu._visible_menu_ids(), role in roles)


@tagged("post_install", "-at_install")
class TestRpc(RoleCase, HttpCase):
    def call(self, model, method, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    @mute_logger("odoo.http")
    def test_plain_user_over_rpc(self):
        """003-11, 004-83: what no button offers is refused as well."""
        ticket = self.tickets["second_line"]
        self.authenticate("role.agent", "role.agent")
        for model, method, *args in (
            ("helpdesk.ticket", "read", ticket.ids, ["name"]),
            ("helpdesk.ticket", "write", ticket.ids, {"name": "Mine"}),
            ("helpdesk.ticket", "unlink", self.tickets["mine"].ids),
            ("helpdesk.ticket.stage", "write", ticket.stage_id.ids, {"name": "x"}),
            ("ir.config_parameter", "set_param", "x", "y"),
            ("cs.audit.log", "search_read", []),
            ("res.users", "write", self.users["agent"].ids, {"group_ids": []}),
        ):
            with (
                self.subTest(model=model, method=method),
                self.assertRaisesRegex(Exception, "AccessError"),
            ):
                self.call(model, method, *args)

    @mute_logger("odoo.http")
    def test_marketing_finds_nothing(self):
        """003-01: sales and marketing see no ticket without a grant."""
        for role in ("sales", "marketing"):
            self.authenticate(f"role.{role}", f"role.{role}")
            ids = [ticket.id for ticket in self.tickets.values()]
            found = self.call("helpdesk.ticket", "search", [("id", "in", ids)])
            self.assertEqual(found, [])
