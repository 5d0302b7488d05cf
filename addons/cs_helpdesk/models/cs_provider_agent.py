from odoo import api, fields, models


class CsProviderAgent(models.Model):
    """One person of a provider, and whether he is fit for our customers (002-02)."""

    _name = "cs.provider.agent"
    _description = "Agent of a Provider"
    _inherit = "cs.audit.mixin"
    _order = "provider_id, id"
    _rec_name = "user_id"

    provider_id = fields.Many2one(
        "cs.provider", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", string="Person", required=True, index=True, ondelete="cascade"
    )
    language = fields.Boolean(string="Languages", help="Speaks what our customers do.")
    knowledge = fields.Boolean(help="Knows products and rules; exam passed.")
    attitude = fields.Boolean(help="Convinced in talk and role play.")
    qualified = fields.Boolean(compute="_compute_qualified", store=True)

    _once = models.UniqueIndex(
        "(provider_id, user_id)", "This person is on the list already."
    )

    @api.depends("language", "knowledge", "attitude")
    def _compute_qualified(self):
        for agent in self:
            agent.qualified = agent.language and agent.knowledge and agent.attitude
