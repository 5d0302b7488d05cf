"""Writes rows into a workbook, row by row: memory does not grow with them."""

from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

import xlsxwriter

TEXT_MAX = 32_767  # characters in a cell
ROWS_MAX = 1_000_000  # rows in a sheet, heading included
FORMATS = {
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "integer": "#,##0",
    "number": "#,##0.00",
    "money": "¥#,##0.00",
}
WIDTHS = {"date": 12, "datetime": 17, "integer": 10, "number": 12, "money": 14}


class Column(NamedTuple):
    heading: str
    kind: str = "text"  # text, integer, number, money, date, datetime
    width: float = 0  # characters; 0 = what the kind needs

    def chars(self):
        heading = sum(2 if ord(char) > 255 else 1 for char in self.heading) + 2
        return self.width or max(WIDTHS.get(self.kind, 20), heading)


class Workbook:
    """One workbook: title, remarks, a frozen heading, rows.

    What people typed is written as text and nothing else: a cell that begins with
    ``=``, ``+``, ``-`` or ``@`` is not a formula, an address is not a link.
    """

    def __init__(self, target, title, columns, notes=(), tmpdir=None):
        """
        :param target: file name or binary stream
        :param notes: lines between the title and the heading
        """
        options = {"constant_memory": True, "strings_to_formulas": False}
        options |= {"strings_to_urls": False, "strings_to_numbers": False}
        if tmpdir:
            options["tmpdir"] = tmpdir
        self.book = xlsxwriter.Workbook(target, options)
        self.title, self.columns, self.notes = title, columns, [n for n in notes if n]
        self.formats = {
            kind: self.book.add_format({"num_format": text, "valign": "top"})
            for kind, text in FORMATS.items()
        }
        self.formats["text"] = self.book.add_format({"valign": "top"})
        self.head = self.book.add_format(
            {"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True}
        )
        self.bold = self.book.add_format({"bold": True, "font_size": 14})
        self.footer, self.sheets, self.count = "", 0, 0

    def set_properties(self, properties, footer=""):
        """Properties of the document and a footer of every printed page."""
        self.book.set_properties(properties)
        self.footer = footer

    def write_rows(self, rows):
        """Write all rows, an iterable of lists in the order of the columns.

        :return: how many
        """
        rows = iter(rows)
        first = next(rows, None)
        self._fill(self._new_sheet(), first, rows)
        for first in rows:  # more than a sheet holds
            self._fill(self._new_sheet(), first, rows)
        return self.count

    def close(self):
        self.book.close()

    # ------------------------------------------------------------------
    # A sheet
    # ------------------------------------------------------------------
    def _new_sheet(self):
        self.sheets += 1
        sheet = self.book.add_worksheet()
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, min(column.chars(), 80))
        sheet.write_string(0, 0, self.title[:TEXT_MAX], self.bold)
        for line, note in enumerate(self.notes, start=1):
            sheet.write_string(line, 0, note[:TEXT_MAX])
        top = len(self.notes) + 1
        for index, column in enumerate(self.columns):
            sheet.write_string(top, index, column.heading, self.head)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.footer.replace('&', '&&')[:200]}&R&P / &N")
        return sheet

    def _fill(self, sheet, first, rows):
        if first is None:
            return
        top = len(self.notes) + 2
        writers = [
            (index, self._writer(sheet, column.kind), self.formats[column.kind])
            for index, column in enumerate(self.columns)
        ]
        more = islice(rows, ROWS_MAX - top - 1)
        for line, row in enumerate(_chain(first, more), start=top):
            for index, write, style in writers:
                value = row[index]
                if value is not None and value is not False and value != "":
                    write(line, index, value, style)
            self.count += 1

    def _writer(self, sheet, kind):
        text = sheet.write_string
        if kind == "text":
            return lambda line, index, value, style: text(
                line, index, str(value)[:TEXT_MAX], style
            )
        if kind in ("date", "datetime"):
            return _typed(sheet.write_datetime, text, (date, datetime))
        return _typed(sheet.write_number, text, (int, float))


def _typed(write, text, types):
    """Write what is of these types by ``write``, everything else as text."""

    def cell(line, index, value, style):
        if isinstance(value, types):
            write(line, index, value, style)
        else:
            text(line, index, str(value)[:TEXT_MAX], style)

    return cell


def _chain(first, rows):
    yield first
    yield from rows
