from odoo import fields, models


class CsTicketUrge(models.Model):
    """One urging by a customer or supervising by a leader (003-33, 000-33).

    Written by the ticket alone; nobody has the right to write or delete one.
    """

    _name = "cs.ticket.urge"
    _description = "Ticket Urging"
    _order = "at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    kind = fields.Selection(
        [("urge", "Urged"), ("supervise", "Supervised")], required=True
    )
    source = fields.Selection(
        [
            ("customer", "Customer"),
            ("dealer", "Dealer"),
            ("agent", "Agent"),
            ("leader", "Leader"),
        ],
        string="On Behalf of",
        required=True,
    )
    at = fields.Datetime(string="When", required=True)
    by_id = fields.Many2one("res.users", string="By", required=True)
    note = fields.Text()

    _ticket_idx = models.Index("(ticket_id, kind, at DESC)")
