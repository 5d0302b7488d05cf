from odoo import fields, models


class CsSatisfactionAnswer(models.Model):
    """Points a customer gave for one question; written by the rating page alone."""

    _name = "cs.satisfaction.answer"
    _description = "Satisfaction Answer"
    _order = "id"

    rating_id = fields.Many2one(
        "rating.rating", required=True, index=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", related="rating_id.ticket_id", store=True, index=True
    )
    question_id = fields.Many2one(
        "cs.satisfaction.question", required=True, ondelete="restrict"
    )
    score = fields.Integer(string="Points", required=True, aggregator="avg")

    _question_uniq = models.UniqueIndex(
        "(rating_id, question_id)", "A question is answered once."
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 1 AND 5)", "Please give one to five points."
    )
