import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)


class CsTicketSatisfaction(models.AbstractModel):
    """The customer says how it went: asked once told the result (000-32, P15).

    The answer comes through a link that works without login and belongs to one
    ticket. Nobody of the house can read the link or write a rating.
    """

    _name = "cs.ticket.satisfaction"
    _inherit = ["rating.mixin"]
    _description = "Satisfaction with a Ticket"

    _satisfaction_remind_after = timedelta(hours=24)
    _satisfaction_silent_after = timedelta(hours=72)  # G10
    _satisfaction_link_days = 30
    _dissatisfied_up_to = 2  # points

    # precomputed: nothing to look up, and nothing to write again, for a new ticket
    rating_last_value = fields.Float(
        compute="_compute_rating_last_value", store=True, precompute=True
    )
    satisfaction_state = fields.Selection(
        [
            ("waiting", "Waiting for Answer"),
            ("answered", "Answered"),
            ("silent", "No Answer"),
            ("unreached", "Not Reached"),
        ],
        string="Satisfaction",
        readonly=True,
        copy=False,
    )
    satisfaction_asked_at = fields.Datetime(
        string="Satisfaction Asked On", readonly=True, copy=False
    )
    satisfaction_reminded = fields.Boolean(readonly=True, copy=False)
    satisfaction_answer_ids = fields.One2many("cs.satisfaction.answer", "ticket_id")

    _satisfaction_idx = models.Index(
        "(satisfaction_asked_at, id) WHERE satisfaction_state = 'waiting'"
    )

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            "satisfaction_state",
            "satisfaction_asked_at",
            "satisfaction_reminded",
        }

    @api.model
    def _watched_fields(self):
        return super()._watched_fields() | {"stage_id"}

    def _watched_changed(self, changes):
        result = super()._watched_changed(changes)
        # what an import of history replays was told to the customer long ago
        fresh = fields.Datetime.now() - timedelta(hours=1)
        told = self.browse()
        for ticket, change in changes.items():
            if "stage_id" not in change["old"] or change["at"] < fresh:
                continue
            before = self.env["helpdesk.ticket.stage"].browse(change["old"]["stage_id"])
            if (
                ticket.service_desk
                and ticket.stage_role == "feedback"
                and before.role != "feedback"
            ):
                told += ticket
        told._ask_satisfaction()
        return result

    def _ask_satisfaction(self):
        """Send the request and note when; each round of handling asks anew."""
        if not self:
            return
        # as the system: the agent must not be the author of a mail with the link
        tickets = self.with_user(SUPERUSER_ID)
        reached = tickets._send_satisfaction_request()
        reached.write(
            {
                "satisfaction_state": "waiting",
                "satisfaction_asked_at": fields.Datetime.now(),
                "satisfaction_reminded": False,
            }
        )
        (tickets - reached).write({"satisfaction_state": "unreached"})

    def _send_satisfaction_request(self, reminder=False):
        """Hand the link to the customers: by e-mail here, other senders extend this.

        :param bool reminder: whether it is the second and last time
        :return: the tickets whose customer could be reached
        """
        reached = self.filtered(lambda t: t.partner_id.email or t.partner_email)
        if reached:
            kind = "reminder" if reminder else "request"
            template = self.env.ref(f"cs_helpdesk.mail_satisfaction_{kind}")
            # outside the chatter, which shows every word to the agent
            template.sudo().send_mail_batch(
                reached.ids,
                email_values={
                    "model": False,
                    "res_id": False,
                    "author_id": self.env.ref("base.partner_root").id,
                },
                email_layout_xmlid="mail.mail_notification_light",
            )
        return reached

    def _satisfaction_url(self):
        """Address of the rating page, the same until it is answered."""
        self.ensure_one()
        token = self.sudo()._rating_get_access_token()
        return f"{self.get_base_url()}/rate/ticket/{token}"

    def _rating_get_parent_field_name(self):
        return "team_id"

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------
    def _satisfaction_obstacle(self, rating):
        """Why this rating cannot be given (any more).

        :return: "late", "closed", "superseded", or False when it can
        """
        self.ensure_one()
        newer = self.rating_ids.filtered(lambda r: r.id > rating.id)
        if newer:
            return "superseded"
        if rating.consumed:
            return "closed" if self.closed else False
        oldest = fields.Datetime.now() - timedelta(days=self._satisfaction_link_days)
        return "late" if rating.create_date < oldest else False

    def _apply_satisfaction(self, rating, scores, feedback):
        """Write the customer's answer, or change it while the ticket is open.

        Called in sudo by the rating page, which checked the token.

        :param rating: ``rating.rating`` of this ticket
        :param dict scores: {question: points 1 to 5}, the overall one included
        :raise UserError: the answer comes too late or misses the overall points
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if self._satisfaction_obstacle(rating):
            raise UserError(self.env._("This evaluation cannot be changed any more."))
        overall = [points for q, points in scores.items() if q.is_overall]
        if not overall or not all(1 <= points <= 5 for points in scores.values()):
            raise UserError(self.env._("Please give the overall points, one to five."))
        before = rating.consumed and rating.rating
        rating.write({"rating": overall[0], "feedback": feedback, "consumed": True})
        rating.answer_ids.unlink()
        self.env["cs.satisfaction.answer"].create(
            [
                {"rating_id": rating.id, "question_id": q.id, "score": points}
                for q, points in scores.items()
            ]
        )
        self.satisfaction_state = "answered"
        note = self._post_satisfaction(rating, scores)
        if overall[0] <= self._dissatisfied_up_to and not (
            before and before <= self._dissatisfied_up_to
        ):
            self._on_dissatisfied(note)

    def _post_satisfaction(self, rating, scores):
        """Log the answer on the ticket.

        :return: the note, plain text
        """
        lines = [f"{q.name} {'★' * p}{'☆' * (5 - p)}" for q, p in scores.items()]
        if rating.feedback:
            lines.append(rating.feedback)
        note = "\n".join(lines)
        self.message_post(
            author_id=rating.partner_id.id or self.env.ref("base.partner_root").id,
            body=Markup("<br/>").join(lines),
            subtype_xmlid="mail.mt_note",
        )
        return note

    def _on_dissatisfied(self, note):
        """The customer is not content; what follows is for others to extend (003-34).

        :param str note: points and words of the customer
        """

    # ------------------------------------------------------------------
    # Reminding, and closing on silence
    # ------------------------------------------------------------------
    @api.model
    def _cron_satisfaction(self):
        """G10: remind once after 24 h; after 72 h of silence close what may be."""
        now = fields.Datetime.now()
        waiting = [("satisfaction_state", "=", "waiting")]
        silent = now - self._satisfaction_silent_after
        remind = now - self._satisfaction_remind_after
        due = self.search(
            waiting + [("satisfaction_asked_at", "<=", silent)],
            order="satisfaction_asked_at, id",
        )
        to_remind = self.search(
            waiting
            + [
                ("satisfaction_asked_at", "<=", remind),
                ("satisfaction_asked_at", ">", silent),
                ("satisfaction_reminded", "=", False),
            ],
            order="satisfaction_asked_at, id",
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due) + len(to_remind))
        for ticket in [*due, *to_remind]:
            ticket = ticket.browse(ticket.id)  # no prefetch: a commit empties the cache
            if ticket.try_lock_for_update(allow_referencing=True) and (
                ticket.satisfaction_state == "waiting"
            ):
                if ticket.satisfaction_asked_at <= silent:
                    ticket._end_silent()
                else:
                    ticket._remind_satisfaction()
            if not commit(1):
                break

    def _remind_satisfaction(self):
        if self.stage_role == "feedback":
            self._send_satisfaction_request(reminder=True)
        self.satisfaction_reminded = True

    def _end_silent(self):
        """000-105: silence closes a ticket, but never a complaint."""
        self.satisfaction_state = "silent"
        if (
            not self.type_id.auto_close
            or self.is_complaint
            or self.stage_role != "feedback"
        ):
            return
        ticket = self.with_context(
            lang=self.user_id.lang or self.company_id.partner_id.lang
        )
        [(_ticket, stages)] = ticket._applicable_stages_by_ticket()
        done = stages.filtered(lambda stage: stage.role == "done")[:1]
        try:
            with self.env.cr.savepoint():
                ticket.write({"stage_id": done.id})
                ticket.message_post(
                    body=ticket.env._(
                        "Closed: the customer did not answer within 72 hours."
                    )
                )
        except UserError as refusal:
            # a gate is not passed: its sentence goes to whom it concerns
            _logger.info("Ticket %s stays open: %s", ticket.number, refusal)
            ticket.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=ticket.env._("Could not be closed by itself"),
                note=str(refusal),
                user_id=(ticket.user_id or ticket.team_id.user_id or self.env.user).id,
            )

    # ------------------------------------------------------------------
    # Core's side entrances to a rating
    # ------------------------------------------------------------------
    def message_post(self, **kwargs):
        if kwargs.get("rating_value"):
            raise AccessError(self.env._("Only customers rate, by their own link."))
        return super().message_post(**kwargs)

    def _get_allowed_message_params(self):
        return super()._get_allowed_message_params() - {"rating_value"}

    def _message_update_content(self, message, /, *, body, rating_value=None, **kwargs):
        if rating_value is not None:
            raise AccessError(self.env._("Only customers rate, by their own link."))
        return super()._message_update_content(message, body=body, **kwargs)
