from odoo import api, fields, models

STAFF = "base.group_user"


class CsTicketPromise(models.AbstractModel):
    """What was promised to the customer of a ticket, and what keeps it (N25)."""

    _name = "cs.ticket.promise"
    _description = "Ticket: Promises"

    promise_ids = fields.One2many("cs.promise", "ticket_id", groups=STAFF, copy=False)
    promise_due = fields.Datetime(
        string="Promised Until", compute="_compute_promise_due", groups=STAFF
    )
    promise_text = fields.Char(
        string="Promised", compute="_compute_promise_due", groups=STAFF
    )

    @api.depends("promise_ids.state", "promise_ids.until")
    def _compute_promise_due(self):
        """The next promise still open; whoever sees the ticket may know it."""
        first = {}
        # sudo: an observer or another team sees the ticket, not the promise
        for promise in (
            self.env["cs.promise"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("state", "=", "open")])
        ):
            first.setdefault(promise.ticket_id.id, promise)
        for ticket in self:
            promise = first.get(ticket.id)
            ticket.promise_due = promise and promise.until
            ticket.promise_text = promise and promise.name

    def _promise(self, name, until, user=None, **values):
        """Promise the customer something; see ``cs.promise._make``."""
        self.ensure_one()
        return self.env["cs.promise"]._make(
            name, until, ticket=self, user=user, **values
        )

    # ------------------------------------------------------------------
    # What keeps a promise
    # ------------------------------------------------------------------
    def _is_to_customer(self, message):
        """Whether a person of ours wrote this to the customer."""
        return (
            message.message_type in ("comment", "email", "email_outgoing")
            and not message.is_internal
            and not message.subtype_id.internal
            and message.author_id != self.partner_id
            and any(not user.share for user in message.author_id.user_ids)
        )

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._is_to_customer(message):
            # sudo: who may write to the customer keeps a colleague's promise by it
            self.env["cs.promise"].sudo()._keep_by_contact(
                self, "message", fields.Datetime.now(), message
            )
        return result

    def _tell_customer(self, way, result, channel=None, note=False, at=None):
        told = self.told_at
        answer = super()._tell_customer(way, result, channel=channel, note=note, at=at)
        if way == "contact" and not told and self.told_at:
            # sudo: rights on the ticket were checked by the method itself
            self.env["cs.promise"].sudo()._keep_by_contact(self, "call", self.told_at)
        return answer

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------
    @api.model
    def _merge_ticket_records(self):
        """Models whose `ticket_id` follows a ticket into the one it is merged with."""
        return ["cs.promise"]

    def _merge_find_documents(self):
        found = super()._merge_find_documents()
        for model in self._merge_ticket_records():
            records = self.env[model].sudo().search([("ticket_id", "=", self.id)])
            if records:
                found[model] = records.ids
        return found

    def _merge_move_documents(self, documents, target):
        own = set(self._merge_ticket_records())
        for model in own & documents.keys():
            # sudo: merging was checked; these records are written by methods alone
            records = self.env[model].sudo().browse(documents[model]).exists()
            records.filtered(lambda r: r.ticket_id == self).ticket_id = target
        rest = {name: ids for name, ids in documents.items() if name not in own}
        return super()._merge_move_documents(rest, target)
