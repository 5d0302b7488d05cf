from odoo import fields, models


class CsTicketTransfer(models.Model):
    """One handing over of a ticket: from whom, to whom, why (N26, 004-08).

    Written by the ticket alone; nobody has the right to write or delete one.
    """

    _name = "cs.ticket.transfer"
    _description = "Ticket Handover"
    _order = "at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("transfer", "Transferred"),
            ("direct", "Reassigned"),
            ("route", "Routed On"),
            ("handover", "Shift Handed Over"),
            ("escalate", "Handed Up"),
            ("second_line", "To Second Line"),
            ("return", "Back to First Line"),
            ("first_asked", "First-asked Person Changed"),
        ],
        required=True,
    )
    counted = fields.Boolean(help="Counts as a transfer of the customer's matter.")
    at = fields.Datetime(string="When", required=True)
    by_id = fields.Many2one("res.users", string="By", required=True)
    from_team_id = fields.Many2one("helpdesk.ticket.team")
    from_user_id = fields.Many2one("res.users", index="btree_not_null")
    to_team_id = fields.Many2one("helpdesk.ticket.team")
    to_user_id = fields.Many2one("res.users", index="btree_not_null")
    reason = fields.Text()

    # 004-08: what the second line has to know, and by when it answers
    call_at = fields.Datetime(string="Time of the Call")
    content = fields.Text()
    contact = fields.Char()
    promised_at = fields.Datetime(string="Reply Promised")
    answered_at = fields.Datetime(string="Answered")
    answered_by_id = fields.Many2one("res.users")
    answer = fields.Text()

    _promise_given = models.Constraint(
        "CHECK (kind != 'second_line' OR promised_at IS NOT NULL)",
        "The second line needs a promised reply time.",
    )
