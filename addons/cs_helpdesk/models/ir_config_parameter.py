from odoo import models

SECRET = ("key", "passw", "secret", "token")


class IrConfigParameter(models.Model):
    _name = "ir.config_parameter"
    _inherit = ["cs.audit.mixin", "ir.config_parameter"]

    def _audit_masked(self, field_name, record_name, value):
        """A parameter is secret by its name."""
        secret = any(word in (record_name or "").lower() for word in SECRET)
        if field_name == "value" and secret and value:
            return "********"
        return super()._audit_masked(field_name, record_name, value)
