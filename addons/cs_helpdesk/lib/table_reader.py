"""Rows of a CSV or XLSX file, one at a time: memory does not grow with the file.

Knows nothing about Odoo. What a spreadsheet program writes is what must be read:
UTF-8 with or without mark, GB18030 (Excel in Chinese), UTF-16 ("Unicode text");
comma, semicolon or tab; text that looks like a formula stays text.
"""

import csv
import io
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from datetime import datetime, timedelta

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

CHUNK = 1 << 16
# A workbook is a zip: one that unpacks to more is refused before it is opened.
MAX_UNPACKED = 1 << 30
CSV_FIELD_LIMIT = 1 << 20


class UnreadableTable(ValueError):
    """The file cannot be read; ``code`` says why.

    Codes: ``encoding``, ``workbook``, ``too_big``, ``field``, ``empty``.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def read_rows(stream):
    """Yield (line, values) of the file, header first; empty rows are left out.

    ``line`` is the row number a spreadsheet program shows. Values are stripped
    text; an XLSX date is ``YYYY-MM-DD HH:MM:SS``.

    :param stream: binary and seekable
    :raise UnreadableTable: see there
    """
    rows = _xlsx_rows(stream) if _starts_with(stream, b"PK\x03\x04") else _csv(stream)
    empty = True
    for line, values in rows:
        values = [_text(value) for value in values]
        if any(values):
            empty = False
            yield line, values
    if empty:
        raise UnreadableTable("empty")


def detect_encoding(stream):
    """``utf-16``, ``utf-8-sig`` or ``gb18030``, by trying the whole stream.

    :raise UnreadableTable: none of them
    """
    if _starts_with(stream, BOM_UTF16_LE) or _starts_with(stream, BOM_UTF16_BE):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = getincrementaldecoder(encoding)()
        stream.seek(0)
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableTable("encoding")


def _starts_with(stream, mark):
    stream.seek(0)
    return stream.read(len(mark)) == mark


def _csv(stream):
    encoding = detect_encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        header = text.readline()
        delimiter = max(",;\t", key=header.count)
        text.seek(0)
        csv.field_size_limit(CSV_FIELD_LIMIT)
        reader = csv.reader(text, delimiter=delimiter)
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise UnreadableTable("field") from error
    except UnicodeDecodeError as error:  # a truncated UTF-16 file
        raise UnreadableTable("encoding") from error
    finally:
        text.detach()  # the stream belongs to the caller


def _xlsx_rows(stream):
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableTable("too_big")
        # the value a formula shows, and never the formula
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise UnreadableTable("workbook") from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from enumerate(sheet.iter_rows(values_only=True), start=1)
    except (zipfile.BadZipFile, SyntaxError, IndexError) as error:
        raise UnreadableTable("workbook") from error
    finally:
        book.close()


def _text(value):
    if value is None:
        return ""
    if isinstance(value, datetime):  # Excel's days are floats: round to the second
        return str((value + timedelta(microseconds=500000)).replace(microsecond=0))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel keeps 13812345678 as a float
    return str(value).replace("\0", "").strip()  # PostgreSQL has no NUL
