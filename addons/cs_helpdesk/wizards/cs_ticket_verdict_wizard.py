from odoo import fields, models


class CsTicketVerdictWizard(models.TransientModel):
    """Call the customer back and note whether he is satisfied (001-69, 003-34)."""

    _name = "cs.ticket.verdict.wizard"
    _description = "Call the Customer Back"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    result = fields.Text(related="ticket_id.result")
    told_at = fields.Datetime(related="ticket_id.told_at")
    verdict = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("dissatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
        ],
        string="Customer's Verdict",
        required=True,
    )
    words = fields.Text(string="What the Customer Said")

    def action_apply(self):
        for wizard in self:
            wizard.ticket_id._record_verdict(wizard.verdict, wizard.words)
        return {"type": "ir.actions.act_window_close"}
