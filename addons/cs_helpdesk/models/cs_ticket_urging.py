from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CsTicketUrging(models.AbstractModel):
    """Urged by the customer, supervised by a leader (003-33, 000-33)."""

    _name = "cs.ticket.urging"
    _description = "Ticket: Urging"

    urge_ids = fields.One2many(
        "cs.ticket.urge", "ticket_id", string="Urgings", readonly=True
    )
    urge_count = fields.Integer(
        string="Urged", compute="_compute_urge_count", store=True, copy=False
    )
    supervise_count = fields.Integer(
        string="Times Supervised",
        compute="_compute_urge_count",
        store=True,
        copy=False,
    )
    supervised = fields.Boolean(
        compute="_compute_supervised", store=True, copy=False, help="By a leader."
    )

    _supervised_idx = models.Index("(next_deadline, id DESC) WHERE supervised IS TRUE")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {"urge_ids"}

    @api.depends("urge_ids.kind")
    def _compute_urge_count(self):
        for ticket in self:
            kinds = ticket.urge_ids.mapped("kind")
            ticket.urge_count = kinds.count("urge")
            ticket.supervise_count = kinds.count("supervise")

    @api.depends("supervise_count")
    def _compute_supervised(self):
        for ticket in self:
            ticket.supervised = ticket.supervise_count > 0

    def _urge(self, kind, source, note=False):
        """Note an urging and tell the owner; again within a minute is the same one.

        :param kind: ``urge``, or ``supervise`` for supervisors and above
        :param source: ``customer``, ``dealer``, ``agent`` or ``leader``
        :return: whether it was noted
        :raise AccessError: supervising is for supervisors
        :raise UserError: the ticket is closed
        """
        self.ensure_one()
        self.check_access("read")
        if kind == "supervise" and not self._is_supervisor():
            raise AccessError(self.env._("Only a supervisor may supervise a ticket."))
        if self.closed:
            raise UserError(self.env._("This ticket is closed already."))
        self._lock()
        # sudo: rows are append-only, written here and nowhere else
        log = self.env["cs.ticket.urge"].sudo()
        now = self._event_time()
        again = timedelta(seconds=self._get_parameter("urge_seconds", 60))
        if log.search_count(
            [
                ("ticket_id", "=", self.id),
                ("kind", "=", kind),
                ("by_id", "=", self.env.uid),
                ("at", ">", now - again),
            ],
            limit=1,
        ):
            return False
        log.create(
            {
                "ticket_id": self.id,
                "kind": kind,
                "source": source,
                "at": now,
                "by_id": self.env.uid,
                "note": note,
            }
        )
        # sudo: who urges need not be allowed to write on the ticket
        self.sudo()._tell_urged(kind, note)
        return True

    def _tell_urged(self, kind, note):
        owner = self.user_id or self._get_role_users("supervisor")[:1]
        if not owner:
            return
        subject = (
            self.env._("Supervised: %(ticket)s", ticket=self.display_name)
            if kind == "supervise"
            else self.env._("Urged: %(ticket)s", ticket=self.display_name)
        )
        if kind == "supervise":
            self._tell_users(owner, subject, note or subject)
        else:
            self.message_notify(
                partner_ids=owner.partner_id.ids, subject=subject, body=note or subject
            )

    def _tell_supervising(self, result):
        """000-33: who supervised a ticket hears what came of it."""
        for ticket in self.filtered("supervised"):
            leaders = ticket.sudo().urge_ids.filtered(lambda u: u.kind == "supervise")
            ticket.sudo().message_notify(
                partner_ids=leaders.by_id.partner_id.ids,
                subject=self.env._(
                    "Result of a supervised ticket: %(ticket)s",
                    ticket=ticket.display_name,
                ),
                body=result,
            )
