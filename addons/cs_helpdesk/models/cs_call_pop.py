from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

TICKETS = 5
CALLER_FIELDS = ("caller_name", "region_zone", "request", "call_class")


class CsCallPop(models.AbstractModel):
    """What an agent sees while it rings: who is it, and what does he wait for?"""

    _name = "cs.call.pop"
    _description = "Call: Screen Pop"

    def _send_pop(self, owner):
        """Tell the browser of the agent; one he had before lets go of it."""
        self.ensure_one()
        users = self.user_id
        if owner and owner != self.user_id:
            users |= owner
        for user in users:
            state = self.state if user == self.user_id else "gone"
            user._bus_send("cs_helpdesk.call", {"id": self.id, "state": state})

    def get_pop(self):
        """Everything the ringing screen shows, in one call.

        :return: dict; the number is plain on the agent's own call only
        :raise AccessError: not a call of his
        """
        self.ensure_one()
        self.check_access("read")
        call = self.sudo()  # read above; the fields shown are chosen one by one
        partner = call.partner_id
        tickets = self._find_open_tickets()[self.id]
        readable = tickets._filtered_access("read")
        zones = dict(call._fields["region_zone"]._description_selection(self.env))
        classes = partner._fields["customer_class"]._description_selection(self.env)
        return {
            "id": self.id,
            "state": call.state,
            "direction": call.direction,
            "phone": self.phone_masked or False,
            "name": partner.display_name or call.caller_name or False,
            "partner_id": partner.id,
            "customer_class": dict(classes).get(partner.customer_class, False),
            "zone": zones.get(call.region_zone, False),
            "zones": list(zones.items()),
            "banned": call.banned,
            "answered_late": call.answered_late,
            "tickets": [
                {
                    "id": ticket.id,
                    "name": ticket.display_name,
                    "stage": ticket.stage_id.name,
                    "deadline": fields.Datetime.to_string(ticket.next_deadline)
                    if ticket.next_deadline
                    else False,
                    "late": ticket.clock_state == "late",
                }
                for ticket in readable[:TICKETS].sudo()
            ],
            "ticket_count": len(tickets),
            "promises": self._get_pop_promises(partner),
            "callbacks": self.env["cs.callback"]
            .sudo()
            .search_count(
                [("number_digits", "=", call.number_digits), ("state", "=", "waiting")]
            )
            if call.number_digits
            else 0,
            "request": call.request or "",
            "ticket_id": call.ticket_id.id,
        }

    def _get_pop_promises(self, partner):
        """What this customer was promised and has not got yet (N25)."""
        if not partner:
            return []
        # sudo: what was promised to the caller, whoever promised it
        promises = self.env["cs.promise"].sudo()
        found = promises.search_fetch(
            [
                ("state", "=", "open"),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    partner.commercial_partner_id.id,
                ),
            ],
            ["name", "until"],
            limit=TICKETS,
        )
        return [
            {
                "id": promise.id,
                "name": promise.name,
                "deadline": fields.Datetime.to_string(promise.until),
            }
            for promise in found
        ]

    def take(self, values=None, ticket_id=None):
        """受理 from the ringing screen: note who it is, then a ticket, or his open one.

        :param dict values: caller_name, region_zone, request, call_class
        :param int ticket_id: go on with this open ticket instead of a new one
        :return: action that opens the ticket
        """
        self.ensure_one()
        self._check_own()
        values = dict(values or {})
        unknown = values.keys() - set(CALLER_FIELDS)
        if unknown:
            raise UserError(
                self.env._(
                    "These cannot be noted here: %(names)s.",
                    names=", ".join(sorted(unknown)),
                )
            )
        if any(values.values()):
            self.write({name: value for name, value in values.items() if value})
        if not ticket_id:
            return self.action_take()
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        self.ticket_id = ticket
        if self.request:
            ticket.message_post(
                body=Markup("%s<br/>%s")
                % (self.env._("The customer called:"), self.request),
                subtype_xmlid="mail.mt_note",
            )
        self.outcome = self.outcome or "ticket"
        return ticket._get_records_action()

    @api.model
    @api.readonly
    def get_live_call(self):
        """The call that rings or is spoken now, for a page that was opened later.

        :return: id, or False
        """
        call = self.search(
            [
                ("user_id", "=", self.env.uid),
                ("finished_at", "=", False),
                ("state", "in", ("ringing", "answered")),
                ("cti_call_id", "!=", False),
            ],
            limit=1,
        )
        return call.id
