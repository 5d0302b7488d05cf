from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

PER_PAGE = 20


class ArticlePortal(http.Controller):
    """Help for customers; without signing in only what is meant for everybody."""

    @http.route(
        ["/help", "/help/page/<int:page>"],
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def help_list(self, page=1, search=None, **kw):
        search = (search or "").strip()[:200]
        Article = request.env["cs.article"]
        page = max(page, 1)
        articles, total = Article._find_for_portal(
            search, offset=(page - 1) * PER_PAGE, limit=PER_PAGE
        )
        values = {
            "articles": [article._get_portal_values() for article in articles],
            "search": search,
            "page_name": "help",
            "pager": pager(
                url="/help",
                url_args={"search": search} if search else {},
                total=total,
                page=page,
                step=PER_PAGE,
            ),
        }
        return request.render("cs_helpdesk.portal_help_list", values)

    @http.route(
        "/help/<int:article_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def help_page(self, article_id, **kw):
        article = request.env["cs.article"]._get_for_portal(article_id)
        if not article:
            raise request.not_found()
        values = {"article": article._get_portal_values(), "page_name": "help"}
        return request.render("cs_helpdesk.portal_help_page", values)

    @http.route(["/my/help"], type="http", auth="user", readonly=True)
    def my_help(self, **kw):
        return request.redirect("/help")
