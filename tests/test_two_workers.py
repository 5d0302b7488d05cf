"""What one connection cannot show: two people, two workers, at the same moment."""

import threading
from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import LockError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoWorkers(BaseCase):
    """Commits for real, in a database that is a copy; removes what it made."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.environment() as env:
            team = env["helpdesk.ticket.team"].create(
                {
                    "name": "Two Workers",
                    "service_desk": True,
                    "user_id": env.ref("base.user_admin").id,
                    "user_ids": [(4, env.ref("base.user_admin").id)],
                }
            )
            partner = env["res.partner"].create({"name": "Two Workers"})
            ticket = env["helpdesk.ticket"].create(
                {
                    "name": "Twice at once",
                    "description": "x",
                    "team_id": team.id,
                    "partner_id": partner.id,
                    "user_id": env.ref("base.user_admin").id,
                    "type_id": env.ref("cs_helpdesk.type_query").id,
                }
            )
            self.ids = {"ticket": ticket.id, "team": team.id, "partner": partner.id}
        self.addCleanup(self.clean_up)

    @contextmanager
    def environment(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def clean_up(self):
        with self.environment() as env:
            env["helpdesk.ticket"].browse(self.ids["ticket"]).unlink()
            env["helpdesk.ticket.team"].browse(self.ids["team"]).unlink()
            env["res.partner"].browse(self.ids["partner"]).unlink()

    def at_once(self, action, workers=2):
        """Run `action(env)` in several connections, released together."""
        barrier = threading.Barrier(workers)
        outcomes = []

        def work():
            with self.environment() as env:
                barrier.wait(timeout=20)
                try:
                    # a conflict is tried again, as the server does with a request
                    outcomes.append(retrying(lambda: action(env), env))
                except LockError as error:
                    env.cr.rollback()
                    outcomes.append(error)

        threads = [threading.Thread(target=work) for _worker in range(workers)]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(len(outcomes), workers)
        return outcomes

    def test_two_sweeps_announce_once(self):
        """003-33: two workers sweep at once, each threshold is announced once."""
        with self.environment() as env:
            clocks = env["cs.clock"].search([("res_id", "=", self.ids["ticket"])])
            past = fields.Datetime.now() - timedelta(days=9)
            env["cs.clock"].search(
                [("state", "=", "running"), ("id", "not in", clocks.ids)]
            ).next_event_at = False
            clocks.write({"started_at": past, "running_since": past})
            clocks._schedule()
            self.assertEqual(len(clocks), 3)
            last_message = env["mail.message"].search([], order="id desc", limit=1).id
        self.at_once(lambda env: env["cs.clock"]._cron_sweep())
        with self.environment() as env:
            notices = env["cs.clock.notice"].search([("clock_id", "in", clocks.ids)])
            self.assertEqual(len(notices), 3)
            self.assertTrue(all(notices.mapped("sent_at")))
            messages = env["mail.message"].search(
                [
                    ("message_type", "=", "user_notification"),
                    ("id", ">", last_message),
                ]
            )
            lines = sum(message.body.count("<li>") for message in messages)
            due = sum(len(n.clock_id._get_recipients(n.level)) for n in notices)
            self.assertEqual(lines, due)

    def test_accepted_once(self):
        """003-32: two people press Accept at once; one gets it, one is told."""
        outcomes = self.at_once(
            lambda env: env["helpdesk.ticket"]
            .browse(self.ids["ticket"])
            .action_accept()
        )
        with self.environment() as env:
            ticket = env["helpdesk.ticket"].browse(self.ids["ticket"])
            self.assertEqual(ticket.stage_id.role, "execution")
            stops = ticket.clock_ids.fact_ids.filtered(lambda f: f.event == "stop")
            self.assertEqual(len(stops), 1)
        self.assertLessEqual(sum(isinstance(o, LockError) for o in outcomes), 1)
