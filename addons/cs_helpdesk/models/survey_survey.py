from odoo import fields, models


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    cs_kind = fields.Selection(
        [
            ("demand", "Demand"),
            ("habit", "Habits of Use"),
            ("satisfaction", "Satisfaction"),
            ("exam", "Exam"),
        ],
        string="Kind",
        index="btree_not_null",
    )
    evaluation_ids = fields.One2many("cs.survey.evaluation", "survey_id")

    def action_evaluate(self):
        """Judge what the answers are worth, for whoever decides (000-45)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.survey.evaluation",
            "view_mode": "list,form",
            "domain": [("survey_id", "=", self.id)],
            "context": {"default_survey_id": self.id},
            "name": self.env._("Evaluations"),
        }
