from odoo import models


class HelpdeskTicketTag(models.Model):
    _name = "helpdesk.ticket.tag"
    _inherit = ["cs.audit.mixin", "helpdesk.ticket.tag"]
