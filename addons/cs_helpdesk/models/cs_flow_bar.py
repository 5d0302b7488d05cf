from odoo import api, fields, models

from .cs_flow_owner import SUPERVISOR


class CsFlowBar(models.AbstractModel):
    """What a form shows of a flow: where it stands, and what the reader may do."""

    _name = "cs.flow.bar"
    _description = "Stage Bar of a Flow"

    flow_bar = fields.Json(compute="_compute_flow_bar", export_string_translation=False)
    closed = fields.Boolean(compute="_compute_closed")
    my_step_id = fields.Many2one("cs.flow.step", compute="_compute_my_step_id")
    my_step_hint = fields.Char(string="What to Do", compute="_compute_my_step_id")
    can_send_back = fields.Boolean(compute="_compute_my_step_id")
    can_override = fields.Boolean(compute="_compute_my_step_id")

    @api.depends("flow_state")
    def _compute_closed(self):
        for record in self:
            record.closed = record.flow_state in ("done", "cancelled")

    @api.depends("step_ids.state", "flow_state")
    @api.depends_context("uid", "lang")
    def _compute_my_step_id(self):
        user = self.env.user
        supervisor = user.has_group(SUPERVISOR)
        for record in self:
            # the reader of a record may know whose its steps are
            running = record.sudo().step_ids.filtered(lambda s: s.state == "running")
            mine = running.filtered(
                lambda s: s._get_capacity(user)
                and not (s.approval and s.requester_id == user)
            )
            current = record.sudo().current_step_id
            mine = mine & current or mine[:1]
            record.my_step_id = mine
            record.my_step_hint = mine.description
            record.can_send_back = bool(mine) and mine._may_send_back()
            record.can_override = bool(current and supervisor and not mine)

    @api.depends("step_ids.state", "step_ids.overdue", "flow_id", "flow_state")
    @api.depends_context("lang")
    def _compute_flow_bar(self):
        for record in self:
            # the reader of a record sees its whole way, not his own steps alone
            record.flow_bar = record.id and record.sudo()._get_flow_bar()

    def _get_flow_bar(self):
        """Steps that were, are and come, for the widget and the printed timeline.

        :return: list of dicts: name, state (done, skipped, running, late, sent_back,
            escalated, cancelled, coming), owner, by, at, until, started, note
        """
        self.ensure_one()
        rows = [step._get_bar_row() for step in self.step_ids.sorted("id")]
        if self.flow_state == "running" and self.current_step_id:
            last = self.current_step_id
            for rank in last.flow_id._get_ranks_after(last.stage_id):
                rows += [
                    {
                        "name": stage.name,
                        "state": "coming",
                        "owner": stage.group_id.name,
                    }
                    for stage in rank
                    if not self._flow_skips(stage)
                ]
        return rows
