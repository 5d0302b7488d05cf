"""Two people at one step, and at two parallel steps, in connections of their own."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestFlowTwoPeople(BaseCase):
    """Commits for real, in a database that is a copy; removes what it made."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.environment() as env:
            lane = env["res.groups"].create({"name": "Two People"})
            users = env["res.users"].create(
                [
                    {
                        "name": f"Two People {number}",
                        "login": f"two_people_{number}",
                        "group_ids": [
                            Command.link(env.ref("cs_helpdesk.group_supervisor").id),
                            Command.link(lane.id),
                        ],
                    }
                    for number in (1, 2)
                ]
            )
            stages = [("left", False), ("right", True), ("last", False)]
            flow = env["cs.flow"].create(
                {
                    "name": "Two People",
                    "code": "two_people",
                    "res_model": "cs.suggestion",
                    "stage_ids": [
                        Command.create(
                            {
                                "code": code,
                                "name": code,
                                "sequence": number,
                                "parallel": parallel,
                                "group_id": lane.id,
                            }
                        )
                        for number, (code, parallel) in enumerate(stages)
                    ],
                }
            )
            record = env["cs.suggestion"].create(
                {"name": "Two People", "flow_id": flow.id}
            )
            self.users = users.ids
            self.ids = {
                "cs.suggestion": record.ids,
                "cs.flow": flow.ids,
                "res.users": users.ids,
                "res.groups": lane.ids,
            }
            self.partners = users.partner_id.ids
        self.addCleanup(self.clean_up)

    @contextmanager
    def environment(self, uid=SUPERUSER_ID):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, uid, {})

    def clean_up(self):
        with self.environment() as env:
            for model, ids in self.ids.items():
                env[model].browse(ids).unlink()
            env["res.partner"].browse(self.partners).unlink()

    def at_once(self, *actions):
        """Run each (user, action) in a connection of its own, released together."""
        barrier = threading.Barrier(len(actions))
        outcomes = []

        def work(uid, action):
            with self.environment(uid) as env:
                env["cs.suggestion"].search_count([])  # the snapshot is taken
                barrier.wait(timeout=20)
                try:
                    # a conflict is tried again, as the server does with a request
                    outcomes.append(retrying(lambda: action(env), env))
                except UserError as error:
                    env.cr.rollback()
                    outcomes.append(str(error))

        threads = [threading.Thread(target=work, args=action) for action in actions]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        self.assertEqual(len(outcomes), len(actions))
        return outcomes

    def states(self, env):
        steps = env["cs.suggestion"].browse(self.ids["cs.suggestion"]).step_ids
        return [(step.code, step.state) for step in steps.sorted("id")]

    def test_same_step(self):
        """000-25: two people finish one step at once: one does, the other is told."""
        with self.environment() as env:
            record = env["cs.suggestion"].browse(self.ids["cs.suggestion"])
            step = record.step_ids.filtered(lambda s: s.code == "left").id

        def press(env):
            record = env["cs.suggestion"].browse(self.ids["cs.suggestion"])
            return record.with_context(cs_flow_step_id=step).action_flow_finish()

        outcomes = self.at_once(*((uid, press) for uid in self.users))
        self.assertEqual(outcomes.count(True), 1, outcomes)
        other = next(outcome for outcome in outcomes if outcome is not True)
        self.assertTrue(other is False or "Somebody else" in other, other)
        with self.environment() as env:
            self.assertEqual(self.states(env), [("left", "done"), ("right", "running")])

    def test_parallel_steps(self):
        """000-25: two people at parallel steps at once: the next stage opens once."""

        def finish(code):
            def press(env):
                steps = env["cs.suggestion"].browse(self.ids["cs.suggestion"]).step_ids
                step = steps.filtered(lambda s: s.code == code and s.state == "running")
                return step.action_finish()

            return press

        calls = list(zip(self.users, (finish("left"), finish("right")), strict=True))
        outcomes = self.at_once(*calls)
        for (uid, press), outcome in zip(calls, outcomes, strict=False):
            if outcome is not True:  # told to look again: he does
                with self.environment(uid) as env:
                    press(env)
        with self.environment() as env:
            for uid, press in calls:
                press(env(user=uid))
            self.assertEqual(
                self.states(env),
                [("left", "done"), ("right", "done"), ("last", "running")],
            )
