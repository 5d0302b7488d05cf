from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsJointPlan(models.Model):
    """One plan of several departments for a grave complaint (001-68, 000-30)."""

    _name = "cs.joint.plan"
    _description = "Joint Plan"
    _inherit = ["cs.desk.record", "mail.thread", "mail.activity.mixin"]
    _order = "opened_at desc, id desc"

    name = fields.Char(required=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")],
        required=True,
        default="running",
        tracking=True,
    )
    goal = fields.Text(tracking=True)
    user_id = fields.Many2one("res.users", string="Lead", required=True, tracking=True)
    opened_by_id = fields.Many2one("res.users", required=True)
    opened_at = fields.Datetime(string="Opened", required=True)
    done_at = fields.Datetime(string="Done On")
    company_id = fields.Many2one("res.company", required=True)
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    assist_ids = fields.One2many("cs.assist", "plan_id", string="Tasks")

    _order_idx = models.Index("(opened_at DESC, id DESC)")
    _once = models.UniqueIndex(
        "(ticket_id) WHERE state = 'running'",
        "This ticket has a joint plan already.",
    )

    @api.model
    def _open_for(self, ticket):
        """Open the joint plan of a ticket with a task a department; once.

        :return: ``cs.joint.plan``
        :raise UserError: not grave enough, or no department takes part
        """
        ticket.ensure_one()
        ticket.check_access("write")
        ticket._lock()
        running = self.search(
            [("ticket_id", "=", ticket.id), ("state", "=", "running")]
        )
        if running:
            return running
        if ticket.grade_level < 3 and not ticket._is_supervisor():
            raise AccessError(
                self.env._(
                    "Below grade 3, only a supervisor may convene the departments."
                )
            )
        departments = self.env["cs.department"].search(
            [
                ("in_joint_plan", "=", True),
                ("company_id", "in", [False, ticket.company_id.id]),
            ]
        )
        if not departments:
            raise UserError(
                self.env._("No department takes part in joint plans: name some first.")
            )
        lead = ticket.lead_id or ticket.user_id or self.env.user
        # sudo: checked above; writing is closed to everybody
        plan = self.sudo().create(
            {
                "name": ticket.name,
                "ticket_id": ticket.id,
                "goal": ticket.plan,
                "user_id": lead.id,
                "opened_by_id": self.env.uid,
                "opened_at": fields.Datetime.now(),
                "company_id": ticket.company_id.id,
                "team_id": ticket.team_id.id,
            }
        )
        for department in departments:
            self.env["cs.assist"]._ask(
                ticket,
                department,
                self.env._(
                    "Grave complaint: please say what your department does about it, "
                    "and until when."
                ),
                plan=plan,
            )
        return plan.sudo(False)

    def _finish_if_done(self):
        """The plan ends with its last task; in sudo."""
        for plan in self.filtered(lambda p: p.state == "running"):
            if all(assist.state != "open" for assist in plan.assist_ids):
                plan.write({"state": "done", "done_at": fields.Datetime.now()})
