from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CsClockFact(models.Model):
    """What happened to a clock or its record, in order; never changed afterwards."""

    _name = "cs.clock.fact"
    _description = "Clock Fact"
    _order = "at, id"
    _log_access = False

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    clock_id = fields.Many2one("cs.clock", index=True, ondelete="cascade")
    event = fields.Selection(
        [
            ("hold", "Held by"),
            ("start", "Started"),
            ("pause", "Paused"),
            ("resume", "Resumed"),
            ("stop", "Stopped"),
            ("cancel", "Cancelled"),
            ("recalculate", "Recalculated"),
            ("reason", "Reason Given"),
            ("exempt", "Exemption"),
        ],
        required=True,
    )
    at = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    team_id = fields.Many2one("helpdesk.ticket.team")
    step_id = fields.Many2one(
        "cs.flow.step", index="btree_not_null", ondelete="cascade"
    )
    reason_id = fields.Many2one("cs.clock.reason", ondelete="restrict")
    note = fields.Char()
    old_deadline = fields.Datetime()
    new_deadline = fields.Datetime()

    _record_idx = models.Index("(res_model, res_id, at, id)")

    @api.model
    def _record(self, rows):
        """Append facts in one statement; `rows` are dicts of column values."""
        columns = [
            "res_model",
            "res_id",
            "clock_id",
            "event",
            "at",
            "user_id",
            "team_id",
            "step_id",
            "reason_id",
            "note",
            "old_deadline",
            "new_deadline",
        ]
        if not rows:
            return
        values = SQL(", ").join(
            SQL("%s", tuple(row.get(column) or None for column in columns))
            for row in rows
        )
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL("INSERT INTO cs_clock_fact (%s) VALUES %s", names, values)
        )
        self.invalidate_model(flush=False)

    def write(self, vals):
        if self:
            raise AccessError(self.env._("What happened to a clock cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise AccessError(self.env._("What happened to a clock cannot be removed."))
