from odoo import fields, models
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
    default_type_id = fields.Many2one(
        "cs.ticket.type",
        string="Default Ticket Type",
        help="Type of tickets that arrive without one, by e-mail for instance.",
    )

    def _get_applicable_stages(self):
        """Stages of a service desk are those of the ticket types, else those without.

        :return: ``helpdesk.ticket.stage`` in order; for a desk the union over types
        """
        if not self.service_desk:
            return super()._get_applicable_stages().filtered(lambda s: not s.type_ids)
        return self.env["helpdesk.ticket.stage"].search(
            Domain("type_ids", "!=", False)
            & Domain("company_id", "in", [False, self.company_id.id])
            & (Domain("team_ids", "=", False) | Domain("team_ids", "in", self.ids))
        )
