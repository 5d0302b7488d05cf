from odoo import fields, models
from odoo.exceptions import UserError


class CsClockWizard(models.TransientModel):
    """Let clocks wait, or say why they were late; always with a reason."""

    _name = "cs.clock.wizard"
    _description = "Clock: Wait or Explain"

    purpose = fields.Selection(
        [("pause", "Wait"), ("late", "Explain")], required=True, readonly=True
    )
    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    reason_id = fields.Many2one(
        "cs.clock.reason",
        required=True,
        domain="[('kind', '=', 'pause')] if purpose == 'pause' "
        "else [('kind', 'in', ['late', 'exempt'])]",
    )
    reason_kind = fields.Selection(related="reason_id.kind")
    note = fields.Char()

    def action_apply(self):
        self.ensure_one()
        records = self.env[self.res_model].browse(self.res_ids)
        if "clock_ids" not in records._fields:
            raise UserError(self.env._("Only a record with clocks can wait."))
        records.check_access("write")
        records.lock_for_update()
        if self.purpose == "pause":
            records._clock_pause(self.reason_id, self.note)
            return
        clocks = self.env["cs.clock"].browse(
            records._clocks(states=("running", "late"))
            .filtered(lambda c: c.state == "late" or c.overdue)
            .ids
        )
        if self.reason_id.kind == "exempt":
            clocks._request_exemption(self.reason_id, self.note)
        else:
            clocks._give_reason(self.reason_id, self.note)
