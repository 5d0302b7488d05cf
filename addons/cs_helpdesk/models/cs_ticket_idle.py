from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every


class CsTicketIdle(models.AbstractModel):
    """Nothing happened on an open ticket for a day: its owner is reminded (G10)."""

    _name = "cs.ticket.idle"
    _description = "Idle Ticket"

    _idle_after = timedelta(hours=24)

    # set by the default, in the very INSERT: a ticket is looked at when due, not daily
    idle_check_at = fields.Datetime(
        default=lambda self: fields.Datetime.now() + self._idle_after,
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    idle_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Last event of the idle period the owner was reminded of.",
    )

    _idle_idx = models.Index(
        "(idle_check_at, id) WHERE closed IS NOT TRUE AND active IS TRUE"
    )

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {"idle_check_at", "idle_since"}

    def _last_event_by_ticket(self):
        """When something last happened: a message, a change that is tracked, a stage.

        What the system itself writes does not count.

        :return: {ticket id: naive UTC datetime}
        """
        self.flush_recordset()
        self.env["mail.message"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT t.id,
                           GREATEST(t.last_stage_update, t.assigned_date, max(m.date))
                      FROM helpdesk_ticket t
                 LEFT JOIN mail_message m
                        ON m.model = 'helpdesk.ticket' AND m.res_id = t.id
                       AND m.author_id IS DISTINCT FROM %s
                     WHERE t.id IN %s
                  GROUP BY t.id
                    """,
                    self.env.ref("base.partner_root").id,
                    tuple(self.ids),
                )
            )
        )

    @api.model
    def _cron_idle(self):
        """Remind the owners of tickets without an event for 24 h, once a period."""
        due = self.search(
            [
                ("closed", "=", False),
                ("team_id.service_desk", "=", True),
                ("idle_check_at", "<=", fields.Datetime.now()),
            ],
            order="idle_check_at, id",
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        for ids in split_every(200, due.ids):
            tickets = self.browse(ids).try_lock_for_update(allow_referencing=True)
            tickets._check_idle()
            if not commit(len(ids)):
                break

    def _check_idle(self):
        now = fields.Datetime.now()
        last_events = self._last_event_by_ticket() if self else {}
        for ticket in self:
            last = last_events[ticket.id]
            if last > now - self._idle_after:
                ticket.idle_check_at = last + self._idle_after
                continue
            if last != ticket.idle_since and not ticket._idle_is_expected():
                ticket._remind_idle()
                ticket.idle_since = last
            ticket.idle_check_at = now + self._idle_after

    def _idle_is_expected(self):
        """Whether everybody waits for the customer rightly."""
        return self.satisfaction_state == "waiting"

    def _remind_idle(self):
        owner = self.user_id or self.team_id.user_id
        if not owner.active:
            owner = self.team_id.user_id
        if not owner:
            return
        ticket = self.with_context(lang=owner.lang)
        ticket.activity_schedule(
            "cs_helpdesk.activity_idle",
            summary=ticket.env._("No progress for 24 hours"),
            user_id=owner.id,
        )
