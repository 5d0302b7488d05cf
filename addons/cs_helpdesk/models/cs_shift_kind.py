from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsShiftKind(models.Model):
    """A kind of shift: its hours, and what is asked of whoever has it (G14)."""

    _name = "cs.shift.kind"
    _description = "Kind of Shift"
    _inherit = ["cs.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company")
    start_hour = fields.Float(string="From", required=True, aggregator=None)
    end_hour = fields.Float(
        string="To",
        required=True,
        aggregator=None,
        help="Not after the beginning: it ends on the next day.",
    )
    days = fields.Selection(
        [
            ("working", "Working Days"),
            ("off", "Days Off"),
            ("all", "Every Day"),
        ],
        string="Needed on",
        required=True,
        default="working",
    )
    head_count = fields.Integer(
        string="People Needed",
        default=1,
        aggregator=None,
        help="How many a day when a roster is filled.",
    )
    is_duty = fields.Boolean(
        string="On the Telephone",
        help="Duty outside working hours: calls that come then go to this person.",
    )
    needs_log = fields.Boolean(string="Duty Log", default=True)
    needs_divert = fields.Boolean(
        string="Divert Telephones",
        help="At its end somebody checks that the telephones go to the duty line.",
    )
    needs_handover = fields.Boolean(string="Handover")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A kind of shift has this code already."
    )
    _order_idx = models.Index("(sequence, id)")

    @api.constrains("start_hour", "end_hour", "head_count")
    def _check_hours(self):
        for kind in self:
            hours = (kind.start_hour, kind.end_hour)
            if not all(0 <= hour < 24 for hour in hours) or kind.head_count < 0:
                raise ValidationError(
                    self.env._(
                        "%(kind)s: give hours between 0:00 and 23:59 and no negative "
                        "number of people.",
                        kind=kind.name,
                    )
                )

    def _get_span(self, company, day):
        """(begin, end) of such a shift on a day, naive UTC."""
        self.ensure_one()
        moment = self.env["cs.schedule.mixin"]._get_moment
        last = day
        if self.end_hour <= self.start_hour:
            last = fields.Date.add(day, days=1)
        return (
            moment(company, day, self.start_hour),
            moment(company, last, self.end_hour),
        )

    def _is_needed(self, company, day, working):
        self.ensure_one()
        if self.company_id and self.company_id != company:
            return False
        return self.days == "all" or (self.days == "working") == working
