from odoo import api, fields, models
from odoo.exceptions import UserError


class CsTicketMergeWizard(models.TransientModel):
    """Choose the ticket that goes on, and see what would be mixed."""

    _name = "cs.ticket.merge.wizard"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        string="Tickets",
        default=lambda self: self._default_ticket_ids(),
        required=True,
    )
    target_id = fields.Many2one(
        "helpdesk.ticket",
        string="Goes On As",
        compute="_compute_target_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('id', 'in', ticket_ids)]",
    )
    obstacle = fields.Char(compute="_compute_obstacle")
    confirmed = fields.Boolean(string="Merge Nevertheless")

    @api.model
    def _default_ticket_ids(self):
        if self.env.context.get("active_model") == "helpdesk.ticket":
            return self.env["helpdesk.ticket"].browse(self.env.context["active_ids"])
        return self.env["helpdesk.ticket"]

    @api.depends("ticket_ids")
    def _compute_target_id(self):
        for wizard in self:
            if wizard.target_id not in wizard.ticket_ids:
                # the oldest open one: the customer knows its number
                still_open = wizard.ticket_ids.filtered(lambda t: not t.closed)
                wizard.target_id = still_open.sorted("id")[:1]._origin

    @api.depends("ticket_ids", "target_id")
    def _compute_obstacle(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            wizard.obstacle = tickets and tickets._merge_obstacle(wizard.target_id)

    def action_merge(self):
        """Merge, then show the ticket that goes on."""
        self.ensure_one()
        if len(self.ticket_ids) < 2:
            raise UserError(self.env._("Please choose at least two tickets."))
        self.ticket_ids._merge_into(self.target_id, confirmed=self.confirmed)
        return self.target_id._get_records_action()
