from odoo import models
from odoo.http import Stream

from ..lib.photograph import without_position


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _get_stream_from(self, record, field_name="raw", *args, **kwargs):
        """A photograph that leaves the company does not tell where it was taken."""
        stream = super()._get_stream_from(record, field_name, *args, **kwargs)
        if (
            record._name != "ir.attachment"
            or self.env.user._is_internal()
            or record.sudo().res_model not in record._get_guarded_models()
            or not (stream.mimetype or "").startswith("image/")
        ):
            return stream
        data = stream.read()
        clean = without_position(data)
        if clean == data:
            return stream
        return Stream(
            type="data",
            data=clean,
            size=len(clean),
            mimetype=stream.mimetype,
            download_name=stream.download_name,
            public=stream.public,
        )
