import json
from functools import partial

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import InternalServerError

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.web.controllers.pivot import TableExporter


class AuditedTableExporter(TableExporter):
    @http.route()
    def export_xlsx(self, data, **kw):
        """003-61: a pivot table taken away is an export; not of customers (N24)."""
        text = data.read() if isinstance(data, FileStorage) else data
        table = json.loads(text)
        self._check_table(table)
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

    def _check_table(self, table):
        model = request.env.get(table.get("model") or "")
        if model is None:
            return
        try:
            model._check_customer_export()
        except UserError as error:
            # in the form in which the web client shows an error of a download
            payload = {
                "code": 0,
                "message": "Odoo Server Error",
                "data": http.serialize_exception(error),
            }
            raise InternalServerError(json.dumps(payload)) from error
