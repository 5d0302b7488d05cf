"""usage: python -m tests.bench [NAME] [--keep]; without a name all of them"""
"""usage: python -m tests.bench [worktime|creation|queue|sweep|routing] [--keep]"""
"""usage: python -m tests.bench [worktime|creation|queue|sweep|knowledge] [--keep]"""
"""usage: python -m tests.bench [worktime|creation|queue|sweep|register] [--keep]"""

"""usage: python -m tests.bench [worktime|creation|queue|sweep|screen_pop] [--keep]"""
"""usage: python -m tests.bench [name] [--keep]; all benchmarks without a name"""

import argparse
import importlib
import logging
import sys

from .databases import Databases
from .report import OUT, say, table, write


def _worktime(databases):
    from . import worktime

    with databases.env(databases.suite()) as env:
        return worktime.run(env)


def _creation(databases):
    from . import creation

    return creation.run(databases)


def _queue(databases):
    from . import queue

    return queue.run(databases)


def _sweep(databases):
    from . import sweep

    return sweep.run(databases)


def _routing(databases):
    from . import routing

    return routing.run(databases)
def _knowledge(databases):
    from . import knowledge

    return knowledge.run(databases)
def _register(databases):
    from . import register

    return register.run(databases)


def _screen_pop(databases):
    from . import screen_pop

    return screen_pop.run(databases)


BENCHES = {
    "worktime": _worktime,
    "creation": _creation,
    "queue": _queue,
    "sweep": _sweep,
    "routing": _routing,
    "knowledge": _knowledge,
    "register": _register,
    "screen_pop": _screen_pop,
}
# each is a module with run(databases) -> rows of the report
BENCHES = (
    "worktime",
    "creation",
    "queue",
    "sweep",
    "register",
    "knowledge",
    "routing",
    "screen_pop",
)


def main():
    parser = argparse.ArgumentParser(prog="bench", description="Measure; all or one.")
    parser.add_argument("name", nargs="?", choices=[*BENCHES, []], help="one of them")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    options = parser.parse_args()
    logging.getLogger("odoo").setLevel(logging.WARNING)
    databases, rows = Databases(), []
    try:
        for name in [options.name] if options.name else BENCHES:
            say(f"== {name}")
            found = importlib.import_module(f".{name}", __package__).run(databases)
            table(found)
            rows += found
            if not options.keep:
                databases.drop()
    finally:
        if rows:
            write(rows)
            say(f"written to {OUT.relative_to(OUT.parents[1])}")
        if not options.keep:
            databases.drop()
    missed = [row["name"] for row in rows if row["met"] is False]
    if missed:
        sys.exit(f"{len(missed)} goals missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
