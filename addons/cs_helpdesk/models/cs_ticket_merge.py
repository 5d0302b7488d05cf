from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

CLOCK_STATES = ("running", "paused", "met", "late", "cancelled")
# what tells how far a clock has come
CLOCK_FACTS = (
    "state",
    "overdue",
    "used_seconds",
    "paused_seconds",
    "running_since",
    "paused_at",
    "pause_reason_id",
    "stopped_at",
    "deadline",
    "next_event_at",
)


class CsTicketMerge(models.AbstractModel):
    """Several tickets about one matter become one (P8).

    Nothing is copied and nothing deleted: what belongs to a merged ticket moves to
    the one that goes on, and a list of what moved makes it possible to take it back.
    """

    _name = "cs.ticket.merge"
    _description = "Merging of Tickets"

    _undo_within = timedelta(hours=24)
    # what hangs on a ticket: model -> (field of the model's name, field of the id)
    _merge_documents = {
        "mail.message": ("model", "res_id"),
        "ir.attachment": ("res_model", "res_id"),
        "mail.activity": ("res_model", "res_id"),
        "mail.scheduled.message": ("model", "res_id"),
    }

    merged_into_id = fields.Many2one(
        "helpdesk.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    merged_ids = fields.One2many(
        "helpdesk.ticket",
        "merged_into_id",
        string="Merged Tickets",
        context={"active_test": False},
    )
    merge_undo_until = fields.Datetime(readonly=True, copy=False)
    can_undo_merge = fields.Boolean(compute="_compute_can_undo_merge")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            "merged_into_id",
            "merge_undo_until",
        }

    @api.depends("merge_undo_until")
    def _compute_can_undo_merge(self):
        now = fields.Datetime.now()
        for ticket in self:
            until = ticket.merge_undo_until
            ticket.can_undo_merge = bool(until and now < until)

    # ------------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------------
    def _merge_obstacle(self, target):
        """Why these tickets and `target` look like different matters, or False."""
        tickets = self | target
        if len(tickets.company_id) > 1:
            return self.env._("These tickets belong to different companies.")
        customers = tickets.mapped("commercial_partner_id")
        if len(customers) > 1:
            return self.env._("These tickets belong to different customers.")
        return False

    def _merge_into(self, target, confirmed=False):
        """Merge these tickets into another; pressing twice changes nothing more.

        :param target: the ticket that goes on
        :param bool confirmed: a supervisor has seen that customers differ
        :raise UserError: somebody works on them now, or the tickets do not fit
        """
        target.ensure_one()
        (self | target).check_access("write")
        (self | target)._lock_for_merge()
        sources = self.filtered(lambda t: not t.merged_into_id) - target
        if not sources:
            return
        if target.merged_into_id or target.closed or not target.active:
            raise UserError(
                self.env._("Tickets can only be merged into one that is open.")
            )
        obstacle = sources._merge_obstacle(target)
        if obstacle and not (confirmed and self._is_supervisor()):
            raise UserError(
                self.env._("%(reason)s A supervisor must confirm.", reason=obstacle)
            )
        for source in sources:
            # sudo: writing to both was checked; messages and clocks have no own right
            source.sudo()._merge_one(target.sudo())

    def _lock_for_merge(self):
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody is changing these tickets right now: please try again."
                )
            ) from error
        self.invalidate_recordset()

    def _merge_one(self, target):
        undo = self.env["cs.ticket.merge.log"].create(
            {
                "source_id": self.id,
                "target_id": target.id,
                "moved": {
                    "active": self.active,
                    "stage_id": self.stage_id.id,
                    "satisfaction_state": self.satisfaction_state,
                    "followers": (
                        self.message_partner_ids - target.message_partner_ids
                    ).ids,
                    "tags": (self.tag_ids - target.tag_ids).ids,
                    "documents": self._merge_find_documents(),
                    "clocks": self._merge_clock_snapshot(),
                    "clock_ids": self._clocks(states=CLOCK_STATES).ids,
                },
            }
        )
        self._merge_move_documents(undo.moved["documents"], target)
        target.message_subscribe(undo.moved["followers"])
        target.tag_ids |= self.tag_ids
        target._clock_adopt(self)
        cancelled = self.allowed_stage_ids.filtered(lambda s: s.role == "cancelled")
        self.with_context(mail_notrack=True).write(
            {
                "merged_into_id": target.id,
                "merge_undo_until": fields.Datetime.now() + self._undo_within,
                "satisfaction_state": False,
                "active": False,
                "stage_id": (self.closed and self.stage_id or cancelled[:1]).id
                or self.stage_id.id,
            }
        )
        target._clock_sync()
        # logged, not posted: posting leads from a merged ticket to its target
        self._message_log(body=self.env._("Merged into %s.", target._get_html_link()))
        target._message_log(
            body=Markup("<p>%s</p>%s")
            % (
                self.env._("%s was merged into this ticket.", self._get_html_link()),
                self.description or "",
            )
        )

    def _merge_find_documents(self):
        """:return: {model: ids} of what hangs on this ticket"""
        found = {}
        for model, (model_field, id_field) in self._merge_documents.items():
            records = (
                self.env[model]
                .with_context(active_test=False)
                .search([(model_field, "=", self._name), (id_field, "=", self.id)])
            )
            if records:
                found[model] = records.ids
        return found

    def _merge_move_documents(self, documents, target):
        """Move documents {model: ids} to another ticket; those gone are left out."""
        for model, record_ids in documents.items():
            model_field, id_field = self._merge_documents[model]
            records = (
                self.env[model]
                .with_context(active_test=False)
                .search(
                    [
                        ("id", "in", record_ids),
                        (model_field, "=", self._name),
                        (id_field, "=", self.id),
                    ]
                )
            )
            records.write({id_field: target.id})
        (self | target).invalidate_recordset()

    def _merge_clock_snapshot(self):
        """Running and paused clocks as they are: {clock id: values}."""
        snapshot = {}
        for clock in self._clocks():
            values = clock._convert_to_write({n: clock[n] for n in CLOCK_FACTS})
            snapshot[clock.id] = {
                name: fields.Datetime.to_string(value)
                if isinstance(value, datetime)
                else value
                for name, value in values.items()
            }
        return snapshot

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------
    def action_undo_merge(self):
        """Give everything back to a merged ticket, within 24 hours.

        :raise UserError: too late, or somebody works on the tickets now
        """
        self.ensure_one()
        target = self.merged_into_id
        (self | target).check_access("write")
        (self | target)._lock_for_merge()
        if not self.merged_into_id:
            return
        if not self.can_undo_merge:
            raise UserError(
                self.env._("A merge can be taken back within 24 hours only.")
            )
        # sudo: writing to both was checked; messages and clocks have no own right
        self.sudo()._undo_merge(target.sudo())

    def _undo_merge(self, target):
        log = self.env["cs.ticket.merge.log"].search(
            [("source_id", "=", self.id), ("undone", "=", False)], limit=1
        )
        moved = log.moved
        target._merge_move_documents(moved["documents"], self)
        target.message_unsubscribe(moved["followers"])
        target.tag_ids -= self.env["helpdesk.ticket.tag"].browse(moved["tags"])
        self._merge_return_clocks(target, moved)
        self.with_context(mail_notrack=True).write(
            {
                "merged_into_id": False,
                "merge_undo_until": False,
                "satisfaction_state": moved["satisfaction_state"],
                "active": moved["active"],
                "stage_id": moved["stage_id"],
            }
        )
        log.undone = True
        (self | target)._clock_sync()
        for ticket, other in ((self, target), (target, self)):
            ticket._message_log(
                body=self.env._("Merging with %s was undone.", other._get_html_link())
            )

    def _merge_return_clocks(self, target, moved):
        """Clocks go back, those that ran then as if they had never been merged."""
        clocks = self.env["cs.clock"].search(
            [
                ("id", "in", moved["clock_ids"]),
                ("res_model", "=", self._name),
                ("res_id", "=", target.id),
            ]
        )
        if not clocks:
            return
        clocks.res_id = self.id
        for clock in clocks:
            clock.write(moved["clocks"].get(str(clock.id), {}))
        clocks._schedule()
        self.env.execute_query(
            SQL(
                "UPDATE cs_clock_fact SET res_id = %s"
                " WHERE clock_id IN %s RETURNING id",
                self.id,
                tuple(clocks.ids),
            )
        )

    # ------------------------------------------------------------------
    # What still comes in for a merged ticket
    # ------------------------------------------------------------------
    def _merge_target(self):
        """The ticket that goes on, at the end of a chain of merges."""
        ticket = self
        while ticket.merged_into_id:
            ticket = ticket.merged_into_id
        return ticket

    def message_post(self, **kwargs):
        """Replies to a merged ticket land where its matter goes on."""
        # sudo: one field, to find out where to post; posting there is checked
        target = self.sudo()._merge_target() if len(self) == 1 else self
        if target == self:
            return super().message_post(**kwargs)
        return target.sudo(self.env.su).message_post(**kwargs)

    @api.autovacuum
    def _gc_merge_stragglers(self):
        """A message that was being posted in the second of the merge follows it."""
        self.env.execute_query(
            SQL(
                """
                UPDATE mail_message m SET res_id = t.merged_into_id
                  FROM helpdesk_ticket t
                 WHERE t.merged_into_id IS NOT NULL AND m.res_id = t.id
                   AND m.model = 'helpdesk.ticket'
                   AND m.message_type IN ('comment', 'email')
             RETURNING m.id
                """
            )
        )

    def action_open_merged_into(self):
        self.ensure_one()
        return self._merge_target()._get_records_action()
