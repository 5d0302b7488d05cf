from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

# button -> (days from today, hour, minute); two hours from now has no clock time
PRESETS = {"today": (0, 17, 30), "tomorrow": (1, 10, 0)}


class CsPromiseWizard(models.TransientModel):
    """Two clicks: promise, and until when (N25, 004-08)."""

    _name = "cs.promise.wizard"
    _description = "Promise Something to the Customer"

    ticket_id = fields.Many2one("helpdesk.ticket")
    partner_id = fields.Many2one("res.partner", string="Customer")
    name = fields.Char(
        string="What", required=True, default=lambda self: self._default_name()
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    until = fields.Datetime(
        string="Another Time", default=lambda self: self._default_until()
    )
    needs_consent = fields.Boolean(compute="_compute_needs_consent")

    @api.model
    def _default_name(self):
        return self.env._("Call back with the result")

    @api.model
    def _default_until(self):
        return fields.Datetime.now() + timedelta(hours=2)

    @api.depends("user_id")
    def _compute_needs_consent(self):
        for wizard in self:
            wizard.needs_consent = wizard.user_id and self.env[
                "cs.promise"
            ]._needs_consent(wizard.user_id)

    @api.model
    def _preset_time(self, preset):
        """Naive UTC of a button: 2 hours, today 17:30, tomorrow 10:00 (user's zone)."""
        if preset not in PRESETS:
            return self._default_until()
        days, hour, minute = PRESETS[preset]
        zone = pytz.timezone(self.env.user.tz or "Asia/Shanghai")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        local = datetime.combine(today + timedelta(days=days), time(hour, minute))
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def action_promise(self):
        """Promise until the time of the button, or the one chosen."""
        self.ensure_one()
        preset = self.env.context.get("cs_promise_preset")
        until = self._preset_time(preset) if preset else self.until
        self.env["cs.promise"]._make(
            self.name,
            until,
            ticket=self.ticket_id,
            partner=self.partner_id,
            user=self.user_id,
        )
        return {"type": "ir.actions.act_window_close"}
