from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    service_calendar_id = fields.Many2one(
        related="company_id.service_calendar_id", readonly=False
    )
    fitness_enforced = fields.Boolean(
        related="company_id.fitness_enforced", readonly=False
    )
    training_hours_week = fields.Float(
        related="company_id.training_hours_week", readonly=False
    )

    def set_values(self):
        """003-61: what they change is logged where it is kept, that they were here."""
        result = super().set_values()
        Log = self.env["cs.audit.log"]
        Log._append(
            [
                {
                    "event": "settings",
                    "uid": Log._actor(),
                    "res_model": self._name,
                    "company_id": self.env.company.id,
                }
            ]
        )
        return result
