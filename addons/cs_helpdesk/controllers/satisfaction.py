from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import get_lang

from odoo.addons.rating.controllers.main import Rating


class TicketSatisfaction(http.Controller):
    """The rating page: one link, one ticket, no login (P15)."""

    @http.route(
        "/rate/ticket/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def satisfaction_form(self, token, **kw):
        """Show the questions. Reading writes nothing: mail scanners open links."""
        rating, ticket = self._get_rating_and_ticket(token)
        return self._render(rating, ticket)

    @http.route(
        "/rate/ticket/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def satisfaction_submit(self, token, feedback="", **kw):
        """Write the answer, once, or again while the ticket is open."""
        rating, ticket = self._get_rating_and_ticket(token)
        scores = {}
        for question in self._questions(ticket):
            given = kw.get(f"question_{question.id}", "")
            if given.isdecimal():
                scores[question] = int(given)
        try:
            ticket._apply_satisfaction(rating, scores, feedback.strip()[:2000] or False)
        except UserError as refusal:
            return self._render(rating, ticket, error=str(refusal), status=400)
        return self._render(rating, ticket, thanks=True)

    def _get_rating_and_ticket(self, token):
        """:return: rating and ticket in sudo, for the bearer of the secret token"""
        rating = (
            request.env["rating.rating"]
            .sudo()
            .search(
                [("access_token", "=", token), ("res_model", "=", "helpdesk.ticket")],
                limit=1,
            )
        )
        ticket = rating.ticket_id
        if not ticket:
            raise NotFound()
        company = ticket.company_id.partner_id
        lang = ticket.partner_id.lang or company.lang or get_lang(request.env).code
        request.update_context(lang=lang)
        return rating.with_context(lang=lang), ticket.with_context(lang=lang)

    def _questions(self, ticket):
        return ticket.env["cs.satisfaction.question"].search([])

    def _render(self, rating, ticket, error=None, thanks=False, status=200):
        # explicit values: the template gets no record it could tell too much of
        given = {answer.question_id.id: answer.score for answer in rating.answer_ids}
        response = request.render(
            "cs_helpdesk.satisfaction_page",
            {
                "number": ticket.number,
                "title_of_ticket": ticket.name,
                "questions": [
                    {
                        "key": f"question_{question.id}",
                        "name": question.name,
                        "required": question.is_overall,
                        "given": given.get(question.id),
                    }
                    for question in self._questions(ticket)
                ],
                "points": [
                    (1, ticket.env._("Very poor")),
                    (2, ticket.env._("Poor")),
                    (3, ticket.env._("Fair")),
                    (4, ticket.env._("Good")),
                    (5, ticket.env._("Very good")),
                ],
                "feedback": rating.feedback or "",
                "obstacle": ticket._satisfaction_obstacle(rating),
                "answered": rating.consumed,
                "error": error,
                "thanks": thanks,
            },
        )
        response.status_code = status
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response


class RatingPage(Rating):
    """Core's page of three faces is not for tickets."""

    def _get_rating_and_record(self, token):
        rating, record = super()._get_rating_and_record(token)
        if rating.res_model == "helpdesk.ticket":
            raise NotFound()
        return rating, record
