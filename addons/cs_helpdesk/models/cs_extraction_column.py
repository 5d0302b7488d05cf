from odoo import api, fields, models
from odoo.exceptions import ValidationError

DATA_MODELS = [
    ("res.partner", "Customers"),
    ("helpdesk.ticket", "Tickets"),
    ("crm.lead", "Leads"),
]


class CsExtractionColumn(models.Model):
    """A column that may be asked for in a data extraction (000-116, G23)."""

    _name = "cs.extraction.column"
    _description = "Extraction Column"
    _inherit = ["cs.audit.mixin"]
    _order = "data_model, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    data_model = fields.Selection(DATA_MODELS, string="Data", required=True)
    path = fields.Char(
        required=True, help="Field of the data, or fields of fields: partner_id.name."
    )
    sensitive = fields.Boolean(help="Masked unless the request says otherwise (G23).")

    _order_idx = models.Index("(data_model, sequence, id)")
    _path_uniq = models.UniqueIndex(
        "(data_model, path)", "There is a column for this field already."
    )

    @api.constrains("data_model", "path")
    def _check_path(self):
        for column in self:
            Model = self.env[column.data_model]
            for name in column.path.split("."):
                field = Model is not None and Model._fields.get(name)
                if not field:
                    raise ValidationError(
                        self.env._(
                            "%(column)s: the data have no field “%(path)s”.",
                            column=column.name,
                            path=column.path,
                        )
                    )
                Model = self.env[field.comodel_name] if field.relational else None
