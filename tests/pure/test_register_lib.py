"""Workbooks that hold no formulas, hashes that notice, periods without gaps."""

import io
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
import register_sheet  # noqa: E402
from register_period import bounds, due_days, lock_date, previous  # noqa: E402
from register_rows import RowLog, differences, kept  # noqa: E402
from register_sheet import Column, Workbook  # noqa: E402

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=40,
)
ROWS = st.lists(st.tuples(TEXT, st.integers(-(10**9), 10**9)), max_size=20)


def book(rows, columns, **options):
    stream = io.BytesIO()
    workbook = Workbook(stream, "Title", columns, **options)
    count = workbook.write_rows(rows)
    workbook.close()
    stream.seek(0)
    return load_workbook(stream).active, count


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "http://", "{="])
def test_what_people_typed_is_text(start):
    """000-98: a cell is never a formula or a link, whatever it begins with."""
    text = f'{start}HYPERLINK("http://evil")'
    sheet, _count = book([[text]], [Column("Text")])
    cell = sheet["A3"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value.strip() == text.strip()


def test_heading_widths_formats():
    """000-98: frozen heading, widths, formats, Chinese."""
    columns = [
        Column("受理日期", "date"),
        Column("金额", "money"),
        Column("内容", "text", 40),
    ]
    sheet, count = book([[date(2026, 3, 7), 1234.5, "门板"]], columns, notes=["No. 1"])
    assert sheet.freeze_panes == "A4"
    assert sheet["A3"].value == "受理日期"
    assert sheet["A4"].value == datetime(2026, 3, 7)
    assert sheet["B4"].number_format == "¥#,##0.00"
    assert sheet.column_dimensions["C"].width == pytest.approx(40, abs=1)
    assert count == 1


def test_more_rows_than_a_sheet(monkeypatch):
    """000-98: what one sheet does not hold goes on in the next."""
    monkeypatch.setattr(register_sheet, "ROWS_MAX", 10)
    stream = io.BytesIO()
    workbook = Workbook(stream, "T", [Column("N", "integer")])
    assert workbook.write_rows([n] for n in range(20)) == 20
    workbook.close()
    stream.seek(0)
    found = []
    for sheet in load_workbook(stream).worksheets:
        found += [row[0] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert found == list(range(20))


@given(ROWS)
def test_rows_are_kept_as_they_were(rows):
    """N36: what is read back is what was issued; equal rows, equal hash."""
    streams, digests = (io.BytesIO(), io.BytesIO()), []
    for stream in streams:
        log = RowLog(stream)
        for number, row in enumerate(rows):
            log.add(number, row)
        digests.append(log.close())
        stream.seek(0)
    assert digests[0] == digests[1]
    assert streams[0].getvalue() == streams[1].getvalue()
    back = [(number, tuple(values)) for number, values in kept(streams[0])]
    assert back == list(enumerate(rows))


@given(ROWS, ROWS)
def test_differences(before, after):
    """N36: each changed cell, each new and each lost row, nothing else."""
    old, new = list(enumerate(before)), list(enumerate(after))
    found = list(differences([(i, list(r)) for i, r in old], new))
    changed = {(i, c) for i, c, *_ in found if c is not None}
    expected = {
        (i, c)
        for i, (a, b) in enumerate(zip(before, after, strict=False))
        for c in (0, 1)
        if a[c] != b[c]
    }
    assert changed == expected
    assert len([f for f in found if f[1] is None]) == abs(len(before) - len(after))


@given(st.sampled_from(["day", "week", "month"]), DAYS)
def test_periods_follow_each_other(period, day):
    """004-98: no day between two periods, none in both."""
    begin, end = bounds(period, day)
    assert begin <= day < end
    assert previous(period, day)[1] == begin
    assert bounds(period, end)[0] == end
    if period == "week":
        assert begin.weekday() == 0


@given(DAYS, st.integers(1, 28))
def test_lock_date(day, lock_day):
    """G22: a day of the next month."""
    found = lock_date(day, lock_day)
    assert found.day == lock_day
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == 1


@given(DAYS, st.integers(0, 6), st.integers(1, 31))
def test_due_days(day, weekday, month_day):
    """004-98: once a week, once a month, also on the 31st of a short month."""
    year = day + timedelta(days=364)
    weeks = list(due_days("week", day, year, weekday=weekday))
    assert len(weeks) in (52, 53)
    assert {d.weekday() for d in weeks} == {weekday}
    months = list(due_days("month", day, year, month_day=month_day))
    assert len({(d.year, d.month) for d in months}) == len(months)
