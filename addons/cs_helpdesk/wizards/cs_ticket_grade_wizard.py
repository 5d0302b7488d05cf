from odoo import fields, models


class CsTicketGradeWizard(models.TransientModel):
    """A supervisor gives a complaint another grade, with the reason (G02)."""

    _name = "cs.ticket.grade.wizard"
    _description = "Change Complaint Grade"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    current_grade_id = fields.Many2one(related="ticket_id.grade_id")
    grade_id = fields.Many2one("cs.complaint.grade", string="New Grade", required=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        for wizard in self:
            wizard.ticket_id._set_grade(wizard.grade_id, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
