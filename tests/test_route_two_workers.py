"""Two workers route at the same moment: nobody gets a ticket twice, or too many."""

import threading
import uuid
from contextlib import contextmanager

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

TICKETS, CAPACITY = 20, 6


@tagged("post_install", "-at_install")
class TestRouteTwoWorkers(BaseCase):
    """Commits for real, in a database that is a copy; removes what it made."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.environment() as env:
            tag = uuid.uuid4().hex[:8]  # archived ones of another run stay behind
            company = env["res.company"].create({"name": f"Two Workers {tag}"})
            users = env["res.users"].create(
                [
                    {
                        "name": f"Router {number}",
                        "login": f"router_{tag}_{number}",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [
                            Command.set(env.ref("cs_helpdesk.group_agent").ids)
                        ],
                    }
                    for number in range(2)
                ]
            )
            team = env["helpdesk.ticket.team"].create(
                {
                    "name": "Two Workers",
                    "service_desk": True,
                    "company_id": company.id,
                    "auto_route": True,
                    "route_on_shift": False,
                    "route_capacity": CAPACITY,
                    "user_ids": [Command.set(users.ids)],
                }
            )
            kind = env.ref("cs_helpdesk.type_query")
            kind.route_weight = 1
            partner = env["res.partner"].create({"name": "Two Workers"})
            tickets = env["helpdesk.ticket"].create(
                [
                    {
                        "name": f"Twice at once {number}",
                        "description": "x",
                        "team_id": team.id,
                        "company_id": company.id,
                        "partner_id": partner.id,
                        "user_id": False,
                        "type_id": kind.id,
                    }
                    for number in range(TICKETS)
                ]
            )
            tickets.user_id = False
            self.company_id = company.id
            self.made = [
                ("helpdesk.ticket", tickets.ids),
                ("helpdesk.ticket.team", team.ids),
                ("res.partner", partner.ids),
                ("cs.route.pass", []),
            ]
            self.users = users.ids
        self.addCleanup(self.clean_up)

    @contextmanager
    def environment(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def clean_up(self):
        with self.environment() as env:
            for model, ids in self.made:
                env[model].browse(ids).unlink()
            env["cs.route.pass"].search([("company_id", "=", self.company_id)]).unlink()
            users = env["res.users"].browse(self.users)
            users.active = False
            env["res.company"].browse(self.company_id).active = False

    def test_route_at_once(self):
        """000-104: two workers route at once: each ticket once, nobody too many"""
        barrier = threading.Barrier(2)
        outcomes, errors = [], []

        def work():
            with self.environment() as env:
                company = env["res.company"].browse(self.company_id)
                # a view of the tickets from before the other one begins
                env["helpdesk.ticket"].search_count([("company_id", "=", company.id)])
                barrier.wait(timeout=20)
                try:
                    given = retrying(
                        lambda: env["cs.route.desk"]._route_company(company), env
                    )
                    outcomes.append(given is not None and len(given))
                except Exception as error:  # shown by the test, in its own thread
                    errors.append(error)

        threads = [threading.Thread(target=work) for _worker in range(2)]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
        self.assertFalse(errors)
        self.assertEqual(len(outcomes), 2)
        with self.environment() as env:
            company = env["res.company"].browse(self.company_id)
            env["cs.route.desk"]._route_company(company)
            tickets = env["helpdesk.ticket"].browse(self.made[0][1])
            counts = [
                len(tickets.filtered(lambda t, u=user: t.user_id.id == u))
                for user in self.users
            ]
            self.assertEqual(counts, [CAPACITY, CAPACITY])
            given = env["cs.route.decision"].search(
                [("ticket_id", "in", tickets.ids), ("user_id", "!=", False)]
            )
            self.assertEqual(len(given), 2 * CAPACITY, "each given once")
            self.assertEqual(given.ticket_id, tickets.filtered("user_id"))
