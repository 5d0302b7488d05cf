from odoo import fields, models


class CsAssistNoticeWizard(models.TransientModel):
    """Answer a rectification notice: cause and new date (000-14)."""

    _name = "cs.assist.notice.wizard"
    _description = "Answer a Rectification Notice"

    notice_id = fields.Many2one("cs.assist.notice", required=True)
    promised_at = fields.Datetime(related="notice_id.promised_at")
    cause = fields.Text(string="Cause of the Delay", required=True)
    new_date = fields.Datetime(required=True)

    def action_apply(self):
        for wizard in self:
            wizard.notice_id._commit(wizard.cause, wizard.new_date)
        return {"type": "ir.actions.act_window_close"}
