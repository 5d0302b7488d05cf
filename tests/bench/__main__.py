"""usage: python -m tests.bench [name] [--keep]; all benchmarks without a name"""

import argparse
import importlib
import logging
import sys

from .databases import Databases
from .report import OUT, say, table, write

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
