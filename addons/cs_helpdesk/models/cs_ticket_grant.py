from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext


class CsTicketGrant(models.AbstractModel):
    """A ticket that was granted, and its link to a sales opportunity (003-06)."""

    _name = "cs.ticket.grant"
    _description = "Ticket: Grants and Opportunity"

    grant_ids = fields.One2many("cs.access.grant", "ticket_id", string="Grants")
    suggestion_ids = fields.One2many("cs.suggestion", "ticket_id", string="Suggestions")

    def action_link_opportunity(self):
        """Choose the opportunity that this ticket has to do with."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to an Opportunity"),
            "res_model": "cs.opportunity.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id},
        }

    def _link_opportunity(self, lead):
        """Link ticket and opportunity, for whoever reads the one and writes the other.

        :raise AccessError: he may not see the ticket, or not write the opportunity
        """
        self.ensure_one()
        self.check_access("read")
        lead.check_access("write")
        if not (
            self.has_access("write")
            or self.env.user.has_group("cs_helpdesk.group_grant_reader")
        ):
            raise AccessError(
                self.env._("Ask first for access to this customer's file.")
            )
        self.lock_for_update()
        if self.opportunity_id == lead:
            return
        # sudo: a grant lets him link, not write the ticket; checked above
        ticket = self.sudo()
        ticket.opportunity_id = lead
        ticket._message_log(
            body=self.env._("Linked to the opportunity %(name)s", name=lead.name)
        )
        lead._message_log(
            body=self.env._("Linked to the ticket %(name)s", name=ticket.display_name)
        )

    def action_make_suggestion(self):
        """One click: what the customer says about a product becomes a suggestion."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        # sudo: a suggestion of this ticket may have been put in by a colleague
        suggestion = self.sudo().suggestion_ids
        if not suggestion:
            suggestion = self.env["cs.suggestion"].create(
                {
                    "name": self.name,
                    "description": html2plaintext(self.description or ""),
                    "kind": "product",
                    "source": "customer",
                    "ticket_id": self.id,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                }
            )
        return suggestion.sudo(False)._get_records_action(view_mode="form")
