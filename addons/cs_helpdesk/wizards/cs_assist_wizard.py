from odoo import fields, models


class CsAssistWizard(models.TransientModel):
    """Ask a department for help with a ticket (003-32, 004-02)."""

    _name = "cs.assist.wizard"
    _description = "Ask a Department for Help"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    department_id = fields.Many2one("cs.department", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain=[("share", "=", False)],
        help="Empty: the department decides.",
    )
    question = fields.Text(required=True)

    def action_apply(self):
        for wizard in self:
            wizard.ticket_id._ask_department(
                wizard.department_id, wizard.question, user=wizard.user_id
            )
        return {"type": "ir.actions.act_window_close"}
