from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# stage role -> the one thing to do next
STEPS = {
    "intake": "accept",
    "grading": "graded",
    "investigation": "investigated",
    "plan": "planned",
    "execution": "tell",
    "feedback": "finish",
    "revisit": "finish",
}


class CsTicketStep(models.AbstractModel):
    """The one next step of a ticket, and the queues it stands in."""

    _name = "cs.ticket.step"
    _description = "Next Step of a Ticket"

    next_step = fields.Selection(
        [
            ("sort", "Sort"),
            ("accept", "Accept"),
            ("graded", "Graded"),
            ("investigated", "Investigated"),
            ("planned", "Plan Fixed"),
            ("tell", "Tell the Customer"),
            ("call_back", "Call Back"),
            ("finish", "Finish"),
        ],
        compute="_compute_next_step",
    )

    @api.depends("stage_id", "closed", "team_id", "type_id")
    def _compute_next_step(self):
        for ticket in self:
            if ticket.closed:
                ticket.next_step = False
            elif not ticket.team_id.service_desk:
                ticket.next_step = "sort"
            elif ticket.stage_id.role in ("feedback", "revisit"):
                complaint = ticket.type_id.is_complaint
                ticket.next_step = "call_back" if complaint else "finish"
            else:
                ticket.next_step = STEPS.get(ticket.stage_id.role)

    def action_accept(self):
        """Take a ticket: it is mine now, and its handling begins (003-32)."""
        self._lock_for_step()
        for ticket in self.filtered(lambda t: t.stage_id.role == "intake"):
            if not ticket.user_id:
                ticket.user_id = self.env.user
            ticket._go_to_next_stage()

    def assign_to_me(self):
        if self.team_id and self.env.user not in self.team_id.user_ids:
            raise AccessError(
                self.env._(
                    "Only members of %(team)s can take its tickets.",
                    team=self.team_id.display_name,
                )
            )
        return super().assign_to_me()

    def action_sort(self):
        """Bring a ticket that came in elsewhere to the service desk."""
        self._lock_for_step()
        companies = [False, *self.company_id.ids]
        desk = self.env["helpdesk.ticket.team"].search(
            [("service_desk", "=", True), ("company_id", "in", companies)], limit=1
        )
        if not desk:
            raise UserError(
                self.env._("There is no service desk yet: mark a team as one first.")
            )
        self.filtered(lambda t: not t.team_id.service_desk).team_id = desk

    def action_next_stage(self):
        """One stage on; a second press from the same page does nothing more."""
        self._lock_for_step()
        seen = self.env.context.get("cs_from_stage_id")
        for ticket in self:
            if not seen or ticket.stage_id.id == seen:
                ticket._go_to_next_stage()

    def _lock_for_step(self):
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["stage_id", "user_id", "team_id"])

    def _go_to_next_stage(self):
        self.ensure_one()
        stages = self.allowed_stage_ids.filtered(lambda s: s.role != "cancelled")
        later = stages.filtered(
            lambda s: (s.sequence, s.id) > (self.stage_id.sequence, self.stage_id.id)
        )
        if later:
            self.stage_id = later[0]

    @api.model
    @api.readonly
    def get_queue_counts(self, domains, limit):
        """How many open tickets stand in each queue, for the bar above the list.

        :param domains: one domain a queue, as the search view has them
        :param int limit: counting stops there
        :return: list of counts in the order given
        """
        limit = min(int(limit), 1000)
        base = Domain("closed", "=", False)
        return [
            self.search_count(Domain(domain) & base, limit=limit) for domain in domains
        ]
