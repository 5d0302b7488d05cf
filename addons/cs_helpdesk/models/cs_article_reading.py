from odoo import fields, models


class CsArticleReading(models.Model):
    """Somebody confirmed that he has read an edition; written by the article alone."""

    _name = "cs.article.reading"
    _description = "Read Confirmation"
    _order = "create_date desc, id desc"

    article_id = fields.Many2one("cs.article", required=True, ondelete="cascade")
    edition_number = fields.Integer(string="Edition", required=True, aggregator=None)
    user_id = fields.Many2one("res.users", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True)

    _once = models.UniqueIndex(
        "(article_id, edition_number, user_id)", "You have confirmed it already."
    )
    _order_idx = models.Index("(create_date DESC, id DESC)")
