from odoo import api, fields, models
from odoo.exceptions import UserError


class CsIncident(models.Model):
    """An emergency in the call centre: what happened, what was done, what is learnt."""

    _name = "cs.incident"
    _description = "Call-Centre Incident"
    _inherit = ["cs.press.mixin", "mail.thread", "mail.activity.mixin"]
    _by_hand = frozenset(
        {
            "name",
            "kind",
            "severity",
            "occurred_at",
            "description",
            "process",
            "result",
            "lesson",
            "owner_id",
        }
    )
    _order = "occurred_at desc, id desc"

    name = fields.Char(string="What Happened", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("line", "Telephone Line"),
            ("power", "Power"),
            ("system", "System"),
            ("staff", "Staff"),
            ("rush", "Rush of Calls"),
            ("customer", "Customer on Site"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    severity = fields.Selection(
        [("minor", "Minor"), ("major", "Major")],
        required=True,
        default="minor",
        tracking=True,
    )
    occurred_at = fields.Datetime(required=True, default=fields.Datetime.now)
    reporter_id = fields.Many2one(
        "res.users", readonly=True, required=True, default=lambda self: self.env.user
    )
    owner_id = fields.Many2one(
        "res.users", string="In Charge", domain="[('share', '=', False)]"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    description = fields.Text()
    process = fields.Text(string="What Was Done")
    result = fields.Text()
    lesson = fields.Text(string="What Was Learnt")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )
    closed_at = fields.Datetime(readonly=True, copy=False)

    _order_idx = models.Index("(occurred_at DESC, id DESC)")
    _open_idx = models.Index("(company_id) WHERE state = 'open'")

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {**vals, "reporter_id": self.env.uid, "state": "open"}
                for vals in vals_list
            ]
        incidents = super().create(vals_list)
        incidents.filtered(lambda i: i.severity == "major")._tell_managers()
        return incidents

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(incident.state == "closed" for incident in self):
            raise UserError(self.env._("This incident is closed and not edited."))
        major = self.filtered(lambda i: i.severity == "major")
        result = super().write(vals)
        (self.filtered(lambda i: i.severity == "major") - major)._tell_managers()
        return result

    def _tell_managers(self):
        """G18: a major incident is reported upwards at once."""
        # sudo: whom it goes to
        managers = self.env.ref("cs_helpdesk.group_manager").sudo().all_user_ids
        for incident in self.sudo():
            users = managers.filtered(
                lambda u, i=incident: u.active and i.company_id in u.company_ids
            )
            incident.message_notify(
                partner_ids=users.partner_id.ids,
                subject=self.env._("Major incident: %(name)s", name=incident.name),
                body=incident.description or incident.name,
            )

    def action_close(self):
        """Close: what was done and with what result is written down."""
        self.check_access("write")
        self._lock()
        for incident in self.filtered(lambda i: i.state == "open"):
            if not (incident.process and incident.result):
                raise UserError(
                    self.env._(
                        "%(incident)s: please write what was done and the result.",
                        incident=incident.name,
                    )
                )
            # sudo: checked above; the state is written by this button alone
            incident.sudo().write(
                {"state": "closed", "closed_at": fields.Datetime.now()}
            )
