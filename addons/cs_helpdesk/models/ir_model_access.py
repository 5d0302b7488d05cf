from odoo import models


class IrModelAccess(models.Model):
    _name = "ir.model.access"
    _inherit = ["cs.audit.mixin", "ir.model.access"]
