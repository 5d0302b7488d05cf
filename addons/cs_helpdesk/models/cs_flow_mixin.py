from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# moved by the flow alone: no client writes them
GUARDED = {"flow_state", "current_step_id", "flow_moves"}


class CsFlowMixin(models.AbstractModel):
    """Gives a record a flow: steps with an owner, a clock, gates and proof.

    Private methods trust their caller to have checked the record. The document needs
    `company_id`.
    """

    _name = "cs.flow.mixin"
    _description = "Record with a Flow"
    _inherit = ["cs.clock.mixin", "cs.flow.bar"]

    flow_id = fields.Many2one(
        "cs.flow", copy=False, index="btree_not_null", ondelete="restrict"
    )
    step_ids = fields.One2many(
        "cs.flow.step",
        "res_id",
        string="Steps",
        domain=lambda self: [("res_model", "=", self._name)],
        copy=False,
    )
    current_step_id = fields.Many2one(
        "cs.flow.step",
        compute="_compute_current_step_id",
        store=True,
        index="btree_not_null",
        copy=False,
    )
    flow_state = fields.Selection(
        [
            ("none", "Not Started"),
            ("running", "Under Way"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        string="Progress",
        default="none",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    flow_moves = fields.Integer(
        readonly=True, copy=False, aggregator=None, export_string_translation=False
    )

    @api.depends("step_ids.state")
    def _compute_current_step_id(self):
        for record in self:
            running = record.step_ids.filtered(lambda s: s.state == "running")
            first = running.sorted(lambda s: (s.optional, s.sequence, s.id))
            record.current_step_id = first[:1]

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _get_flow(self):
        """The flow this record follows when none is named."""
        self.ensure_one()
        return self.env["cs.flow"]._find(self._name, self.company_id)

    def _get_flow_requester(self):
        """Who asked: he may not finish a stage of approval."""
        self.ensure_one()
        return self.create_uid

    def _flow_owner_requester(self, stage):
        """The role “requester” of a stage."""
        return {"user_id": self._get_flow_requester().id}

    def _get_flow_owner(self, stage):
        """Whose a stage is.

        :return: dict of user_id, group_id, partner_id; or a list of such dicts, one
            step each
        """
        self.ensure_one()
        if stage.owner_code:
            return getattr(self, f"_flow_owner_{stage.owner_code}")(stage)
        return {"user_id": stage.user_id.id, "group_id": stage.group_id.id}

    def _get_flow_summary(self):
        """What lanes read that may not open the record."""
        self.ensure_one()
        return self.display_name

    def _get_flow_deadline(self, step):
        """The date itself, for limits of unit “date” (naive UTC), or False."""
        return False

    def _on_flow_opened(self, step):
        """A step was opened for its owner."""

    def _on_flow_step(self, step):
        """A step was finished; runs in the same transaction, in sudo."""

    def _on_flow_done(self):
        """The last stage was finished."""

    def _on_flow_sent_back(self, step):
        """A step was sent back; its note says why."""

    def _on_flow_refused(self, step):
        """A step was sent back with nowhere to go: the flow has ended."""

    def _on_flow_escalated(self, step, new_step):
        """A late step was passed to the next level."""

    # ------------------------------------------------------------------
    # Start and go on
    # ------------------------------------------------------------------
    def _flow_start(self, flow=None):
        """Open the first step; starting twice changes nothing.

        :raise UserError: there is no flow for such a record
        """
        for record in self:
            record = record.sudo()  # the caller has checked the record
            if record.flow_state == "running":
                continue
            flow_used = (flow or record.flow_id or record._get_flow()).sudo()
            ranks = flow_used._get_ranks()
            if not ranks:
                raise UserError(
                    self.env._(
                        "No flow with stages is set up for “%(record)s”. Ask the "
                        "administrator.",
                        record=record.display_name,
                    )
                )
            record.write({"flow_id": flow_used.id, "flow_state": "running"})
            record._flow_open_ranks(ranks)
        return True

    def _flow_open_ranks(self, ranks):
        """Open the first rank that holds the flow; past the last one it is done."""
        for rank in ranks:
            opened = self.env["cs.flow.step"]
            for stage in rank:
                opened |= self._flow_open(stage)
            if opened.filtered(lambda s: s.state == "running" and not s.optional):
                return
        if not self._flow_blocking_steps():
            self._flow_cancel_steps()
            self.flow_state = "done"
            self._on_flow_done()

    def _flow_blocking_steps(self):
        return self.step_ids.filtered(lambda s: s.state == "running" and not s.optional)

    def _flow_go_on(self, step):
        """After a step: wait for its parallel steps, then open the next rank."""
        if self.flow_state == "running" and not (
            step.optional or self._flow_blocking_steps()
        ):
            self._flow_open_ranks(step.flow_id._get_ranks_after(step.stage_id))

    def _flow_skips(self, stage):
        """Whether a stage is not needed, as things stand."""
        code = stage.skip_code
        return bool(code) and getattr(self, f"_skip_{code}")(stage)

    def _flow_open(self, stage):
        """Open the steps of a stage, or note that it is skipped."""
        self.ensure_one()
        frozen = stage._prepare_step()
        if self._flow_skips(stage):
            return self._flow_create_step(frozen, {"state": "skipped"})
        owners = self._get_flow_owner(stage)
        if isinstance(owners, dict):
            owners = [owners]
        requester = self._get_flow_requester()
        steps = self.env["cs.flow.step"]
        for owner in owners:
            own = dict(frozen)
            if stage.owner_code == "requester":
                own["approval"] = False
            resolved = steps._resolve_owner(
                owner, self.company_id, requester if own["approval"] else None
            )
            names = ("user_id", "group_id", "partner_id")
            own["owner_key"] = "-".join(str(owner.get(name) or 0) for name in names)
            steps |= self._flow_create_step(own, resolved)
        return steps

    def _flow_create_step(self, frozen, owner):
        """One step with its clock; `owner` may also say that it is skipped."""
        at = self._event_time()
        skipped = owner.get("state") == "skipped"
        step = self.env["cs.flow.step"].create(
            {
                "res_model": self._name,
                "res_id": self.id,
                "summary": self._get_flow_summary(),
                "company_id": self.company_id.id,
                "requester_id": self._get_flow_requester().id,
                "started_at": at,
                "finished_at": skipped and at,
                **frozen,
                **owner,
            }
        )
        self.env.cr.execute(
            SQL(
                "UPDATE cs_flow_step SET name = stage.name,"
                " description = stage.description FROM cs_flow_stage stage"
                " WHERE stage.id = cs_flow_step.stage_id AND cs_flow_step.id = %s",
                step.id,
            )
        )  # in all languages
        step.invalidate_recordset(["name", "description"], flush=False)
        if not skipped:
            self._flow_start_clock(step, at)
            self._on_flow_opened(step)
        return step

    def _flow_start_clock(self, step, at):
        hold = self._prepare_hold(at)
        hold[0]["step_id"] = step.id
        limit = step.limit_id
        until = limit.unit == "date" and self._get_flow_deadline(step)
        if not limit or (limit.unit == "date" and not until):
            self._clock_create([], hold)
            return
        vals = self._prepare_clock(limit, at)
        vals.update(self._prepare_deadline(limit, vals, at, until or None))
        vals.update(
            step_id=step.id,
            user_id=step.user_id.id,
            group_id=step.group_id.id,
            team_id=False,
            advisory=step.advisory or limit.advisory,
        )
        step.clock_id = self._clock_create([vals], hold)

    def _flow_cancel_steps(self):
        for step in self.step_ids.filtered(lambda s: s.state == "running"):
            step._end(self, {"state": "cancelled"})

    def _flow_cancel(self, reason=None):
        """End the flow without a result; cancelling twice changes nothing."""
        for record in self.sudo():  # the caller has checked the record
            if record.flow_state == "running":
                record._flow_cancel_steps()
                record.flow_state = "cancelled"
                if reason and "message_ids" in record._fields:
                    record._message_log(body=reason)

    def _flow_switch(self, flow, code=None):
        """Go on in another flow; what was done and the time used stay.

        :param code: code of the stage to go on with, default the first
        """
        self.ensure_one()
        record = self.sudo()  # the caller has checked the record
        record._flow_cancel_steps()
        record.write({"flow_id": flow.id, "flow_state": "running"})
        ranks = flow.sudo()._get_ranks()
        while code and ranks and code not in ranks[0].mapped("code"):
            ranks = ranks[1:]
        record._flow_open_ranks(ranks)

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def _flow_pick_step(self):
        """The step a button was pressed for: the one that was on the screen.

        A second press names a step that has ended, and so changes nothing.
        """
        self.ensure_one()
        self.check_access("read")
        chosen = self.env.context.get("cs_flow_step_id")
        if not chosen:
            return (self.my_step_id or self.current_step_id).sudo(False)
        steps = self.sudo().step_ids  # the record was checked
        return steps.filtered(lambda s: s.id == chosen).sudo(False)

    def action_flow_finish(self):
        """Finish the current step as the user; safe to press twice.

        The context may carry cs_flow_step_id (the step shown when the button was
        pressed), cs_flow_note, cs_flow_signature (base64) and cs_flow_signed_name.
        """
        step = self._flow_pick_step()
        if not step:
            return False
        context = self.env.context
        signature = context.get("cs_flow_signature")
        if step.sudo().needs_signature and not signature:  # the record was checked
            return step._open_wizard("finish")
        return step._finish(
            note=context.get("cs_flow_note"),
            signature=signature,
            signed_name=context.get("cs_flow_signed_name"),
        )

    def action_flow_send_back(self):
        """Ask why, then send the current step back."""
        step = self._flow_pick_step()
        return step._open_wizard("send_back") if step else False

    def action_flow_print(self):
        """The printed timeline: who did what when, and what was late."""
        self.check_access("read")
        report = self.env.ref("cs_helpdesk.report_flow_timeline")
        return report.report_action(
            self.step_ids.ids or self.sudo().step_ids.ids,
            data={"res_model": self._name, "res_ids": self.ids},
        )

    def action_flow_override(self):
        """A supervisor finishes the current step in place of its owner."""
        step = self._flow_pick_step()
        return step._open_wizard("override") if step else False

    # ------------------------------------------------------------------
    # The record itself
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(GUARDED & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("Only its steps move a flow."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            moving = "flow_id" in vals and any(
                record.flow_state != "none" for record in self
            )
            if GUARDED & vals.keys() or moving:
                raise AccessError(self.env._("Only its steps move a flow."))
        return super().write(vals)

    def unlink(self):
        steps = self.env["cs.flow.step"].sudo()  # whoever may delete the record
        steps = steps.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        result = super().unlink()
        steps.with_context(cs_flow_record_deleted=True).unlink()
        return result
