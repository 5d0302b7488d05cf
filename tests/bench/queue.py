"""The agent's default queue at a million tickets against ten thousand.

What is timed is what the web client calls: ``web_search_read`` of the action, with
its default filters, the columns of its list and its limit, as an agent.
"""

from ast import literal_eval

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from .filling import fill
from .report import figure, median_ms, ratio, say, timed

SMALL, LARGE = 10_000, 1_000_000
ROWS = 80
ROUNDS = 40
GOAL = 1.5
ACTION = "cs_helpdesk.helpdesk_ticket_action_workbench"


def request(env):
    """(model, domain, specification, order) of the action, from its own views."""
    action = env["ir.actions.act_window"]._for_xml_id(ACTION)
    model = env[action["res_model"]]
    views = [view for view in action["views"] if view[1] == "list"]
    search = action["search_view_id"] and action["search_view_id"][0]
    arch = model.get_views([*views, (search, "search")])["views"]
    context = safe_eval(action["context"] or "{}", {"uid": env.uid})
    domain = safe_eval(action["domain"] or "[]", {"uid": env.uid})
    for node in etree.fromstring(arch["search"]["arch"]).iter("filter"):
        if context.get(f"search_default_{node.get('name')}"):
            domain += safe_eval(node.get("domain", "[]"), {"uid": env.uid})
    tree = etree.fromstring(arch["list"]["arch"])
    specification = {
        node.get("name"): _subfields(model._fields[node.get("name")])
        for node in tree.iter("field")
    }
    return model, domain, specification, tree.get("default_order") or model._order


def _subfields(field):
    return {"fields": {"display_name": {}}} if field.relational else {}


def read(env, domain, specification, order):
    model = env["helpdesk.ticket"]
    return model.web_search_read(
        domain, specification, limit=ROWS, order=order, count_limit=10_001
    )


def plan(env, domain, order):
    """The plan of the query that finds the rows, as the user's rules make it."""
    query = env["helpdesk.ticket"]._search(domain, order=order, limit=ROWS)
    env.cr.execute(
        "EXPLAIN (FORMAT JSON) " + query.select().code, query.select().params
    )
    found = env.cr.fetchone()[0]
    return literal_eval(found) if isinstance(found, str) else found


def nodes(tree):
    yield tree
    for child in tree.get("Plans", ()):
        yield from nodes(child)


def uses_index(explained):
    """The tickets come from an index, in its order, and no scan of the table."""
    scans = [
        node
        for node in nodes(explained[0]["Plan"])
        if node.get("Relation Name") == "helpdesk_ticket"
    ]
    return bool(scans) and all(node["Node Type"] != "Seq Scan" for node in scans)


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    agents, seconds, rows, indexed = {}, {SMALL: [], LARGE: []}, {}, {}
    names = {}
    for size in (SMALL, LARGE):
        say(f"filling {size:,} tickets")
        names[size] = databases.suite(f"desk_{size}")
        with databases.env(names[size]) as env:
            agents[size] = fill(env, size, size)
    for number in range(ROUNDS):
        for size, name in names.items():
            with databases.env(name) as env:
                env = env(user=agents[size])
                _model, domain, specification, order = request(env)
                env.invalidate_all()
                spent = [] if number < 3 else seconds[size]  # warm caches first
                with timed(spent):
                    rows[size] = read(env, domain, specification, order)
                indexed[size] = uses_index(plan(env, domain, order))
    full = all(len(found["records"]) == ROWS for found in rows.values())
    row = ratio(
        "queue: 1,000,000 against 10,000 tickets", seconds[LARGE], seconds[SMALL], GOAL
    )
    row["met"] = row["met"] and full
    return [
        row,
        median_ms("queue: 1,000,000 tickets", seconds[LARGE]),
        median_ms("queue: 10,000 tickets", seconds[SMALL]),
        figure(
            "queue: index scan in the plan",
            int(indexed[LARGE]),
            "bool",
            1,
            indexed[LARGE],
        ),
    ]
