from odoo import models


class HelpdeskTicketCategory(models.Model):
    _name = "helpdesk.ticket.category"
    _inherit = [
        "cs.audit.mixin",
        "cs.complete.name.mixin",
        "helpdesk.ticket.category",
    ]
