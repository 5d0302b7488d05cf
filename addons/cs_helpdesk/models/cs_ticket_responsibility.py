from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STAFF = "helpdesk_mgmt.group_helpdesk_user_own"


class CsTicketResponsibility(models.AbstractModel):
    """Who was asked first, who holds the matter now, how often it moved (004-93)."""

    _name = "cs.ticket.responsibility"
    _description = "Ticket: Responsibility"

    first_asked_id = fields.Many2one(
        "res.users",
        string="First Asked",
        compute="_compute_first_asked_id",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Stays responsible for life, whoever handles the ticket.",
    )
    co_owner_id = fields.Many2one(
        "res.users",
        compute="_compute_co_owner_id",
        store=True,
        copy=False,
        index="btree_not_null",
        help="The person first asked, until the customer has been told the result.",
    )
    told_at = fields.Datetime(
        string="Customer Told",
        readonly=True,
        copy=False,
        help="When the result of this round was told.",
    )
    transfer_ids = fields.One2many(
        "cs.ticket.transfer", "ticket_id", string="Handovers", readonly=True
    )
    transfer_count = fields.Integer(
        string="Transfers", compute="_compute_transfer_count", store=True, copy=False
    )
    bounced = fields.Boolean(
        compute="_compute_bounced",
        store=True,
        copy=False,
        help="Transferred so often that the manager should look at it.",
    )
    second_line_transfer_id = fields.Many2one(
        "cs.ticket.transfer", readonly=True, copy=False, index="btree_not_null"
    )
    second_line_due = fields.Datetime(
        string="Second Line Replies By", readonly=True, copy=False
    )

    _bounced_idx = models.Index("(next_deadline, id DESC) WHERE bounced IS TRUE")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            "co_owner_id",
            "first_asked_id",
            "second_line_due",
            "second_line_transfer_id",
            "told_at",
            "transfer_ids",
        }

    @api.model
    def _watched_fields(self):
        return super()._watched_fields() | {"user_id", "team_id"}

    # ------------------------------------------------------------------
    # First asked
    # ------------------------------------------------------------------
    @api.depends("user_id")
    def _compute_first_asked_id(self):
        for ticket in self:
            ticket.first_asked_id = ticket.first_asked_id or ticket._who_was_asked()

    def _who_was_asked(self):
        """The agent who took the ticket in, else the first one it was given to."""
        self.ensure_one()
        taker, owner = self.create_uid or self.env.user, self.user_id
        if owner.id == SUPERUSER_ID:
            owner = owner.browse()
        if (
            taker.id == SUPERUSER_ID
            or not taker.has_group(STAFF)
            or (owner and self._is_history(self._event_time()))
        ):
            return owner
        return taker

    @api.depends("first_asked_id", "user_id", "told_at", "closed")
    def _compute_co_owner_id(self):
        for ticket in self:
            answered = ticket.told_at or ticket.closed
            other = ticket.first_asked_id != ticket.user_id
            ticket.co_owner_id = not answered and other and ticket.first_asked_id

    def _change_first_asked(self, user, reason):
        """Correct a wrong record; the managers' right alone, with a reason (004-93)."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("cs_helpdesk.group_manager"):
            raise AccessError(
                self.env._("Only a manager may change who was asked first.")
            )
        self._need_reason(reason)
        if not user.has_group(STAFF):
            raise ValidationError(
                self.env._("%(name)s does not work on tickets.", name=user.name)
            )
        self._lock()
        if user == self.first_asked_id:
            return
        self._log_transfer(
            "first_asked", self.first_asked_id, self.team_id, user, self.team_id, reason
        )
        # sudo: checked above; the field itself is closed to everybody
        self.sudo().first_asked_id = user

    def _need_reason(self, reason):
        if not (reason or "").strip():
            raise ValidationError(self.env._("Please give the reason."))

    # ------------------------------------------------------------------
    # Transfers
    # ------------------------------------------------------------------
    @api.depends("transfer_ids.counted")
    def _compute_transfer_count(self):
        for ticket in self:
            ticket.transfer_count = sum(row.counted for row in ticket.transfer_ids)

    @api.depends("transfer_count")
    def _compute_bounced(self):
        limit = self._get_parameter("bounce_transfers", 3)
        for ticket in self:
            ticket.bounced = ticket.transfer_count >= limit

    def _watched_changed(self, changes):
        """A change of hands outside the button is a transfer all the same (N26)."""
        result = super()._watched_changed(changes)
        rows = []
        for ticket, change in changes.items():
            old = change["old"]
            if change["created"] or not (old.get("user_id") or old.get("team_id")):
                continue
            user = ticket.user_id.browse(old.get("user_id", ticket.user_id.id))
            team = ticket.team_id.browse(old.get("team_id", ticket.team_id.id))
            rows.append(
                ticket._prepare_transfer(
                    "direct", user, team, ticket.user_id, ticket.team_id
                )
                | {"at": change["at"], "by_id": change["uid"]}
            )
        self.env["cs.ticket.transfer"].create(rows)
        return result

    def _prepare_transfer(self, kind, user, team, to_user, to_team, reason=False):
        return {
            "ticket_id": self.id,
            "kind": kind,
            # coming back with the answer is no new station for the customer
            "counted": kind
            not in ("return", "first_asked", "escalate", "route", "handover"),
            "at": self._event_time(),
            "by_id": self.env.uid,
            "from_user_id": user.id,
            "from_team_id": team.id,
            "to_user_id": to_user.id,
            "to_team_id": to_team.id,
            "reason": reason,
        }

    def _log_transfer(self, kind, user, team, to_user, to_team, reason, **details):
        values = self._prepare_transfer(kind, user, team, to_user, to_team, reason)
        # sudo: rows are append-only, written here and nowhere else
        return self.env["cs.ticket.transfer"].sudo().create(values | details)

    def _hand_over(self, kind, team, user, reason, **details):
        """Give the ticket to a team and perhaps a person; the row tells why.

        :return: ``cs.ticket.transfer`` in sudo
        """
        if user and team and user not in team.sudo().user_ids:
            raise ValidationError(
                self.env._(
                    "%(user)s is not a member of %(team)s.",
                    user=user.name,
                    team=team.sudo().name,
                )
            )
        before = self.user_id, self.team_id
        # sudo: rights were checked; the giver may lose sight of the ticket by it
        ticket = self.sudo()
        ticket.write({"team_id": team.id, "user_id": user.id})
        row = self._log_transfer(kind, *before, user, team, reason, **details)
        for name in ("user_id", "team_id"):
            ticket._watch_discard(name)
        return row

    def _transfer(self, team, user, reason):
        """Hand the ticket to another team or person; pressing twice does it once.

        :raise ValidationError: no reason, nobody to hand it to
        """
        self.ensure_one()
        self.check_access("write")
        self._need_reason(reason)
        if not team and not user:
            raise ValidationError(self.env._("Please choose who takes the ticket."))
        self._lock()
        team = team or self.team_id
        if (team, user) == (self.team_id, self.user_id):
            return
        self._hand_over("transfer", team, user, reason)

    # ------------------------------------------------------------------
    # Second line (004-08)
    # ------------------------------------------------------------------
    def _to_second_line(self, team, user, reason, promised_at, **details):
        """Ask the second line; the customer is told when it replies.

        :param promised_at: naive UTC datetime, mandatory and still to come
        :param details: ``call_at``, ``content`` and ``contact`` of the call
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        if self.second_line_transfer_id:
            return
        missing = [
            name for name in ("call_at", "content", "contact") if not details[name]
        ]
        if not promised_at or missing:
            raise ValidationError(
                self.env._(
                    "The second line needs the time of the call, its content, "
                    "a contact and the promised reply time."
                )
            )
        if promised_at <= self._event_time():
            raise ValidationError(
                self.env._("The promised reply time must still be to come.")
            )
        if not team:
            raise ValidationError(self.env._("Please choose who takes the ticket."))
        row = self._hand_over(
            "second_line", team, user, reason, promised_at=promised_at, **details
        )
        self.sudo().write(
            {"second_line_transfer_id": row.id, "second_line_due": promised_at}
        )
        self._clock_start("second_line", until=promised_at)

    def _from_second_line(self, answer):
        """Bring the answer back to whom the ticket came from.

        :raise UserError: the ticket is not with the second line, or without answer
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        # sudo: the request may have been made in another team
        row = self.sudo().second_line_transfer_id
        if not row:
            raise UserError(self.env._("This ticket is not with the second line."))
        if not (answer or "").strip():
            raise ValidationError(self.env._("Please write the answer."))
        row.write(
            {
                "answer": answer,
                "answered_at": self._event_time(),
                "answered_by_id": self.env.uid,
            }
        )
        team = row.from_team_id
        user = row.from_user_id or self.first_asked_id
        if user not in team.user_ids:
            user = user.browse()
        self._hand_over("return", team, user, answer)
        ticket = self.sudo()
        ticket.write({"second_line_transfer_id": False, "second_line_due": False})
        ticket._clock_stop("second_line")
        ticket.message_post(body=answer, subtype_xmlid="mail.mt_note")
        told = user | ticket.co_owner_id
        ticket.message_notify(
            partner_ids=told.partner_id.ids,
            subject=self.env._("The second line has answered"),
            body=answer,
        )

    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role in ("feedback", "revisit", "done"):
            waiting = self.filtered("second_line_transfer_id")
            if waiting:
                raise ValidationError(
                    self.env._(
                        "Ticket %(number)s: the second line has not answered yet.",
                        number=waiting[0].number,
                    )
                )
        return result
