from odoo import api, fields, models


class CsTicketFeedbackWizard(models.TransientModel):
    """Tell the customer the result, or note the call in which he was told (003-34)."""

    _name = "cs.ticket.feedback.wizard"
    _description = "Tell the Customer"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    partner_email = fields.Char(related="ticket_id.partner_id.email", string="Address")
    way = fields.Selection(
        [("message", "Send a message now"), ("contact", "Note a call or visit")],
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    result = fields.Text(
        compute="_compute_result",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    channel_id = fields.Many2one(
        "helpdesk.ticket.channel",
        compute="_compute_result",
        store=True,
        precompute=True,
        readonly=False,
    )
    at = fields.Datetime(string="When", default=lambda self: fields.Datetime.now())
    note = fields.Text(string="What Was Said")

    @api.depends("ticket_id")
    def _compute_way(self):
        for wizard in self:
            wizard.way = "message" if wizard.partner_email else "contact"

    @api.depends("ticket_id")
    def _compute_result(self):
        for wizard in self:
            wizard.result = wizard.ticket_id.result
            wizard.channel_id = wizard.ticket_id.channel_id

    def action_apply(self):
        for wizard in self:
            contact = wizard.way == "contact"
            wizard.ticket_id._tell_customer(
                wizard.way,
                wizard.result,
                channel=contact and wizard.channel_id,
                note=contact and wizard.note,
                at=contact and wizard.at,
            )
        return {"type": "ir.actions.act_window_close"}
