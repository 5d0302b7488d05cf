from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

NUISANCE_DAYS = 7
NUISANCE_CALLS = 3


class CsCallNuisance(models.AbstractModel):
    """Nuisance calls: warned, counted, at last refused for a while (G08, 000-112)."""

    _name = "cs.call.nuisance"
    _description = "Call: Nuisance"

    threat = fields.Boolean(
        string="Threat or Obscenity", help="One such call is enough for a ban."
    )
    banned = fields.Boolean(
        string="On the Blacklist", help="The number was banned when it called."
    )
    warning_count = fields.Integer(compute="_compute_warning_count", string="Warnings")
    nuisance_count = fields.Integer(
        compute="_compute_nuisance_count",
        compute_sudo=True,
        string="Nuisance Calls in 7 Days",
    )
    may_ban = fields.Boolean(compute="_compute_nuisance_count", compute_sudo=True)

    _nuisance_idx = models.Index(
        "(number_digits, started_at) "
        "WHERE call_class = 'nuisance' AND number_digits IS NOT NULL"
    )

    @api.depends("event_ids.event")
    def _compute_warning_count(self):
        for call in self:
            warned = call.event_ids.filtered(lambda e: e.event == "warned")
            call.warning_count = len(warned)

    @api.depends("number_digits", "call_class", "threat")
    def _compute_nuisance_count(self):
        since = fields.Datetime.now() - timedelta(days=NUISANCE_DAYS)
        digits = [found for found in self.mapped("number_digits") if found]
        rows = self.env["cs.call"]._read_group(
            [
                ("number_digits", "in", digits),
                ("call_class", "=", "nuisance"),
                ("started_at", ">=", since),
                ("company_id", "in", self.company_id.ids),
            ],
            ["company_id", "number_digits"],
            ["__count"],
        )
        counts = {(company.id, number): count for company, number, count in rows}
        for call in self:
            key = (call.company_id.id, call.number_digits)
            call.nuisance_count = counts.get(key, 0)
            call.may_ban = bool(call.number_digits) and (
                call.threat or call.nuisance_count >= NUISANCE_CALLS
            )

    def action_warn(self):
        """The caller is asked politely to stop; noted with its moment."""
        self.ensure_one()
        self._check_own()
        if self.warning_count >= 2:
            raise UserError(
                self.env._("He was warned twice: you may end the call now.")
            )
        now = fields.Datetime.now()
        last = max(
            self.event_ids.filtered(lambda e: e.event == "warned").mapped("at"),
            default=None,
        )
        if last and now <= last:
            now = last + timedelta(seconds=1)
        self._add_event("warned", now, self.env.user)
        self.call_class = "nuisance"

    def action_end_nuisance(self):
        """G08: after two warnings the agent may end the call."""
        self.ensure_one()
        self.log_prompt("hang_up")
        self.write({"call_class": "nuisance", "outcome": "nuisance"})

    def action_ban(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on the Blacklist"),
            "res_model": "cs.phone.ban.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    # ------------------------------------------------------------------
    # A banned number calls
    # ------------------------------------------------------------------
    def _check_ban(self):
        """Mark a call from a banned number, and send it to the supervisor if he has
        a ticket open: nobody with an open matter is shut out."""
        for call in self.filtered(lambda c: c.number_digits and c.direction == "in"):
            if call.env["cs.phone.ban"]._is_banned(call.number_digits, call.company_id):
                call.banned = True

    def _get_cti_action(self):
        """What the telephone system should do: accept, reject or supervisor (G08)."""
        self.ensure_one()
        if not self.banned:
            return "accept"
        return "supervisor" if self._find_open_tickets()[self.id] else "reject"
