"""The sweep: a million open clocks against ten thousand, a thousand due in both."""

from .filling import DUE, fill
from .report import figure, median_ms, ratio, say, timed

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 7
GOAL = 1.5


def rewind(env, due):
    """Make the same clocks due again, as if nobody had swept."""
    cr = env.cr
    cr.execute("DELETE FROM cs_clock_notice")
    cr.execute(
        "UPDATE cs_clock SET next_event_at = deadline, announced_percent = 0, "
        "overdue = false WHERE id = ANY(%s)",
        [due],
    )
    cr.commit()
    for table in ("cs_clock", "cs_clock_notice", "helpdesk_ticket"):
        with env.registry.cursor() as other:
            other._cnx.autocommit = True
            other.execute(f"VACUUM ANALYZE {table}")  # pylint: disable=E8103


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    names, due, seconds, swept = {}, {}, {SMALL: [], LARGE: []}, []
    for size in (SMALL, LARGE):
        say(f"filling {size:,} open clocks")
        names[size] = databases.suite(f"clocks_{size}")
        with databases.env(names[size]) as env:
            fill(env, size, size)
            env.cr.execute(
                "SELECT id FROM cs_clock WHERE state = 'running' "
                "AND next_event_at < now() AT TIME ZONE 'UTC'"
            )
            due[size] = [row[0] for row in env.cr.fetchall()]
    for number in range(ROUNDS):
        for size, name in names.items():
            with databases.env(name) as env:
                rewind(env, due[size])
                env.invalidate_all()
                spent = [] if not number else seconds[size]  # the first one warms up
                with timed(spent):
                    env["cs.clock"]._cron_sweep()
                    env.flush_all()
                env.cr.execute(
                    "SELECT count(*) FROM cs_clock WHERE announced_percent > 0"
                )
                swept.append(env.cr.fetchone()[0])
    row = ratio(
        "sweep: 1,000,000 against 10,000 open clocks",
        seconds[LARGE],
        seconds[SMALL],
        GOAL,
    )
    row["met"] = row["met"] and set(swept) == {DUE}
    return [
        row,
        median_ms("sweep: 1,000,000 open clocks", seconds[LARGE]),
        median_ms("sweep: 10,000 open clocks", seconds[SMALL]),
        figure(
            "sweep: clocks swept each time", min(swept), "", DUE, set(swept) == {DUE}
        ),
    ]
