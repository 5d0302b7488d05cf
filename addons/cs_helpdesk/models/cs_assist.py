from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STAFF = (
    "helpdesk_mgmt.group_helpdesk_user_own,"
    "cs_helpdesk.group_qa,cs_helpdesk.group_supervision"
)


class CsAssist(models.Model):
    """A ticket asks a department for help: question, owner, clock, answer (003-32).

    The department sees this record alone, with a summary of the matter, not the
    ticket. Written by its own methods alone.
    """

    _name = "cs.assist"
    _description = "Help Asked of a Department"
    _inherit = [
        "cs.desk.record",
        "cs.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "asked_at desc, id desc"

    name = fields.Char(string="Subject", required=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("answered", "Answered"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        tracking=True,
    )
    # What it is about
    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade", groups=STAFF
    )
    ticket_number = fields.Char(string="Ticket No.", required=True)
    plan_id = fields.Many2one("cs.joint.plan", index="btree_not_null")
    summary = fields.Text(help="What the department needs to know of the matter.")
    question = fields.Text(required=True)
    # Who
    department_id = fields.Many2one("cs.department", required=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Owner", index="btree_not_null", tracking=True
    )
    asked_by_id = fields.Many2one("res.users", string="Asked By", required=True)
    asked_at = fields.Datetime(string="Asked", required=True)
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True)
    # How it ended
    answer = fields.Text(tracking=True)
    answered_by_id = fields.Many2one("res.users", string="Answered By")
    answered_at = fields.Datetime(string="Answered On")
    reason = fields.Char(string="Why Returned", tracking=True)
    notice_ids = fields.One2many(
        "cs.assist.notice", "assist_id", string="Rectification Notices"
    )

    _order_idx = models.Index("(asked_at DESC, id DESC)")
    _mine_idx = models.Index("(user_id, asked_at DESC, id DESC) WHERE state = 'open'")
    _late_idx = models.Index("(id) WHERE state = 'open' AND clock_state = 'late'")

    # ------------------------------------------------------------------
    # Hooks of the clock
    # ------------------------------------------------------------------
    def _get_clock_owner(self):
        return {
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _get_age_begin(self):
        return self.asked_at

    def _get_age_end(self):
        return self.answered_at

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _ask(self, ticket, department, question, user=None, plan=None):
        """Ask a department for help with a ticket; its people are told at once.

        :param user: who shall do it, else the department's own choice
        :return: ``cs.assist`` of the user's own rights
        :raise ValidationError: nothing asked
        """
        ticket.ensure_one()
        ticket.check_access("write")
        question = self._need_text(
            question, self.env._("Please write what the department shall do.")
        )
        if ticket.closed:
            raise UserError(self.env._("This ticket is closed already."))
        owner = user or department._get_owner()
        # sudo: checked above; writing is closed to everybody
        assist = self.sudo().create(
            {
                "name": ticket.name,
                "ticket_id": ticket.id,
                "ticket_number": ticket.number,
                "plan_id": plan.id if plan else False,
                "summary": ticket._get_assist_summary(),
                "question": question,
                "department_id": department.id,
                "user_id": owner.id,
                "asked_by_id": self.env.uid,
                "asked_at": fields.Datetime.now(),
                "team_id": ticket.team_id.id,
                "company_id": ticket.company_id.id,
            }
        )
        assist._clock_start("assist", at=assist.asked_at)
        assist._tell(
            owner | department.sudo().leader_id,
            self.env._("Help asked: %(subject)s", subject=assist.name),
            question,
            todo=True,
        )
        return assist.sudo(False)

    def _tell(self, users, subject, body, todo=False):
        """Notify people at once, and leave the owner a task; in sudo."""
        self.ensure_one()
        users = users.filtered("active")
        if not users:
            return
        self.message_subscribe(partner_ids=users.partner_id.ids)
        self.message_notify(
            partner_ids=users.partner_id.ids, subject=subject, body=body
        )
        if todo:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=subject,
                user_id=(self.user_id or users[0]).id,
            )

    # ------------------------------------------------------------------
    # The department
    # ------------------------------------------------------------------
    def _check_department(self):
        user = self.env.user
        supervisor = user.has_group("cs_helpdesk.group_supervisor")
        for assist in self.sudo():  # the owner's name is no secret to who sees it
            member = user == assist.user_id or assist.department_id._is_member(user)
            if not (member or supervisor):
                raise AccessError(
                    self.env._(
                        "Only %(department)s answers this.",
                        department=assist.department_id.name,
                    )
                )

    def action_take(self):
        """A person of the department takes the task upon himself."""
        assists = self._begin_act()
        self._check_department()
        for assist in assists.filtered(lambda a: a.state == "open"):
            assist.user_id = self.env.user
            assist._clocks().write({"user_id": self.env.uid})

    def _give_answer(self, answer):
        """Answer; who asked is told and the ticket has it. Twice changes nothing.

        :raise ValidationError: no words
        """
        assists = self._begin_act()
        answer = self._need_text(answer, self.env._("Please write the answer."))
        self._check_department()
        for assist in assists.filtered(lambda a: a.state == "open"):
            assist.write(
                {"answer": answer, "user_id": assist.user_id.id or self.env.uid}
            )
            assist._settle("answered")
            assist._report_back(self.env._("Answered"), answer)

    def _return(self, reason):
        """Send the task back: it is not the department's, or cannot be done.

        :raise ValidationError: no reason
        """
        assists = self._begin_act()
        reason = self._need_text(reason, self.env._("Please give the reason."))
        self._check_department()
        for assist in assists.filtered(lambda a: a.state == "open"):
            assist.reason = reason
            assist._settle("returned")
            assist._report_back(self.env._("Returned"), reason)

    def _withdraw(self, reason):
        """Who asked needs it no more."""
        assists = self._begin_act()
        reason = self._need_text(reason, self.env._("Please give the reason."))
        user = self.env.user
        supervisor = user.has_group("cs_helpdesk.group_supervisor")
        for assist in assists.filtered(lambda a: a.state == "open"):
            if (
                not supervisor
                and user not in assist.asked_by_id | assist.ticket_id.user_id
            ):
                raise AccessError(
                    self.env._("Only who asked, or a supervisor, may withdraw this.")
                )
            assist.reason = reason
            assist._settle("cancelled")
            assist._tell(assist.user_id, self.env._("No longer needed"), reason)

    def _settle(self, state):
        """End the task and its clocks; in sudo."""
        self.ensure_one()
        now = fields.Datetime.now()
        self.write({"state": state, "answered_at": now, "answered_by_id": self.env.uid})
        if state == "answered":
            self._clock_stop(at=now)
        else:
            self._clock_cancel(at=now)
        self.activity_ids.action_feedback()
        self.plan_id._finish_if_done()

    def _report_back(self, subject, words):
        """Tell who asked and who works on the ticket, and write it on the ticket."""
        self.ensure_one()
        ticket = self.ticket_id
        subject = self.env._(
            "%(department)s: %(what)s", department=self.department_id.name, what=subject
        )
        body = Markup("<b>%s</b>: %s") % (subject, words)
        ticket.message_post(body=body, subtype_xmlid="mail.mt_note")
        told = (self.asked_by_id | ticket.user_id).filtered("active")
        if told:
            ticket.message_notify(
                partner_ids=told.partner_id.ids, subject=subject, body=words
            )

    # ------------------------------------------------------------------
    # Buttons that ask for words
    # ------------------------------------------------------------------
    def action_answer(self):
        return self.env["cs.desk.reason.wizard"]._open("assist_answer", self)

    def action_return(self):
        return self.env["cs.desk.reason.wizard"]._open("assist_return", self)

    def action_withdraw(self):
        return self.env["cs.desk.reason.wizard"]._open("assist_withdraw", self)

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()

    # ------------------------------------------------------------------
    # Delay (000-14)
    # ------------------------------------------------------------------
    @api.model
    def _cron_notices(self):
        """Issue a rectification notice for each task that is late and has none yet."""
        late = self.search(
            [
                ("state", "=", "open"),
                ("clock_state", "=", "late"),
                ("notice_ids", "not any", [("answered_at", "=", False)]),
            ],
            limit=200,
        )
        for assist in late.try_lock_for_update():
            self.env["cs.assist.notice"]._issue(assist)

    def action_notice(self):
        """Issue a rectification notice by hand; one that waits is not repeated."""
        assists = self._begin_act()
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("Only a supervisor may issue a rectification notice.")
            )
        for assist in assists:
            if assist.clock_state != "late":
                raise UserError(
                    self.env._(
                        "%(department)s is still in time.",
                        department=assist.department_id.name,
                    )
                )
            if not assist.notice_ids.filtered(lambda n: not n.answered_at):
                self.env["cs.assist.notice"]._issue(assist)
