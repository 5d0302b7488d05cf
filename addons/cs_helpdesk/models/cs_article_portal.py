from odoo import api, models
from odoo.fields import Domain


class CsArticlePortal(models.AbstractModel):
    """What customers may read: published, ticked for them, and nothing internal.

    Portal users and visitors have no right on articles at all; the pages show these
    values alone.
    """

    _name = "cs.article.portal"
    _description = "Article: Portal"

    @api.model
    def _get_portal_domain(self):
        """Articles the present visitor may see."""
        domain = self._get_usable_domain() & Domain("portal_visible", "=", True)
        domain &= Domain("company_id", "=", self.env.company.id)
        if self.env.user._is_public():
            domain &= Domain("public_visible", "=", True)
        return domain

    @api.model
    def _find_for_portal(self, text=None, offset=0, limit=20):
        """:return: (articles in sudo, how many in all); best first when searched for"""
        domain = self._get_portal_domain()
        articles = self.sudo()  # the domain is the check; values are chosen below
        if text:
            found = articles._rank(text, 100, domain)
            ids = [row[0] for row in found]
            return articles.browse(ids[offset : offset + limit]), len(ids)
        return (
            articles.search(domain, offset=offset, limit=limit, order="name, id"),
            articles.search_count(domain),
        )

    @api.model
    def _get_for_portal(self, article_id):
        """:return: the article in sudo, empty if this visitor may not see it"""
        domain = self._get_portal_domain() & Domain("id", "=", article_id)
        return self.sudo().search(domain, limit=1)  # the domain is the check

    def _get_portal_values(self):
        """What a customer sees; cases name other customers and stay inside."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "problem": self.problem,
            "steps": self.steps,
        }
