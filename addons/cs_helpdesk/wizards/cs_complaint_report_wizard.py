from odoo import api, fields, models


class CsComplaintReportWizard(models.TransientModel):
    """Write the report of a complaint (000-08)."""

    _name = "cs.complaint.report.wizard"
    _description = "Complaint Report"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    cause = fields.Text(compute="_compute_texts", store=True, readonly=False)
    handling = fields.Text(compute="_compute_texts", store=True, readonly=False)
    lesson = fields.Text(compute="_compute_texts", store=True, readonly=False)

    @api.depends("ticket_id")
    def _compute_texts(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.cause = ticket.report_cause
            wizard.handling = ticket.report_handling or ticket._get_handling()
            wizard.lesson = ticket.report_lesson

    def action_apply(self):
        for wizard in self:
            wizard.ticket_id._write_report(wizard.cause, wizard.handling, wizard.lesson)
        return {"type": "ir.actions.act_window_close"}
