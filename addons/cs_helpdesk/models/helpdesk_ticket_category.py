from odoo import models


class HelpdeskTicketCategory(models.Model):
    _name = "helpdesk.ticket.category"
    _inherit = ["cs.complete.name.mixin", "helpdesk.ticket.category"]
