from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterController(http.Controller):
    @http.route("/cs/register/<int:issue_id>/xlsx", type="http", auth="user")
    def register_xlsx(self, issue_id, **kw):
        """The workbook of a copy, for who may read every column of it; logged."""
        issue = request.env["cs.register.issue"].browse(issue_id).exists()
        if not issue or not issue.has_access("read"):
            raise request.not_found()
        try:
            issue._check_reader()
        except AccessError as error:
            return self._say(str(error), 403)
        content = issue.sudo()._get_file("file")  # after the check
        if not content:
            raise request.not_found()
        issue._log_download()
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{issue.name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    @http.route("/cs/paper/<string:token>", type="http", auth="user", methods=["GET"])
    def paper(self, token, **kw):
        """Where the QR code of a printed form leads: its record, and a camera."""
        issue = request.env["cs.register.issue"]._find_by_token(token)
        if not issue or not request.env.user._is_internal():
            raise request.not_found()
        return self._page(issue, token)

    @http.route(
        "/cs/paper/<string:token>",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=True,
    )
    def paper_photo(self, token, photo=None, **kw):
        issue = request.env["cs.register.issue"]._find_by_token(token)
        if not issue or not request.env.user._is_internal():
            raise request.not_found()
        content = photo.read() if hasattr(photo, "read") else b""
        try:
            issue._attach_photo(getattr(photo, "filename", ""), content)
        except UserError as error:
            return self._page(issue, token, error=str(error))
        return self._page(issue, token, done=True)

    def _page(self, issue, token, error="", done=False):
        values = {"issue": issue, "token": token, "error": error, "done": done}
        response = request.render("cs_helpdesk.paper_page", values)
        if error:
            response.status_code = 422
        return response

    def _say(self, sentence, status):
        response = request.render("cs_helpdesk.paper_message", {"message": sentence})
        response.status_code = status
        return response
