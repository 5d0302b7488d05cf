import base64
import io
from itertools import islice

import qrcode
from PIL import Image

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.register_rows import kept

PRINTED = 3000  # rows; more belong into the workbook
PHOTO_MAX = 15 * 1024 * 1024  # bytes
PHOTO_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PIXELS_MAX = 60_000_000


class CsRegisterPaper(models.AbstractModel):
    """The printed form of a copy: boxes to sign, a QR code back to it (N32)."""

    _name = "cs.register.paper"
    _description = "Issued Copy: Paper"

    paper_token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    photo_count = fields.Integer(string="Signed Pages", readonly=True, aggregator=None)

    _paper_uniq = models.UniqueIndex(
        "(paper_token) WHERE paper_token IS NOT NULL",
        "This form has been printed for another copy.",
    )

    # ------------------------------------------------------------------
    # Printed
    # ------------------------------------------------------------------
    def _get_paper_url(self):
        """Where the QR code leads; the token is no key, the page asks who reads."""
        self.ensure_one()
        token = self.sudo().paper_token  # readers of the copy may print it
        return f"{self.get_base_url()}/cs/paper/{token}"

    def _get_paper_qr(self):
        """The QR code of the form, as a data URI."""
        code = qrcode.QRCode(border=1, box_size=4)
        code.add_data(self._get_paper_url())
        stream = io.BytesIO()
        code.make_image().save(stream, format="PNG")
        return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()

    def _get_paper(self):
        """What the printed form shows: headings and rows, as they were issued.

        :raise UserError: there is nothing to print, or too much for paper
        """
        self.ensure_one()
        self._check_reader()
        issue = self.sudo()  # after the check: files are read by methods only
        if issue.state != "done" or issue.child_ids:
            raise UserError(
                self.env._("Please print the files of %(name)s.", name=self.name)
                if issue.child_ids
                else self.env._("%(name)s is not issued yet.", name=self.name)
            )
        if issue.row_count > PRINTED:
            raise UserError(
                self.env._(
                    "%(name)s has %(count)s rows: at most %(most)s are printed, please "
                    "use the workbook.",
                    name=self.name,
                    count=issue.row_count,
                    most=PRINTED,
                )
            )
        rows = kept(io.BytesIO(issue._get_file("rows_file")))
        return {
            "headings": [column["heading"] for column in issue.spec["columns"]],
            "rows": [values for _row_id, values in islice(rows, PRINTED)],
        }

    def _log_download(self):
        """003-61: a workbook taken away is an export."""
        Log = self.env["cs.audit.log"]
        columns = (self.spec or {}).get("columns", [])
        row = {
            "event": "export",
            "uid": Log._actor(),
            "res_model": self._name,
            "res_id": self.id,
            "res_name": self.name,
            "company_id": self.company_id.id,
            "changes": {
                "fields": [column["heading"] for column in columns],
                "count": self.row_count,
            },
        }
        Log._append([row])

    # ------------------------------------------------------------------
    # Signed
    # ------------------------------------------------------------------
    def action_sign(self):
        """Sign the next open box; nobody signs two boxes of one copy."""
        for issue in self:
            issue._check_reader()
            issue._check_issuer(issue.register_id)
            issue = issue.sudo()  # after the checks: copies are written by methods only
            issue.lock_for_update()
            boxes = issue.signature_ids.sorted()
            mine = boxes.filtered(lambda box: box.user_id == self.env.user)
            free = boxes.filtered(lambda box: not box.signed_at)
            if mine:
                raise UserError(
                    self.env._("You have signed “%(label)s”.", label=mine[0].label)
                )
            if issue.state != "done" or not free:
                raise UserError(self.env._("There is nothing to sign."))
            free[0].write({"user_id": self.env.uid, "signed_at": fields.Datetime.now()})

    @api.model
    def _find_by_token(self, token):
        """The copy a QR code belongs to, if this person may read it; else nothing."""
        # sudo: the token names it, the access check follows
        issue = self.sudo().search([("paper_token", "=", token or "-")], limit=1)
        issue = issue.with_env(self.env)
        return issue if issue and issue.has_access("read") else self.browse()

    def _attach_photo(self, name, content):
        """Attach the photograph of a signed page.

        :param bytes content: a JPEG, PNG or WebP picture of at most 15 MB
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Signed pages are attached by employees."))
        kind = self._get_photo_type(content)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(  # after the check
                {
                    "name": (name or self.name)[:100],
                    "raw": content,
                    "mimetype": kind,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        issue = self.sudo()
        issue.lock_for_update()
        issue.photo_count += 1
        self.message_post(
            body=self.env._("Signed page attached."), attachment_ids=attachment.ids
        )
        return attachment

    def _get_photo_type(self, content):
        if not content or len(content) > PHOTO_MAX:
            raise UserError(self.env._("Please choose a photograph of at most 15 MB."))
        try:
            with Image.open(io.BytesIO(content)) as image:
                kind, size = image.format, image.width * image.height
                image.verify()
        except (OSError, SyntaxError, Image.DecompressionBombError, ValueError):
            kind, size = None, 0
        if kind not in PHOTO_TYPES or size > PIXELS_MAX:
            raise UserError(
                self.env._("This is no photograph: please send a JPEG or PNG picture.")
            )
        return PHOTO_TYPES[kind]
