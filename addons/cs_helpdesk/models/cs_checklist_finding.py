from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

HANDED_ON = {"owner_id", "checker_id"}


class CsChecklistFinding(models.Model):
    """Something that was not right: who mends it by when, and who looked again."""

    _name = "cs.checklist.finding"
    _description = "Finding"
    _inherit = [
        "cs.press.mixin",
        "cs.picture.mixin",
        "cs.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _by_hand = frozenset({"fix_note", "photo"})
    _order = "id desc"

    run_id = fields.Many2one(
        "cs.checklist.run", required=True, readonly=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        "cs.checklist.run.line", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char(related="line_id.name", string="Finding")
    note = fields.Char(related="line_id.note", string="What Is Wrong")
    found_photo = fields.Image(related="line_id.photo", string="Photo Then")
    checklist_id = fields.Many2one(
        related="run_id.checklist_id", store=True, index=True, precompute=True
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    checker_id = fields.Many2one(
        "res.users", string="Looks Again", domain="[('share', '=', False)]"
    )
    due_date = fields.Date(readonly=True)
    state = fields.Selection(
        [("open", "To Mend"), ("fixed", "To Look at Again"), ("closed", "Mended")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )
    fix_note = fields.Text(string="What Was Done")
    photo = fields.Image(string="Photo Now", max_width=1920, max_height=1920)
    fixed_at = fields.Datetime(readonly=True)
    fixed_by_id = fields.Many2one("res.users", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    rounds = fields.Integer(string="Times Mended", readonly=True, aggregator=None)

    _line_uniq = models.UniqueIndex("(line_id)", "This line has its finding already.")
    _run_idx = models.Index("(run_id)")
    _open_idx = models.Index("(owner_id, due_date) WHERE state != 'closed'")

    @api.depends("line_id.name")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.name

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def _get_by_hand(self):
        # a supervisor hands it on
        supervisor = self.env.user.has_group("cs_helpdesk.group_supervisor")
        return super()._get_by_hand() | (HANDED_ON if supervisor else set())

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(finding.state == "closed" for finding in self):
            raise UserError(self.env._("This finding is mended and closed."))
        before = {finding.id: finding._get_assignee() for finding in self}
        result = super().write(vals)
        for finding in self:
            if finding._get_assignee() != before[finding.id]:
                # sudo: clock and task go to whom it was handed
                finding.sudo()._hand_over()
        return result

    def _get_assignee(self):
        """Whose turn it is."""
        self.ensure_one()
        holders = {"open": self.owner_id, "fixed": self._get_rechecker()}
        return holders.get(self.state, self.env["res.users"])

    def _get_rechecker(self):
        """Who looks again: who found it, else another supervisor; never the owner."""
        self.ensure_one()
        doer = self.fixed_by_id | self.owner_id
        if self.checker_id and self.checker_id not in doer:
            return self.checker_id
        # sudo: whom it goes to, not what they may read
        supervisors = self.env.ref("cs_helpdesk.group_supervisor").sudo().all_user_ids
        others = (supervisors - doer).filtered(
            lambda u: u.active and not u.share and self.company_id in u.company_ids
        )
        root = self.env.ref("base.user_root")
        return (others - root).sorted("id")[:1] or self.checker_id

    # ------------------------------------------------------------------
    # Clock and task
    # ------------------------------------------------------------------
    def _get_clock_owner(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "user_id": self.sudo()._get_assignee().id,
        }

    def _get_limit_factor(self, limit):
        if limit.kind == "finding":
            return self.sudo().checklist_id.finding_days or 1.0
        return super()._get_limit_factor(limit)

    def _begin(self):
        """Start the clock and leave the task; the date of the task is the deadline."""
        for finding in self:
            finding._run_clock("finding", self.env._("Mend what the check found"))

    def _run_clock(self, kind, summary):
        self.ensure_one()
        self._clock_start(kind)
        deadline = self._clocks(kind)[:1].deadline
        day = self.env["cs.schedule.mixin"]._get_today(self.company_id, deadline)
        self.due_date = day
        holder = self._get_assignee()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            summary=f"{summary}: {self.name}",
            note=self.note or "",
            user_id=holder.id,
        )

    def _end_clock(self, kind, feedback):
        self.ensure_one()
        self._clock_stop(kind)
        self.activity_ids.action_feedback(feedback=feedback)

    def _hand_over(self):
        self.ensure_one()
        holder = self._get_assignee()
        if holder:
            self._clocks().write(self._get_clock_owner())
            self.activity_ids.write({"user_id": holder.id})

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_fixed(self):
        """The owner has mended it: the one who found it looks again (G17)."""
        self.check_access("write")
        self._lock()
        for finding in self.filtered(lambda f: f.state == "open"):
            if not finding.fix_note:
                raise UserError(
                    self.env._(
                        "%(finding)s: please write what was done.", finding=finding.name
                    )
                )
            # sudo: the user may write the finding; its state is written here alone
            done = finding.sudo()
            done._end_clock("finding", finding.fix_note)
            done.write(
                {
                    "state": "fixed",
                    "fixed_at": fields.Datetime.now(),
                    "fixed_by_id": self.env.uid,
                    "rounds": done.rounds + 1,
                }
            )
            done._run_clock("recheck", self.env._("Look again"))

    def action_recheck_good(self):
        """Looked at again and found right."""
        for finding in self._lock_for_recheck():
            finding._end_clock("recheck", self.env._("Looked at again: right"))
            finding.write(
                {
                    "state": "closed",
                    "closed_at": fields.Datetime.now(),
                    "closed_by_id": self.env.uid,
                }
            )

    def action_recheck_bad(self):
        """Looked at again and still wrong: back to the owner with a new date."""
        for finding in self._lock_for_recheck():
            finding._end_clock("recheck", self.env._("Looked at again: still wrong"))
            finding.state = "open"
            finding._run_clock("finding", self.env._("Mend what the check found"))

    def _lock_for_recheck(self):
        """The findings of these that wait to be looked at, in sudo.

        :raise AccessError: who mended it does not judge it
        """
        self.check_access("read")
        self._lock()
        waiting = self.filtered(lambda f: f.state == "fixed")
        user = self.env.user
        for finding in waiting:
            mended = user in (finding.fixed_by_id | finding.owner_id)
            supervisor = user.has_group("cs_helpdesk.group_supervisor")
            if mended or not (supervisor or user == finding.checker_id):
                raise AccessError(
                    self.env._(
                        "%(finding)s is looked at again by %(checker)s, not by who "
                        "mended it.",
                        finding=finding.name,
                        checker=finding._get_rechecker().name,
                    )
                )
        return waiting.sudo()  # sudo: checked above, the outcome is written here alone
