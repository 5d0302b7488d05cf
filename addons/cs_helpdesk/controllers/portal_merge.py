from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .portal_ticket import TicketPortal


class MergedTicketPortal(TicketPortal):
    """A link to a merged ticket leads where its matter goes on (P8)."""

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        try:
            ticket_sudo = self._document_check_access(
                "helpdesk.ticket", ticket_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        target = ticket_sudo._merge_target()
        customer = ticket_sudo.commercial_partner_id
        if target != ticket_sudo and customer == target.commercial_partner_id:
            if access_token:
                # the bearer of the link is a customer of both
                return request.redirect(target.get_portal_url())
            return request.redirect(f"/my/ticket/{target.id}")
        return super().portal_my_ticket(ticket_id, access_token=access_token, **kw)
