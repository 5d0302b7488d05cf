from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

GRAVE = 3  # complaint grade from which on a line must be accepted


class CsHandoverGates(models.AbstractModel):
    """What a handover lists, and when it is refused (000-90, G15)."""

    _name = "cs.handover.gates"
    _description = "Gates of a Handover"

    # ------------------------------------------------------------------
    # What is listed
    # ------------------------------------------------------------------
    def _prepare_lines(self):
        """Values of the lines that are not there yet, in sudo."""
        self.ensure_one()
        there = self.line_ids
        Ticket = self.env["helpdesk.ticket"]
        giver = self.giver_id
        absent = self.env["res.users"].search([("deputy_id", "=", giver.id)])
        absent = absent.filtered(lambda u: not u._is_present())
        tickets = Ticket.search(
            [
                ("user_id", "in", (giver | absent).ids),
                ("closed", "=", False),
                ("company_id", "=", self.company_id.id),
            ]
        )
        rows = [
            self._prepare_ticket_line(ticket, absent)
            for ticket in tickets - there.ticket_id
        ]
        own = Domain("user_id", "=", giver.id) & Domain(
            "company_id", "=", self.company_id.id
        )
        promises = self.env["cs.promise"].search(
            own & Domain("state", "in", ("draft", "open"))
        )
        rows += [
            {"kind": "promise", "promise_id": p.id, "until": p.until}
            for p in promises - there.promise_id
        ]
        callbacks = self.env["cs.callback"].search(
            own & Domain("state", "=", "waiting")
        )
        rows += [
            {"kind": "callback", "callback_id": c.id, "until": c.deadline}
            for c in callbacks - there.callback_id
        ]
        return [{"handover_id": self.id} | row for row in rows]

    def _prepare_ticket_line(self, ticket, absent):
        grave = ticket.is_complaint and ticket._get_grade_level() >= GRAVE
        kind = "absent" if ticket.user_id in absent else "ticket"
        return {
            "kind": "complaint" if grave else kind,
            "ticket_id": ticket.id,
            "grave": grave,
            "until": ticket.next_deadline,
        }

    # ------------------------------------------------------------------
    # When it is refused
    # ------------------------------------------------------------------
    def _gate_handover_possible(self, step):
        """Not while something major is going on, nor to somebody unfit (000-90)."""
        self.ensure_one()
        if not self.receiver_id:
            raise UserError(self.env._("Choose who takes over first."))
        major = self._get_major_events()[:1]
        if major:
            raise UserError(
                self.env._(
                    "No handover while a major event is open: %(ticket)s. Stay until "
                    "it is under control.",
                    ticket=major.display_name,
                )
            )
        receiver = self.receiver_id
        if not receiver._is_present():
            raise UserError(
                self.env._(
                    "%(receiver)s is absent: choose somebody else.",
                    receiver=receiver.name,
                )
            )
        if receiver._get_unfit():
            raise UserError(
                self.env._(
                    "%(receiver)s is not certified and cannot take over.",
                    receiver=receiver.name,
                )
            )
        self._check_member()

    def _check_member(self):
        """Tickets go to people of their own team."""
        for team in self.line_ids.ticket_id.team_id:
            if self.receiver_id not in team.user_ids:
                raise UserError(
                    self.env._(
                        "%(receiver)s is not a member of %(team)s, whose tickets are "
                        "handed over.",
                        receiver=self.receiver_id.name,
                        team=team.name,
                    )
                )

    def _get_major_events(self):
        """What is going on and cannot be left: a crisis nobody has answered yet, an
        urgent fault of the systems."""
        crisis = (
            Domain("type_id.is_complaint", "=", True)
            & Domain("grade_id.level", ">=", 4)
            & Domain("answered_date", "=", False)
            & Domain("user_id", "=", self.giver_id.id)
        )
        fault = Domain("type_id.code", "=", "fault") & Domain("urgency", "=", "urgent")
        return self.env["helpdesk.ticket"].search(
            (crisis | fault)
            & Domain("closed", "=", False)
            & Domain("company_id", "=", self.company_id.id),
            limit=1,
        )

    def _gate_handover_checked(self, step):
        """Equipment looked at, grave matters written down: cause, process, result."""
        self.ensure_one()
        if self.run_id.state != "done":
            raise UserError(
                self.env._("Go through the checklist of the equipment first.")
            )
        if not (self.notices or "").strip():
            raise UserError(
                self.env._("Write the notices for your colleague, or “none”.")
            )
        silent = self.line_ids.filtered(
            lambda line: line.grave and not (line.note or "").strip()
        )
        if silent:
            raise UserError(
                self.env._(
                    "%(matter)s: write cause, course and result so far.",
                    matter=silent[0].name,
                )
            )

    def _gate_handover_accepted(self, step):
        """000-90: no confirmation with a complaint of grade 3 or 4 not accepted."""
        self.ensure_one()
        grave = self.line_ids.filtered(lambda line: line.grave and not line.accepted)
        if grave:
            raise UserError(
                self.env._(
                    "%(matter)s is not accepted: a grave complaint is never left "
                    "behind.",
                    matter=grave[0].name,
                )
            )
