from datetime import date

from odoo import fields, models


class CsRequestFile(models.AbstractModel):
    """What an approved data extraction becomes: one file, fetched once (N24)."""

    _name = "cs.request.file"
    _description = "Request: File"

    extraction_ids = fields.One2many("cs.extraction", "request_id", string="File")

    def _grant_request_extraction(self):
        """Exactly what was approved; the file looks its rows up when it is fetched."""
        result = super()._grant_request_extraction()
        for request in self:
            if request.extraction_ids:  # a request is granted once
                continue
            readers = [*request.file_reader_ids.mapped("name"), request.informed]
            self.env["cs.extraction"]._grant(
                {
                    "name": request.name,
                    "request_id": request.id,
                    "purpose": request.reason,
                    "company_id": request.company_id.id,
                    "user_id": request.user_id.id,
                    "approved_by_id": self.env.uid,
                    "receivers": "、".join(filter(None, readers)),
                    "data_model": request.data_model,
                    "domain": _as_text(request._get_extraction_domain()),
                    "columns": [
                        {
                            "heading": column.name,
                            "path": column.path,
                            "sensitive": column.sensitive,
                        }
                        for column in request.column_ids.sorted()
                    ],
                    "masked": request.masked,
                    "granted_rows": request.row_count,
                    "destroy_by": request.destroy_by,
                }
            )
        return result

    def action_open_extraction(self):
        """The file of this request."""
        self.ensure_one()
        return self.extraction_ids[:1]._get_records_action(name=self.name)


def _as_text(domain):
    """A domain as it is kept: dates as text, so that it can be read back."""
    leaves = [leaf if isinstance(leaf, str) else [*leaf] for leaf in domain]
    for leaf in leaves:
        if isinstance(leaf, list) and isinstance(leaf[2], date):
            leaf[2] = str(leaf[2])
        elif isinstance(leaf, list) and not isinstance(leaf[2], (str, int, float)):
            leaf[2] = [*leaf[2]]
    return repr([leaf if isinstance(leaf, str) else tuple(leaf) for leaf in leaves])
