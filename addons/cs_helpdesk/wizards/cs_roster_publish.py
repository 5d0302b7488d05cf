from odoo import api, fields, models


class CsRosterPublish(models.TransientModel):
    """Publish shifts; what is not as it should be is shown and asks for a reason."""

    _name = "cs.roster.publish"
    _description = "Publish the Roster"

    shift_ids = fields.Many2many("cs.shift", string="Shifts", required=True)
    count = fields.Integer(string="Drafts", compute="_compute_faults")
    faults = fields.Text(string="Look At This", compute="_compute_faults")
    reason = fields.Char(help="Why it is published all the same.")

    @api.depends("shift_ids")
    def _compute_faults(self):
        for wizard in self:
            drafts = wizard.shift_ids.filtered(lambda s: s.state == "draft")
            wizard.count = len(drafts)
            wizard.faults = "\n".join(drafts._get_publish_faults()) or False

    def action_publish(self):
        self.ensure_one()
        self.shift_ids._publish(self.reason)
        return {"type": "ir.actions.act_window_close"}
