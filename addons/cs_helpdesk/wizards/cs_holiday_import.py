import base64
import csv
import io
from collections import namedtuple
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools.misc import file_open

SHIPPED = "cs_helpdesk/data/holidays/public_holidays_cn.csv"
MAX_ROWS = 5000
YEARS = range(2000, 2100)
HEADINGS = {
    "date": "date",
    "日期": "date",
    "kind": "kind",
    "类型": "kind",
    "name": "name",
    "名称": "name",
    "weekday": "weekday",
    "按周几上班": "weekday",
}
KINDS = {
    "holiday": "holiday",
    "放假": "holiday",
    "休": "holiday",
    "makeup": "makeup",
    "上班": "makeup",
    "补班": "makeup",
    "班": "makeup",
}
WEEKDAYS = {
    **{str(number + 1): str(number) for number in range(7)},
    **{f"周{name}": str(number) for number, name in enumerate("一二三四五六日")},
    **{f"星期{name}": str(number) for number, name in enumerate("一二三四五六日")},
}
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")

Known = namedtuple("Known", "days_off makeups")


class CsHolidayImport(models.TransientModel):
    """Public holidays and make-up days from a file into a schedule (N27, P35).

    What the lines show is what pressing the button does: new days are added, known
    ones left alone, others rejected with the reason. Nothing is ever removed, so
    the same file may be taken again at any time.
    """

    _name = "cs.holiday.import"
    _description = "Import of Public Holidays"

    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Schedule",
        required=True,
        default=lambda self: self.env.company.service_calendar_id,
    )
    source = fields.Selection(
        [("shipped", "Calendar of China as shipped"), ("file", "File of my own")],
        required=True,
        default="shipped",
    )
    year = fields.Integer(help="Only this year; 0 takes all years of the file.")
    data_file = fields.Binary(
        "File",
        help="CSV or XLSX with the columns date, kind (holiday or makeup), name and, "
        "if wanted, weekday (1 Monday to 7 Sunday: whose hours are worked).",
    )
    filename = fields.Char()
    line_ids = fields.One2many(
        "cs.holiday.import.line",
        "import_id",
        "Days",
        compute="_compute_line_ids",
        store=True,
    )
    message = fields.Char(compute="_compute_line_ids", store=True)
    new_count = fields.Integer("New", compute="_compute_line_ids", store=True)

    @api.depends("calendar_id", "source", "year", "data_file")
    def _compute_line_ids(self):
        for wizard in self:
            lines, message = [], False
            try:
                lines = wizard._evaluate()
            except UserError as error:
                message = str(error)
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(line) for line in lines),
            ]
            wizard.new_count = sum(line["state"] == "new" for line in lines)
            wizard.message = message or self.env._(
                "%(new)s new, %(present)s already there, %(rejected)s rejected.",
                new=wizard.new_count,
                present=sum(line["state"] == "present" for line in lines),
                rejected=sum(line["state"] == "rejected" for line in lines),
            )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read_rows(self):
        """The rows of the file as lists of cells, heading first."""
        if self.source == "shipped":
            with file_open(SHIPPED) as shipped:
                return list(csv.reader(shipped))
        # a reading client asks for the sizes of files in place of their content
        data_file = self.with_context(bin_size=False).data_file
        content = base64.b64decode(data_file or b"")
        if not content:
            raise UserError(self.env._("Choose a file."))
        if content.startswith(b"PK"):
            return self._read_xlsx(content)
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return list(csv.reader(io.StringIO(content.decode(encoding))))
            except UnicodeDecodeError:
                continue
        raise UserError(self._sentence_unreadable())

    def _read_xlsx(self, content):
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.active.iter_rows(max_row=MAX_ROWS + 2, values_only=True)
            return [list(row) for row in sheet]
        except Exception as error:  # openpyxl raises whatever the archive makes fail
            raise UserError(self._sentence_unreadable()) from error

    def _sentence_unreadable(self):
        return self.env._("The file cannot be read: save it as CSV (UTF-8) or XLSX.")

    def _read_records(self):
        """The rows as (row number, {column: text}), the empty ones left out."""
        rows = self._read_rows()
        heading = [HEADINGS.get(self._text(cell).lower()) for cell in (rows or [[]])[0]]
        missing = [column for column in ("date", "kind") if column not in heading]
        if missing:
            raise UserError(
                self.env._(
                    "The first row must name the columns; missing: %(columns)s.",
                    columns=", ".join(missing),
                )
            )
        if len(rows) > MAX_ROWS + 1:
            raise UserError(
                self.env._("More than %(count)s rows: split the file.", count=MAX_ROWS)
            )
        for number, cells in enumerate(rows[1:], 2):
            texts = [self._text(cell) for cell in cells]
            if any(texts):
                yield number, dict(zip(heading, texts, strict=False))

    @api.model
    def _text(self, cell):
        if isinstance(cell, datetime | date):
            return cell.strftime("%Y-%m-%d")
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return "" if cell is None else str(cell).strip()

    @api.model
    def _parse_date(self, text):
        for pattern in DATE_FORMATS:
            try:
                day = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            return day if day.year in YEARS else None
        return None

    # ------------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------------

    def _evaluate(self):
        """Values of the lines: every row with its state and, if rejected, reason."""
        if not self.calendar_id:
            raise UserError(self.env._("Choose a schedule."))
        parsed = []
        for number, row in self._read_records():
            day = self._parse_date(row.get("date", ""))
            if not day or not self.year or day.year == self.year:
                parsed.append((number, day, row))
        known = self._known([day for _number, day, _row in parsed if day])
        seen, lines = {}, []
        for number, day, row in parsed:
            line = {
                "row": number,
                "date": day,
                "kind": KINDS.get(row.get("kind", "").lower()),
                "name": row.get("name") or "",
                "dayofweek": False,
            }
            reason = self._complete(line, row) or self._judge(line, known, seen)
            line["state"] = "rejected" if reason else self._state(line, known)
            line["reason"] = reason
            lines.append(line)
            if day and not reason:
                seen[day] = number
        return lines

    def _known(self, days):
        """What the schedule already says about the span of these days."""
        if not days:
            return Known(set(), {})
        first, last = min(days), max(days)
        return Known(
            self.calendar_id._days_off(first, last),
            {makeup.date: makeup.dayofweek for makeup in self.calendar_id.makeup_ids},
        )

    def _complete(self, line, row):
        """Fill in the weekday; the reason why the row makes no sense, or False."""
        if not line["date"]:
            return self.env._("“%(text)s” is not a date.", text=row.get("date", ""))
        if not line["kind"]:
            return self.env._(
                "“%(text)s” is neither holiday nor makeup.", text=row.get("kind", "")
            )
        if line["kind"] == "makeup":
            text = row.get("weekday", "")
            makeup = self.env["resource.calendar.makeup"]
            line["dayofweek"] = (
                WEEKDAYS.get(text) if text else makeup._default_dayofweek(line["date"])
            )
            if not line["dayofweek"]:
                return self.env._("“%(text)s” is not a weekday (1 to 7).", text=text)
        return False

    def _judge(self, line, known, seen):
        """The reason why the day cannot be taken over, or False."""
        day = line["date"]
        if day in seen:
            return self.env._("The date is already in row %(row)s.", row=seen[day])
        if line["kind"] == "holiday":
            if day in known.makeups:
                return self.env._("The date is a make-up working day in the schedule.")
            return False
        if day in known.days_off:
            return self.env._("The date is a day off in the schedule.")
        if known.makeups.get(day, line["dayofweek"]) != line["dayofweek"]:
            return self.env._("The date is worked like another weekday already.")
        if not self.calendar_id._makeup_attendances(day, line["dayofweek"]):
            return self.env._("The schedule has no working hours on that weekday.")
        return False

    def _state(self, line, known):
        known_days = known.days_off if line["kind"] == "holiday" else known.makeups
        return "present" if line["date"] in known_days else "new"

    # ------------------------------------------------------------------
    # Importing
    # ------------------------------------------------------------------

    def action_import(self):
        """Add the new days, judged again at this moment; then show what there is."""
        self.ensure_one()
        self.calendar_id.check_access("write")
        try:
            self.calendar_id.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is changing this schedule: try again.")
            ) from error
        lines = [line for line in self._evaluate() if line["state"] == "new"]
        self.env["resource.calendar.leaves"].create(
            [
                self._prepare_leave_vals(run)
                for run in self._runs(li for li in lines if li["kind"] == "holiday")
            ]
        )
        self.env["resource.calendar.makeup"].create(
            [
                {
                    "calendar_id": self.calendar_id.id,
                    "date": line["date"],
                    "dayofweek": line["dayofweek"],
                    "name": line["name"],
                }
                for line in lines
                if line["kind"] == "makeup"
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s days added.", count=len(lines)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _runs(self, lines):
        """Consecutive days as one list each."""
        runs = []
        for line in sorted(lines, key=lambda line: line["date"]):
            if runs and line["date"] - runs[-1][-1]["date"] == timedelta(days=1):
                runs[-1].append(line)
            else:
                runs.append([line])
        return runs

    def _prepare_leave_vals(self, run):
        zone = timezone(self.calendar_id.tz)
        bounds = [
            zone.localize(datetime.combine(day, at)).astimezone(utc)
            for day, at in (
                (run[0]["date"], time.min),
                (run[-1]["date"], time(23, 59, 59)),
            )
        ]
        return {
            "name": "、".join(dict.fromkeys(line["name"] for line in run)),
            "calendar_id": self.calendar_id.id,
            "date_from": bounds[0].replace(tzinfo=None),
            "date_to": bounds[1].replace(tzinfo=None),
        }

    @api.model
    def _load_shipped(self):
        """Fill the service schedule with what is published, at installation."""
        calendar = self.env.ref("cs_helpdesk.calendar_service")
        self.create({"calendar_id": calendar.id, "year": 0}).action_import()


class CsHolidayImportLine(models.TransientModel):
    _name = "cs.holiday.import.line"
    _description = "Day of a Public Holiday Import"
    _order = "row, id"

    import_id = fields.Many2one(
        "cs.holiday.import", required=True, index=True, ondelete="cascade"
    )
    row = fields.Integer()
    date = fields.Date()
    kind = fields.Selection([("holiday", "Day Off"), ("makeup", "Make-up Working Day")])
    dayofweek = fields.Selection(
        selection=lambda self: self._selection_dayofweek(), string="Worked Like"
    )
    name = fields.Char("Reason")
    state = fields.Selection(
        [("new", "New"), ("present", "Already There"), ("rejected", "Rejected")]
    )
    reason = fields.Char("Rejected Because")

    @api.model
    def _selection_dayofweek(self):
        return self.env["resource.calendar.makeup"]._selection_dayofweek()
