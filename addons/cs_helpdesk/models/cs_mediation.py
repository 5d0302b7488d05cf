from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsMediation(models.Model):
    """A dispute in after-sales service, and how mediation ended it (000-47)."""

    _name = "cs.mediation"
    _description = "Mediation"
    _inherit = ["cs.audit.mixin", "mail.thread"]
    _order = "opened_at desc, id desc"
    _rec_name = "dispute"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    opened_at = fields.Datetime(
        string="Opened", required=True, default=lambda self: fields.Datetime.now()
    )
    mediator_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    parties = fields.Char(required=True, help="Who disputes with whom.")
    dispute = fields.Text(required=True, help="What is disputed.")
    interpretation = fields.Text(
        string="Interpretation of the Policy",
        help="What our service policy means here; the supervisor's word is final.",
    )
    proposal = fields.Text(tracking=True)
    outcome = fields.Selection(
        [
            ("agreed", "Agreed"),
            ("withdrawn", "Withdrawn"),
            ("failed", "Not Agreed"),
        ],
        tracking=True,
    )
    agreement = fields.Text(string="What Was Agreed", tracking=True)
    closed_at = fields.Datetime(
        string="Ended", compute="_compute_closed_at", store=True
    )

    _order_idx = models.Index("(opened_at DESC, id DESC)")

    @api.depends("outcome")
    def _compute_closed_at(self):
        for mediation in self:
            mediation.closed_at = mediation.outcome and (
                mediation.closed_at or fields.Datetime.now()
            )

    @api.constrains("outcome", "agreement")
    def _check_agreement(self):
        for mediation in self:
            agreed = mediation.outcome == "agreed"
            if agreed and not (mediation.agreement or "").strip():
                raise ValidationError(self.env._("Please write what was agreed."))
