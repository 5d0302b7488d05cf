import werkzeug.utils

from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class TicketPortal(CustomerPortalHelpdesk):
    """The customer's list and page, without what is not his."""

    @http.route()
    def portal_my_tickets(
        self,
        page=1,
        date_begin=None,
        date_end=None,
        sortby=None,
        filterby=None,
        search=None,
        search_in=None,
        groupby=None,
        **kw,
    ):
        if sortby not in self._ticket_get_searchbar_sortings():
            sortby = None
        if groupby not in self._ticket_get_searchbar_groupby():
            groupby = None
        if search_in not in self._ticket_get_searchbar_inputs():
            search_in = None
        response = super().portal_my_tickets(
            page=page,
            date_begin=date_begin,
            date_end=date_end,
            sortby=sortby,
            filterby=filterby,
            search=search,
            search_in=search_in,
            groupby=groupby,
            **kw,
        )
        if "searchbar_filters" in getattr(response, "qcontext", {}):
            everything = response.qcontext["searchbar_filters"]["all"]
            everything["label"] = request.env._("All")
        return response

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Show a ticket; hand out no links to files (helpdesk_mgmt does, to all)."""
        try:
            ticket_sudo = self._document_check_access(
                "helpdesk.ticket", ticket_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._ticket_get_page_view_values(ticket_sudo, access_token, **kw)
        return request.render("helpdesk_mgmt.portal_helpdesk_ticket_page", values)

    @http.route(
        "/my/ticket/<int:ticket_id>/file/<int:file_id>",
        type="http",
        auth="public",
        website=True,
    )
    def portal_ticket_file(self, ticket_id, file_id, access_token=None, **kw):
        """Send a file of a ticket the visitor may see; never one of a note."""
        try:
            ticket_sudo = self._document_check_access(
                "helpdesk.ticket", ticket_id, access_token=access_token
            )
        except (AccessError, MissingError) as exc:
            raise request.not_found() from exc
        files = ticket_sudo._get_portal_attachments().filtered(
            lambda file: file.id == file_id
        )
        if not files:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(files)
        return stream.get_response(as_attachment=True)

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        mine = ticket.with_user(request.env.user)
        values["closed_stages"] = (
            ticket._get_portal_close_stages()
            if mine._is_portal_owner() and not ticket.closed
            else ticket.stage_id.browse()
        )
        values["portal_attachments"] = ticket._get_portal_attachments()
        values["close_refused"] = request.session.pop("ticket_close_refused", False)
        return values

    # helpdesk_mgmt's words come from its own, absent, Chinese; these from ours
    def _ticket_get_searchbar_sortings(self):
        values = super()._ticket_get_searchbar_sortings()
        values["date"]["label"] = request.env._("Newest")
        values["name"]["label"] = request.env._("Title")
        values["stage"]["label"] = request.env._("Stage")
        values["update"]["label"] = request.env._("Last Stage Update")
        return values

    def _ticket_get_searchbar_groupby(self):
        values = super()._ticket_get_searchbar_groupby()
        values["none"]["label"] = request.env._("None")
        values["category"]["label"] = request.env._("Category")
        values["stage"]["label"] = request.env._("Stage")
        return values

    def _ticket_get_searchbar_inputs(self):
        values = super()._ticket_get_searchbar_inputs()
        values["all"]["label"] = request.env._("Search in All")
        values["number"]["label"] = request.env._("Search in Number")
        values["name"]["label"] = request.env._("Search in Title")
        return values


class TicketClose(HelpdeskTicketController):
    @http.route(methods=["POST"], csrf=True)
    def support_ticket_close(self, ticket_id=0, stage_id=0, **kw):
        """End one's own ticket, in a stage that is meant for it, and through its gates.

        An internal user does it with his own rights.
        """
        numbers = str(ticket_id), str(stage_id)
        if not all(number.isdecimal() for number in numbers):
            return werkzeug.utils.redirect("/my/tickets")
        ticket = request.env["helpdesk.ticket"].browse(int(ticket_id)).exists()
        if not self._may_close(ticket):
            return werkzeug.utils.redirect("/my/tickets")
        # sudo: the ticket was checked; a customer may write nothing but this stage
        ticket_sudo = ticket.sudo()
        stage = ticket_sudo._get_portal_close_stages().filtered(
            lambda s: s.id == int(stage_id)
        )
        if stage and not ticket_sudo.closed:
            try:
                with request.env.cr.savepoint():
                    ticket_sudo.write({"stage_id": stage.id})
            except ValidationError as exc:
                request.session["ticket_close_refused"] = str(exc)
        return werkzeug.utils.redirect(f"/my/ticket/{ticket.id}")

    def _may_close(self, ticket):
        if not ticket or not ticket.has_access("read"):
            return False
        if request.env.user._is_internal():
            return ticket.has_access("write") or ticket._is_portal_owner()
        return ticket._is_portal_owner()
