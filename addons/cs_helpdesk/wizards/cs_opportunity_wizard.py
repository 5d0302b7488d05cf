from odoo import fields, models


class CsOpportunityWizard(models.TransientModel):
    """Choose the opportunity a ticket has to do with (003-06)."""

    _name = "cs.opportunity.wizard"
    _description = "Link a Ticket to an Opportunity"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Opportunity", required=True)

    def action_apply(self):
        self.ensure_one()
        self.ticket_id._link_opportunity(self.lead_id)
