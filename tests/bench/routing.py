"""Routing 1,000 tickets over 100 agents: one pass against one ticket at a time.

The naive side decides and writes for each ticket alone, by the same rules: what a
button pressed a thousand times would cost. It is measured on fewer tickets, and both
are compared per ticket.
"""

import time

from odoo import Command

from .report import figure

TICKETS, AGENTS, NAIVE = 1000, 100, 100
QUERIES_PER_TICKET = 3
GOAL = 0.2  # of the naive queries


def _prepare(env):
    skill = env.ref("cs_helpdesk.skill_complaint")
    users = env["res.users"].create(
        [
            {
                "name": f"座席 {i}",
                "login": f"route{i}",
                "group_ids": [Command.set(env.ref("cs_helpdesk.group_agent").ids)],
            }
            for i in range(AGENTS)
        ]
    )
    env["cs.agent"].create(
        [
            {"user_id": user.id, "skill_ids": [Command.set(skill.ids)]}
            for user in users[: AGENTS // 3]
        ]
    )
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Routing",
            "service_desk": True,
            "route_capacity": 40,
            "route_on_shift": True,
            "user_ids": [Command.set(users.ids)],
        }
    )
    kind = env["cs.shift.kind"].create(
        {"name": "24 h", "code": "bench", "start_hour": 0, "end_hour": 0}
    )
    today = env["cs.schedule.mixin"]._get_today(env.company)
    shifts = env["cs.shift"].create(
        [{"user_id": u.id, "date": today, "kind_id": kind.id} for u in users]
    )
    shifts.state = "published"
    kinds = ("complaint", "query", "problem")
    tickets = env["helpdesk.ticket"].create(
        [
            {
                "name": f"柜门有划痕 {i}",
                "description": "<p>主卧衣柜左门下角</p>",
                "partner_id": env["res.partner"].create({"name": f"客户 {i}"}).id,
                "team_id": team.id,
                "user_id": False,
                "type_id": env.ref(f"cs_helpdesk.type_{kinds[i % 3]}").id,
            }
            for i in range(TICKETS)
        ]
    )
    tickets.user_id = False
    _finish(env)
    team.auto_route = True
    env.cr.commit()


def _finish(env):
    env.flush_all()
    env.cr.precommit.run()
    env.flush_all()


def _tickets(env):
    return env["helpdesk.ticket"].search([("team_id.name", "=", "Routing")])


def _pass(env):
    env["cs.route.desk"]._route_company(env.company, _tickets(env))
    _finish(env)


def _one_by_one(env):
    for ticket in _tickets(env)[:NAIVE]:
        env.invalidate_all()
        env["cs.route.desk"]._route_company(env.company, ticket)
        _finish(env)


def _measure(databases, name, action):
    with databases.env(name) as env:
        before, begin = env.cr.sql_log_count, time.perf_counter()
        action(env)
        seconds = time.perf_counter() - begin
        queries = env.cr.sql_log_count - before
        loads = env["helpdesk.ticket"]._read_group(
            [("team_id.name", "=", "Routing"), ("user_id", "!=", False)],
            ["user_id"],
            ["__count"],
        )
        given = sum(count for _user, count in loads)
    return queries, seconds, given


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    name = databases.suite("routing")
    with databases.env(name) as env:
        _prepare(env)
    _measure(databases, name, _one_by_one)  # warm
    queries, seconds, given = _measure(databases, name, _pass)
    naive_queries, naive_seconds, _given = _measure(databases, name, _one_by_one)
    per, naive = queries / TICKETS, naive_queries / NAIVE
    share = round(per / naive, 3)
    speed = round((seconds / TICKETS) / (naive_seconds / NAIVE), 3)
    title = f"routing: {TICKETS:,} tickets over {AGENTS} agents"
    done = given == TICKETS
    return [
        figure(
            f"{title}, queries a ticket",
            round(per, 2),
            "",
            QUERIES_PER_TICKET,
            done and per <= QUERIES_PER_TICKET,
        ),
        figure(f"{title}, all queries", queries, ""),
        figure(f"{title}, ms", round(seconds * 1000), "ms"),
        figure(f"{title}, queries against one by one", share, "×", GOAL, share <= GOAL),
        figure(f"{title}, time against one by one", speed, "×"),
    ]
