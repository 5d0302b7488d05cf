from odoo import fields, models


class CsUndertakingText(models.Model):
    """The words everybody signs once a year; copied into what he signs."""

    _name = "cs.undertaking.text"
    _description = "Text of the Undertaking"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    body = fields.Html(required=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company")
