from odoo import fields, models


class CsRevisitAttempt(models.Model):
    """A day on which a customer was called back and not reached."""

    _name = "cs.revisit.attempt"
    _description = "Call-back Attempt"
    _order = "at desc, id desc"
    _rec_name = "date"

    revisit_id = fields.Many2one(
        "cs.revisit", string="Call-back", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="revisit_id.company_id", store=True)
    date = fields.Date(required=True)
    at = fields.Datetime(string="When", required=True)
    user_id = fields.Many2one("res.users", string="Who", required=True)
    note = fields.Char()

    _once = models.UniqueIndex(
        "(revisit_id, date)", "Tried on this day already: please try on another day."
    )
