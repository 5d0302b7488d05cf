from uuid import UUID, uuid4

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController

KEY_INDEX = "helpdesk_ticket_portal_key_uniq"


class TicketForm(HelpdeskTicketController):
    """The form by which a customer sends in a ticket."""

    _subject_max = 200  # characters
    _description_max = 20_000  # characters
    # what a customer has to show: photos, films, sound, paper; nothing that runs
    _file_types = (
        "application/msword",
        "application/octet-stream",
        "application/pdf",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument",
        "audio/",
        "image/",
        "text/csv",
        "text/plain",
        "video/",
    )
    _file_endings = (
        ".aac .amr .avi .bmp .csv .doc .docx .gif .heic .jpeg .jpg .m4a .mov .mp3"
        " .mp4 .pdf .png .txt .wav .webm .webp .xls .xlsx"
    ).split()

    def _get_create_new_ticket_values(self, **kw):
        values = super()._get_create_new_ticket_values(**kw)
        values.update(
            page_name="new_ticket",
            form=kw,
            errors=[],
            portal_key=self._portal_key(kw) or str(uuid4()),
            max_upload_size=self._file_limit("megabytes") * 1024**2,
            file_endings=",".join(self._file_endings),
        )
        return values

    @http.route(methods=["POST"])
    def submit_ticket(self, **kw):
        """Create one ticket for one form, however often it is sent."""
        ticket = self._find_sent_ticket(kw)
        if ticket:
            return request.redirect(f"/my/ticket/{ticket.id}")
        errors = self._check_ticket_form(kw)
        if errors:
            values = self._get_create_new_ticket_values(**kw)
            values["errors"] = errors
            response = request.render("helpdesk_mgmt.portal_create_ticket", values)
            response.status_code = 422
            return response
        try:
            with request.env.cr.savepoint():
                return super().submit_ticket(**kw)
        except UniqueViolation as exc:
            if exc.diag.constraint_name != KEY_INDEX:
                raise
            # the first press is just through: retried, it is found
            raise ConcurrencyError(KEY_INDEX) from exc

    def _prepare_submit_ticket_vals(self, **kw):
        vals = super()._prepare_submit_ticket_vals(**kw)
        vals["portal_key"] = self._portal_key(kw)
        return vals

    def _portal_key(self, form):
        """Return the key of the form in its one spelling, or False."""
        try:
            return str(UUID(form.get("portal_key") or ""))
        except ValueError:
            return False

    def _find_sent_ticket(self, form):
        key = self._portal_key(form)
        # sudo: the key is not readable; the partner keeps strangers' tickets out
        tickets = request.env["helpdesk.ticket"].sudo()
        return key and tickets.search(
            [
                ("portal_key", "=", key),
                ("partner_id", "=", request.env.user.partner_id.id),
            ],
            limit=1,
        )

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    def _check_ticket_form(self, form):
        """Return sentences about what is wrong with the form, none when it is fine."""
        return [
            *self._check_texts(form),
            *self._check_choices(form),
            *self._check_files(request.httprequest.files.getlist("attachment")),
        ]

    def _check_texts(self, form):
        subject = (form.get("subject") or "").strip()
        description = (form.get("description") or "").strip()
        if not subject:
            yield request.env._("Please give your request a subject.")
        if len(subject) > self._subject_max:
            yield request.env._(
                "The subject is longer than %(n)s characters.", n=self._subject_max
            )
        if not description:
            yield request.env._("Please describe your request.")
        if len(description) > self._description_max:
            yield request.env._(
                "The description is longer than %(n)s characters.",
                n=self._description_max,
            )

    def _check_choices(self, form):
        """Teams and categories are those the form offers, also when it is forged."""
        company = request.env.company
        teams = self._get_teams()
        if teams:
            if form.get("team"):
                if not self._is_offered("helpdesk.ticket.team", form["team"]):
                    yield request.env._("Please choose a team from the list.")
            elif company.helpdesk_mgmt_portal_team_id_required:
                yield request.env._("Please choose a team.")
        if form.get("category"):
            if not self._is_offered("helpdesk.ticket.category", form["category"]):
                yield request.env._("Please choose a category from the list.")
        elif self._get_categories() and (
            company.helpdesk_mgmt_portal_category_id_required
        ):
            yield request.env._("Please choose a category.")

    def _is_offered(self, model, number):
        if not str(number).isdecimal():
            return False
        offered = Domain("id", "=", int(number)) & Domain("show_in_portal", "=", True)
        return bool(request.env[model].search_count(offered, limit=1))

    def _file_limit(self, name):
        return request.env["ir.attachment"]._get_file_limit(name)

    def _check_files(self, files):
        files = [file for file in files if file.filename]
        most = self._file_limit("count")
        if len(files) > most:
            yield request.env._("Please send at most %(n)s files.", n=most)
        limit = self._file_limit("megabytes") * 1024**2
        for file in files:
            raw = file.read(limit + 1)  # no more than that is ever in memory
            file.seek(0)
            problem = request.env["ir.attachment"]._get_file_problem(file.filename, raw)
            if problem:
                yield problem
            elif not self._is_welcome(file.filename, raw[:4096]):
                yield request.env._(
                    "Files like %(name)s are not accepted: please send photos, "
                    "films, sound, PDF or Office documents.",
                    name=file.filename,
                )

    def _is_welcome(self, filename, head):
        """Both the name and the first bytes have to be of a kind we take."""
        if not filename.lower().endswith(tuple(self._file_endings)):
            return False
        mimetype = guess_mimetype(head, default="application/octet-stream")
        return mimetype.startswith(self._file_types) and "svg" not in mimetype
