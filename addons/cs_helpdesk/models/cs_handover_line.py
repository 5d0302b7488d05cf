from odoo import api, fields, models
from odoo.exceptions import AccessError

GIVEN = {"name", "kind", "note"}
RECEIVED = {"remark"}


class CsHandoverLine(models.Model):
    """One matter that goes from one person to another."""

    _name = "cs.handover.line"
    _description = "Handover Line"
    _order = "handover_id, grave desc, until, id"

    handover_id = fields.Many2one(
        "cs.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("complaint", "Grave Complaint"),
            ("ticket", "Open Ticket"),
            ("absent", "Absent Colleague's Ticket"),
            ("promise", "Promise"),
            ("callback", "Return Call"),
            ("notice", "Notice"),
        ],
        required=True,
        default="notice",
    )
    name = fields.Char(
        string="Matter", compute="_compute_name", store=True, readonly=False
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    promise_id = fields.Many2one(
        "cs.promise", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    callback_id = fields.Many2one(
        "cs.callback", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    grave = fields.Boolean(readonly=True)
    until = fields.Datetime(readonly=True)
    note = fields.Text(string="Cause, Course, Result")
    accepted = fields.Boolean(readonly=True)
    accepted_at = fields.Datetime(readonly=True)
    remark = fields.Char(string="Receiver's Remark")

    _order_idx = models.Index("(handover_id, grave DESC, until, id)")

    @api.depends("ticket_id", "promise_id", "callback_id")
    def _compute_name(self):
        for line in self:
            source = line.ticket_id or line.promise_id or line.callback_id
            # sudo: what is handed over is named to whoever takes it over
            line.name = source.sudo().display_name if source else line.name

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.handover_id._check_open_for("give")
            if lines.filtered(lambda line: line.kind != "notice" or line.accepted):
                raise AccessError(
                    self.env._("Open matters are listed by the system; add notices.")
                )
        return lines

    def write(self, vals):
        if not self.env.su:
            names = set(vals)
            if names - GIVEN - RECEIVED:
                raise AccessError(
                    self.env._("Lines of a handover are accepted by their button.")
                )
            self.handover_id._check_open_for("give" if names & GIVEN else "receive")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_matter(self):
        if not self.env.su and any(line.kind != "notice" for line in self):
            raise AccessError(
                self.env._("An open matter is not taken off the list: settle it.")
            )

    def action_accept(self):
        """The receiver takes these over; a second press changes nothing."""
        self.check_access("read")
        for handover in self.handover_id:
            handover._check_receiver()
        self.lock_for_update()
        self.invalidate_recordset(["accepted"])
        fresh = self.filtered(lambda line: not line.accepted)
        # sudo: checked above; acceptance is closed to writing by hand
        fresh.sudo().write({"accepted": True, "accepted_at": fields.Datetime.now()})

    def action_open(self):
        self.ensure_one()
        source = self.ticket_id or self.promise_id or self.callback_id
        return source._get_records_action(view_mode="form") if source else False
