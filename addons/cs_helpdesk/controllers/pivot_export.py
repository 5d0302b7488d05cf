import json
from functools import partial

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.pivot import TableExporter


class AuditedTableExporter(TableExporter):
    @http.route()
    def export_xlsx(self, data, **kw):
        """003-61: a pivot table taken away is an export."""
        text = data.read() if isinstance(data, FileStorage) else data
        table = json.loads(text)
        response = super().export_xlsx(text, **kw)
        Log = request.env["cs.audit.log"]
        row = {
            "event": "export",
            "uid": Log._actor(),
            "res_model": table.get("model"),
            "res_name": table.get("title"),
            "company_id": request.env.company.id,
            "changes": {"fields": [], "count": len(table.get("rows", []))},
        }
        # this route only reads: the row is written when its transaction is over
        request.env.cr.postcommit.add(partial(Log._append_apart, row))
        return response
