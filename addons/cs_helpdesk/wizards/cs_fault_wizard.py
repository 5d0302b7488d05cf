from odoo import fields, models
from odoo.exceptions import UserError


class CsFaultWizard(models.TransientModel):
    """Report a fault to IT support (003-14): anybody may, nobody mends it himself."""

    _name = "cs.fault.wizard"
    _description = "Report a Fault"

    occurred_at = fields.Datetime(required=True, default=fields.Datetime.now)
    symptom = fields.Text(required=True)
    equipment_id = fields.Many2one("cs.equipment")
    nobody_can_work = fields.Boolean(help="Then it is a major fault.")
    ticket_id = fields.Many2one("helpdesk.ticket", readonly=True)

    def action_report(self):
        """Make the fault ticket, once; :return: a message with its number"""
        self.ensure_one()
        self.lock_for_update()
        if not self.ticket_id:
            self.ticket_id = self._report()
        ticket = self.ticket_id.sudo()  # sudo: the number, for who reported it
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Fault reported"),
                "message": self.env._(
                    "Number %(number)s: IT support has it. Please do not try to mend "
                    "it yourself.",
                    number=ticket.number,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _report(self):
        if self.occurred_at > fields.Datetime.now():
            raise UserError(
                self.env._("A fault lies in the past: please correct when it occurred.")
            )
        company = self.equipment_id.company_id or self.env.company
        team = self._get_team(company)
        # sudo: whoever meets a fault reports it, he need not see the team's tickets
        ticket = (
            self.env["helpdesk.ticket"]
            .sudo()
            .create(
                {
                    "name": self.symptom.strip().splitlines()[0][:80],
                    "description": self.symptom,
                    "team_id": team.id,
                    "type_id": self.env.ref("cs_helpdesk.type_fault").id,
                    "partner_id": self.env.user.partner_id.id,
                    "company_id": company.id,
                    "equipment_id": self.equipment_id.id,
                    "fault_occurred_at": self.occurred_at,
                    "fault_symptom": self.symptom,
                    "fault_level": "general",
                }
            )
        )
        if self.nobody_can_work:
            ticket.fault_level = "major"
        return ticket

    def _get_team(self, company):
        # sudo: which team it goes to
        team = (
            self.env["helpdesk.ticket.team"]
            .sudo()
            .search(
                [
                    ("it_support", "=", True),
                    ("company_id", "in", [company.id, False]),
                ],
                limit=1,
            )
        )
        if not team:
            raise UserError(
                self.env._(
                    "There is no IT support team yet: please ask the manager to mark "
                    "one."
                )
            )
        return team
