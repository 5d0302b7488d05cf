from odoo import fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    # as the user: a search through sudo would not ask for the groups of the number
    phone = fields.Char(related_sudo=False)
