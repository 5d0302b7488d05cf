from odoo import api, fields, models

STAFF = "base.group_user"
REPORT = ("report_cause", "report_handling", "report_lesson")


class CsTicketReport(models.AbstractModel):
    """A complaint ends in a report: cause, handling, lesson (000-08, G04).

    From grade 2 on somebody writes it; for a simple complaint plan and result are
    its report.
    """

    _name = "cs.ticket.report"
    _inherit = ["cs.ticket.step"]
    _description = "Ticket: Complaint Report"

    report_cause = fields.Text(string="Cause", copy=False, groups=STAFF)
    report_handling = fields.Text(string="How It Was Handled", copy=False, groups=STAFF)
    report_lesson = fields.Text(string="Lesson", copy=False, groups=STAFF)
    report_missing = fields.Boolean(
        compute="_compute_report_missing", compute_sudo=True
    )
    next_step = fields.Selection(selection_add=[("report", "Write the Report")])

    @api.depends("grade_level", "is_complaint", "service_desk", *REPORT)
    def _compute_report_missing(self):
        for ticket in self:
            ticket.report_missing = (
                ticket.service_desk
                and ticket.is_complaint
                and ticket.grade_level >= 2
                and not all((ticket[name] or "").strip() for name in REPORT)
            )

    @api.depends("verdict", "report_missing")
    def _compute_next_step(self):
        result = super()._compute_next_step()
        for ticket in self:
            if ticket.next_step == "call_back" and ticket.verdict == "satisfied":
                ticket.next_step = "report" if ticket.report_missing else "finish"
        return result

    def _get_handling(self):
        """Plan and result, as the handling of a simple complaint."""
        self.ensure_one()
        return "\n".join(text for text in (self.plan, self.result) if text)

    def _write_report(self, cause, handling, lesson):
        """Write the report; a complaint whose customer is satisfied ends with it."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self.write(
            {
                "report_cause": cause,
                "report_handling": handling,
                "report_lesson": lesson,
            }
        )
        if self.verdict == "satisfied" and not self.closed and not self.report_missing:
            self._enter_stage("done")

    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role == "done" and not self._is_replay():
            for ticket in self.filtered("is_complaint"):
                ticket._gate_report()
        return result

    def _gate_report(self):
        if self.report_missing:
            self._refuse(
                self.env._(
                    "please write the complaint report first: cause, handling, lesson."
                )
            )
        if not self.report_handling:
            self.report_handling = self._get_handling()

    def _enter_stage(self, role):
        """The customer's word is noted in any case; only the end waits for the report.

        He may give it himself on the portal, where nobody could write a report.
        """
        if role != "done" or not self.report_missing:
            return super()._enter_stage(role)
        # sudo: the customer's word may come from the portal
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Write the complaint report"),
            user_id=(self.user_id or self.lead_id or self.team_id.sudo().user_id).id
            or self.env.uid,
        )
