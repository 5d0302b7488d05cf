from odoo import fields, models

TALK_SECONDS = 15  # a shorter call told the customer nothing


class CsCallPromise(models.AbstractModel):
    """A call that reached the customer keeps what was promised to him (N25)."""

    _name = "cs.call.promise"
    _description = "Call: Promises"

    def write(self, vals):
        result = super().write(vals)
        if {"ticket_id", "state", "talk_seconds"} & vals.keys():
            self._keep_promises()
        return result

    def _keep_promises(self):
        """An outgoing call about a ticket, long enough to have said something."""
        for call in self:
            if (
                call.direction == "out"
                and call.state == "ended"
                and call.ticket_id
                and call.talk_seconds >= TALK_SECONDS
            ):
                # sudo: whoever called keeps a colleague's promise by it
                self.env["cs.promise"].sudo()._keep_by_contact(
                    call.ticket_id, "call", call.answered_at or fields.Datetime.now()
                )

    def action_promise(self):
        """Promise the caller something; opens the form with its three times."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_promise_wizard_action"
        )
        context = {
            "default_ticket_id": self.ticket_id.id,
            "default_partner_id": self.partner_id.id,
        }
        return dict(action, context=context)
