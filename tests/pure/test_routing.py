"""Who gets which ticket: never too much, never the wrong one, always the same."""

import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from routing import Agent, Rule, Ticket, assign, choose  # noqa: E402

WEIGHTS = st.sampled_from([0.5, 1.0, 1.5, 2.0])


@st.composite
def desks(draw):
    keys = list(range(1, draw(st.integers(1, 8)) + 1))
    agents = {
        key: Agent(
            key,
            draw(st.integers(0, 12)),
            draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])),
            draw(st.integers(0, 5)),
        )
        for key in keys
    }
    subsets = st.frozensets(st.sampled_from(keys))
    tickets = [
        Ticket(
            number,
            draw(subsets),
            draw(st.sampled_from([0, 10, 20, 100])),
            draw(st.integers(0, 9)),
            draw(WEIGHTS),
            draw(st.integers(1, 2)),
            draw(st.integers(0, 3)),
            tuple(
                Rule(rule, draw(subsets), draw(st.booleans()))
                for rule in range(draw(st.integers(0, 3)))
            ),
            draw(subsets),
        )
        for number in range(draw(st.integers(0, 25)))
    ]
    return agents, tickets


def copy(agents):
    return {
        key: Agent(a.key, a.capacity, a.load, a.last, dict(a.by_type))
        for key, a in agents.items()
    }


@given(desks(), st.sampled_from(["least", "round"]))
def test_never_too_much_never_the_wrong_one(desk, strategy):
    agents, tickets = desk
    before = copy(agents)
    decisions = assign(tickets, agents, strategy)
    by_key = {ticket.key: ticket for ticket in tickets}
    assert sorted(d.ticket for d in decisions) == sorted(by_key)
    for key, agent in agents.items():
        mine = [by_key[d.ticket] for d in decisions if d.agent == key]
        assert agent.load == before[key].load + sum(t.weight for t in mine)
        if mine:
            assert agent.load <= agent.capacity + 1e-9
        for ticket in mine:
            assert key in ticket.pool
            assert key not in ticket.barred
            assert all(key in r.allowed for r in ticket.rules if r.required)
            of_type = sum(1 for t in mine if t.type == ticket.type)
            assert not ticket.type_cap or of_type <= max(
                other.type_cap or 99 for other in mine if other.type == ticket.type
            )


@given(desks(), st.sampled_from(["least", "round"]))
def test_the_same_again(desk, strategy):
    agents, tickets = desk
    twice = copy(agents)
    one = assign(tickets, agents, strategy)
    two = assign(list(reversed(tickets)), twice, strategy)
    assert one == two


@given(desks())
def test_waits_only_for_a_reason(desk):
    agents, tickets = desk
    for decision in assign(tickets, agents):
        if decision.agent is None:
            assert decision.reason in ("nobody", "barred", "rule", "full")
        else:
            assert decision.reason == "given"


@given(
    st.integers(1, 8),
    st.lists(st.sampled_from([0.25, 0.5, 1.0]), max_size=60),
)
def test_fair_within_one_unit(people, weights):
    agents = {key: Agent(key, 1000) for key in range(people)}
    pool = frozenset(agents)
    assign([Ticket(n, pool, weight=w) for n, w in enumerate(weights)], agents)
    loads = [agent.load for agent in agents.values()]
    assert max(loads) - min(loads) <= 1.0 + 1e-9


def test_rules_in_their_order():
    """VIP before language before class; the wish nobody can meet is passed over."""
    agents = {1: Agent(1, 5), 2: Agent(2, 5, load=1), 3: Agent(3, 1, load=1)}
    pool = frozenset(agents)
    vip, dialect = Rule(10, frozenset({2, 3})), Rule(20, frozenset({3}))
    decision = choose(Ticket(1, pool, rules=(vip, dialect)), agents)
    assert decision.agent == 2
    assert decision.trail == ((10, 3, 2, "kept"), (20, 2, 1, "passed"))


def test_a_rule_that_must_be_met_waits():
    agents = {1: Agent(1, 5), 2: Agent(2, 1, load=1)}
    pool = frozenset(agents)
    must = Ticket(1, pool, rules=(Rule(20, frozenset({2}), required=True),))
    assert choose(must, agents).reason == "full"
    nobody = Ticket(1, pool, rules=(Rule(20, frozenset({9}), required=True),))
    assert choose(nobody, agents).reason == "rule"


def test_the_more_important_first():
    agents = {1: Agent(1, 1)}
    pool = frozenset(agents)
    tickets = [Ticket(1, pool, priority=10), Ticket(2, pool, priority=120)]
    assert [(d.ticket, d.agent) for d in assign(tickets, agents)] == [(2, 1), (1, None)]
