"""A figure, a table of figures, and the file they are kept in."""

import json
import statistics
import time
from contextlib import contextmanager
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def figure(name, value, unit, goal=None, met=None):
    """One row of the report; ``met`` is None for a figure without a goal."""
    return {"name": name, "value": value, "unit": unit, "goal": goal, "met": met}


def ratio(name, ours, base, goal):
    """Our median against the other one: at most ``goal`` times as much.

    :param ours: seconds of each run
    :param base: seconds of each run of what it is compared with
    """
    value = statistics.median(ours) / statistics.median(base)
    return figure(name, round(value, 2), "×", goal, value <= goal)


def median_ms(name, seconds):
    return figure(name, round(statistics.median(seconds) * 1000, 2), "ms")


@contextmanager
def timed(into):
    """Append the seconds the block takes to ``into``."""
    begin = time.perf_counter()
    yield
    into.append(time.perf_counter() - begin)


def say(text):
    print(text, flush=True)


def table(rows):
    """Print the rows as a table."""
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        goal = "" if row["goal"] is None else f"goal {row['goal']}"
        met = {None: "", True: "met", False: "MISSED"}[row["met"]]
        name = f"{row['name']:<{width}}"
        say(f"{name}  {row['value']:>10} {row['unit']:<5} {goal:<10} {met}")


def write(rows):
    """Keep the rows; those of other benchmarks stay as they were."""
    OUT.parent.mkdir(exist_ok=True)
    names = {row["name"] for row in rows}
    kept = json.loads(OUT.read_text("utf-8")) if OUT.exists() else []
    kept = [row for row in kept if row["name"] not in names]
    text = json.dumps([*kept, *rows], ensure_ascii=False, indent=1)
    OUT.write_text(text + "\n", "utf-8")
