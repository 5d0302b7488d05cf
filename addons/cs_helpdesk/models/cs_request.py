from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

KINDS = [
    ("access", "Access to Customer Files"),
    ("sharing", "Sharing of Customer Information"),
    ("instruction", "Instruction"),
    ("extraction", "Data Extraction"),
]


class CsRequest(models.Model):
    """Ask for access, for sharing, for an instruction or for data: a flow each.

    What was asked is frozen when it is handed in; an approver decides on exactly that.
    """

    _name = "cs.request"
    _description = "Request for Approval"
    _inherit = [
        "cs.request.access",
        "cs.request.instruction",
        "cs.request.file",  # before what it extends
        "cs.request.extraction",
        "cs.flow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"

    name = fields.Char(string="Subject", required=True, tracking=True)
    kind = fields.Selection(KINDS, required=True, default="access", index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    reason = fields.Text(help="What it is needed for; in an instruction, the question.")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    outcome = fields.Selection(
        [("granted", "Approved"), ("refused", "Refused")], readonly=True, copy=False
    )
    is_requester = fields.Boolean(compute="_compute_is_requester")

    _kind_idx = models.Index("(kind, flow_state, id DESC)")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_requester(self):
        for request in self:
            request.is_requester = request.user_id == self.env.user

    # ------------------------------------------------------------------
    # What was asked is frozen
    # ------------------------------------------------------------------
    @api.model
    def _get_frozen_fields(self):
        own = {"name", "kind", "user_id", "company_id", "reason"}
        return super()._get_frozen_fields() | own

    @api.model
    def _get_decision_fields(self):
        own = {"submitted_at", "decided_at", "decided_by_id", "outcome"}
        return super()._get_decision_fields() | own

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_foreign(vals)
        return super().create(vals_list)

    def _check_foreign(self, vals):
        if vals.get("user_id", self.env.uid) != self.env.uid:
            raise AccessError(self.env._("Everybody asks for himself."))
        if self._get_decision_fields() & vals.keys():
            raise AccessError(self.env._("Only its steps decide on a request."))

    def write(self, vals):
        if not self.env.su:
            self._check_foreign(vals)
            handed_in = self.filtered(lambda r: r.flow_state != "none")
            if handed_in and self._get_frozen_fields() & vals.keys():
                raise UserError(
                    self.env._(
                        "“%(request)s” was handed in: withdraw it and make a new one.",
                        request=handed_in[0].name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_in(self):
        if any(request.flow_state != "none" for request in self):
            raise UserError(self.env._("A request that was handed in stays."))

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_submit(self):
        """Hand the request in; pressing twice does it once.

        :raise UserError: something is missing, in one sentence
        """
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody asks for himself."))
        self.lock_for_update()
        self.invalidate_recordset()
        if self.flow_state != "none":
            return
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say what it is needed for (Reason)."))
        getattr(self, f"_check_request_{self.kind}")()
        # sudo: facts of the request that its owner may not write
        self.sudo().write(
            {"submitted_at": fields.Datetime.now(), **self._prepare_submit()}
        )
        self._flow_start()

    def action_withdraw(self):
        """Take one's own request back before it is decided."""
        for request in self:
            if request.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only the one who asked takes a request back.")
                )
        self.lock_for_update()
        self._flow_cancel(self.env._("Taken back by the one who asked."))

    # ------------------------------------------------------------------
    # Flow
    # ------------------------------------------------------------------
    def _get_flow(self):
        return self.env["cs.flow"]._find(
            self._name, self.company_id, f"request_{self.kind}"
        )

    def _get_flow_requester(self):
        return self.user_id

    def _get_flow_summary(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{kinds[self.kind]}: {self.name} ({self.user_id.name})"

    def _on_flow_opened(self, step):
        """Whoever has to decide is told at once."""
        result = super()._on_flow_opened(step)
        owners = step.user_id or step._get_members(
            step.group_id, step.company_id, step.requester_id
        )
        if owners:
            self.env["mail.thread"].message_notify(
                partner_ids=owners.partner_id.ids,
                subject=step.display_name,
                body=step._get_html_link(),
            )
        return result

    def _on_flow_done(self):
        result = super()._on_flow_done()
        self._decide("granted")
        getattr(self, f"_grant_request_{self.kind}")()
        self._tell_requester(self.env._("Approved: %(name)s", name=self.name))
        return result

    def _on_flow_refused(self, step):
        result = super()._on_flow_refused(step)
        self._decide("refused")
        self._tell_requester(
            self.env._(
                "Refused: %(name)s. %(why)s", name=self.name, why=step.note or ""
            )
        )
        return result

    def _decide(self, outcome):
        self.write(
            {
                "outcome": outcome,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )

    def _tell_requester(self, body):
        self.message_post(body=body, partner_ids=self.user_id.partner_id.ids)

    def _when(self, moment):
        return format_datetime(self.env, moment, dt_format="yyyy-MM-dd HH:mm")
