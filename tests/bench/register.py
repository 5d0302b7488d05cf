"""A register of 100,000 tickets against a bare xlsxwriter loop over the same cells.

Both sides fetch the same fields of the same records by the same batches; the bare loop
writes them with ``worksheet.write`` in constant memory. Ours reads as a person (rules,
field access), hashes and keeps each row, and writes text as text. Memory is the peak
above what the process held before, at 10,000 and at 100,000 rows.
"""

import resource
import tempfile
import threading
import time
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import xlsxwriter

from odoo.fields import Command

from .filling import fill
from .report import figure, ratio, say, timed

SMALL, LARGE = 10_000, 100_000
ROUNDS = 4
GOAL = 1.5
FLAT = 2.0  # ten times the rows, at most twice the memory
BATCH = 1000
COLUMNS = ("number", "received_date", "name", "urgency", "closed", "customer_phone")
ZONE = ZoneInfo("Asia/Shanghai")


def register(env, manager):
    return env["cs.register"].create(
        {
            "name": "Tickets",
            "code": "bench",
            "model_id": env["ir.model"]._get_id("helpdesk.ticket"),
            "date_field": "received_date",
            "period": "custom",
            "responsible_id": manager.id,
            "column_ids": [
                Command.create({"heading": name, "path": name}) for name in COLUMNS
            ],
        }
    )


def bare(env, ids, target):
    """What a script of an evening would do."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    line = 0
    Ticket = env["helpdesk.ticket"]
    for start in range(0, len(ids), BATCH):
        for ticket in Ticket.browse(ids[start : start + BATCH]):
            for index, name in enumerate(COLUMNS):
                value = ticket[name]
                if name == "received_date":
                    value = value.replace(tzinfo=timezone.utc).astimezone(ZONE)
                    sheet.write(line, index, value.replace(tzinfo=None), style)
                else:
                    sheet.write(line, index, value or "")
            line += 1
        env.invalidate_all()
    book.close()


def ours(issue):
    issue._write_file()


class Peak:
    """Highest resident memory while the block runs, in MB above its beginning."""

    def __enter__(self):
        self.begin = self.now()
        self.most, self.on = self.begin, True
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.on = False
        self.thread.join()
        self.value = round((self.most - self.begin) / 1e6, 1)

    def watch(self):
        while self.on:
            self.most = max(self.most, self.now())
            time.sleep(0.02)

    def now(self):
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()


def issue_of(env, definition, manager, limit):
    """A copy of the first ``limit`` tickets, ready to be written."""
    ids = (
        env["helpdesk.ticket"]
        .with_user(manager)
        .search([], order="id", limit=limit)
        .ids
    )
    definition.domain = f"[('id', '<=', {max(ids)}), ('id', '>=', {min(ids)})]"
    env.cr.execute("SELECT min(received_date), max(received_date) FROM helpdesk_ticket")
    first, last = (moment.date() for moment in env.cr.fetchone())
    window = definition._get_window(first, last + timedelta(days=1))
    company = manager.company_id
    return ids, env["cs.register.issue"]._prepare_issue(
        definition, company, window, user=manager
    )


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    seconds, base, peaks, rows = [], [], {}, {}
    name = databases.suite("register")
    say(f"filling {LARGE:,} tickets")
    with databases.env(name) as env:
        fill(env, LARGE, LARGE)
    for size in (SMALL, LARGE):
        with databases.env(name) as env:
            manager = env.ref("base.user_admin")
            definition = register(env, manager)
            _ids, issue = issue_of(env, definition, manager, size)
            if size == SMALL:
                ours(issue)  # caches are warm
            with Peak() as peak:
                ours(issue)
            peaks[size], rows[size] = peak.value, issue.row_count
    for number in range(ROUNDS):
        with databases.env(name) as env, tempfile.TemporaryFile() as target:
            manager = env.ref("base.user_admin")
            definition = register(env, manager)
            ids, issue = issue_of(env, definition, manager, LARGE)
            env.invalidate_all()
            with timed([] if not number else base):
                bare(env(user=manager.id), ids, target)
            env.invalidate_all()
            with timed([] if not number else seconds):
                ours(issue)
    row = ratio("register: 100,000 rows against a bare loop", seconds, base, GOAL)
    row["met"] = row["met"] and rows[LARGE] == LARGE
    flat = peaks[LARGE] <= max(peaks[SMALL] * FLAT, 60)
    return [
        row,
        figure("register: memory at 10,000 rows", peaks[SMALL], "MB"),
        figure("register: memory at 100,000 rows", peaks[LARGE], "MB", "flat", flat),
    ]
