from odoo import api, fields, models


class CsTicketUrgeWizard(models.TransientModel):
    """Note that somebody urges a ticket, or supervise it."""

    _name = "cs.ticket.urge.wizard"
    _description = "Urge or Supervise a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    kind = fields.Selection(
        [("urge", "Urge"), ("supervise", "Supervise")], default="urge", required=True
    )
    source = fields.Selection(
        [("customer", "Customer"), ("dealer", "Dealer"), ("agent", "Agent")],
        string="On Behalf of",
        compute="_compute_source",
        store=True,
        readonly=False,
    )
    note = fields.Text()

    @api.depends("ticket_id")
    def _compute_source(self):
        for wizard in self:
            is_dealer = wizard.ticket_id.customer_class == "dealer"
            wizard.source = "dealer" if is_dealer else "customer"

    def action_apply(self):
        for wizard in self:
            leader = wizard.kind == "supervise"
            source = "leader" if leader else wizard.source or "agent"
            wizard.ticket_id._urge(wizard.kind, source, wizard.note)
        return {"type": "ir.actions.act_window_close"}
