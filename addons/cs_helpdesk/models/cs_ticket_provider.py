from odoo import api, fields, models


class CsTicketProvider(models.AbstractModel):
    """A ticket is given to a provider within the scope of its contract (002-01)."""

    _name = "cs.ticket.provider"
    _description = "Ticket: Provider"

    provider_id = fields.Many2one(
        "cs.provider", compute="_compute_provider_id", compute_sudo=True
    )

    @api.depends("user_id")
    def _compute_provider_id(self):
        for ticket in self:
            ticket.provider_id = ticket.user_id.provider_id

    @api.constrains("user_id", "type_id")
    def _check_provider_scope(self):
        # sudo: everybody is stopped by the scope, few may read the contract
        for ticket in self.sudo():
            provider = ticket.user_id.provider_id
            if provider and not ticket.closed:
                provider._check_scope(ticket)

    def action_provider_issue(self):
        """Report a problem with this ticket to the company (002-07)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report an Issue"),
            "res_model": "cs.provider.issue",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_name": self.name},
        }
