from datetime import timedelta

from odoo import api, fields, models


class CsCallbackWizard(models.TransientModel):
    """Agree a return call: why, until when, and who has to understand the caller."""

    _name = "cs.callback.wizard"
    _description = "Agree a Return Call"

    call_id = fields.Many2one("cs.call", required=True)
    reason = fields.Selection(
        [
            ("cannot_answer", "To Be Looked Into"),
            ("dialect", "Dialect Not Understood"),
            ("requested", "Asked For"),
        ],
        required=True,
        default="cannot_answer",
    )
    deadline = fields.Datetime(
        string="Call by", required=True, default=lambda self: self._default_deadline()
    )
    language = fields.Char(string="Language or Dialect")
    user_id = fields.Many2one(
        "res.users",
        string="Who Calls",
        domain="[('share', '=', False)]",
        help="Empty: anybody of the team who understands the caller.",
    )
    note = fields.Text(
        string="What About", compute="_compute_note", store=True, readonly=False
    )

    @api.model
    def _default_deadline(self):
        get = self.env["helpdesk.ticket"]._get_parameter
        return fields.Datetime.now() + timedelta(hours=get("callback_hours", 2))

    @api.depends("call_id")
    def _compute_note(self):
        for wizard in self:
            wizard.note = wizard.call_id.request

    def action_agree(self):
        self.ensure_one()
        call = self.call_id
        call._check_own()
        user = self.user_id.filtered(lambda u: not u.share)
        if self.reason == "cannot_answer" and not user:
            user = self.env.user
        # sudo: the return call carries the number on; the call was checked above
        call.sudo()._make_callback(
            self.reason,
            self.deadline,
            user=user,
            language=self.language,
            note=self.note,
        )
        call.outcome = "call_back"
        if self.reason == "cannot_answer" and (self.note or "").strip():
            # G07: what nobody could answer becomes a gap with an owner
            self.env["cs.knowledge.gap"].action_ask(self.note, call.ticket_id.id)
        return {"type": "ir.actions.act_window_close"}
