"""Who gets which ticket: the bare choice, without a database (000-104, 003-31).

Rules narrow the people of a team down, one after the other; of those who are left and
have room, the least loaded takes the ticket. A rule that is only a wish is passed over
when nobody it names has room.
"""

from dataclasses import dataclass, field


@dataclass
class Agent:
    """One person who could take a ticket now: on shift, present, qualified."""

    key: int
    capacity: float
    load: float = 0.0
    last: float = 0.0  # when he was given a ticket last, any growing number
    by_type: dict = field(default_factory=dict)  # type -> tickets of it he has

    def has_room(self, ticket):
        fits = self.load + ticket.weight <= self.capacity + 1e-9
        cap = ticket.type_cap
        return fits and not (cap and self.by_type.get(ticket.type, 0) >= cap)

    def take(self, ticket, at):
        self.load += ticket.weight
        self.by_type[ticket.type] = self.by_type.get(ticket.type, 0) + 1
        self.last = at


@dataclass(frozen=True)
class Rule:
    """One rule that speaks about a ticket: whom it leaves."""

    key: int
    allowed: frozenset
    required: bool = False


@dataclass(frozen=True)
class Ticket:
    key: int
    pool: frozenset  # keys of the agents of its team that could take it
    priority: int = 0
    since: float = 0.0
    weight: float = 1.0
    type: int = 0
    type_cap: int = 0  # at most so many of this type with one person; 0: any
    rules: tuple = ()
    barred: frozenset = frozenset()  # who let it lie already


@dataclass(frozen=True)
class Decision:
    """What was decided and why.

    ``agent`` is None while the ticket waits; then ``reason`` is "nobody" (nobody is
    there), "barred" (everybody let it lie), "rule" (nobody meets a rule that must be
    met; the last of the trail) or "full".
    ``trail`` has one (rule key, people before, people after, outcome) for each rule:
    "kept", "must" (required and nobody left) or "passed" (a wish nobody could meet).
    """

    ticket: int
    agent: int | None
    reason: str
    trail: tuple
    with_room: int = 0
    load: float = 0.0


def choose(ticket, agents, strategy="least"):
    """Choose the person for one ticket.

    :param agents: {key: Agent}; not changed
    :param strategy: "least" loaded, or "round" robin: who waited longest
    :return: Decision
    """
    pool = {key for key in ticket.pool if key in agents}
    if not pool:
        return Decision(ticket.key, None, "nobody", ())
    left = pool - ticket.barred
    if not left:
        return Decision(ticket.key, None, "barred", ())
    trail = []
    for rule in ticket.rules:
        before, after = len(left), left & rule.allowed
        if after and (rule.required or _any_room(after, agents, ticket)):
            left, outcome = after, "kept"
        else:
            outcome = "must" if rule.required else "passed"
        trail.append((rule.key, before, len(after), outcome))
        if outcome == "must":
            return Decision(ticket.key, None, "rule", tuple(trail))
    free = [agents[key] for key in left if agents[key].has_room(ticket)]
    if not free:
        return Decision(ticket.key, None, "full", tuple(trail))
    orders = {
        "least": lambda a: (a.load, a.last, a.key),
        "round": lambda a: (a.last, a.load, a.key),
    }
    best = min(free, key=orders[strategy])
    return Decision(ticket.key, best.key, "given", tuple(trail), len(free), best.load)


def _any_room(keys, agents, ticket):
    return any(agents[key].has_room(ticket) for key in keys)


def assign(tickets, agents, strategy="least", now=0.0):
    """Choose for many tickets, the most important and oldest first.

    :param agents: {key: Agent}; their loads grow by what they get
    :return: list of Decision in the order decided
    """
    decisions = []
    order = sorted(tickets, key=lambda t: (-t.priority, t.since, t.key))
    for turn, ticket in enumerate(order):
        decision = choose(ticket, agents, strategy)
        if decision.agent is not None:
            agents[decision.agent].take(ticket, now + turn * 1e-6)
        decisions.append(decision)
    return decisions
