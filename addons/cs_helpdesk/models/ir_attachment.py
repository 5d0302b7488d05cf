import base64
import mimetypes

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import human_size
from odoo.tools.mimetypes import guess_mimetype

from ..lib.picture import picture_problem

LIMITS = {"count": 20, "megabytes": 15}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # What may be kept
    # ------------------------------------------------------------------
    @api.model
    def _get_guarded_models(self):
        """Models whose files are checked when they come in and cleaned on the way out.

        Extend with ``super()`` in addons whose records take files of customers.
        """
        return {"helpdesk.ticket"}

    @api.model
    def _get_file_limit(self, name):
        """Return ``count`` of files a message, or ``megabytes`` of one file.

        Settings: system parameters ``cs_helpdesk.file_count``, ``file_megabytes``.
        """
        # sudo: a limit is no secret
        value = (
            self.env["ir.config_parameter"].sudo().get_param(f"cs_helpdesk.file_{name}")
        )
        return int(value) if (value or "").isdecimal() else LIMITS[name]

    @api.model
    def _get_file_problem(self, name, raw):
        """Return why a file cannot be kept, in one sentence, or None."""
        most = self._get_file_limit("megabytes") * 1024**2
        if len(raw) > most:
            return self.env._(
                "The file %(name)s is larger than %(size)s.",
                name=name,
                size=human_size(most),
            )
        if picture_problem(raw, max_bytes=most) == "pixels":
            return self.env._(
                "The picture %(name)s has too many pixels to be opened: "
                "please send a smaller one.",
                name=name,
            )
        return None

    @api.model
    def _check_file(self, name, raw):
        """:raise ValidationError: the file is too large, or harmful to open"""
        problem = self._get_file_problem(name, raw)
        if problem:
            raise ValidationError(problem)

    @api.model
    def _is_disguised(self, name, raw):
        """Whether a file is named a picture and is none: its content decides."""
        named = mimetypes.guess_type(name)[0] or ""
        return named.startswith("image/") and not guess_mimetype(raw).startswith(
            "image/"
        )

    @api.model_create_multi
    def create(self, vals_list):
        guarded = self._get_guarded_models()
        if not any(vals.get("res_model") in guarded for vals in vals_list):
            return super().create(vals_list)
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if vals.get("res_model") in guarded and not vals.get("res_field"):
                data = vals.get("datas") or b""
                raw = vals.get("raw") or (base64.b64decode(data) if data else b"")
                raw = raw.encode() if isinstance(raw, str) else raw
                self._check_file(vals.get("name"), raw)
                if raw and self._is_disguised(vals.get("name") or "", raw):
                    vals["mimetype"] = guess_mimetype(raw)
        # pages and drawings of strangers are text to us, never shown as what they are
        plain = self.with_context(attachments_mime_plainxml=True)
        return super(IrAttachment, plain).create(vals_list).with_env(self.env)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ticket_file(self):
        """004-83: files of a ticket are part of it; sudo of a person is a person."""
        if self.env.uid == SUPERUSER_ID:
            return
        kept = self.sudo().filtered(
            lambda file: file.res_model == "helpdesk.ticket"
            and file.res_id
            and not file.res_field
        )
        if kept:
            raise AccessError(
                self.env._("Files of a ticket are kept: they cannot be deleted.")
            )
