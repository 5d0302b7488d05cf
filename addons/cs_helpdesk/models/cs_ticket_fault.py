from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# what only IT support writes (003-14: users report, they do not mend)
HANDLING = {
    "fault_level",
    "fault_process",
    "fault_result",
    "fault_report",
    "post_mortem",
}
STAMPS = {"fault_reported_at", "post_mortem_at"}
CLOCKED = {"fault_level", "fault_reported_at", "post_mortem_at"}


class CsTicketFault(models.AbstractModel):
    """System faults (003-72…74, G40): tickets of the IT team with a fault's facts."""

    _name = "cs.ticket.fault"
    _description = "Ticket: Fault"

    is_fault = fields.Boolean(compute="_compute_is_fault")
    equipment_id = fields.Many2one("cs.equipment", index="btree_not_null")
    fault_occurred_at = fields.Datetime(string="Occurred at", copy=False)
    fault_symptom = fields.Text(string="Symptom")
    fault_level = fields.Selection(
        [("general", "General"), ("major", "Major")],
        help="Major: answered in 15 minutes, reported in 30, worked around in 2 hours.",
    )
    fault_process = fields.Text(string="Handling of the Fault", copy=False)
    fault_result = fields.Text(string="Result of the Handling", copy=False)
    fault_report = fields.Text(string="Report to the Leaders", copy=False)
    fault_reported_at = fields.Datetime(string="Reported at", readonly=True, copy=False)
    post_mortem = fields.Text(copy=False)
    post_mortem_at = fields.Datetime(
        string="Post-Mortem Finished", readonly=True, copy=False
    )

    @api.depends("team_id", "type_id")
    def _compute_is_fault(self):
        for ticket in self:
            ticket.is_fault = (
                ticket.team_id.it_support and ticket.type_id.code == "fault"
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | STAMPS

    def write(self, vals):
        names = vals.keys()
        if HANDLING & names and not self.env.su:
            self._check_it_support()
        if vals.get("fault_level") == "major":
            # the limits of a major fault are those of an urgent one (G40)
            vals = dict(vals, urgency="urgent")
        risen = self.browse()
        if vals.get("fault_level") == "major":
            risen = self.filtered(lambda t: t.is_fault and t.fault_level != "major")
        result = super().write(vals)
        if CLOCKED & names:
            self._clock_sync()
        risen._tell_of_major_fault()
        return result

    def _check_it_support(self):
        """:raise AccessError: the user reports faults, he does not mend them"""
        user = self.env.user
        for ticket in self.filtered("is_fault"):
            team = ticket.team_id.sudo()  # sudo: who belongs to the team
            if user not in team.user_ids | team.user_id:
                raise AccessError(
                    self.env._(
                        "Faults are mended by %(team)s: please report what you see "
                        "and leave the rest to them.",
                        team=team.name,
                    )
                )

    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role == "done":
            self._gate_fault()
        return result

    def _gate_fault(self):
        """003-73: time, symptom, handling and result are written down."""
        names = (
            "fault_occurred_at",
            "fault_symptom",
            "fault_process",
            "fault_result",
        )
        for ticket in self.filtered("is_fault"):
            missing = [
                ticket._fields[name].get_description(self.env, ["string"])["string"]
                for name in names
                if not ticket[name]
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "Fault %(number)s: please fill in %(fields)s first.",
                        number=ticket.number,
                        fields="、".join(missing),
                    )
                )

    # ------------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------------
    def _get_wanted_clocks(self):
        wanted = super()._get_wanted_clocks()
        if self.fault_level == "major" and self.is_fault and self.active:
            if not self.closed and not self.fault_reported_at:
                wanted.add("fault_report")
            if self.stage_id.role == "done" and not self.post_mortem_at:
                wanted.add("post_mortem")
        return wanted

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def _tell_of_major_fault(self):
        """003-72: a major fault is known to the leaders at once."""
        for ticket in self:
            managers = ticket._get_holders("manager")
            root = self.env.ref("base.user_root")
            # sudo: the leaders follow it, whoever found out that it is major
            ticket.sudo()._tell_users(
                managers - root,
                self.env._("Major fault: %(name)s", name=ticket.name),
                Markup("<p>%s</p>") % (ticket.fault_symptom or ticket.name),
            )

    def action_fault_major(self):
        """It is major: leaders are told, and the shorter limits apply."""
        self._lock_fault()
        self.filtered(lambda t: t.is_fault and t.fault_level != "major").write(
            {"fault_level": "major"}
        )

    def action_fault_report(self):
        """The report to the leaders is made; twice changes nothing."""
        self._lock_fault()
        for ticket in self.filtered(lambda t: not t.fault_reported_at):
            if not ticket.fault_report:
                raise UserError(
                    self.env._(
                        "Please write the report first: what is down, who is affected, "
                        "until when."
                    )
                )
            managers = ticket._get_holders("manager")
            # sudo: IT support, checked above; the moment is written by this button
            done = ticket.sudo()
            done.fault_reported_at = self._event_time()
            done.message_notify(
                partner_ids=managers.partner_id.ids,
                subject=self.env._("Report of fault %(number)s", number=ticket.number),
                body=ticket.fault_report,
            )

    def action_post_mortem(self):
        """The post-mortem is finished: cause, lesson, prevention."""
        self._lock_fault()
        for ticket in self.filtered(lambda t: not t.post_mortem_at):
            if not ticket.post_mortem:
                raise UserError(
                    self.env._(
                        "Please write the post-mortem first: cause, lesson, prevention."
                    )
                )
            # sudo: IT support, checked above; the moment is written by this button
            ticket.sudo().post_mortem_at = self._event_time()

    def _lock_fault(self):
        self.check_access("write")
        self._check_it_support()
        self._lock()
