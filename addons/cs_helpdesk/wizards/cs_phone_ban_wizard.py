from odoo import fields, models


class CsPhoneBanWizard(models.TransientModel):
    """Put the number of a nuisance caller on the blacklist (G08)."""

    _name = "cs.phone.ban.wizard"
    _description = "Put on the Blacklist"

    call_id = fields.Many2one("cs.call", required=True)
    nuisance_count = fields.Integer(related="call_id.nuisance_count")
    days = fields.Integer(
        string="Length (Days)", required=True, default=30, help="At most 180."
    )
    reason = fields.Text(required=True)
    evidence = fields.Text(
        required=True, help="Recording, witnesses, what was said and when."
    )

    def action_ban(self):
        self.ensure_one()
        ban = self.env["cs.phone.ban"]._ban(
            self.call_id, self.days, self.reason, self.evidence
        )
        return ban._get_records_action()
