"""Reads the rows of a register as one person, in batches: no more than he may read."""

from ast import literal_eval
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..lib.masking import mask_phone

UTC = timezone.utc
BATCH = 1000
METHOD = "method:"
KINDS = {
    "integer": "integer",
    "float": "number",
    "monetary": "money",
    "date": "date",
    "datetime": "datetime",
}
NO_VALUE = ("binary", "properties", "properties_definition", "json", "reference")


class Cell(NamedTuple):
    """A column, made ready: where its value is and how it becomes a cell."""

    heading: str
    kind: str
    names: tuple  # field names; empty for a method
    method: str
    field: object
    readable: bool


class RegisterReader:
    """Rows of one definition, seen by the user of ``env``.

    :param dict spec: model, domain, date_field, columns (heading, path, kind), and
        ``zone``, a name of a time zone
    """

    def __init__(self, env, spec):
        self.env, self.spec = env, spec
        self.Model = env.get(spec["model"])
        if self.Model is None:
            raise UserError(
                env._(
                    "The kind of record %(model)s of this register no longer exists: "
                    "choose another one in the register.",
                    model=spec["model"],
                )
            )
        self.zone = ZoneInfo(spec["zone"])
        self.cells = [self._compile(column) for column in spec["columns"]]
        self.words = {False: "", True: env._("Yes")}

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------
    def _compile(self, column):
        path, env = column["path"], self.env
        kind = column.get("kind") or "auto"
        if path.startswith(METHOD):
            method = path.removeprefix(METHOD)
            if not method.startswith("_get_") or not callable(
                getattr(self.Model, method, None)
            ):
                raise self._missing(column)
            kind = "text" if kind == "auto" else kind
            return Cell(column["heading"], kind, (), method, None, True)
        Model, readable, field, names = self.Model, True, None, path.split(".")
        for index, name in enumerate(names):
            field = Model._fields.get(name) if Model is not None else None
            if field is None or field.type in NO_VALUE:
                raise self._missing(column)
            readable = readable and Model.has_access("read")
            readable = readable and Model._has_field_access(field, "read")
            if not field.relational and index < len(names) - 1:
                raise self._missing(column)
            Model = env.get(field.comodel_name) if field.relational else None
        if field.relational:
            readable = readable and Model.has_access("read")
            names.append("display_name")
        if kind == "auto":
            kind = KINDS.get(field.type, "text")
        if field.type == "integer" and names[-1] == "id":
            kind = "text"
        return Cell(column["heading"], kind, tuple(names), "", field, readable)

    def _missing(self, column):
        return UserError(
            self.env._(
                "Column “%(heading)s”: %(model)s has no field “%(path)s” any more or "
                "it cannot stand in a table. Choose another field or remove the "
                "column; issued copies keep theirs.",
                heading=column["heading"],
                model=self.spec["model"],
                path=column["path"],
            )
        )

    def hidden(self):
        """Headings of the columns this person may not read: theirs stay empty."""
        return [cell.heading for cell in self.cells if not cell.readable]

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    def domain(self, begin=None, end=None, company=None, split=None):
        """The records of a period.

        :param datetime begin: first moment (UTC)
        :param datetime end: moment after the last (UTC)
        :param split: (field name, value) of one file
        """
        domain = Domain(literal_eval(self.spec["domain"] or "[]"))
        name = self.spec["date_field"]
        if name and begin and end:
            if self.Model._fields[name].type == "date":
                begin, end = self._local_date(begin), self._local_date(end)
            domain &= Domain(name, ">=", begin) & Domain(name, "<", end)
        if company and "company_id" in self.Model._fields:
            domain &= Domain("company_id", "in", [company.id, False])
        if split:
            domain &= Domain(split[0], "=", split[1])
        return domain

    def _local_date(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def search(self, domain, limit=None, offset=0):
        """The records as this person finds them, in the order of their date."""
        self.Model.check_access("read")
        order = f"{self.spec['date_field']}, id" if self.spec["date_field"] else "id"
        try:
            return self.Model.search(domain, order=order, limit=limit, offset=offset)
        except AccessError as error:
            raise UserError(
                self.env._(
                    "You may not read what this register selects by: please ask a "
                    "manager to issue it. (%(error)s)",
                    error=error,
                )
            ) from None

    def rows(self, records):
        """Yield (id, list of cells); memory holds one batch at a time."""
        ids = records._ids
        for start in range(0, len(ids), BATCH):
            batch = self.Model.browse(ids[start : start + BATCH])
            columns = [self._values(batch, cell) for cell in self.cells]
            yield from zip(
                batch._ids, map(list, zip(*columns, strict=True)), strict=True
            )
            # nothing waits to be written here, and what was read is not needed again
            self.env.invalidate_all()

    def _values(self, batch, cell):
        if not cell.readable:
            return [""] * len(batch)
        if cell.method:
            found = [getattr(record, cell.method)() for record in batch]
            return [self._plain(value, cell.kind) for value in found]
        groups = self._walk(batch, cell.names[:-1])
        name, convert = cell.names[-1], self._converter(cell)
        if groups is None:
            return [convert(record[name]) for record in batch]
        return [
            convert(group[name])
            if len(group) == 1
            else "、".join(str(convert(record[name])) for record in group)
            for group in groups
        ]

    def _walk(self, batch, names):
        """Records at the end of the path for each record, those he may read."""
        groups = None
        for name in names:
            before = batch if groups is None else groups
            groups = [group[name] for group in before]
            batch = batch.mapped(name)
            allowed = batch._filtered_access("read")
            if len(allowed) != len(batch):
                kept = set(allowed._ids)
                groups = [g.filtered(lambda r, k=kept: r.id in k) for g in groups]
                batch = allowed
        return groups

    # ------------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------------
    def _converter(self, cell):
        field, kind = cell.field, cell.kind
        if kind == "phone":
            return self._phone
        if field.relational:
            return lambda value: value or ""
        if field.type == "selection":
            words = dict(field._description_selection(self.env))
            return lambda value: words.get(value, value or "")
        if field.type == "html":
            return lambda value: html2plaintext(value).strip() if value else ""
        if field.type == "boolean":
            return lambda value: self.words[bool(value)]
        if field.type == "datetime":
            convert = self._date if kind == "date" else self._datetime
            return lambda value: convert(value) if value else ""
        if field.type in ("integer", "float", "monetary"):
            return lambda value: value
        return lambda value: value or ""

    def _plain(self, value, kind):
        if kind == "phone":
            return self._phone(value)
        if isinstance(value, datetime):
            return self._date(value) if kind == "date" else self._datetime(value)
        if value is True:
            return self.words[True]
        if value is None or value is False:
            return ""
        return value if isinstance(value, (int, float, date)) else str(value)

    def _datetime(self, value):
        moment = value.replace(tzinfo=UTC, microsecond=0).astimezone(self.zone)
        return moment.replace(tzinfo=None)

    def _date(self, value):
        return self._datetime(value).date()

    def _phone(self, value):
        """138****5678: whole numbers leave the system by an extraction only."""
        return mask_phone(str(value or ""))


def moment_of(zone, day, hour=0.0):
    """The moment (naive UTC) at which it is ``hour`` on that day in that zone."""
    local = datetime.combine(day, datetime.min.time(), ZoneInfo(zone))
    local = local + timedelta(minutes=round(hour * 60))
    return local.astimezone(UTC).replace(tzinfo=None)


def today_in(zone):
    """Today's date in that zone."""
    now = fields.Datetime.now().replace(tzinfo=UTC)
    return now.astimezone(ZoneInfo(zone)).date()
