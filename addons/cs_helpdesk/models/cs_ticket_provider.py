from odoo import api, models
from odoo.exceptions import ValidationError

PROVIDER_AGENT = "cs_helpdesk.group_provider_agent"


class CsTicketProvider(models.AbstractModel):
    """A ticket goes to a provider's agent only within the contract (002-01)."""

    _name = "cs.ticket.provider"
    _description = "Ticket: Provider"

    @api.constrains("user_id", "type_id")
    def _check_provider_scope(self):
        for ticket in self.filtered("user_id"):
            user = ticket.user_id
            if not user.has_group(PROVIDER_AGENT):
                continue
            if not self.env["cs.provider"]._find_for(user, ticket.type_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s works for a provider whose contract does not cover "
                        "“%(type)s” now: please choose somebody else.",
                        user=user.name,
                        type=ticket.type_id.name or "",
                    )
                )
