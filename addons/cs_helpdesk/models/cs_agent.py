from odoo import api, fields, models


class CsAgent(models.Model):
    """What routing knows of a person: what he can do and how much he carries."""

    _name = "cs.agent"
    _description = "Agent's Routing Profile"
    _inherit = ["cs.audit.mixin"]
    _rec_name = "user_id"
    _order = "user_id, id"
    _audit_relations = ("skill_ids",)

    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    capacity = fields.Float(
        aggregator=None,
        help="Weight of open tickets this agent carries at once; 0: as the team says.",
    )
    skill_ids = fields.Many2many("cs.skill", string="Skills")
    paused = fields.Boolean(
        string="No New Tickets", help="Routing gives this agent nothing for now."
    )

    _user_uniq = models.UniqueIndex(
        "(user_id, company_id)", "This agent has a routing profile already."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "A capacity cannot be negative."
    )

    @api.model
    def _get_profiles(self, users, company):
        """Profiles of these people, in one query.

        :return: {user id: ``cs.agent`` in sudo}
        """
        # sudo: what routing knows of a colleague is read by routing alone
        profiles = self.sudo().search_fetch(
            [("user_id", "in", users.ids), ("company_id", "=", company.id)],
            ["user_id", "capacity", "skill_ids", "paused"],
        )
        return {profile.user_id.id: profile for profile in profiles}
