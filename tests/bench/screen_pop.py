"""From a ringing telephone to the agent's screen, in queries.

Counted is all the server does for one: the event that the telephone system sends, and
the one call with which the browser fetches what it shows. Twenty open tickets and two
hundred calls of the same customer must not add a query.
"""

from odoo import Command, fields

from .report import figure

GOAL = 30
TICKETS, CALLS = 20, 200


def _people(env):
    group = env.ref("cs_helpdesk.group_cti")
    cti = env["res.users"].create(
        {"name": "CTI", "login": "bench.cti", "group_ids": [Command.set(group.ids)]}
    )
    agent = env["res.users"].create(
        {
            "name": "Agent",
            "login": "bench.pop",
            "phone_extension": "8001",
            "group_ids": [Command.set(env.ref("cs_helpdesk.group_agent").ids)],
        }
    )
    team = env["helpdesk.ticket.team"].create(
        {"name": "Pop", "service_desk": True, "user_ids": [Command.link(agent.id)]}
    )
    return cti, agent, team


def _history(env, agent, team, tickets, calls):
    partner = env["res.partner"].create({"name": "客户", "phone": "13812345678"})
    env["helpdesk.ticket"].create(
        [
            {
                "name": f"柜门 {number}",
                "description": "<p>x</p>",
                "partner_id": partner.id,
                "team_id": team.id,
                "user_id": agent.id,
                "type_id": env.ref("cs_helpdesk.type_problem").id,
            }
            for number in range(tickets)
        ]
    )
    env["cs.call"].create(
        [
            {
                "cti_call_id": f"bench-{number}",
                "number": "13812345678",
                "partner_id": partner.id,
                "user_id": agent.id,
                "team_id": team.id,
                "state": "ended",
            }
            for number in range(calls)
        ]
    )


def _queries(env, cti, agent, call_id):
    """Queries of the event, and of the screen that follows it."""
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    answer = env(user=cti)["cs.call"].cti_event(
        call_id,
        "ringing",
        fields.Datetime.to_string(fields.Datetime.now()),
        number="13812345678",
        agent="8001",
    )
    env.flush_all()
    env.invalidate_all()
    between = env.cr.sql_log_count
    env(user=agent)["cs.call"].browse(answer["id"]).get_pop()
    return between - before, env.cr.sql_log_count - between


def _count(databases, tickets, calls):
    with databases.env(databases.suite(f"pop_{calls}")) as env:
        cti, agent, team = _people(env)
        _history(env, agent, team, tickets, calls)
        _queries(env, cti, agent, "warm")  # what is cached for everybody
        return _queries(env, cti, agent, "counted")


def run(databases):
    few = sum(_count(databases, 1, 1))
    event, screen = _count(databases, TICKETS, CALLS)
    many = event + screen
    return [
        figure("screen pop: queries of the event", event, "q"),
        figure("screen pop: queries of the screen", screen, "q"),
        figure("screen pop: event to screen", many, "q", GOAL, many <= GOAL),
        figure(
            "screen pop: more queries for more history",
            many - few,
            "q",
            0,
            many <= few,
        ),
    ]
