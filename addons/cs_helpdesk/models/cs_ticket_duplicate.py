import re
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CsTicketDuplicate(models.AbstractModel):
    """The same matter twice: refused when exact, shown when likely (P9)."""

    _name = "cs.ticket.duplicate"
    _description = "Ticket: Duplicates"

    _duplicate_days = 30
    _duplicate_links = 5

    external_source = fields.Char(
        copy=False,
        help="System or channel a ticket was taken over from.",
    )
    external_ref = fields.Char(
        string="External Reference",
        copy=False,
        index="btree_not_null",
        help="Number of the message or record there; the same one arrives once only.",
    )
    phone_digits = fields.Char(
        compute="_compute_phone_digits",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
        groups="cs_helpdesk.group_phone_reader",
    )
    similar_count = fields.Integer(
        string="Similar Open Tickets", compute="_compute_similar_count"
    )
    similar_hint = fields.Html(
        compute="_compute_similar_hint",
        sanitize=False,
        export_string_translation=False,
    )

    _external_uniq = models.UniqueIndex(
        "(external_source, external_ref) WHERE external_ref IS NOT NULL",
        "A ticket with this source and external reference exists already.",
    )
    _external_source_given = models.Constraint(
        "CHECK (external_ref IS NULL OR external_source IS NOT NULL)",
        "An external reference needs its source.",
    )
    _phone_open_idx = models.Index(
        "(phone_digits, create_date) "
        "WHERE phone_digits IS NOT NULL AND closed IS NOT TRUE AND active IS TRUE"
    )
    _customer_idx = models.Index(
        "(commercial_partner_id, create_date) "
        "WHERE commercial_partner_id IS NOT NULL "
        "AND closed IS NOT TRUE AND active IS TRUE"
    )

    @api.model
    def _phone_to_digits(self, phone):
        """A Chinese number however it was typed: digits, without +86 and area's zero.

        :return: string of digits, or False when it is no telephone number
        """
        digits = re.sub(r"\D", "", phone or "").removeprefix("00")
        if len(digits) > 11:
            digits = digits.removeprefix("86")
        digits = digits.removeprefix("0")
        return digits if len(digits) >= 7 else False

    @api.depends("customer_phone")
    def _compute_phone_digits(self):
        for ticket in self:
            ticket.phone_digits = self._phone_to_digits(ticket.customer_phone)

    # ------------------------------------------------------------------
    # Likely duplicates
    # ------------------------------------------------------------------
    @api.depends("phone_digits", "partner_id", "company_id")
    def _compute_similar_count(self):
        for ticket, found in self._similar_tickets().items():
            ticket.similar_count = len(found)

    @api.depends("phone_digits", "partner_id", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_similar_hint(self):
        similar = self._similar_tickets()
        every = self.browse().union(*similar.values())
        readable = set(every._filtered_access("read")._ids)
        for ticket in self:
            found = similar[ticket]
            shown = found.filtered(lambda t: t.id in readable)
            ticket.similar_hint = bool(found) and self._similar_html(
                shown[: self._duplicate_links], len(found)
            )

    def _similar_tickets(self):
        """Open tickets of the last 30 days with the same phone or customer.

        One query for all saved tickets; it sees tickets the user may not read.

        :return: {ticket: ``helpdesk.ticket`` newest first}
        """
        found = dict.fromkeys(self, self.browse())
        saved = self.filtered(lambda t: isinstance(t.id, int))
        since = fields.Datetime.now() - timedelta(days=self._duplicate_days)
        for ticket in self - saved:
            found[ticket] = ticket._search_similar(since)
        if not saved:
            return found
        self.flush_model(
            ["phone_digits", "commercial_partner_id", "company_id", "closed", "active"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, array_agg(d.id ORDER BY d.id DESC)
                  FROM helpdesk_ticket t
                  JOIN helpdesk_ticket d ON d.id != t.id
                   AND d.company_id = t.company_id
                   AND (
                       (d.phone_digits IS NOT NULL AND d.phone_digits = t.phone_digits)
                       OR (d.commercial_partner_id IS NOT NULL
                           AND d.commercial_partner_id = t.commercial_partner_id)
                   )
                   AND d.closed IS NOT TRUE AND d.active IS TRUE
                   AND d.create_date >= %s
                 WHERE t.id IN %s
              GROUP BY t.id
                """,
                since,
                tuple(saved.ids),
            )
        )
        similar = dict(rows)
        for ticket in saved:
            found[ticket] = self.browse(similar.get(ticket.id, ()))
        return found

    def _search_similar(self, since):
        """The same for a ticket that is still being typed."""
        same = Domain.FALSE
        digits = self.sudo().phone_digits  # sudo: only compared
        if digits:
            same |= Domain("phone_digits", "=", digits)
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            same |= Domain("commercial_partner_id", "=", customer.id)
        # sudo: the hint tells how many there are, and links only what may be read
        return (
            self.sudo()
            .search(
                same
                & Domain("company_id", "=", self.company_id.id)
                & Domain("closed", "=", False)
                & Domain("create_date", ">=", since)
                & Domain("id", "!=", self._origin.id),
                order="id DESC",
            )
            .sudo(self.env.su)
        )

    def _similar_html(self, tickets, total):
        links = Markup("、").join(
            Markup('<a href="/odoo/helpdesk.ticket/%s" target="_blank">%s</a>')
            % (ticket.id, ticket.display_name)
            for ticket in tickets
        )
        if not tickets:
            return Markup("<span>%s</span>") % self.env._(
                "This customer has %(total)s open tickets with other teams.",
                total=total,
            )
        return Markup("<span>%s</span> %s") % (
            self.env._(
                "This customer has %(total)s more open tickets in the last 30 days:",
                total=total,
            ),
            links,
        )
