"""Grading of a complaint: declared triggers against stored facts.

Knows nothing about Odoo. A trigger is (level, field, operator, value); nothing in it
is ever evaluated as code.
"""

import operator

OPERATORS = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
}


def matches(fact, op, value):
    """Tell whether a fact fires a trigger.

    :param fact: number, or truth value for ``is_set``; a missing fact fires nothing
    :param op: a key of ``OPERATORS`` or ``is_set``
    :param value: number the fact is compared with; unused for ``is_set``
    :raise ValueError: unknown operator
    """
    if op == "is_set":
        return bool(fact)
    if op not in OPERATORS:
        raise ValueError(f"unknown operator {op!r}")
    if fact is None:
        return False
    return OPERATORS[op](fact, value)


def highest(triggers, facts):
    """Return (level, indexes of the triggers that fire at this level); (0, []) if none.

    :param triggers: sequence of (level, field, operator, value)
    :param facts: {field: fact}
    """
    level, fired = 0, []
    for index, (at, field, op, value) in enumerate(triggers):
        if at >= level and matches(facts.get(field), op, value):
            if at > level:
                level, fired = at, []
            fired.append(index)
    return level, fired
