from odoo import api, fields, models


class CsReadMixin(models.AbstractModel):
    """A paper people confirm to have read (G20: within 2 working days)."""

    _name = "cs.read.mixin"
    _description = "To Be Read"

    receipt_ids = fields.One2many(
        "cs.read.receipt",
        "res_id",
        string="Read Receipts",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
    )
    read_progress = fields.Char(compute="_compute_read_progress", string="Read by")
    unread_names = fields.Char(compute="_compute_read_progress", string="Not Read by")
    i_must_read = fields.Boolean(compute="_compute_read_progress")

    @api.depends("receipt_ids.read_at")
    @api.depends_context("uid")
    def _compute_read_progress(self):
        # sudo: who may read the paper may see who has read it
        receipts = self.env["cs.read.receipt"].sudo()
        if self.ids:
            receipts = receipts.search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)]
            )
        by_id = receipts.grouped("res_id")
        for record in self:
            asked = by_id.get(record.id, receipts.browse())
            unread = asked.filtered(lambda r: not r.read_at)
            count = len(asked)
            record.read_progress = f"{count - len(unread)} / {count}" if asked else ""
            record.unread_names = "、".join(unread.user_id.mapped("name"))
            record.i_must_read = self.env.user in unread.user_id

    def _ask_to_read(self, users):
        """Ask people to read it, each with a clock; who was asked already is not."""
        self.ensure_one()
        # sudo: receipts are made here alone, after the caller's own check
        Receipt = self.env["cs.read.receipt"].sudo()
        asked = Receipt.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        ).user_id
        owner = self._get_reading_company()
        receipts = Receipt.create(
            [
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": owner.id,
                    "user_id": user.id,
                }
                for user in users - asked
            ]
        )
        receipts._clock_start("read")
        self.invalidate_recordset(["receipt_ids"])
        return receipts

    def _get_reading_company(self):
        return self.company_id or self.env.company

    def action_confirm_read(self):
        """I have read this; pressing again changes nothing."""
        self.check_access("read")
        # sudo: his own receipt, and only the moment he read it
        receipts = (
            self.env["cs.read.receipt"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("user_id", "=", self.env.uid),
                    ("read_at", "=", False),
                ]
            )
        )
        receipts.read_at = fields.Datetime.now()
        receipts._clock_stop("read")
        self.invalidate_recordset(["receipt_ids"])
