from odoo import fields, models


class CsArticleUse(models.Model):
    """Who used which article for which ticket; written by the article alone."""

    _name = "cs.article.use"
    _description = "Use of an Article"
    _order = "create_date desc, id desc"

    article_id = fields.Many2one("cs.article", required=True, ondelete="cascade")
    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Used by", required=True)
    author_id = fields.Many2one("res.users", string="Credited to", required=True)
    company_id = fields.Many2one("res.company", required=True)

    _once = models.UniqueIndex(
        "(article_id, ticket_id, user_id)", "This use is noted already."
    )
    _order_idx = models.Index("(create_date DESC, id DESC)")
    _user_idx = models.Index("(user_id, create_date)")
    _author_idx = models.Index("(author_id, create_date)")
