from odoo import fields, models


class CsLeadClass(models.Model):
    """How warm a merchant is, and how often he is asked after (G05)."""

    _name = "cs.lead.class"
    _description = "Class of Merchant Lead"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    closing_days = fields.Integer(
        string="Closes within (Days)",
        aggregator=None,
        help="Expected closing at most so many days away; 0: later, or unknown.",
    )
    follow_up_days = fields.Integer(
        string="Follow-up Every (Days)",
        aggregator=None,
        help="0: not followed up any more.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a lead class of this code already."
    )
    _days_sound = models.Constraint(
        "CHECK (closing_days >= 0 AND follow_up_days >= 0)",
        "Days are not negative.",
    )

    def _pick(self, days_to_closing):
        """The class for an expected closing: the narrowest that holds it.

        :param days_to_closing: days, or None when nobody knows
        """
        open_classes = self.filtered("follow_up_days")
        if days_to_closing is not None:
            limits = open_classes.filtered(
                lambda c: c.closing_days and c.closing_days >= days_to_closing
            )
            if limits:
                return limits.sorted("closing_days")[:1]
        return open_classes.filtered(lambda c: not c.closing_days)[:1]
