from odoo import fields, models


class CsRegisterCorrection(models.TransientModel):
    """G22: a locked copy is corrected by a new one beside it, with a reason."""

    _name = "cs.register.correction"
    _description = "Correct an Issued Copy"

    issue_id = fields.Many2one("cs.register.issue", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_correct(self):
        self.ensure_one()
        copy = self.issue_id._correct(self.reason)
        return copy._get_records_action(name=self.env._("Issued Copy"))
