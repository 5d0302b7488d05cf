from odoo import api, fields, models, tools
from odoo.fields import Domain


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _inherit = [
        "cs.audit.mixin",
        "cs.complete.name.mixin",
        "rating.parent.mixin",
        "helpdesk.ticket.team",
    ]
    _rating_satisfaction_days = 30
    _audit_relations = ("user_ids",)

    service_desk = fields.Boolean(
        help="Tickets of this team follow ticket types, gates and time limits. "
        "Tickets of other teams wait in the queue “To Sort”.",
    )
    it_support = fields.Boolean(
        string="IT Support",
        help="Its tickets of type System Fault carry the facts of a fault.",
    )
    default_type_id = fields.Many2one(
        "cs.ticket.type",
        string="Default Ticket Type",
        help="Type of tickets that arrive without one, by e-mail for instance.",
    )

    auto_route = fields.Boolean(
        string="Assign Automatically",
        help="New tickets go to whom rules and workload say, at once.",
    )
    route_strategy = fields.Selection(
        [("least", "Least Loaded"), ("round", "In Turn")],
        string="Among Equals",
        default="least",
        required=True,
    )
    route_capacity = fields.Float(
        string="Capacity per Person",
        default=10.0,
        aggregator=None,
        help="Weight of open tickets one person carries at once, if his own routing "
        "profile says nothing else.",
    )
    route_on_shift = fields.Boolean(
        string="On Shift Only",
        default=True,
        help="Only people whose published shift runs now are given tickets.",
    )

    def _get_applicable_stages(self):
        """Stages of a service desk are those of the ticket types, else those without.

        :return: ``helpdesk.ticket.stage`` in order; for a desk the union over types
        """
        if not self.service_desk:
            return super()._get_applicable_stages().filtered(lambda s: not s.type_ids)
        return self.env["helpdesk.ticket.stage"].browse(
            self._get_desk_stages(self.id, self.company_id.id)
        )

    @api.model
    @tools.ormcache("team_id", "company_id")
    def _get_desk_stages(self, team_id, company_id):
        # asked for at every ticket; stages and types clear the cache when they change
        stages = self.env["helpdesk.ticket.stage"].sudo()
        domain = (
            Domain("type_ids", "!=", False)
            & Domain("company_id", "in", [False, company_id])
            & (Domain("team_ids", "=", False) | Domain("team_ids", "in", [team_id]))
        )
        return tuple(stages.search(domain).ids)

    def _retrieve_dashboard(self):
        # the words of helpdesk_mgmt itself cannot be translated from here
        words = {
            "helpdesk_mgmt.helpdesk_ticket_action_unassigned": self.env._(
                "Open tickets without a team"
            ),
            "helpdesk_mgmt.helpdesk_ticket_action_opened": self.env._("Open tickets"),
        }
        cards = super()._retrieve_dashboard()
        return [
            dict(card, name=words.get(card["action"], card["name"])) for card in cards
        ]
