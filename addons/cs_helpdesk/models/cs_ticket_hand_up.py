from odoo import models
from odoo.exceptions import UserError

from .cs_complaint_grade import ROLES


class CsTicketHandUp(models.AbstractModel):
    """What is beyond oneself goes up: agent, supervisor, manager, leader (000-66)."""

    _name = "cs.ticket.hand.up"
    _description = "Ticket: Hand Up"

    def _hand_up(self, reason):
        """Give the matter to the next role above; pressing twice does it once.

        Who is handed it leads it from now on, and works on it himself where he belongs
        to the team.

        :raise ValidationError: no reason
        :raise UserError: nobody stands above
        """
        self.ensure_one()
        self.check_access("write")
        self._need_reason(reason)
        self._lock()
        ladder = [role for role, _label in ROLES]
        mine = [role for role in ladder if self.env.user in self._get_holders(role)]
        above = ladder[len(mine) or 1 :]
        holders = self._get_holders(above[0]) if above else self.env.user.browse()
        if self.lead_id and self.lead_id in holders - self.env.user:
            return
        lead = (self._get_role_users(above[0]) & holders)[:1] if above else holders
        if not lead:
            raise UserError(
                self.env._("Nobody stands above you here: please decide it yourself.")
            )
        team, owner = self.team_id, self.user_id
        if lead in team.sudo().user_ids:
            self._hand_over("escalate", team, lead, reason)
        else:
            self._log_transfer("escalate", owner, team, lead, team, reason)
        # sudo: rights were checked; who leads is written by the ticket alone
        ticket = self.sudo()
        ticket.lead_id = lead
        ticket._tell_users(
            lead,
            self.env._("Handed up to you: %(ticket)s", ticket=self.display_name),
            reason,
        )
