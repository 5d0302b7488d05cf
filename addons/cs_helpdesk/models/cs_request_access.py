import re
from datetime import timedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError

from .res_partner import CUSTOMER_CLASSES

MAX_DAYS = 90  # G25


class CsRequestAccess(models.AbstractModel):
    """Access and sharing: which customers, for whom, from when to when."""

    _name = "cs.request.access"
    _description = "Request: Access and Sharing"
    _inherit = ["cs.request.theme"]

    scope = fields.Selection(
        [
            ("partner", "Certain Customers"),
            ("class", "A Class of Customers"),
            ("ticket", "Certain Tickets"),
        ],
        default="partner",
    )
    partner_ids = fields.Many2many(
        "res.partner", "cs_request_partner_rel", string="Customers"
    )
    customer_class = fields.Selection(CUSTOMER_CLASSES)
    ticket_numbers = fields.Char(
        help="Of tickets one may not see yet, separated by commas or spaces."
    )
    ticket_ids = fields.Many2many(
        "helpdesk.ticket", "cs_request_ticket_rel", string="Tickets", readonly=True
    )
    receiver_ids = fields.Many2many(
        "res.users",
        "cs_request_receiver_rel",
        string="Shared With",
        domain="[('share', '=', False)]",
        help="Who gets to know it: colleagues of other departments.",
    )
    date_from = fields.Datetime(string="From", default=fields.Datetime.now)
    date_to = fields.Datetime(
        string="Until",
        default=lambda self: fields.Datetime.now() + timedelta(days=30),
        help="Ends by itself; at most 90 days after its beginning.",
    )
    grant_ids = fields.One2many("cs.access.grant", "request_id", string="Grants")

    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {
            "scope",
            "partner_ids",
            "customer_class",
            "ticket_numbers",
            "receiver_ids",
            "date_from",
            "date_to",
        }

    # ------------------------------------------------------------------
    # Handing in
    # ------------------------------------------------------------------
    def _get_decision_fields(self):
        return super()._get_decision_fields() | {"ticket_ids", "grant_ids"}

    def _prepare_submit(self):
        vals = super()._prepare_submit()
        if self.kind in ("access", "sharing") and self.scope == "ticket":
            vals["ticket_ids"] = [Command.set(self._find_tickets().ids)]
        return vals

    def _find_tickets(self):
        """The tickets that bear the numbers asked for.

        :raise UserError: a number that no ticket of the company bears
        """
        numbers = set(re.split(r"[\s,，、;；]+", self.ticket_numbers or "")) - {""}
        # sudo: one asks for tickets that one may not see; nothing of them is shown
        tickets = self.env["helpdesk.ticket"].sudo()
        tickets = tickets.search(
            [
                ("number", "in", list(numbers)),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        unknown = numbers - set(tickets.mapped("number"))
        if unknown:
            raise UserError(
                self.env._(
                    "No ticket has the number %(numbers)s.",
                    numbers="、".join(sorted(unknown)),
                )
            )
        return tickets

    def _check_request_access(self):
        self._check_scope()
        self._check_dates()

    def _check_request_sharing(self):
        self._check_scope()
        self._check_dates()
        if not self.receiver_ids:
            raise UserError(self.env._("Say with whom it is to be shared."))

    def _check_scope(self):
        named = {
            "partner": self.partner_ids,
            "class": self.customer_class,
            "ticket": self.ticket_numbers,
        }
        if not named.get(self.scope):
            raise UserError(self.env._("Say which customers or tickets it is about."))

    def _check_dates(self):
        if not self.date_from or not self.date_to or self.date_to <= self.date_from:
            raise UserError(self.env._("Say from when to when; the end comes last."))
        if self.date_to < fields.Datetime.now():
            raise UserError(self.env._("The end of the time asked for has passed."))
        if self.date_to - self.date_from > timedelta(days=MAX_DAYS):
            raise UserError(
                self.env._(
                    "At most %(days)s days may be asked for at once.", days=MAX_DAYS
                )
            )

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    def _gate_request_receiver(self, step):
        """Who is to receive it does not decide on it."""
        if self.env.user in self.receiver_ids:
            raise UserError(
                self.env._("It would be shared with you: somebody else must decide.")
            )

    def _grant_request_access(self):
        self._make_grants(self.user_id)

    def _grant_request_sharing(self):
        self._make_grants(self.receiver_ids)

    def _make_grants(self, users):
        """One grant a person and thing; those already there stay."""
        start = max(self.date_from, fields.Datetime.now())
        targets = {
            "partner": [{"partner_id": partner.id} for partner in self.partner_ids],
            "class": [{"customer_class": self.customer_class}],
            "ticket": [{"ticket_id": ticket.id} for ticket in self.ticket_ids],
        }[self.scope]
        self.env["cs.access.grant"].create(
            [
                {
                    "request_id": self.id,
                    "user_id": user.id,
                    "company_id": self.company_id.id,
                    "scope": self.scope,
                    "date_from": start,
                    "date_to": self.date_to,
                    **target,
                }
                for user in users.filtered("active")
                for target in targets
            ]
        )

    def action_open_granted(self):
        """The customers a grant opens."""
        return self.env["ir.actions.actions"]._for_xml_id(
            "cs_helpdesk.res_partner_action_granted"
        )
