"""Rows of a register as they are kept: canonical lines, their hash, what differs."""

import gzip
import hashlib
import json
from datetime import date, datetime


def plain(value):
    """Return a value of a cell as JSON knows it: dates as text, nothing as ''."""
    if value is None or value is False:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def canonical(row_id, values):
    """Return the line of one row, as bytes; equal rows give equal lines."""
    line = [row_id, *map(plain, values)]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class RowLog:
    """Writes rows to a compressed stream and hashes them; holds no row itself."""

    def __init__(self, stream):
        self._file = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=4, mtime=0)
        self._hash = hashlib.sha256()
        self.count = 0

    def add(self, row_id, values):
        line = canonical(row_id, values)
        self._hash.update(line)
        self._file.write(line)
        self.count += 1

    @staticmethod
    def digest_of(digests):
        """The hash of a whole from those of its parts."""
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def close(self):
        """End the stream.

        :return: SHA-256 of all lines, hexadecimal
        """
        self._file.close()
        return self._hash.hexdigest()


def kept(stream):
    """Yield (row id, values) of what a ``RowLog`` has written."""
    with gzip.GzipFile(fileobj=stream, mode="rb") as file:
        for line in file:
            row_id, *values = json.loads(line)
            yield row_id, values


def differences(before, after):
    """Yield (row id, column index or None, old, new) of what is not the same.

    The index is None for a row that only one side has; its other side is None. The
    order of the rows tells nothing.
    """
    old_rows = {row_id: values for row_id, values in before}
    for row_id, values in after:
        values = [plain(value) for value in values]
        old = old_rows.pop(row_id, None)
        if old is None:
            yield row_id, None, None, values
            continue
        for index, pair in enumerate(zip(old, values, strict=True)):
            if pair[0] != pair[1]:
                yield row_id, index, *pair
    for row_id, values in old_rows.items():
        yield row_id, None, values, None
