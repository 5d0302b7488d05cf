"""CSV and XLSX as they come: encodings, formulas, sizes; without Odoo."""

import io
import sys
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
from table_reader import UnreadableTable, detect_encoding, read_rows  # noqa: E402

TEXT = '编号,标题\n1,"柜门, 划痕\n第二行"\n\n2,=1+1\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_reads_the_same(encoding):
    assert list(read_rows(io.BytesIO(TEXT.encode(encoding)))) == [
        (1, ["编号", "标题"]),
        (2, ["1", "柜门, 划痕\n第二行"]),
        (4, ["2", "=1+1"]),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter):
    text = f"a{delimiter}b\n1{delimiter}2\n"
    assert list(read_rows(io.BytesIO(text.encode()))) == [
        (1, ["a", "b"]),
        (2, ["1", "2"]),
    ]


def test_gb18030_is_found_when_the_first_chinese_comes_late():
    content = ("x" * (1 << 20) + "\n柜门\n").encode("gb18030")
    assert detect_encoding(io.BytesIO(content)) == "gb18030"


def test_xlsx_gives_text_of_numbers_dates_and_formula_like_strings():
    book = openpyxl.Workbook()
    book.active.append(["编号", "时间", "标题"])
    book.active.append([13812345678.0, datetime(2026, 3, 2, 9, 30), "x"])
    book.active["C2"].value = "=A1"
    book.active["C2"].data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    rows = list(read_rows(buffer))
    assert rows[1] == (2, ["13812345678", "2026-03-02 09:30:00", "=A1"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\xff\xff\x00garbage\xff", "encoding"),
        (b"PK\x03\x04 cut off", "workbook"),
        (b'a,b\n"' + b"x" * (1 << 21), "field"),
    ],
)
def test_unreadable(content, code):
    with pytest.raises(UnreadableTable) as caught:
        list(read_rows(io.BytesIO(content)))
    assert caught.value.code == code


def test_a_workbook_that_unpacks_to_more_than_a_gigabyte_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _chunk in range(1100):
                part.write(bytes(1 << 20))
    with pytest.raises(UnreadableTable, match="too_big"):
        next(read_rows(buffer))


def test_memory_does_not_grow_with_the_file():
    def peak(count):
        lines = ("编号,标题", *(f"{i},柜门有划痕,13800138000" for i in range(count)))
        stream = io.BytesIO("\n".join(lines).encode())
        tracemalloc.start()
        assert sum(1 for _row in read_rows(stream)) == count + 1
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    few = peak(20_000)
    assert peak(80_000) < 1.2 * few
