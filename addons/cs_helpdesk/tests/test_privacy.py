import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase

NUMBER = "13812345678"
MASKED = "138****5678"
FIELDS = {
    "res.partner": ("phone", "phone_sanitized", "phone_mobile_search"),
    "helpdesk.ticket": ("customer_phone", "phone_digits"),
    "res.users": ("phone", "phone_sanitized", "phone_mobile_search"),
    "calendar.attendee": ("phone",),
}


class RpcError(Exception):
    """What the server said instead of an answer."""


class PrivacyCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cn")
        cls.foreign = cls._ticket(user=cls.agent2, user_id=cls.agent2.id)
        cls.mine_customer = cls.env["res.partner"].create(
            {"name": "Mine", "phone": "13900001111"}
        )
        cls.mine = cls._ticket(
            partner_id=cls.mine_customer.id,
            user_id=cls.agent.id,
            name="A matter of my own",
        )
        cls.env.flush_all()

    @classmethod
    def as_agent(cls, record):
        return record.with_user(cls.agent)


@tagged("post_install", "-at_install")
class TestPrivacyRpc(PrivacyCase, HttpCase):
    """What an agent gets to know over RPC."""

    def setUp(self):
        super().setUp()
        self.authenticate("desk_agent", "desk_agent")

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
        ).json()
        if "error" in answer:
            data = answer["error"]["data"]
            raise RpcError(f"{data['name']}: {data['message']}\n{data['debug']}")
        return answer.get("result")

    def refused(self, model, method, *args, **kwargs):
        with mute_logger("odoo.http"), self.assertRaises(RpcError) as caught:
            self.call(model, method, *args, **kwargs)
        return str(caught.exception)

    def assert_silent(self, answer):
        text = json.dumps(answer, default=str)
        self.assertNotIn("12345678", text)
        self.assertNotIn("1234 5678", text)

    def test_read(self):
        """000-06, 003-10: a number is not read, with its siblings or by a relation."""
        ids = {
            "res.partner": self.customer.ids,
            "helpdesk.ticket": self.foreign.ids,
            "res.users": self.agent2.ids,
        }
        for model, names in FIELDS.items():
            for name in names:
                for method, args in (
                    ("read", (ids.get(model, [1]), [name])),
                    ("search_read", ([], [name])),
                    ("web_read", (ids.get(model, [1]), {name: {}})),
                ):
                    with self.subTest(model=model, field=name, method=method):
                        self.assertIn("AccessError", self.refused(model, method, *args))
        spec = {"partner_id": {"fields": {"phone": {}}}}
        text = self.refused("helpdesk.ticket", "web_read", self.foreign.ids, spec)
        self.assertIn("AccessError", text)
        for record in (self.customer, self.foreign):
            known = self.call(record._name, "fields_get", [], ["type"])
            kinds = ("char", "text", "html", "json")
            names = [name for name, info in known.items() if info["type"] in kinds]
            self.assert_silent(self.call(record._name, "read", record.ids, names))

    def test_search_sort_group_export(self):
        """000-06: not searched by part, sorted, grouped, summed or exported."""
        for model, names in FIELDS.items():
            for name in names:
                for method, args, kwargs in (
                    ("search", ([(name, "ilike", "1381")],), {}),
                    ("search", ([(name, "=", NUMBER)],), {}),
                    ("search_count", ([(name, "like", "138%")],), {}),
                    ("search", ([],), {"order": f"{name} desc"}),
                    ("web_read_group", ([], [name], ["__count"]), {}),
                    ("formatted_read_group", ([], [name], ["__count"]), {}),
                    ("formatted_read_group", ([], [], [f"{name}:array_agg"]), {}),
                ):
                    with self.subTest(model=model, field=name, method=method):
                        self.refused(model, method, *args, **kwargs)
        path = [("partner_id.phone", "ilike", "1381")]
        self.assertIn("AccessError", self.refused("helpdesk.ticket", "search", path))
        path = [("partner_id", "any", [("phone_sanitized", "like", "138")])]
        self.assertIn("AccessError", self.refused("helpdesk.ticket", "search", path))
        order = "partner_id.phone"
        self.refused("helpdesk.ticket", "search", [], order=order)
        self.refused("res.partner", "export_data", self.customer.ids, ["phone"])

    def test_export_of_a_manager_of_exports(self):
        """000-116: who may export gets no number either, masked or not."""
        self.agent.group_ids += self.env.ref("base.group_allow_export")
        for names in (["phone"], ["name", "cs_phone"], ["child_ids/phone"]):
            text = self.refused("res.partner", "export_data", self.customer.ids, names)
            self.assertNotIn(NUMBER, text)
            self.assertIn("data extraction only", text)

    def test_masked(self):
        """000-06: everybody sees the mask, and the number in his own open work."""
        names = ["cs_phone"]
        [row] = self.call("res.partner", "read", self.customer.ids, names)
        self.assertEqual(row["cs_phone"], MASKED)
        [row] = self.call("res.partner", "read", self.mine_customer.ids, names)
        self.assertEqual(row["cs_phone"], "13900001111")
        [row] = self.call("helpdesk.ticket", "read", self.mine.ids, names)
        self.assertEqual(row["cs_phone"], "13900001111")
        self.mine.sudo().stage_id = self._stage(self.mine, "closed")[:1]
        self.env.flush_all()
        self.env.invalidate_all()
        if self.mine.closed:
            [row] = self.call("res.partner", "read", self.mine_customer.ids, names)
            self.assertEqual(row["cs_phone"], "139****1111")

    @mute_logger("odoo.http")  # on a replica the request is taken up again to log it
    def test_whole_number_finds(self):
        """000-06: found by the whole number, logged; by a part refused in words."""
        for typed in (NUMBER, "+86 138-1234-5678", "0086 138 1234 5678"):
            for model, record in (
                ("res.partner", self.customer),
                ("helpdesk.ticket", self.foreign),
            ):
                with self.subTest(model=model, typed=typed):
                    found = self.call(model, "search", [("cs_phone", "=", typed)])
                    visible = record.with_user(self.agent).has_access("read")
                    self.assertEqual(record.id in found, visible)
        for operator, value in (
            ("ilike", NUMBER),
            ("=like", "138%"),
            ("=", "1381"),
            ("=", MASKED),
            ("in", [NUMBER, "138"]),
        ):
            with self.subTest(operator=operator, value=value):
                text = self.refused(
                    "res.partner", "search", [("cs_phone", operator, value)]
                )
                self.assertIn("whole telephone number", text)
        self.env.cr.execute(
            "SELECT res_name FROM cs_audit_log WHERE event = 'phone_search' "
            "AND uid = %s",
            [self.agent.id],
        )
        self.assertEqual({row[0] for row in self.env.cr.fetchall()}, {MASKED})

    def test_the_rest_goes_on(self):
        """000-05, 004-02: name search, mailing, tickets and posts are as before."""
        found = self.call("res.partner", "name_search", "Customer")
        self.assertIn(self.customer.id, [row[0] for row in found])
        self.assert_silent(found)
        for view in ("form", "list", "kanban", "search"):
            for model in ("res.partner", "helpdesk.ticket"):
                views = self.call(model, "get_views", [[False, view]])
                self.assertNotIn('name="phone"', views["views"][view]["arch"])
        created = self.call(
            "helpdesk.ticket",
            "web_save",
            [],
            {
                "name": "New",
                "description": "x",
                "team_id": self.team.id,
                "partner_id": self.customer.id,
                "cs_phone": MASKED,
            },
            specification={"cs_phone": {}, "name": {}},
        )
        ticket = self.env["helpdesk.ticket"].browse(created[0]["id"])
        self.assertEqual(ticket.customer_phone, NUMBER)
        self.call("helpdesk.ticket", "message_post", ticket.ids, body="Hello")
        partner = self.call(
            "res.partner", "create", {"name": "Told", "cs_phone": "13612345678"}
        )
        self.assertEqual(self.env["res.partner"].browse(partner).phone, "13612345678")
        [copy] = self.call("res.partner", "copy", self.customer.ids)
        self.assertEqual(self.env["res.partner"].browse(copy).phone, NUMBER)

    def test_onchange_tells_nothing(self):
        """000-06: neither the form of a new ticket nor an edited one uncovers."""
        for values, ids in (
            ({"partner_id": self.customer.id, "user_id": self.agent.id}, []),
            ({"partner_id": self.customer.id}, self.mine.ids),
        ):
            answer = self.call(
                "helpdesk.ticket",
                "onchange",
                ids,
                values,
                ["partner_id"],
                {
                    "partner_id": {"fields": {"display_name": {}}},
                    "user_id": {"fields": {}},
                    "cs_phone": {},
                    "similar_hint": {},
                    "company_id": {"fields": {}},
                    "team_id": {"fields": {}},
                },
            )
            with self.subTest(ids=ids):
                self.assert_silent(answer)
        spec = {"name": {}, "country_id": {"fields": {}}, "cs_phone": {}}
        self.call(
            "res.partner",
            "onchange",
            self.customer.ids,
            {"country_id": self.env.ref("base.be").id},
            ["country_id"],
            spec,
        )

    def test_cards(self):
        """000-06: the card behind a picture and the business card hold the mask."""
        target = type("Target", (), {"channel": None, "subchannel": None})()
        as_agent = self.customer.with_user(self.agent)
        self.assertEqual(as_agent._get_card_phone(target), MASKED)
        response = self.url_open(f"/web_enterprise/partner/{self.customer.id}/vcard")
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("TEL", response.text)
        self.assertIn("Customer", response.text)


@tagged("post_install", "-at_install")
class TestReveal(PrivacyCase):
    def test_reveal(self):
        """000-06, 003-10: one call with a reason, written down who, whose and why."""
        customer = self.as_agent(self.customer)
        with self.assertRaisesRegex(UserError, "undertaking"):
            customer.action_reveal("cs_phone", "回访")
        self._sign_undertaking(self.agent)
        for reason in ("", "  ", False):
            with self.assertRaises(UserError):
                customer.action_reveal("cs_phone", reason)
        self.assertEqual(customer.action_reveal("cs_phone", "回访"), NUMBER)
        log = self.env["cs.reveal.log"].search([("user_id", "=", self.agent.id)])
        self.assertEqual(
            (log.res_model, log.res_id, log.reason),
            ("res.partner", self.customer.id, "回访"),
        )
        with self.assertRaises(UserError):
            customer.action_reveal("email", "回访")
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.stranger).action_reveal("cs_phone", "回访")
        with self.assertRaises(AccessError):
            log.unlink()
        with self.assertRaises(AccessError):
            log.with_user(self.agent).read(["reason"])
        with self.assertRaises(AccessError):
            log.with_user(self.manager).sudo().reason = "x"

    def test_limits(self):
        """000-06: so many an hour; the next is refused in words and not logged."""
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_hour_limit", 2)
        self._sign_undertaking(self.agent)
        customer = self.as_agent(self.customer)
        for _time in range(2):
            customer.action_reveal("cs_phone", "回访")
        with self.assertRaisesRegex(UserError, "2 an hour"):
            customer.action_reveal("cs_phone", "回访")
        count = self.env["cs.reveal.log"].search_count(
            [("user_id", "=", self.agent.id)]
        )
        self.assertEqual(count, 2)

    def test_readers(self):
        """003-04: supervisors and sales read numbers; providers' people never do."""
        as_supervisor = self.customer.with_user(self.supervisor)
        self.assertEqual(as_supervisor.phone, NUMBER)
        self.assertEqual(as_supervisor.cs_phone, NUMBER)
        provider = self._user("desk_provider", "group_provider_agent")
        self.mine.user_id = provider
        self.assertEqual(self.mine.with_user(provider).cs_phone, "139****1111")

    def test_a_mask_is_never_written(self):
        """000-05: saving what one sees does not destroy what one does not see."""
        customer = self.as_agent(self.customer)
        customer.cs_phone = MASKED
        self.assertEqual(self.customer.phone, NUMBER)
        customer.cs_phone = "13711112222"
        self.assertEqual(self.customer.phone, "13711112222")
        customer.cs_phone = "   "
        self.assertFalse(self.customer.phone)
        empty = self.env["res.partner"].with_user(self.agent)
        self.assertIn(self.customer, empty.search([("cs_phone", "=", False)]))

    def test_list_queries(self):
        """The mask of a list costs one query, however long the list is."""
        partners = self.env["res.partner"].create(
            [{"name": str(n), "phone": f"1380000{n:04}"} for n in range(80)]
        )
        self.env.flush_all()
        few, many = self.as_agent(partners[:5]), self.as_agent(partners)
        few.mapped("cs_phone")
        counts = []
        for records in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("cs_phone")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_grant_opens(self):
        """000-115, 000-06: a granted file shows its number while the grant runs."""
        request = self.env["cs.request"].create(
            {
                "name": "Recall",
                "reason": "To call him",
                "kind": "access",
                "scope": "partner",
                "partner_ids": [Command.link(self.customer.id)],
                "date_to": "2099-01-01",
            }
        )
        grant = self.env["cs.access.grant"].create(
            {
                "request_id": request.id,
                "user_id": self.agent.id,
                "scope": "partner",
                "company_id": self.env.company.id,
                "partner_id": self.customer.id,
                "date_from": "2020-01-01",
                "date_to": "2099-01-01",
            }
        )
        self.env.flush_all()
        self.assertEqual(self.as_agent(self.customer).cs_phone, NUMBER)
        self.assertEqual(self.as_agent(self.foreign).cs_phone, NUMBER)
        grant.date_to = "2020-02-01"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.as_agent(self.customer).cs_phone, MASKED)

    def test_own_call_opens(self):
        """000-06, 001-56: the number is open while one speaks with the customer."""
        call = self.env["cs.call"].create(
            {
                "number": NUMBER,
                "partner_id": self.customer.id,
            }
        )
        call.user_id = self.agent
        self.env.flush_all()
        self.assertEqual(self.as_agent(self.customer).cs_phone, NUMBER)
        call.sudo().finished_at = "2026-01-01 00:00:00"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.as_agent(self.customer).cs_phone, MASKED)
