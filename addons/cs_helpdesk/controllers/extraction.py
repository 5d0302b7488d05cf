from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExtractionController(http.Controller):
    def _find(self, extraction_id):
        found = request.env["cs.extraction"].browse(extraction_id).exists()
        return found if found and found.has_access("read") else None

    @http.route(
        "/cs/extraction/<int:extraction_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def extraction_page(self, extraction_id, **kw):
        """What is about to be fetched; looking does not count."""
        extraction = self._find(extraction_id)
        if not extraction:
            raise request.not_found()
        return self._page(extraction)

    @http.route(
        "/cs/extraction/<int:extraction_id>",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=True,
    )
    def extraction_file(self, extraction_id, **kw):
        """The one download."""
        extraction = self._find(extraction_id)
        if not extraction:
            raise request.not_found()
        try:
            content = extraction._fetch()
        except (AccessError, UserError) as error:
            request.env.cr.rollback()
            response = self._page(extraction, str(error))
            response.status_code = 409
            return response
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{extraction.name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    def _page(self, extraction, error=""):
        if not error:
            try:
                extraction._check_fetch()
            except (AccessError, UserError) as refused:
                error = str(refused)
        values = {"extraction": extraction, "error": error}
        return request.render("cs_helpdesk.extraction_page", values)
