from odoo import fields, models


class CsTicketMergeLog(models.Model):
    """What moved when a ticket was merged, so that it can be taken back (P8)."""

    _name = "cs.ticket.merge.log"
    _description = "Merged Ticket"
    _order = "id desc"

    source_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    target_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    moved = fields.Json(required=True, help="Documents, followers, tags and clocks.")
    undone = fields.Boolean()
