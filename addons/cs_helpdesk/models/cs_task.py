from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

END_OF_DAY = 18.0


class CsTask(models.Model):
    """Something a leader asks for, or a meeting decides: one owner and a date."""

    _name = "cs.task"
    _description = "Task"
    _inherit = [
        "cs.press.mixin",
        "cs.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_deadline desc, id desc"

    name = fields.Char(string="Task", required=True, tracking=True)
    description = fields.Html()
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    assigner_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    date_deadline = fields.Date(
        string="Due on",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    meeting_id = fields.Many2one(
        "calendar.event", string="Decided in", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("done", "Done"),
            ("accepted", "Accepted"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )
    result = fields.Text()
    done_at = fields.Datetime(readonly=True, copy=False)
    accepted_at = fields.Datetime(readonly=True, copy=False)

    _order_idx = models.Index("(date_deadline DESC, id DESC)")

    @api.model
    def _default_company_id(self):
        return self.env.company

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def _get_by_hand(self):
        names = {"result"}
        if all(task.assigner_id == self.env.user for task in self):
            names |= {"name", "description", "user_id", "date_deadline", "meeting_id"}
        return names

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals["assigner_id"] = self.env.uid
                vals["state"] = "open"
                self._check_may_ask(vals)
        tasks = super().create(vals_list)
        for task in tasks:
            task._remind()
        return tasks

    def _check_may_ask(self, vals):
        """Leaders ask others; the chair of a meeting does for its decisions."""
        user_id = vals.get("user_id") or self.env.uid
        meeting = self.env["calendar.event"].browse(vals.get("meeting_id"))
        if (
            user_id != self.env.uid
            and meeting.user_id != self.env.user
            and not self.env.user.has_group("cs_helpdesk.group_supervisor")
        ):
            raise AccessError(
                self.env._(
                    "Tasks for others are given by supervisors and managers, or by "
                    "the chair of a meeting."
                )
            )

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(task.state in ("accepted", "cancelled") for task in self):
            raise UserError(self.env._("This task is over and not edited any more."))
        result = super().write(vals)
        if {"user_id", "date_deadline"} & vals.keys():
            for task in self.filtered(lambda t: t.state == "open"):
                task._remind()
        return result

    # ------------------------------------------------------------------
    # Clock and reminder
    # ------------------------------------------------------------------
    def _get_clock_owner(self):
        self.ensure_one()
        return {"company_id": self.company_id.id, "user_id": self.user_id.id}

    def _remind(self):
        """Clock and activity of the owner, put right after every change."""
        self.ensure_one()
        # sudo: the owner's clock and activity follow from the task, checked before
        task = self.sudo()
        moment = self.env["cs.schedule.mixin"]._get_moment
        until = moment(task.company_id, task.date_deadline, END_OF_DAY)
        running = task._clocks("task")
        if running.deadline != until or running.user_id != task.user_id:
            task._clock_cancel("task")
            task._clock_start("task", until=max(until, fields.Datetime.now()))
        task.activity_ids.unlink()
        task.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=task.date_deadline,
            summary=task.name,
            user_id=task.user_id.id,
        )
        task.message_subscribe((task.user_id | task.assigner_id).partner_id.ids)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_done(self):
        """The owner has done it and says with what result."""
        self.check_access("write")
        self._lock()
        for task in self.filtered(lambda t: t.state == "open"):
            if task.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(task)s is done by %(owner)s.",
                        task=task.name,
                        owner=task.user_id.name,
                    )
                )
            if not task.result:
                raise UserError(
                    self.env._("%(task)s: please write the result.", task=task.name)
                )
            # sudo: the owner, checked above; the state is written here alone
            done = task.sudo()
            done._clock_stop("task")
            done.activity_ids.action_feedback(feedback=task.result)
            own = task.assigner_id == task.user_id
            done.write(
                {
                    "state": "accepted" if own else "done",
                    "done_at": fields.Datetime.now(),
                }
            )
            if not own:
                done.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Look at the result: %(task)s", task=task.name),
                    user_id=task.assigner_id.id,
                )

    def action_accept(self):
        """Who asked for it is content."""
        for task in self._lock_as_assigner("done"):
            task.activity_ids.action_feedback(feedback=self.env._("Accepted"))
            task.write({"state": "accepted", "accepted_at": fields.Datetime.now()})

    def action_reopen(self):
        """Who asked for it wants more."""
        for task in self._lock_as_assigner("done"):
            task.state = "open"
            task._remind()

    def action_cancel(self):
        for task in self._lock_as_assigner("open"):
            task._clock_cancel("task")
            task.activity_ids.unlink()
            task.state = "cancelled"

    def _lock_as_assigner(self, state):
        """:return: those in `state`, in sudo after the check that it is his task"""
        self.check_access("write")
        self._lock()
        for task in self:
            if task.assigner_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(task)s was asked for by %(assigner)s.",
                        task=task.name,
                        assigner=task.assigner_id.name,
                    )
                )
        # sudo: checked above; the state is written by buttons alone
        return self.filtered(lambda t: t.state == state).sudo()
