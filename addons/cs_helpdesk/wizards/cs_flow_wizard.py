from odoo import fields, models
from odoo.exceptions import UserError


class CsFlowWizard(models.TransientModel):
    """Finish a step with a note or a signature, send it back, or act for its owner."""

    _name = "cs.flow.wizard"
    _description = "Finish or Send Back a Step"

    purpose = fields.Selection(
        [
            ("finish", "Finish"),
            ("send_back", "Send Back"),
            ("override", "Finish in Place of the Owner"),
        ],
        required=True,
        readonly=True,
    )
    step_id = fields.Many2one("cs.flow.step", required=True, readonly=True)
    summary = fields.Char(related="step_id.summary")
    description = fields.Char(related="step_id.description")
    needs_signature = fields.Boolean(related="step_id.needs_signature")
    note = fields.Char(string="Reason or Note")
    signature = fields.Binary()
    signed_name = fields.Char(
        string="Signed by", default=lambda self: self.env.user.name
    )

    def action_apply(self):
        """Do it as the user; the step checks him, the gates and the proof."""
        self.ensure_one()
        note = (self.note or "").strip()
        if self.purpose == "send_back":
            self.step_id._send_back(note)
        elif self.purpose == "override":
            if not note:
                raise UserError(
                    self.env._("Say why you finish it in place of the owner.")
                )
            self._finish(reason=note)
        else:
            self._finish(note=note or None)

    def _finish(self, **how):
        self.step_id._finish(
            signature=self.signature, signed_name=self.signed_name, **how
        )
