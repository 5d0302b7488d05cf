from odoo import models


class CsTicketAudit(models.AbstractModel):
    """004-83: what was done to a ticket stays known."""

    _name = "cs.ticket.audit"
    _inherit = "cs.audit.mixin"
    _description = "Ticket: Audit"

    _audit_content = True
    _audit_exclude = frozenset(
        {
            "access_token",
            "color",
            "message_main_attachment_id",
            "next_deadline",
            "portal_key",
            "sequence",
        }
    )
    _audit_mask = frozenset({"customer_phone", "partner_email"})
