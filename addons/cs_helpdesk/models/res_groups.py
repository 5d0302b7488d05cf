from odoo import models


class ResGroups(models.Model):
    _name = "res.groups"
    _inherit = ["cs.audit.mixin", "res.groups"]

    _audit_relations = ("implied_ids", "user_ids")
