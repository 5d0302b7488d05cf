from odoo import api, fields, models

STAFF = "base.group_user"


class CsTicketRevisit(models.AbstractModel):
    """The call-back of a complaint: planned once its customer was told (001-69).

    It is the ticket's own step "Call-back" in another dress: ending one ends the
    other, and the ticket's clock runs for both.
    """

    _name = "cs.ticket.revisit"
    _description = "Ticket: Call-backs"

    revisit_ids = fields.One2many("cs.revisit", "ticket_id", groups=STAFF, copy=False)

    def _get_revisit_values(self):
        """What a call-back takes over from its record."""
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "partner_id": self.partner_id.id,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
        }

    def _watched_changed(self, changes):
        result = super()._watched_changed(changes)
        moved = self.browse(
            ticket.id
            for ticket, change in changes.items()
            if "stage_id" in change["old"] and not change["history"]
        )
        self._sync_revisits(moved.filtered("is_complaint"))
        return result

    def _sync_revisits(self, tickets):
        """Plan where the customer was told; call off where the matter goes on."""
        waiting = tickets.filtered(
            lambda t: t.service_desk and t.stage_role in ("feedback", "revisit")
        )
        self.env["cs.revisit.rule"]._plan("told", waiting.filtered("told_at"))
        over = tickets - waiting
        if over:
            # sudo: call-backs are written by methods alone
            self.env["cs.revisit"].sudo().search(
                [("ticket_id", "in", over.ids), ("state", "=", "planned")]
            )._call_off()

    def action_call_back(self):
        """Open this ticket's call-back, with its questions."""
        self.ensure_one()
        self.check_access("write")
        revisit = self._get_planned_revisit()
        if not revisit:
            self._sync_revisits(self)
            revisit = self._get_planned_revisit()
        if not revisit:
            # a type of ticket that no rule names: the customer's word alone
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "cs_helpdesk.cs_ticket_verdict_action"
            )
            return dict(action, context={"default_ticket_id": self.id})
        revisit.action_start()
        return revisit._get_records_action()

    def _get_planned_revisit(self):
        return self.env["cs.revisit"].search(
            [("ticket_id", "=", self.id), ("state", "=", "planned")], limit=1
        )

    def _on_revisit_done(self, revisit):
        """Satisfied ends the ticket, not satisfied starts a new round (003-34)."""
        self.ensure_one()
        verdict, words = revisit.result, revisit.words
        if verdict == "refused":
            verdict = "unreachable"
        if self.told_at and not self.closed:
            self._record_verdict(verdict, words)

    def _record_verdict(self, verdict, words=False):
        """The customer's word from elsewhere ends the planned call-back as well."""
        result = super()._record_verdict(verdict, words)
        # sudo: the word may come from the portal; a call-back is written by methods
        planned = (
            self.env["cs.revisit"]
            .sudo()
            .search([("ticket_id", "=", self.id), ("state", "=", "planned")])
        )
        for revisit in planned:
            revisit._settle(verdict, words, self.env.user)
            revisit.counted = False
        return result

    @api.model
    def _merge_ticket_records(self):
        return [*super()._merge_ticket_records(), "cs.revisit"]
