from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .register_reader import METHOD, RegisterReader


class CsRegisterColumn(models.Model):
    """One column of a register: its heading on the paper form, where its value is."""

    _name = "cs.register.column"
    _description = "Register Column"
    _inherit = ["cs.audit.mixin"]
    _order = "register_id, sequence, id"
    _rec_name = "heading"
    _audit_name = "heading"

    register_id = fields.Many2one(
        "cs.register", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    heading = fields.Char(required=True, translate=True)
    path = fields.Char(
        string="Field",
        required=True,
        help="A field of the record, or of a record it points to: partner_id.name",
    )
    kind = fields.Selection(
        [
            ("auto", "As the Field"),
            ("text", "Text"),
            ("integer", "Whole Number"),
            ("number", "Number"),
            ("money", "Amount"),
            ("date", "Date"),
            ("datetime", "Date and Time"),
            ("phone", "Telephone, Masked"),
        ],
        string="Format",
        required=True,
        default="auto",
    )
    width = fields.Float(help="Characters; 0 = as the format needs.", aggregator=None)

    _order_idx = models.Index("(register_id, sequence, id)")

    @api.model_create_multi
    def create(self, vals_list):
        columns = super().create(vals_list)
        columns._check_method_path()
        return columns

    def write(self, vals):
        result = super().write(vals)
        if {"path", "register_id"} & vals.keys():
            self._check_method_path()
        return result

    def _check_method_path(self):
        """A person may name a field; code is named by what is shipped only."""
        if self.env.su:
            return
        for column in self:
            if column.path.startswith(METHOD) and not self.search_count(
                [
                    ("id", "!=", column.id),
                    ("path", "=", column.path),
                    ("register_id.model_name", "=", column.register_id.model_name),
                ]
            ):
                raise ValidationError(
                    self.env._(
                        "Column “%(heading)s”: please choose a field; only shipped "
                        "registers can use “%(path)s”.",
                        heading=column.heading,
                        path=column.path,
                    )
                )

    @api.constrains("path", "register_id", "kind")
    def _check_path(self):
        for register, columns in self.grouped("register_id").items():
            spec = register._get_spec(columns)
            try:
                RegisterReader(self.env, spec)
            except UserError as error:
                raise ValidationError(str(error)) from None

    def _as_spec(self):
        """The column as an issued copy keeps it."""
        self.ensure_one()
        return {
            "heading": self.heading,
            "path": self.path,
            "kind": self.kind,
            "width": self.width,
        }
