from datetime import timedelta
from tempfile import TemporaryFile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..lib.masking import mask_phone, mask_phones_in_text, mask_word, phone_digits
from ..lib.register_sheet import Column, Workbook
from .cs_register_job import SHEET_KINDS
from .register_reader import RegisterReader

DAYS = 7  # G26: how long a granted file may be fetched
QUOTA_DAYS = 30
QUOTA_ROWS = 5000  # a person in thirty days; cs_helpdesk.extraction_quota_rows


class CsExtraction(models.Model):
    """A granted file of customers' data: fetched once, watermarked, destroyed (N24).

    It holds what was approved; what may be fetched is looked up when it is fetched,
    and never more than was approved.
    """

    _name = "cs.extraction"
    _description = "Data Extraction"
    _inherit = ["cs.audit.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    request_id = fields.Many2one(
        "cs.request", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    purpose = fields.Text(readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    receivers = fields.Char(readonly=True, help="Who else gets to know the data.")

    # What was approved
    data_model = fields.Char(string="Data", required=True, readonly=True)
    domain = fields.Char(readonly=True, default="[]")
    columns = fields.Json(string="Columns as Data", readonly=True)
    column_text = fields.Char(string="Columns", compute="_compute_column_text")
    masked = fields.Boolean(readonly=True, default=True)
    granted_rows = fields.Integer(
        string="Rows Granted", required=True, readonly=True, aggregator=None
    )
    granted_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    expires_at = fields.Datetime(string="Fetch Until", required=True, readonly=True)
    destroy_by = fields.Date(required=True, readonly=True)

    # What became of it
    state = fields.Selection(
        [
            ("ready", "To Be Fetched"),
            ("fetched", "Fetched"),
            ("destroyed", "Destroyed"),
            ("expired", "Expired"),
        ],
        required=True,
        default="ready",
        readonly=True,
        tracking=True,
    )
    download_count = fields.Integer(string="Fetched", readonly=True, aggregator=None)
    row_count = fields.Integer(string="Rows", readonly=True, aggregator=None)
    fetched_at = fields.Datetime(readonly=True)
    destroyed_at = fields.Datetime(readonly=True)
    overdue = fields.Boolean(compute="_compute_overdue")

    _fetched_once = models.Constraint(
        "CHECK (download_count BETWEEN 0 AND 1)", "A file is fetched once."
    )
    _order_idx = models.Index("(id DESC)")
    _request_uniq = models.UniqueIndex(
        "(request_id) WHERE request_id IS NOT NULL",
        "The file of this request has been granted already.",
    )
    _quota_idx = models.Index("(user_id, fetched_at) WHERE fetched_at IS NOT NULL")
    _expiry_idx = models.Index("(expires_at) WHERE state = 'ready'")

    @api.depends("columns")
    def _compute_column_text(self):
        for extraction in self:
            headings = [column["heading"] for column in extraction.columns or []]
            extraction.column_text = "、".join(headings)

    @api.depends("state", "destroy_by")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        for extraction in self:
            late = extraction.state == "fetched" and extraction.destroy_by < today
            extraction.overdue = late

    # ------------------------------------------------------------------
    # Granted
    # ------------------------------------------------------------------
    @api.model
    def _grant(self, vals):
        """Make the file fetchable; called when a request has been approved.

        :param vals: name, purpose, company_id, user_id, data_model, domain (text),
            columns (heading, path, sensitive), masked, granted_rows, destroy_by
        """
        now = fields.Datetime.now()
        return self.sudo().create(  # the approval is the permission
            {"granted_at": now, "expires_at": now + timedelta(days=DAYS), **vals}
        )

    @api.autovacuum
    def _gc_expired(self):
        """What was not fetched in time cannot be fetched any more."""
        late = self.search(
            [("state", "=", "ready"), ("expires_at", "<", fields.Datetime.now())]
        )
        late.state = "expired"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What was extracted stays known."))

    # ------------------------------------------------------------------
    # Fetched
    # ------------------------------------------------------------------
    def action_fetch(self):
        """The page with the one download."""
        self.ensure_one()
        self._check_fetch()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs/extraction/{self.id}",
            "target": "self",
        }

    def _check_fetch(self):
        """Say in one sentence why it cannot be fetched (any more)."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %(name)s fetches this file.", name=self.user_id.name)
            )
        if self.download_count:
            raise UserError(
                self.env._(
                    "This file was fetched at %(when)s and can be fetched once only: "
                    "please hand in a new request.",
                    when=format_datetime(self.env, self.fetched_at),
                )
            )
        if self.state != "ready" or self.expires_at < fields.Datetime.now():
            raise UserError(
                self.env._(
                    "This file could be fetched until %(when)s: please hand in a new "
                    "request.",
                    when=format_datetime(self.env, self.expires_at),
                )
            )

    def _fetch(self):
        """Count this download and return the bytes of the workbook.

        Two at once: the second one waits for the row, is refused, and gets nothing.

        :raise UserError: fetched already, too late, more rows than granted, quota
        """
        self.ensure_one()
        extraction = self.sudo()  # counted by this method only; checked right below
        extraction.lock_for_update()
        extraction.invalidate_recordset()
        self._check_fetch()
        records = self._get_records()
        self._check_quota(len(records))
        with TemporaryFile() as stream:
            count = extraction._write_file(stream, records)
            stream.seek(0)
            content = stream.read()
        extraction.write(
            {
                "state": "fetched",
                "download_count": 1,
                "row_count": count,
                "fetched_at": fields.Datetime.now(),
            }
        )
        extraction.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.destroy_by,
            user_id=self.user_id.id,
            summary=self.env._("Destroy the file and confirm it"),
        )
        extraction._log_fetch()
        return content

    def _get_spec(self):
        return {
            "model": self.data_model,
            "domain": self.domain,
            "date_field": "",
            "split_field": "",
            "zone": self.company_id.resource_calendar_id.tz or "Asia/Shanghai",
            "columns": [{**column, "kind": "auto"} for column in self.columns],
        }

    def _get_records(self):
        """The rows as the one who asked finds them; at most what was granted."""
        env = self.env(user=self.user_id, su=False)
        reader = RegisterReader(env, self._get_spec())
        records = reader.search(reader.domain(company=self.company_id))
        if len(records) > self.granted_rows:
            raise UserError(
                self.env._(
                    "There are %(found)s rows by now and %(granted)s were granted: "
                    "please hand in a new request.",
                    found=len(records),
                    granted=self.granted_rows,
                )
            )
        return records

    def _check_quota(self, count):
        parameters = self.env["ir.config_parameter"].sudo()  # a number for everybody
        key = "cs_helpdesk.extraction_quota_rows"
        quota = int(parameters.get_param(key) or QUOTA_ROWS)
        since = fields.Datetime.now() - timedelta(days=QUOTA_DAYS)
        [(used,)] = self._read_group(
            [("user_id", "=", self.user_id.id), ("fetched_at", ">=", since)],
            [],
            ["row_count:sum"],
        )
        if (used or 0) + count > quota:
            raise UserError(
                self.env._(
                    "You have fetched %(used)s rows in %(days)s days; with these "
                    "%(count)s it would be more than %(quota)s: please wait or ask a "
                    "manager.",
                    used=used or 0,
                    days=QUOTA_DAYS,
                    count=count,
                    quota=quota,
                )
            )

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------
    def _write_file(self, stream, records):
        """Write the approved columns, watermarked; masked where it was so approved.

        The columns were approved one by one: they are read whoever may see the field.
        """
        reader = RegisterReader(self.env, self._get_spec())
        columns = [
            Column(cell.heading, cell.kind if cell.kind in SHEET_KINDS else "text")
            for cell in reader.cells
        ]
        mark = self._get_watermark()
        book = Workbook(stream, self.name, columns, [mark])
        book.set_properties(
            {
                "title": self.name,
                "author": self.user_id.name,
                "company": self.company_id.name,
                "keywords": f"{self.user_id.login} {self.id}",
                "comments": mark,
            },
            footer=mark,
        )
        hide = [self._get_mask(column) for column in self.columns]
        book.write_rows(
            [
                change(value) if isinstance(value, str) else value
                for change, value in zip(hide, row, strict=True)
            ]
            for _id, row in reader.rows(records)
        )
        book.close()
        return book.count

    def _get_watermark(self):
        now = fields.Datetime.context_timestamp(
            self.with_context(tz="Asia/Shanghai"), fields.Datetime.now()
        )
        return self.env._(
            "Extraction %(id)s, fetched by %(name)s (%(login)s) at %(when)s; to be "
            "destroyed by %(date)s",
            id=self.id,
            name=self.user_id.name,
            login=self.user_id.login,
            when=f"{now:%Y-%m-%d %H:%M:%S}",
            date=self.destroy_by,
        )

    def _get_mask(self, column):
        if not self.masked:
            return str
        if not column.get("sensitive"):
            return mask_phones_in_text
        return _mask

    def _log_fetch(self):
        """003-61: who took which columns of how many rows away."""
        Log = self.env["cs.audit.log"]
        row = {
            "event": "export",
            "uid": self.user_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self.name,
            "company_id": self.company_id.id,
            "changes": {
                "fields": [column["heading"] for column in self.columns],
                "count": self.row_count,
            },
        }
        Log._append([row])

    # ------------------------------------------------------------------
    # Destroyed
    # ------------------------------------------------------------------
    def action_confirm_destroyed(self):
        """G26: the one who fetched it says that no copy is left."""
        for extraction in self:
            extraction.check_access("read")
            if extraction.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only %(name)s confirms this.", name=extraction.user_id.name
                    )
                )
            extraction = extraction.sudo()  # written by this method only; checked above
            extraction.lock_for_update()
            if extraction.state == "destroyed":
                continue
            if extraction.state != "fetched":
                raise UserError(self.env._("There is no file to destroy."))
            extraction.write(
                {"state": "destroyed", "destroyed_at": fields.Datetime.now()}
            )
            extraction.activity_feedback(["mail.mail_activity_data_todo"])


def _mask(value):
    """A telephone number as 138****5678, any other word as ab****yz."""
    return mask_phone(value) if len(phone_digits(value)) >= 7 else mask_word(value)
