from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class TicketVerdict(CustomerPortal):
    """The customer urges his ticket or says that he is not satisfied (003-34)."""

    @http.route(
        "/my/ticket/<int:ticket_id>/verdict",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_ticket_verdict(self, ticket_id, access_token=None, words="", **kw):
        """Start a new round with the customer's own words, once."""

        def say(ticket_sudo):
            if not words.strip():
                raise UserError(request.env._("Please write what is still wrong."))
            # the second of two presses finds a new round, not told yet
            if ticket_sudo.told_at:
                ticket_sudo._record_verdict("dissatisfied", words.strip()[:5000])

        return self._on_ticket(ticket_id, access_token, say)

    @http.route(
        "/my/ticket/<int:ticket_id>/urge",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_ticket_urge(self, ticket_id, access_token=None, **kw):
        """Ask for more speed; the owner is told."""

        def urge(ticket_sudo):
            dealer = ticket_sudo.customer_class == "dealer"
            ticket_sudo._urge("urge", "dealer" if dealer else "customer")

        return self._on_ticket(ticket_id, access_token, urge)

    def _on_ticket(self, ticket_id, access_token, act):
        """Do something with the customer's own ticket, refusals shown on its page.

        A follower of a ticket reads it; only its customer, or who holds the link,
        speaks for it.
        """
        try:
            ticket_sudo = self._document_check_access(
                "helpdesk.ticket", ticket_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        # the check hands out the system's eyes: the facts bear the visitor's name
        ticket_sudo = ticket_sudo.with_user(request.env.user).sudo()
        if not (access_token or ticket_sudo._is_portal_owner()):
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                act(ticket_sudo)
        except UserError as refusal:
            request.session["ticket_close_refused"] = str(refusal)
        return request.redirect(ticket_sudo.get_portal_url())
