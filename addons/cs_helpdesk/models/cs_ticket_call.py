from odoo import fields, models
from odoo.exceptions import UserError


class CsTicketCall(models.AbstractModel):
    """Calls about a ticket, and the opportunity it became (003-06)."""

    _name = "cs.ticket.call"
    _description = "Ticket: Calls"

    call_ids = fields.One2many("cs.call", "ticket_id", string="Calls")
    call_count = fields.Integer(compute="_compute_call_count")
    opportunity_id = fields.Many2one(
        "crm.lead", string="Opportunity", copy=False, index="btree_not_null"
    )

    def _compute_call_count(self):
        counts = dict(
            self.env["cs.call"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.call_count = counts.get(ticket._origin, 0)

    def action_dial(self):
        """Call the customer of the ticket; the call's own screen shows the number."""
        self.ensure_one()
        self.check_access("write")
        if self.closed or (
            self.user_id not in (self.env.user, self.env["res.users"])
            and not self.env.user.has_group("cs_helpdesk.group_supervisor")
        ):
            raise UserError(
                self.env._(
                    "The customer of an open ticket of yours is called from here: take "
                    "the ticket first."
                )
            )
        ticket = self.sudo()  # whoever works on the ticket may call its customer
        number = ticket.customer_phone or ticket.partner_id.phone
        call = ticket.env["cs.call"]._dial(
            number,
            partner_id=ticket.partner_id.id,
            ticket_id=ticket.id,
            company_id=ticket.company_id.id,
        )
        return call.sudo(False)._get_records_action(view_mode="form")

    def action_open_calls(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_helpdesk.cs_call_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id}
        return action

    def action_opportunity(self):
        """003-06: the sales opportunity a ticket has become; one, however often."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if not self.env.user.has_groups(
            "cs_helpdesk.group_agent,sales_team.group_sale_salesman"
        ):
            raise UserError(self.env._("Only the service desk hands leads over."))
        if not self.opportunity_id:
            ticket = self.sudo()  # agents hand leads over; they do not read them
            ticket.opportunity_id = ticket.env["crm.lead"].create(
                {
                    "name": ticket.name,
                    "type": "lead",
                    "is_merchant": ticket.type_id.code == "prospect",
                    "partner_id": ticket.partner_id.id,
                    "phone": ticket.customer_phone,
                    "company_id": ticket.company_id.id,
                    "user_id": False,
                    "description": ticket.description,
                }
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Handed to sales."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
