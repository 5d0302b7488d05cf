from odoo import fields, models


class CsRegisterSignature(models.Model):
    """A signature box of an issued copy, empty until somebody signs it."""

    _name = "cs.register.signature"
    _description = "Signature of an Issued Copy"
    _inherit = ["cs.audit.mixin"]
    _order = "issue_id, sequence, id"
    _rec_name = "label"
    _audit_name = "label"

    issue_id = fields.Many2one(
        "cs.register.issue", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True)
    sequence = fields.Integer()
    label = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="Signed by", ondelete="restrict")
    signed_at = fields.Datetime(string="Signed")

    _order_idx = models.Index("(issue_id, sequence, id)")
