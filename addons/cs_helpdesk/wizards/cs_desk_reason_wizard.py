from odoo import api, fields, models

# purpose -> (model, its private method that takes the reason)
PURPOSES = {
    "promise_cancel": ("cs.promise", "_cancel"),
    "assist_answer": ("cs.assist", "_give_answer"),
    "assist_return": ("cs.assist", "_return"),
    "assist_withdraw": ("cs.assist", "_withdraw"),
    "revisit_attempt": ("cs.revisit", "_note_attempt"),
    "revisit_dissatisfied": ("cs.revisit", "_dissatisfied"),
    "revisit_refused": ("cs.revisit", "_refused"),
}


class CsDeskReasonWizard(models.TransientModel):
    """Ask for a reason and hand it to the record's own method."""

    _name = "cs.desk.reason.wizard"
    _description = "Give a Reason"

    purpose = fields.Selection(
        [
            ("promise_cancel", "Cancel a Promise"),
            ("assist_answer", "Answer"),
            ("assist_return", "Return"),
            ("assist_withdraw", "Withdraw"),
            ("revisit_attempt", "Not Reached Today"),
            ("revisit_dissatisfied", "Not Satisfied"),
            ("revisit_refused", "Refused to Answer"),
        ],
        required=True,
        readonly=True,
    )
    res_id = fields.Integer(required=True, readonly=True)
    reason = fields.Text(string="Words", required=True)

    @api.model
    def _open(self, purpose, record):
        """:return: action that asks why"""
        record.ensure_one()
        label = dict(self._fields["purpose"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": label[purpose],
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_purpose": purpose, "default_res_id": record.id},
        }

    def action_apply(self):
        for wizard in self:
            model, method = PURPOSES[wizard.purpose]
            getattr(self.env[model].browse(wizard.res_id), method)(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
