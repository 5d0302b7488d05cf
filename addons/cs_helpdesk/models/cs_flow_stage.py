import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# field of the stage -> field of its time limit
LIMIT_FIELDS = {
    "limit_quantity": "quantity",
    "limit_unit": "unit",
    "limit_calendar_id": "calendar_id",
}
WITHOUT_QUANTITY = ("same_day", "date")
REFUSE = "refuse"  # a stage that sends back to this ends the flow


class CsFlowStage(models.Model):
    """One stage of a flow: whose, how long, with which gates and proof."""

    _name = "cs.flow.stage"
    _description = "Flow Stage"
    _inherit = ["cs.audit.mixin"]
    _order = "flow_id, sequence, id"

    flow_id = fields.Many2one("cs.flow", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="flow_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Char(
        string="What to Do", translate=True, help="Shown to whoever has the step."
    )
    active = fields.Boolean(default=True)
    # Whose
    group_id = fields.Many2one("res.groups", string="Group", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]"
    )
    owner_code = fields.Char(
        string="Role", help="Name of a role of the document, requester for instance."
    )
    approval = fields.Boolean(
        default=True, help="Whoever asked may not finish this stage himself."
    )
    escalate_group_id = fields.Many2one(
        "res.groups",
        string="When Late, Goes to",
        ondelete="restrict",
        help="At its deadline the step passes to this group, with a clock of its own.",
    )
    # By when
    limit_id = fields.Many2one(
        "cs.time.limit", string="Time Limit", readonly=True, copy=False
    )
    limit_quantity = fields.Float(related="limit_id.quantity", readonly=False)
    limit_unit = fields.Selection(related="limit_id.unit", readonly=False)
    limit_calendar_id = fields.Many2one(related="limit_id.calendar_id", readonly=False)
    advisory = fields.Boolean(
        string="Advisory Limit", help="Its limit is shown, but never counted as late."
    )
    # With what proof
    gate_codes = fields.Char(
        string="Gates", help="Codes of checks of the document, separated by commas."
    )
    signature = fields.Boolean(help="Finished by a drawn signature.")
    # How the flow goes on
    parallel = fields.Boolean(help="Opens together with the stage before it.")
    optional = fields.Boolean(help="The flow goes on without waiting for it.")
    skip_code = fields.Char(
        string="Skipped If", help="Code of a condition of the document."
    )
    send_back_to = fields.Char(
        help="Code of the stage a rejection goes to; empty: the one before; "
        "refuse: the flow ends."
    )
    bulk = fields.Boolean(
        string="In Bulk", help="May be finished from the list, many at once."
    )

    _code_uniq = models.UniqueIndex(
        "(flow_id, code)", "A flow has one stage of this code already."
    )
    _order_idx = models.Index("(flow_id, sequence, id)")

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.constrains("gate_codes", "owner_code", "skip_code", "flow_id")
    def _check_methods(self):
        for stage in self:
            Model = self.env[stage.flow_id.res_model]
            names = [f"_gate_{code}" for code in stage._get_gates()]
            if stage.owner_code:
                names.append(f"_flow_owner_{stage.owner_code}")
            if stage.skip_code:
                names.append(f"_skip_{stage.skip_code}")
            for name in names:
                if not re.fullmatch(r"_\w+", name) or not hasattr(Model, name):
                    raise ValidationError(
                        self.env._(
                            "%(stage)s: the document knows nothing of the name "
                            "“%(name)s”. Ask who maintains the system for the names "
                            "that exist.",
                            stage=stage.name,
                            name=name,
                        )
                    )

    @api.constrains("group_id", "user_id", "owner_code")
    def _check_owner(self):
        for stage in self:
            if not (stage.group_id or stage.user_id or stage.owner_code):
                raise ValidationError(
                    self.env._(
                        "%(stage)s belongs to nobody: choose a group, a person or a "
                        "role.",
                        stage=stage.name,
                    )
                )

    def _get_gates(self):
        codes = (self.gate_codes or "").split(",")
        return [code.strip() for code in codes if code.strip()]

    # ------------------------------------------------------------------
    # The time limit of a stage is a row of its own among the limits
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        limits = [self._pop_limit(vals) for vals in vals_list]
        stages = super().create(vals_list)
        for stage, limit in zip(stages, limits, strict=True):
            stage._make_limit(limit)
        return stages

    def write(self, vals):
        vals = dict(vals)
        limit = self._pop_limit(vals)
        result = super().write(vals)
        for stage in self:
            if stage.limit_id and limit:
                stage.limit_id.write(limit)
            else:
                stage._make_limit(limit)
        return result

    @api.model
    def _pop_limit(self, vals):
        limit = {
            target: vals.pop(name)
            for name, target in LIMIT_FIELDS.items()
            if name in vals
        }
        if not limit.get("quantity"):
            limit.pop("quantity", None)
        return limit

    def _make_limit(self, limit):
        self.ensure_one()
        if not limit.get("quantity") and limit.get("unit") not in WITHOUT_QUANTITY:
            return
        self.limit_id = self.env["cs.time.limit"].create(
            {
                "name": f"{self.flow_id.name}: {self.name}",
                "kind": "step",
                "res_model": self.flow_id.res_model,
                "company_id": self.flow_id.company_id.id,
                **{name: value for name, value in limit.items() if value},
            }
        )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for stage, vals in zip(self, vals_list, strict=True):
            if stage.limit_id:
                for name in LIMIT_FIELDS:
                    value = stage[name]
                    vals[name] = value.id if name == "limit_calendar_id" else value
        return vals_list

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def _prepare_step(self):
        """The definition as a step freezes it."""
        self.ensure_one()
        return {
            "flow_id": self.flow_id.id,
            "stage_id": self.id,
            "code": self.code,
            "name": self.name,
            "sequence": self.sequence,
            "approval": self.approval,
            "escalate_group_id": self.escalate_group_id.id,
            "limit_id": self.limit_id.id,
            "advisory": self.advisory,
            "gate_codes": ",".join(self._get_gates()),
            "needs_signature": self.signature,
            "optional": self.optional,
            "send_back_to": self.send_back_to,
            "bulk": self.bulk,
        }
