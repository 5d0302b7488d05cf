from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

BATCH = 200
SETTLED = ("kept", "broken")


class CsPromise(models.Model):
    """“We call you back tomorrow”: who promised what to whom, until when (N25).

    Written by its own methods alone. Who broke a promise needs a supervisor's
    consent for the next one.
    """

    _name = "cs.promise"
    _description = "Promise to a Customer"
    _inherit = [
        "cs.desk.record",
        "cs.clock.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "until, id"

    # contacts this soon after it are part of the talk in which it was made
    _quiet_time = timedelta(minutes=5)

    name = fields.Char(string="What", required=True)
    until = fields.Datetime(string="Until When", required=True, tracking=True)
    state = fields.Selection(
        [
            ("draft", "Needs a Supervisor"),
            ("open", "Open"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        tracking=True,
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, tracking=True)
    made_by_id = fields.Many2one("res.users", string="Recorded By", required=True)
    made_at = fields.Datetime(string="Promised", required=True)
    # To whom
    ticket_id = fields.Many2one(
        "helpdesk.ticket", index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True)
    # How it ended
    settled_at = fields.Datetime(string="Settled")
    done_at = fields.Datetime(
        string="Done", help="When it was done in the end, in time or not."
    )
    way = fields.Selection(
        [("hand", "By Hand"), ("message", "Message"), ("call", "Call")],
        string="Done By Way of",
    )
    message_id = fields.Many2one("mail.message", index="btree_not_null")
    reason = fields.Char(string="Why Cancelled", tracking=True)
    kept = fields.Float(
        string="Kept (rate)",
        compute="_compute_kept",
        store=True,
        aggregator="avg",
        help="1 when kept, 0 when not: its average is the rate.",
    )
    # Consent
    approved_by_id = fields.Many2one("res.users", string="Consent of")
    approved_at = fields.Datetime(string="Consent")
    followed_by_id = fields.Many2one(
        "cs.promise",
        string="Next Promise",
        index="btree_not_null",
        help="The promise a supervisor consented to after this one was broken.",
    )

    _order_idx = models.Index("(until, id)")
    _open_idx = models.Index("(user_id, until, id) WHERE state = 'open'")
    _sweep_idx = models.Index("(until) WHERE state = 'open'")
    _broken_idx = models.Index(
        "(user_id) WHERE state = 'broken' AND followed_by_id IS NULL"
    )

    @api.depends("state")
    def _compute_kept(self):
        for promise in self:
            promise.kept = promise.state == "kept"

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
        return self.made_at

    def _get_age_end(self):
        return self.settled_at

    # ------------------------------------------------------------------
    # Making one
    # ------------------------------------------------------------------
    @api.model
    def _make(self, name, until, ticket=None, partner=None, user=None, **values):
        """Record a promise; its clock runs, or it waits for a supervisor (N25).

        :param str name: what was promised
        :param datetime until: naive UTC, still to come
        :param ticket: ``helpdesk.ticket``, the user must be able to write it
        :param partner: ``res.partner``, the ticket's customer if not given
        :param user: who keeps it, the user himself if not given
        :return: ``cs.promise`` of the user's own rights
        :raise ValidationError: nothing said, or a time that has passed
        """
        ticket = ticket or self.env["helpdesk.ticket"]
        ticket.check_access("write")
        if not ticket and not self.env.user.has_group(
            "helpdesk_mgmt.group_helpdesk_user_own"
        ):
            raise AccessError(
                self.env._("Promises are recorded by people of the service centre.")
            )
        name = self._need_text(name, self.env._("Please say what was promised."))
        now = fields.Datetime.now()
        self._check_until(until, now)
        user = user or self.env.user
        company = ticket.company_id or self.env.company
        # sudo: checked above; writing is closed to everybody
        promise = self.sudo().create(
            {
                "name": name,
                "until": until,
                "ticket_id": ticket.id,
                "partner_id": (partner or ticket.partner_id).id,
                "team_id": ticket.team_id.id,
                "user_id": user.id,
                "made_by_id": self.env.uid,
                "made_at": now,
                "company_id": company.id,
                "state": "draft" if self._needs_consent(user) else "open",
                **values,
            }
        )
        promise._begin()
        return promise.sudo(False)

    @api.model
    def _check_until(self, until, now):
        if not until or until <= now:
            raise ValidationError(
                self.env._("Please promise a time that is still to come.")
            )

    @api.model
    def _needs_consent(self, user):
        """Whether this person broke a promise and got no consent since."""
        # sudo: his promises may be about tickets that others cannot see
        return bool(
            self.sudo().search_count(
                [
                    ("user_id", "=", user.id),
                    ("state", "=", "broken"),
                    ("followed_by_id", "=", False),
                ],
                limit=1,
            )
        )

    def _begin(self):
        """Start the clock, or ask a supervisor; in sudo."""
        for promise in self:
            if promise.state == "open":
                promise._clock_start("promise", at=promise.made_at, until=promise.until)
                continue
            for supervisor in promise._get_supervisors()[:1]:
                promise.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Promise after a broken one: please decide"),
                    user_id=supervisor.id,
                )

    def _get_supervisors(self):
        """Who may consent: never the one who promises, nor who recorded it."""
        if self.ticket_id:
            found = self.ticket_id._get_role_users("supervisor")
        else:
            found = self.env.ref("cs_helpdesk.group_supervisor").all_user_ids
        above = self.env.ref("cs_helpdesk.group_manager").all_user_ids
        people = (found | above).filtered(
            lambda u: u.active and not u.share and self.company_id in u.company_ids
        )
        return people - self.user_id - self.made_by_id

    # ------------------------------------------------------------------
    # Consent
    # ------------------------------------------------------------------
    def action_approve(self):
        """A supervisor consents to the promise of someone who broke one (N25)."""
        promises = self._begin_act()
        self._check_consent()
        now = fields.Datetime.now()
        for promise in promises.filtered(lambda p: p.state == "draft"):
            promise._check_until(promise.until, now)
            promise.write(
                {
                    "state": "open",
                    "approved_by_id": self.env.uid,
                    "approved_at": now,
                }
            )
            promise.search(
                [
                    ("user_id", "=", promise.user_id.id),
                    ("state", "=", "broken"),
                    ("followed_by_id", "=", False),
                ]
            ).followed_by_id = promise
            promise._begin()
            promise.activity_ids.action_feedback()

    def _check_consent(self):
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("Only a supervisor may consent to this promise.")
            )
        if self.env.user in self.user_id | self.made_by_id:
            raise AccessError(
                self.env._("Nobody consents to his own promise: please ask another.")
            )

    # ------------------------------------------------------------------
    # Keeping, breaking, cancelling
    # ------------------------------------------------------------------
    def _check_mine(self):
        supervisor = self.env.user.has_group("cs_helpdesk.group_supervisor")
        if not supervisor and self.user_id | self.env.user != self.env.user:
            raise AccessError(
                self.env._("This promise is another person's: ask him or a supervisor.")
            )

    def action_keep(self):
        """What was promised is done; a second press changes nothing."""
        promises = self._begin_act()
        self._check_mine()
        if any(promise.state == "draft" for promise in promises):
            raise UserError(
                self.env._("This promise still waits for a supervisor's consent.")
            )
        promises._fulfil("hand", fields.Datetime.now())

    def _fulfil(self, way, at, message=None):
        """Note that it was done: kept in time, else it stays broken; in sudo."""
        for promise in self:
            if promise.state == "open" and at <= promise.until:
                promise._settle("kept", at)
            elif promise.state == "open":
                promise._settle("broken", at)
            if promise.state in SETTLED and not promise.done_at:
                promise.write(
                    {
                        "done_at": at,
                        "way": way,
                        "message_id": message.id if message else False,
                    }
                )

    def _settle(self, state, at):
        self.ensure_one()
        self.write({"state": state, "settled_at": at})
        if state == "cancelled":
            self._clock_cancel("promise", at=at)
        else:
            self._clock_stop("promise", at=at)

    def _cancel(self, reason):
        """:raise ValidationError: no reason"""
        promises = self._begin_act()
        reason = self._need_text(reason, self.env._("Please give the reason."))
        self._check_mine()
        now = fields.Datetime.now()
        for promise in promises.filtered(lambda p: p.state in ("draft", "open")):
            if promise.state == "open" and promise.until < now:
                promise._settle("broken", now)
                continue
            promise.reason = reason
            promise._settle("cancelled", now)
            promise.activity_ids.action_feedback(feedback=reason)

    def action_cancel(self):
        return self.env["cs.desk.reason.wizard"]._open("promise_cancel", self)

    @api.model
    def _get_due_for(self, partner):
        """What a customer, or anybody of his company, was promised and waits for."""
        everybody = partner.commercial_partner_id
        return self.search(
            [("state", "=", "open"), ("partner_id", "child_of", everybody.ids)]
        )

    def action_open_ticket(self):
        self.ensure_one()
        return self.ticket_id._get_records_action()

    @api.model
    def _keep_by_contact(self, tickets, way, at, message=None):
        """The customer heard from us: what was promised on these tickets is done.

        Called in sudo. A contact right after the promise is the talk it was made in.
        """
        found = self.search(
            [
                ("ticket_id", "in", tickets.ids),
                ("state", "in", ("open", "broken")),
                ("done_at", "=", False),
                ("made_at", "<=", at - self._quiet_time),
            ]
        )
        found._fulfil(way, at, message)

    @api.model
    def _cron_break(self):
        """Mark broken what was not kept in time; touches what is due alone."""
        cron = self.env["ir.cron"]
        domain = Domain("state", "=", "open") & Domain("until", "<", "now")
        cron._commit_progress(remaining=self.search_count(domain, limit=100_000))
        while broken := self._break_due():
            if not cron._commit_progress(len(broken)):
                break

    @api.model
    def _break_due(self):
        """Break a batch of promises that are due; nobody's lock is waited for."""
        now = fields.Datetime.now()
        due = self.search([("state", "=", "open"), ("until", "<", now)], limit=BATCH)
        promises = due.try_lock_for_update()
        for promise in promises:
            promise._settle("broken", now)
        return promises
