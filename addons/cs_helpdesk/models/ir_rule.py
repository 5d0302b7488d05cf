from odoo import models


class IrRule(models.Model):
    _name = "ir.rule"
    _inherit = ["cs.audit.mixin", "ir.rule"]

    _audit_relations = ("groups",)
