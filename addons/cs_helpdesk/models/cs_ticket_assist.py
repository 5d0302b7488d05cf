from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import html2plaintext

STAFF = "base.group_user"
SUMMARY_LENGTH = 2000


class CsTicketAssist(models.AbstractModel):
    """Help of other departments, joint plans and mediation (000-15, 000-30, 001-68)."""

    _name = "cs.ticket.assist"
    _description = "Ticket: Help of Departments"

    assist_ids = fields.One2many("cs.assist", "ticket_id", groups=STAFF, copy=False)
    joint_plan_ids = fields.One2many(
        "cs.joint.plan", "ticket_id", groups=STAFF, copy=False
    )
    mediation_ids = fields.One2many(
        "cs.mediation", "ticket_id", groups=STAFF, copy=False
    )

    def _get_assist_summary(self):
        """What a department reads of a ticket it cannot see; no telephone numbers."""
        self.ensure_one()
        text = html2plaintext(self.description or "")[:SUMMARY_LENGTH]
        head = [self.type_id.name, self.category_id.name, self.partner_id.name]
        return "\n".join([" · ".join(part for part in head if part), text]).strip()

    def _ask_department(self, department, question, user=None):
        """Ask a department for help; see ``cs.assist._ask``."""
        return self.env["cs.assist"]._ask(self, department, question, user=user)

    def action_joint_plan(self):
        """Convene the departments: one plan, a task for each; once (001-68)."""
        self.ensure_one()
        plan = self.env["cs.joint.plan"]._open_for(self)
        return plan._get_records_action()

    @api.model
    def _merge_ticket_records(self):
        return [
            *super()._merge_ticket_records(),
            "cs.assist",
            "cs.joint.plan",
            "cs.mediation",
        ]

    # ------------------------------------------------------------------
    # Gates
    # ------------------------------------------------------------------
    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role == "done" and not self._is_replay():
            self._gate_assists()
        return result

    def _gate_assists(self):
        """A ticket does not close while a department or a mediation is at work."""
        # sudo: whoever closes it may not see each task
        assist = (
            self.env["cs.assist"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("state", "=", "open")], limit=1)
        )
        if assist:
            raise ValidationError(
                self.env._(
                    "Ticket %(number)s: %(department)s has not answered yet.",
                    number=assist.ticket_number,
                    department=assist.department_id.name,
                )
            )
        mediation = (
            self.env["cs.mediation"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("outcome", "=", False)], limit=1)
        )
        if mediation:
            raise ValidationError(
                self.env._(
                    "Ticket %(number)s: the mediation has no outcome yet.",
                    number=mediation.ticket_id.number,
                )
            )
