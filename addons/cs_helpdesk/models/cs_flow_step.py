from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("skipped", "Skipped"),
    ("sent_back", "Sent Back"),
    ("escalated", "Passed Up"),
    ("cancelled", "Cancelled"),
]


class CsFlowStep(models.Model):
    """One stage of one record at run time, with the definition copied into it.

    Written only by its own methods and those of `cs.flow.mixin`, in sudo, after the
    person was checked.
    """

    _name = "cs.flow.step"
    _description = "Flow Step"
    _inherit = ["cs.flow.owner", "cs.flow.move", "cs.flow.portal"]
    _order = "id"

    # Which record
    res_model = fields.Char(required=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    summary = fields.Char(
        string="Matter", help="What it is about, for lanes that may not open it."
    )
    company_id = fields.Many2one("res.company", required=True)
    requester_id = fields.Many2one("res.users", string="Asked by", index=True)
    # Whose
    user_id = fields.Many2one("res.users", string="Person")
    group_id = fields.Many2one("res.groups", string="Group")
    partner_id = fields.Many2one("res.partner", string="Outside Party")
    owner_name = fields.Char(
        string="Owner", compute="_compute_owner_name", compute_sudo=True
    )
    owner_key = fields.Char(
        export_string_translation=False, help="The owner the definition named."
    )
    fallback = fields.Char(
        string="Why Here", help="Whose it was, and why it came to this owner."
    )
    # The definition, frozen
    flow_id = fields.Many2one("cs.flow", required=True, ondelete="restrict")
    stage_id = fields.Many2one(
        "cs.flow.stage", required=True, index=True, ondelete="restrict"
    )
    code = fields.Char(required=True)
    name = fields.Char(string="Step", required=True, translate=True)
    sequence = fields.Integer(aggregator=None)
    description = fields.Char(string="What to Do", translate=True)
    approval = fields.Boolean()
    escalate_group_id = fields.Many2one("res.groups", string="When Late, Goes to")
    limit_id = fields.Many2one("cs.time.limit", ondelete="restrict")
    advisory = fields.Boolean()
    gate_codes = fields.Char()
    needs_signature = fields.Boolean()
    optional = fields.Boolean()
    send_back_to = fields.Char()
    bulk = fields.Boolean(string="In Bulk")
    # Its time
    state = fields.Selection(STATES, required=True, default="running")
    started_at = fields.Datetime(required=True, default=fields.Datetime.now)
    finished_at = fields.Datetime()
    clock_ids = fields.One2many("cs.clock", "step_id", string="Clocks")
    clock_id = fields.Many2one("cs.clock", index="btree_not_null")
    deadline = fields.Datetime(related="clock_id.deadline", store=True)
    overdue = fields.Boolean(related="clock_id.overdue", store=True, string="Late")
    # Its proof
    finished_by_id = fields.Many2one("res.users", string="By")
    acting_for_id = fields.Many2one("res.users", string="In Place of")
    override_reason = fields.Char(string="Override")
    note = fields.Char()
    signature = fields.Binary(attachment=True)
    signed_name = fields.Char()
    signed_at = fields.Datetime()
    signed_ip = fields.Char(string="Address")
    # what the deadline field shows
    closed = fields.Boolean(compute="_compute_clock_state")
    clock_state = fields.Selection(related="clock_id.state", string="Clock State")
    next_clock = fields.Char(compute="_compute_clock_state")
    is_mine = fields.Boolean(
        string="Mine", compute="_compute_is_mine", search="_search_is_mine"
    )

    _record_idx = models.Index("(res_model, res_id, id)")
    _user_idx = models.Index("(user_id, deadline, id) WHERE state = 'running'")
    _group_idx = models.Index("(group_id, deadline, id) WHERE state = 'running'")
    _partner_idx = models.Index(
        "(partner_id) WHERE state = 'running' AND partner_id IS NOT NULL"
    )
    _due_idx = models.Index("(deadline, id) WHERE state = 'running'")
    _escalate_idx = models.Index(
        "(id) WHERE state = 'running' AND overdue AND escalate_group_id IS NOT NULL"
    )
    _once = models.UniqueIndex(
        "(res_model, res_id, stage_id, owner_key) WHERE state = 'running'",
        "This step is open already.",
    )
    _owned = models.Constraint(
        "CHECK (state != 'running' OR user_id IS NOT NULL OR group_id IS NOT NULL"
        " OR partner_id IS NOT NULL)",
        "A step must belong to somebody.",
    )

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------
    @api.depends("user_id.name", "group_id.name", "partner_id.display_name")
    @api.depends_context("lang")
    def _compute_owner_name(self):
        for step in self:
            owner = step.user_id.name or step.partner_id.display_name
            step.owner_name = owner or step.group_id.name

    @api.depends("name", "summary")
    def _compute_display_name(self):
        for step in self:
            names = [name for name in (step.summary, step.name) if name]
            step.display_name = " · ".join(names)

    @api.depends("state")
    def _compute_clock_state(self):
        for step in self:
            step.closed = step.state != "running"
            step.next_clock = False

    @api.depends_context("uid")
    def _compute_is_mine(self):
        for step in self:
            step.is_mine = step.state == "running" and bool(
                step._get_capacity(self.env.user)
            )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("state", "=", "running") & self._get_own_domain(self.env.user)
        if True in value and False in value:
            return Domain.TRUE
        return mine if True in value else ~mine

    def _get_record(self):
        """The document, or an empty one where it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_bar_row(self):
        """This step as the bar and the printed timeline show it; times in UTC."""
        self.ensure_one()
        running = self.state == "running"
        return {
            "id": self.id,
            "name": self.name,
            "state": "late" if running and self.overdue else self.state,
            "owner": self.owner_name,
            "fallback": self.fallback or None,
            "by": self.finished_by_id.name or None,
            "acting_for": self.acting_for_id.name or None,
            "override": self.override_reason or None,
            "note": self.note or None,
            "signed": self.signed_name or None,
            "started": fields.Datetime.to_string(self.started_at),
            "until": fields.Datetime.to_string(self.deadline) or None,
            "at": fields.Datetime.to_string(self.finished_at) or None,
            "was_late": self.clock_id.state == "late",
        }

    def action_open_record(self):
        """Open the document, or the step itself for whoever may not see that."""
        self.ensure_one()
        record = self._get_record()
        if record and record.has_access("read"):
            return record._get_records_action()
        return self._get_records_action()

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_finish(self):
        """Finish these steps as the user; many at once where the stage allows it."""
        self.check_access("read")
        open_steps = self.filtered(lambda s: s.state == "running")
        if len(self) > 1:
            alone = open_steps.filtered(lambda s: not s.bulk or s.needs_signature)
            if alone:
                raise UserError(
                    self.env._(
                        "These must be finished one by one, each from its document: "
                        "%(steps)s.",
                        steps="、".join(alone.mapped("display_name")),
                    )
                )
        elif open_steps.needs_signature:
            return open_steps._open_wizard("finish")
        for step in open_steps:
            step._finish()
        return True

    def action_finish_with_note(self):
        self.check_access("read")
        return self._open_wizard("finish")

    def action_send_back(self):
        self.check_access("read")
        return self._open_wizard("send_back")

    def action_override(self):
        self.check_access("read")
        return self._open_wizard("override")

    def _open_wizard(self, purpose):
        """A dialogue about this step; whoever may not act is told so at once."""
        self.ensure_one()
        step = self.sudo()  # the caller has checked the document or the step
        if step.state != "running":
            return False
        if purpose != "override":
            step._check_actor(self.env.user)
        names = {
            "finish": self.env._("Finish"),
            "send_back": self.env._("Send Back"),
            "override": self.env._("Finish in Place of the Owner"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": f"{names[purpose]}: {step.name}",
            "res_model": "cs.flow.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_purpose": purpose, "default_step_id": self.id},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_direct(self):
        if not self.env.context.get("cs_flow_record_deleted"):
            raise AccessError(self.env._("A step cannot be removed."))

    @api.autovacuum
    def _gc_orphans(self):
        """Steps of documents that a database cascade removed."""
        for (model,) in self._read_group([], ["res_model"]):
            gone = Domain("res_model", "=", model)
            if model in self.env:
                alive = self.env[model].with_context(active_test=False)._search([])
                gone &= Domain("res_id", "not in", alive)
            steps = self.search(gone, limit=1000)
            steps.with_context(cs_flow_record_deleted=True).unlink()
