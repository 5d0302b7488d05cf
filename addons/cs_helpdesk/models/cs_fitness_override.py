from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CsFitnessOverride(models.Model):
    """A supervisor lets somebody work without the certificate, and says why (G13).

    Never changed and never removed: that is the log.
    """

    _name = "cs.fitness.override"
    _description = "Leave to Work Without a Certificate"
    _order = "id desc"

    user_id = fields.Many2one(
        "res.users", required=True, domain="[('share', '=', False)]"
    )
    qualification_id = fields.Many2one(
        "cs.qualification", help="Empty: whatever he would need."
    )
    reason = fields.Char(required=True)
    until = fields.Datetime(required=True)
    granted_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    _user_idx = models.Index("(user_id, until)")

    @api.depends("user_id", "until")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.user_id.name} → {row.until}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "granted_by_id": self.env.uid} for vals in vals_list]
        overrides = super().create(vals_list)
        for override in overrides:
            if override.user_id == override.granted_by_id:
                raise AccessError(self.env._("Nobody lets himself work."))
        return overrides

    @api.constrains("until", "reason")
    def _check_until(self):
        for override in self:
            if override.until <= fields.Datetime.now():
                raise ValidationError(self.env._("Name a time that lies ahead."))
            if not override.reason.strip():
                raise ValidationError(self.env._("Say why."))
