from odoo import fields, models


class CsTicketRound(models.Model):
    """One attempt to satisfy the customer: plan, result, told, his verdict (G04).

    Written by the ticket alone; nobody has the right to write or delete one.
    """

    _name = "cs.ticket.round"
    _description = "Ticket Round"
    _order = "ticket_id, number"
    _rec_name = "number"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    number = fields.Integer(string="Round", required=True, aggregator=None)
    started_at = fields.Datetime(string="Started", required=True)
    plan = fields.Text()
    result = fields.Text()
    told_at = fields.Datetime(string="Customer Told")
    told_by_id = fields.Many2one("res.users", string="Told By")
    told_way = fields.Selection(
        [("message", "Message"), ("contact", "Call or Visit")], string="Told By Way of"
    )
    told_channel_id = fields.Many2one("helpdesk.ticket.channel", string="Channel")
    told_note = fields.Text(string="Note")
    told_message_id = fields.Many2one("mail.message", index="btree_not_null")
    verdict = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("dissatisfied", "Not Satisfied"),
            ("unreachable", "Not Reached"),
        ],
        string="Customer's Verdict",
    )
    verdict_at = fields.Datetime(string="Called Back")
    verdict_by_id = fields.Many2one("res.users", string="Called Back By")
    verdict_reason = fields.Text(string="Customer's Words")

    _number_uniq = models.UniqueIndex(
        "(ticket_id, number)", "This round of the ticket exists already."
    )
