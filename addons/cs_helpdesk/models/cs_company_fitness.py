from odoo import fields, models


class CsCompanyFitness(models.AbstractModel):
    """What a company asks of its people's training."""

    _name = "cs.company.fitness"
    _description = "Company: Fitness"

    fitness_enforced = fields.Boolean(
        string="Certificates Enforced",
        help="Whoever lacks a required certificate is not rostered and gets no ticket.",
    )
    training_hours_week = fields.Float(
        string="Training Hours a Week",
        default=2.0,
        help="Supervisors are told each Monday who had less; 0: nobody is.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "fitness_enforced" in vals:
            self.env.registry.clear_cache()
        return result
