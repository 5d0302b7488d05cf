import ast
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cs_extraction_column import DATA_MODELS

MAX_KEPT_DAYS = 30  # G26
SMALL_ROWS = 100
LARGE_ROWS = 1000


class CsRequestExtraction(models.AbstractModel):
    """Customers' data in a file: purpose, fields, period, receivers, destruction.

    How many rows there are is counted when it is handed in and decides who approves.
    """

    _name = "cs.request.extraction"
    _description = "Request: Data Extraction"
    _inherit = ["cs.request.theme"]

    data_model = fields.Selection(DATA_MODELS, string="Data")
    filter_domain = fields.Char(string="Filter", default="[]")
    column_ids = fields.Many2many(
        "cs.extraction.column",
        "cs_request_column_rel",
        string="Columns",
        domain="[('data_model', '=', data_model)]",
    )
    period_from = fields.Date(string="Data From")
    period_to = fields.Date(string="Data To")
    file_reader_ids = fields.Many2many(
        "res.users", "cs_request_file_reader_rel", string="Readers of the File"
    )
    informed = fields.Char(
        string="Others Informed", help="People outside who get to know the data."
    )
    masked = fields.Boolean(
        default=True, help="Telephone numbers as 138****5678; the usual case."
    )
    destroy_by = fields.Date(
        string="Destroyed By", help="At most 30 days after it was handed in."
    )
    row_count = fields.Integer(
        string="Rows", readonly=True, copy=False, aggregator=None
    )

    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {
            "data_model",
            "filter_domain",
            "column_ids",
            "period_from",
            "period_to",
            "file_reader_ids",
            "informed",
            "masked",
            "destroy_by",
        }

    def _get_decision_fields(self):
        return super()._get_decision_fields() | {"row_count"}

    # ------------------------------------------------------------------
    # The rows
    # ------------------------------------------------------------------
    def _get_extraction_domain(self):
        """The filter and the period as a domain.

        :raise UserError: it is no domain, or names a field that does not exist
        """
        self.ensure_one()
        Model = self.env[self.data_model]
        try:
            domain = Domain(ast.literal_eval(self.filter_domain or "[]"))
            domain.validate(Model)
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._("The filter cannot be used: %(error)s", error=error)
            ) from error
        if self.period_from:
            domain &= Domain("create_date", ">=", self.period_from)
        if self.period_to:
            domain &= Domain("create_date", "<", self.period_to + timedelta(days=1))
        return domain

    def _get_extraction_records(self):
        """The rows: never more than the one who asked may read himself."""
        self.ensure_one()
        Model = self.env[self.data_model].with_user(self.user_id)
        return Model.search(self._get_extraction_domain(), order="id")

    def _count_extraction(self):
        Model = self.env[self.data_model].with_user(self.user_id)
        return Model.search_count(self._get_extraction_domain())

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def _check_request_extraction(self):
        if not self.data_model:
            raise UserError(self.env._("Say which data you need."))
        if not self.column_ids:
            raise UserError(self.env._("Say which columns you need."))
        self._check_columns()
        if not (self.file_reader_ids or self.informed):
            raise UserError(self.env._("Say who gets to know the data."))
        today = fields.Date.context_today(self)
        if not self.destroy_by or not (
            today <= self.destroy_by <= today + timedelta(days=MAX_KEPT_DAYS)
        ):
            raise UserError(
                self.env._(
                    "Say until when the file is destroyed: within %(days)s days.",
                    days=MAX_KEPT_DAYS,
                )
            )
        if not self._count_extraction():
            raise UserError(self.env._("Nothing fits this filter: change it first."))

    def _check_columns(self):
        """Nobody asks for data that he may not read himself."""
        if not self.env[self.data_model].with_user(self.user_id).has_access("read"):
            raise UserError(self.env._("You may not read these data yourself."))
        if any(column.data_model != self.data_model for column in self.column_ids):
            raise UserError(self.env._("A column belongs to other data: choose anew."))

    def _prepare_submit(self):
        vals = super()._prepare_submit()
        if self.kind == "extraction":
            vals["row_count"] = self._count_extraction()
        return vals

    # ------------------------------------------------------------------
    # Who approves (G26)
    # ------------------------------------------------------------------
    def _is_small(self):
        return self.masked and self.row_count <= SMALL_ROWS

    def _skip_not_small(self, stage):
        return not self._is_small()

    def _skip_small(self, stage):
        return self._is_small()

    def _skip_not_large(self, stage):
        return self.masked or self.row_count <= LARGE_ROWS

    def _grant_request_extraction(self):
        """Approved: the file may be made from exactly this request."""
