import base64
import binascii

from odoo import api, models
from odoo.exceptions import ValidationError

from ..lib.picture import MAX_BYTES, picture_problem


class CsPictureMixin(models.AbstractModel):
    """Photos are looked at before they are kept: by content, size and dimensions."""

    _name = "cs.picture.mixin"
    _description = "With Checked Photos"

    _picture_fields = ("photo",)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_pictures(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_pictures(vals)
        return super().write(vals)

    @api.model
    def _check_pictures(self, vals):
        """:raise ValidationError: what was sent is no photo that may be kept"""
        for name in self._picture_fields:
            if not vals.get(name):
                continue
            label = self._fields[name].get_description(self.env, ["string"])["string"]
            try:
                data = base64.b64decode(vals[name], validate=False)
            except (binascii.Error, ValueError):
                data = b""
            problem = picture_problem(data)
            if problem == "size":
                raise ValidationError(
                    self.env._(
                        "%(field)s: the picture is larger than %(limit)s MB, please "
                        "send a smaller one.",
                        field=label,
                        limit=MAX_BYTES // 1024 // 1024,
                    )
                )
            if problem == "pixels":
                raise ValidationError(
                    self.env._(
                        "%(field)s: the picture has too many pixels, please send a "
                        "smaller one.",
                        field=label,
                    )
                )
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(field)s: this is not a photo; please send a JPEG, PNG, "
                        "WebP or GIF picture.",
                        field=label,
                    )
                )
