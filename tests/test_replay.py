"""A help desk's log, played through tickets and clocks, against plain arithmetic.

The second half of the proof knows nothing of Odoo: it reads the CSV and counts
office hours by hand.
"""

import base64
import csv
import io
import math
import random
import sys
from datetime import datetime, timedelta
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

from odoo.tests import TransactionCase, tagged

LIMIT = 4 * 3600  # a system fault is mended in four working hours (G40)
OFFICE = ((9 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))


def script(name):
    """A script of the project as a module."""
    path = Path(__file__).resolve().parents[1] / "scripts"
    loader = SourceFileLoader(name, str(path / name))
    module = module_from_spec(spec_from_loader(name, loader))
    sys.path.insert(0, str(path))
    try:
        loader.exec_module(module)
    finally:
        sys.path.remove(str(path))
    return module


# ----------------------------------------------------------------------
# By hand
# ----------------------------------------------------------------------
def office_seconds(begin, end):
    """Seconds between two local times, Monday to Friday, 9-12 and 13-18."""
    total, day = 0, begin.replace(hour=0, minute=0, second=0)
    while day < end:
        if day.weekday() < 5:
            for opens, closes in OFFICE:
                first = max(begin, day + timedelta(seconds=opens))
                last = min(end, day + timedelta(seconds=closes))
                total += max((last - first).total_seconds(), 0)
        day += timedelta(days=1)
    return total


def by_hand(text):
    """The figures of a log, case by case, row by row."""
    cases, broken = {}, set()
    for row in csv.DictReader(io.StringIO(text)):
        case, code = row["CaseID"], row["ActivityID"]
        if not case:
            continue
        try:
            at = datetime.strptime(row["CompleteTimestamp"], "%Y-%m-%d %H:%M:%S")
        except ValueError:
            broken.add(case)
            continue
        if not code:
            broken.add(case)
        cases.setdefault(case, []).append((at, code))
    rounds, paused, again = [], 0, 0
    for case, events in cases.items():
        if case in broken:
            continue
        events.sort(key=lambda event: event[0])
        used, since, waiting, open_ = 0, events[0][0], None, True
        for at, code in events:
            if code == "9" and open_ and not waiting:
                used += office_seconds(since, at)
                waiting = at
            elif code in ("8", "6"):
                if waiting:
                    paused += (at - waiting).total_seconds()
                    since, waiting = at, None
                if code == "6" and open_:
                    rounds.append(used + office_seconds(since, at))
                    open_ = False
                elif code == "8" and not open_:
                    again += 1
                    used, since, open_ = 0, at, True
    rounds.sort()
    return {
        "tickets": len(cases.keys() - broken),
        "rounds": len(rounds),
        "on_time": sum(used <= LIMIT for used in rounds) / len(rounds),
        "mean_hours": sum(rounds) / len(rounds) / 3600,
        "p90_hours": rounds[math.ceil(0.9 * len(rounds)) - 1] / 3600,
        "reopenings": again,
        "paused_hours": paused / 3600,
    }


def make_log(seed, count):
    """A log like a help desk's: nights, week-ends, waiting, reopening, bad rows."""
    rng = random.Random(seed)
    rows = [["CaseID", "ActivityID", "CompleteTimestamp"]]
    for case in range(count):
        at = datetime(2011, 3, 1) + timedelta(seconds=rng.randrange(200 * 86400))
        codes = ["1", "8"]
        for _round in range(1 + (rng.random() < 0.2)):
            if codes[-1] == "6":
                codes.append("8")
            codes += ["9", "8"] * (rng.random() < 0.3) + ["9"] * (rng.random() < 0.1)
            codes += rng.choice([[], [], ["2"], ["9", "9"]])
            codes.append("6")
        codes += rng.choice([[], [], [], ["6"], ["9"]])
        for code in codes:
            rows.append([f"C{case}", code, str(at)])
            at += timedelta(seconds=rng.choice([0, 900, 7200, 50000, 200000]))
            at += timedelta(seconds=rng.randrange(3000))
    rows[7][2] = "not a time"
    rows[40][1] = ""
    rows.append(["", "1", "2011-05-05 10:00:00"])
    body = rows[1:]
    rng.shuffle(body)  # a log is in order of time, not of cases
    out = io.StringIO()
    csv.writer(out).writerows([rows[0], *body])
    return out.getvalue()


# ----------------------------------------------------------------------
# By the suite
# ----------------------------------------------------------------------
@tagged("post_install", "-at_install")
class TestReplay(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"

    def play(self, text):
        replay = script("replay")
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Replay",
                "service_desk": True,
                "default_type_id": self.env.ref("cs_helpdesk.type_fault").id,
            }
        )
        run = self.env["cs.ticket.import"].create(
            {
                "name": "log.csv",
                "file": base64.b64encode(text.encode()),
                "format_id": self.env.ref("cs_helpdesk.import_format_event").id,
                "source": "replay test",
                "team_id": team.id,
                "partner_id": self.env["res.partner"].create({"name": "Replay"}).id,
                "tz": "Asia/Shanghai",
            }
        )
        for state in ("checking", "importing"):
            while run.state == state:
                run._work_or_fail()
            if run.state == "checked":
                run.action_import()
        self.assertEqual(run.state, "done", run.message)
        return run, replay.figures(self.env, "replay test")

    def test_figures_equal_those_counted_by_hand(self):
        text = make_log(seed=5, count=120)
        run, found = self.play(text)
        expected = by_hand(text)
        self.assertEqual(expected["tickets"], 118)
        self.assertGreater(expected["reopenings"], 10)
        self.assertGreater(expected["paused_hours"], 100)
        for name in expected:
            with self.subTest(name):
                self.assertAlmostEqual(found[name], expected[name], places=6)
        reasons = {row.reason for row in run.row_ids if row.state == "rejected"}
        self.assertIn("The activity is missing.", reasons)
        self.assertIn("The number of the other system is missing.", reasons)
        self.assertTrue(any("not a time" in reason for reason in reasons))
        self.assertTrue(any("of this case is wrong" in reason for reason in reasons))

    def test_second_replay_changes_nothing(self):
        text = make_log(seed=6, count=20)
        _run, first = self.play(text)
        run, second = self.play(text)
        self.assertEqual(first, second)
        self.assertEqual(run.ticket_count, 0)
