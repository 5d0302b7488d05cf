from odoo import fields, models


class CsComplaintTrigger(models.Model):
    """One reason that raises a complaint to a grade: field, comparison, value (G02)."""

    _name = "cs.complaint.trigger"
    _inherit = "cs.audit.mixin"
    _description = "Complaint Grade Trigger"
    _order = "level desc, id"

    name = fields.Char(required=True, translate=True, help="Reason, as people say it.")
    active = fields.Boolean(default=True)
    grade_id = fields.Many2one(
        "cs.complaint.grade", required=True, index=True, ondelete="cascade"
    )
    level = fields.Integer(related="grade_id.level", store=True, aggregator=None)
    company_id = fields.Many2one(related="grade_id.company_id", store=True)
    field_name = fields.Selection(
        [
            ("loss_amount", "Loss Amount"),
            ("department_count", "Departments Involved"),
            ("same_matter_count", "Complaints on This Matter"),
            ("repeat_count", "Recent Complaints"),
            ("affected_customer_count", "Customers with This Fault"),
            ("tier_rank", "Customer Tier"),
            ("product_error", "Serious Product Error"),
            ("injury_risk", "Injury or Safety Risk"),
            ("media_involved", "Media Involved"),
            ("lawsuit", "Lawsuit"),
            ("group_event", "Group Event"),
            ("regulator", "Regulator's Letter"),
        ],
        string="Fact",
        required=True,
    )
    operator = fields.Selection(
        [
            ("is_set", "is true"),
            ("gt", "is more than"),
            ("ge", "is at least"),
            ("eq", "equals"),
            ("le", "is at most"),
            ("lt", "is less than"),
        ],
        default="is_set",
        required=True,
    )
    value = fields.Float(aggregator=None)
