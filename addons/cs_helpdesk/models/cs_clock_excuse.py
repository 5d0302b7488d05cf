from odoo import fields, models
from odoo.exceptions import AccessError


class CsClockExcuse(models.AbstractModel):
    """Why a clock was late, and whether that counts (N29)."""

    _name = "cs.clock.excuse"
    _description = "Late Reason and Exemption of a Clock"

    late_reason_id = fields.Many2one("cs.clock.reason", ondelete="restrict")
    late_note = fields.Char()
    exemption = fields.Selection(
        [
            ("requested", "Exemption Requested"),
            ("approved", "Exempt"),
            ("refused", "Exemption Refused"),
        ],
    )
    exemption_user_id = fields.Many2one("res.users", string="Requested by")

    def _check_record_access(self):
        """Only who may write the record may speak for its clocks."""
        for clock in self:
            clock._get_record().check_access("write")

    def _give_reason(self, reason, note):
        self._check_record_access()
        clocks = self.sudo()  # users have no write access to clocks; checked above
        clocks.lock_for_update()
        clocks.filtered(lambda c: c.state == "late" or c.overdue).write(
            {"late_reason_id": reason.id, "late_note": note}
        )
        self.env["cs.clock.fact"].sudo()._record(
            clocks._fact(
                "reason",
                fields.Datetime.now(),
                reason_id=reason.id,
                note=note,
            )
        )

    def _request_exemption(self, reason, note):
        """Ask that a late clock leaves the score; it stays visible."""
        self._give_reason(reason, note)
        self.sudo().filtered(lambda c: not c.exemption).write(
            {"exemption": "requested", "exemption_user_id": self.env.uid}
        )

    def action_approve_exemption(self):
        self._decide_exemption("approved")

    def action_refuse_exemption(self):
        self._decide_exemption("refused")

    def _decide_exemption(self, decision):
        """:raise AccessError: not a supervisor, or his own request or clock"""
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor decides on exemptions."))
        self._check_record_access()
        clocks = self.sudo()  # users have no write access to clocks; checked above
        clocks.lock_for_update()
        if self.env.user in clocks.exemption_user_id | clocks.user_id:
            raise AccessError(self.env._("Nobody decides on his own exemption."))
        open_requests = clocks.filtered(lambda c: c.exemption == "requested")
        open_requests.exemption = decision
        self.env["cs.clock.fact"].sudo()._record(
            open_requests._fact("exempt", fields.Datetime.now(), note=decision)
        )
