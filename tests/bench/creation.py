"""Creating tickets: the desk with clocks and log against bare helpdesk_mgmt.

The same values, the same kind of user, everything flushed and every hook that runs
before a commit included; rounds alternate, so that the machine's mood hits both.
"""

import gc

from odoo import Command

from .report import median_ms, ratio, timed

SINGLE, BATCH = 30, 1000
ROUNDS_SINGLE, ROUNDS_BATCH = 9, 3
GOAL = 1.25


def _prepare(env, groups):
    """A user and a team, the same on both sides."""
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [Command.set([env.ref(group).id for group in groups])],
        }
    )
    team = env["helpdesk.ticket.team"].create(
        {"name": "Bench", "user_ids": [Command.link(user.id)]}
    )
    if "service_desk" in team._fields:
        team.service_desk = True
        team.default_type_id = env.ref("cs_helpdesk.type_problem")
    partners = env["res.partner"].create(
        [{"name": f"客户 {i}", "phone": f"1380000{i:04}"} for i in range(100)]
    )
    env.cr.commit()
    return user.id, team.id, partners.ids


def _values(count, team, partners):
    return [
        {
            "name": f"柜门有划痕 {i}",
            "description": "<p>主卧衣柜左门下角，安装时发现。</p>",
            "partner_id": partners[i % len(partners)],
            "team_id": team,
        }
        for i in range(count)
    ]


def _finish(env):
    env.flush_all()
    env.cr.precommit.run()


def _single(databases, name, who, seconds):
    user, team, partners = who
    with databases.env(name) as env:
        tickets = env(user=user)["helpdesk.ticket"]
        values = _values(SINGLE, team, partners)
        tickets.create(dict(values[0]))  # warm
        _finish(env)
        for vals in values:
            with timed(seconds):
                tickets.create(vals)
                _finish(env)


def _batch(databases, name, who, seconds):
    user, team, partners = who
    with databases.env(name) as env:
        values = _values(BATCH, team, partners)
        with timed(seconds):
            env(user=user)["helpdesk.ticket"].create(values)
            _finish(env)


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    sides = {"bare": databases.bare(), "ours": databases.suite()}
    groups = {
        "bare": ["base.group_user", "helpdesk_mgmt.group_helpdesk_user_team"],
        "ours": ["base.group_user", "cs_helpdesk.group_agent"],
    }
    who = {}
    for side, name in sides.items():
        with databases.env(name) as env:
            who[side] = _prepare(env, groups[side])
    # two registries in one process: what is loaded is not searched for garbage
    gc.collect()
    gc.freeze()
    single, batch = {"bare": [], "ours": []}, {"bare": [], "ours": []}
    for _round in range(ROUNDS_SINGLE):
        for side, name in sides.items():
            _single(databases, name, who[side], single[side])
    for _round in range(ROUNDS_BATCH):
        for side, name in sides.items():
            _batch(databases, name, who[side], batch[side])
    return [
        ratio("creation: one by one", single["ours"], single["bare"], GOAL),
        median_ms("creation: one by one, ours", single["ours"]),
        median_ms("creation: one by one, helpdesk_mgmt", single["bare"]),
        ratio(f"creation: batch of {BATCH}", batch["ours"], batch["bare"], GOAL),
        median_ms(f"creation: batch of {BATCH}, ours", batch["ours"]),
        median_ms(f"creation: batch of {BATCH}, helpdesk_mgmt", batch["bare"]),
    ]
