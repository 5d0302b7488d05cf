from odoo import api, fields, models
from odoo.tools import html2plaintext


class CsTicketTransferWizard(models.TransientModel):
    """Hand a ticket over: to others, to the second line, back with the answer."""

    _name = "cs.ticket.transfer.wizard"
    _description = "Hand Over a Ticket"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    kind = fields.Selection(
        [
            ("transfer", "Transfer"),
            ("escalate", "Hand Up"),
            ("second_line", "To Second Line"),
            ("return", "Back to First Line"),
            ("first_asked", "Change First Asked"),
        ],
        default="transfer",
        required=True,
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        domain="[('service_desk', '=', True)]",
    )
    allowed_user_ids = fields.Many2many(
        "res.users", compute="_compute_allowed_user_ids"
    )
    user_id = fields.Many2one(
        "res.users", string="Person", domain="[('id', 'in', allowed_user_ids)]"
    )
    reason = fields.Text()
    promised_at = fields.Datetime(string="Reply Promised by")
    call_at = fields.Datetime(
        string="Time of the Call",
        compute="_compute_call",
        store=True,
        readonly=False,
    )
    content = fields.Text(compute="_compute_call", store=True, readonly=False)
    contact = fields.Char(compute="_compute_call", store=True, readonly=False)
    question = fields.Text(
        string="Question", related="ticket_id.second_line_transfer_id.content"
    )
    answer = fields.Text()

    @api.depends("kind", "ticket_id")
    def _compute_team_id(self):
        for wizard in self:
            wizard.team_id = (
                self.env.ref("cs_helpdesk.team_second_line", raise_if_not_found=False)
                if wizard.kind == "second_line"
                else wizard.ticket_id.team_id
            )

    @api.depends("kind", "team_id")
    def _compute_allowed_user_ids(self):
        agents = self.env.ref("cs_helpdesk.group_agent").sudo().all_user_ids
        for wizard in self:
            members = wizard.team_id.sudo().user_ids
            asked = wizard.kind == "first_asked"
            wizard.allowed_user_ids = agents if asked else members

    @api.depends("ticket_id")
    def _compute_call(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.call_at = ticket.received_date
            wizard.content = html2plaintext(ticket.description or "").strip()
            wizard.contact = (
                ticket.cs_phone or ticket.partner_email or ticket.partner_id.name
            )

    def action_apply(self):
        for wizard in self:
            wizard._apply()
        return {"type": "ir.actions.act_window_close"}

    def _apply(self):
        ticket = self.ticket_id
        if self.kind == "second_line":
            ticket._to_second_line(
                self.team_id,
                self.user_id,
                self.reason,
                self.promised_at,
                call_at=self.call_at,
                content=self.content,
                contact=self.contact,
            )
        elif self.kind == "return":
            ticket._from_second_line(self.answer)
        elif self.kind == "first_asked":
            ticket._change_first_asked(self.user_id, self.reason)
        elif self.kind == "escalate":
            ticket._hand_up(self.reason)
        else:
            ticket._transfer(self.team_id, self.user_id, self.reason)
