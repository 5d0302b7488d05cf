"""A help desk of any size: one ticket made by the suite, copied by COPY.

The copies carry every column the suite has filled, so that the tables look as in
life; only what must differ (number, owner, times, open or closed) does.
"""

import io
from datetime import datetime, timedelta

from odoo import Command

MINE = 120  # open tickets of one agent: that does not grow with the years
OPEN_SHARE = 10  # one ticket in ten is open
DUE = 1000
AGENTS = 20
PER_CUSTOMER = 5  # tickets


def people(env):
    """(agent, his team, colleagues) of a desk."""
    users = env["res.users"].create(
        [
            {
                "name": f"座席 {i}",
                "login": f"bench{i}",
                "group_ids": [Command.set(env.ref("cs_helpdesk.group_agent").ids)],
            }
            for i in range(AGENTS)
        ]
    )
    supervisor = env["res.users"].create(
        {
            "name": "主管",
            "login": "bench_supervisor",
            "group_ids": [Command.set(env.ref("cs_helpdesk.group_supervisor").ids)],
        }
    )
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Bench",
            "service_desk": True,
            "default_type_id": env.ref("cs_helpdesk.type_query").id,
            "user_ids": [Command.set(users.ids)],
            "user_id": supervisor.id,
        }
    )
    return users[0], team, users[1:]


def phone(number):
    return f"138{number:08}"


def with_phone(proto, number):
    """The row, with another telephone number wherever its own one stands."""
    old, new = phone(0), phone(number)
    return {
        column: value.replace(old, new) if isinstance(value, str) else value
        for column, value in proto.items()
    }


def fill(env, tickets, clocks, due=DUE):
    """Fill the database and analyse it.

    :param tickets: how many; the first ``MINE`` are open tickets of the agent
    :param clocks: how many open clocks, ``due`` of which wait for the sweep
    :return: the agent's id
    """
    agent, team, others = people(env)
    partner = env["res.partner"].create({"name": "客户", "phone": phone(0)})
    ticket = env["helpdesk.ticket"].create(
        {
            "name": "柜门有划痕",
            "description": "<p>主卧衣柜左门下角</p>",
            "partner_id": partner.id,
            "team_id": team.id,
            "user_id": agent.id,
        }
    )
    env.flush_all()
    done = env.ref("cs_helpdesk.stage_done")
    clock = ticket.clock_ids.filtered(lambda c: c.kind == "solution")
    now = datetime.now().replace(microsecond=0)
    first = ticket.id + 1

    def ticket_rows(proto):
        for i in range(tickets):
            mine = i < MINE
            is_open = mine or i % OPEN_SHARE == 0
            deadline = now + timedelta(minutes=i % 20000 - 500)
            received = now - timedelta(minutes=5 * i)
            customer = 1 + i // PER_CUSTOMER
            yield {
                **with_phone(proto, customer),
                "partner_id": partner.id + customer,
                "commercial_partner_id": partner.id + customer,
                "id": first + i,
                "number": f"B{i:08}",
                "access_token": None,
                "portal_key": None,
                "user_id": agent.id if mine else others[i % len(others)].id,
                "next_deadline": deadline if is_open else None,
                "clock_state": "running" if is_open else "none",
                "received_date": received,
                "create_date": received,
                "stage_id": proto["stage_id"] if is_open else done.id,
                "closed": not is_open,
                "closed_date": None if is_open else received,
            }

    def clock_rows(proto):
        for i in range(clocks):
            late = i < due
            later = now + timedelta(days=1, seconds=i)
            began = now - timedelta(days=20 if late else 0)
            yield {
                **proto,
                "id": clock.id + 1 + i,
                "res_id": first + i % tickets,
                "user_id": agent.id if i < MINE else others[i % len(others)].id,
                "started_at": began,
                "running_since": began,
                "limit_seconds": 4 * 3600 if late else 30 * 86400,
                "deadline": now - timedelta(days=19) if late else later,
                "next_event_at": now - timedelta(days=19) if late else later,
            }

    def follower_rows(proto):
        for i in range(tickets):
            yield {
                **proto,
                "id": proto["id"] + 1 + i,
                "res_id": first + i,
                "partner_id": partner.id + 1 + i // PER_CUSTOMER,
            }

    def partner_rows(proto):
        for i in range(1, 2 + tickets // PER_CUSTOMER):
            yield {
                **with_phone(proto, i),
                "id": partner.id + i,
                "commercial_partner_id": partner.id + i,
                "name": f"客户 {i}",
                "complete_name": f"客户 {i}",
            }

    _copy(env, "res_partner", partner.id, partner_rows)
    _copy(env, "helpdesk_ticket", ticket.id, ticket_rows)
    _copy(env, "cs_clock", clock.id, clock_rows)
    follower = env["mail.followers"].create(
        {"res_model": ticket._name, "res_id": ticket.id, "partner_id": partner.id}
    )
    env.flush_all()
    _copy(env, "mail_followers", follower.id, follower_rows)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return agent.id


def _copy(env, name, prototype, rows):
    """COPY ``rows`` (made from the row ``prototype``) into a table.

    Indexes are dropped and made again: that is how one loads a million rows.
    """
    cr = env.cr
    cr.execute(f'SELECT * FROM "{name}" WHERE id = %s', [prototype])  # pylint: disable=E8103
    proto = cr.dictfetchone()
    columns = list(proto)
    cr.execute(
        "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS sql "
        "FROM pg_index WHERE indrelid = %s::regclass AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [name],
    )
    indexes = cr.dictfetchall()
    for index in indexes:
        cr.execute(f"DROP INDEX {index['name']}")  # pylint: disable=E8103
    cr.execute("SET session_replication_role = replica")  # no foreign key per row
    names = ", ".join(f'"{column}"' for column in columns)
    cr._obj.copy_expert(
        f'COPY "{name}" ({names}) FROM STDIN',
        _Lines("\t".join(map(_cell, row.values())) + "\n" for row in rows(proto)),
    )
    cr.execute("SET session_replication_role = DEFAULT")
    for index in indexes:
        cr.execute(index["sql"])
    cr.execute(
        f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM \"{name}\"))"  # pylint: disable=E8103
    )


def _cell(value):
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        raise TypeError("a prototype with JSON cannot be copied")
    return (
        str(value)
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
    )


class _Lines(io.TextIOBase):
    """A file to read from, of lines that are made when they are asked for."""

    def __init__(self, lines):
        self.lines = lines
        self.rest = ""

    def read(self, size=-1):
        parts, length = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            length += len(line)
            if length >= size >= 0:
                break
        text = "".join(parts)
        self.rest = text[size:] if size >= 0 else ""
        return text[:size] if size >= 0 else text
