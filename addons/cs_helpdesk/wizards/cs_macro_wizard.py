from odoo import api, fields, models


class CsMacroWizard(models.TransientModel):
    """Choose a macro for a ticket and run it (P13)."""

    _name = "cs.macro.wizard"
    _description = "Run a Macro"

    ticket_id = fields.Many2one("helpdesk.ticket", required=True)
    type_id = fields.Many2one(related="ticket_id.type_id")
    macro_id = fields.Many2one(
        "cs.macro",
        required=True,
        domain="['|', ('type_ids', '=', False), ('type_ids', 'in', type_id)]",
    )
    line_ids = fields.One2many(related="macro_id.line_ids")

    @api.model
    def default_get(self, fields):
        """The only macro there is needs no choosing."""
        values = super().default_get(fields)
        macros = self.env["cs.macro"].search([("line_ids", "!=", False)], limit=2)
        if len(macros) == 1 and "macro_id" in fields:
            values.setdefault("macro_id", macros.id)
        return values

    def action_apply(self):
        for wizard in self:
            wizard.macro_id._run(wizard.ticket_id)
        return {"type": "ir.actions.act_window_close"}
