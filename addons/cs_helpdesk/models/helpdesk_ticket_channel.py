from odoo import fields, models


class HelpdeskTicketChannel(models.Model):
    _name = "helpdesk.ticket.channel"
    _inherit = ["cs.audit.mixin", "helpdesk.ticket.channel"]

    code = fields.Char(
        index="btree_not_null",
        export_string_translation=False,
        help="Stable key for data and integrations.",
    )
