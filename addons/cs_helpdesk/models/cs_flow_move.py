import logging

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.http import request

from .cs_flow_stage import REFUSE

_logger = logging.getLogger(__name__)


class CsFlowMove(models.AbstractModel):
    """How a step ends: finished, sent back, passed up or cancelled.

    Each way locks the document, reads afresh, checks the person and every gate, and
    only then writes with the system's rights. A second press finds the step ended
    and changes nothing.
    """

    _name = "cs.flow.move"
    _description = "Movement of a Flow Step"

    def _lock(self):
        """Take document and step for this transaction.

        :return: the document, with the system's rights and the user's name
        :raise UserError: somebody else is moving it at this moment
        """
        self.ensure_one()
        step = self.sudo()  # a lane moves a document that it may not open
        record = step._get_record()
        if not record:
            raise UserError(self.env._("The document of this step is gone."))
        try:
            record.lock_for_update()
            step.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is moving “%(step)s” right now. Reload the page "
                    "and look again.",
                    step=step.name,
                )
            ) from error
        step.invalidate_recordset()
        record.invalidate_recordset()
        return record

    def _check_gates(self, record):
        """Every gate has its own sentence; one that is unknown lets nobody pass."""
        for code in filter(None, (self.gate_codes or "").split(",")):
            gate = getattr(record, f"_gate_{code}", None)
            if gate is None:
                raise UserError(
                    self.env._(
                        "“%(step)s” asks for the check “%(code)s”, which does not "
                        "exist any more. Tell the administrator.",
                        step=self.name,
                        code=code,
                    )
                )
            gate(self)

    def _finish(self, note=None, signature=None, signed_name=None, reason=None):
        """Finish this step as the user.

        :param str signature: drawn picture, base64
        :param str reason: a supervisor finishes it in place of its owner
        :return: whether this call finished it; False when it had ended already
        :raise AccessError: not his step, or his own request
        :raise UserError: a gate is not passed, or a signature is missing
        """
        record = self._lock()
        step = self.sudo()  # read afresh under the lock; written after the checks
        if step.state != "running":
            return False
        capacity, absent = step._check_actor(self.env.user, reason)
        step._check_gates(record)
        vals = step._prepare_signature(signature, signed_name)
        vals |= {
            "acting_for_id": absent.id,
            "note": note,
            "override_reason": reason if capacity == "supervisor" else False,
        }
        if capacity == "supervisor":
            step._tell_override(record, reason)
        step._done(record, vals)
        return True

    def _finish_by_document(self, note=None):
        """Finish a step because a document says so: nobody ticks it, gates hold.

        :return: whether this call finished it
        :raise UserError: a gate is not passed, or a person has to sign
        """
        record = self._lock()
        step = self.sudo()  # the caller is a job or the document's own method
        if step.state != "running":
            return False
        step._check_gates(record)
        step._done(record, step._prepare_signature(None, None) | {"note": note})
        return True

    def _done(self, record, vals):
        self._end(record, {"state": "done", "finished_by_id": self.env.uid, **vals})
        record._on_flow_step(self)
        record._flow_go_on(self)

    def _prepare_signature(self, signature, signed_name):
        if not self.needs_signature:
            return {}
        if not signature:
            raise UserError(self.env._("“%(step)s” needs a signature.", step=self.name))
        return {
            "signature": signature,
            "signed_name": (signed_name or self.env.user.name)[:200],
            "signed_at": fields.Datetime.now(),
            "signed_ip": request.httprequest.remote_addr if request else False,
        }

    def _end(self, record, vals):
        """Close the step and its clock at one moment, and mark the document moved."""
        at = record._event_time()
        clock = self.clock_id
        self.write({"finished_at": at, **vals})
        self.flush_recordset(["state"])  # before the next one of the stage is made
        if clock.state in ("running", "paused"):
            clock._do_stop(at, cancel=vals["state"] == "cancelled")
        # of two people at two parallel steps the second reads what the first did
        record.flow_moves += 1

    def _tell_override(self, record, reason):
        if "message_ids" in record._fields:
            record._message_log(
                body=self.env._(
                    "%(user)s finished “%(step)s” in place of %(owner)s: %(reason)s",
                    user=self.env.user.name,
                    step=self.name,
                    owner=self.owner_name,
                    reason=reason,
                )
            )

    def _send_back(self, reason):
        """Send the document back as the user; the definition says where to.

        :return: whether this call did it
        :raise UserError: no reason, or nothing to go back to
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say in a few words why it goes back."))
        record = self._lock()
        step = self.sudo()  # read afresh under the lock; written after the checks
        if step.state != "running":
            return False
        _capacity, absent = step._check_actor(self.env.user)
        target = step._get_target(record)
        step._end(
            record,
            {
                "state": "sent_back",
                "finished_by_id": self.env.uid,
                "acting_for_id": absent.id,
                "note": reason.strip(),
            },
        )
        record._flow_cancel_steps()
        if target:
            later = step.flow_id._get_ranks_after(target)
            record._flow_open_ranks([target, *later])
            record._on_flow_sent_back(step)
        else:
            record.flow_state = "cancelled"
            record._on_flow_sent_back(step)
            record._on_flow_refused(step)
        return True

    def _may_send_back(self):
        """Whether there is somewhere to go back to, or the flow may be refused."""
        self.ensure_one()
        if self.send_back_to:
            return True
        return any(
            step.state == "done" and step.sequence < self.sequence
            for step in self._get_record().step_ids
        )

    def _get_target(self, record):
        """The stage a rejection goes to; none when it ends the flow."""
        if self.send_back_to == REFUSE:
            return self.stage_id.browse()
        stages = self.flow_id.with_context(active_test=False).stage_ids
        if self.send_back_to:
            target = stages.filtered(lambda s: s.code == self.send_back_to)
        else:
            before = record.step_ids.filtered(
                lambda s: s.state == "done" and s.sequence < self.sequence
            )
            target = before.sorted(lambda s: (s.sequence, s.id))[-1:].stage_id
        if not target:
            raise UserError(
                self.env._(
                    "There is nothing before “%(step)s” to send it back to.",
                    step=self.name,
                )
            )
        return target

    # ------------------------------------------------------------------
    # Passing up (G18)
    # ------------------------------------------------------------------
    def _escalate_due(self):
        """Pass late steps to the next level, each with a clock of its own."""
        domain = [
            ("state", "=", "running"),
            ("overdue", "=", True),
            ("escalate_group_id", "!=", False),
        ]
        cron = self.env["ir.cron"]
        for step in self.search(domain):
            step = step[0]  # prefetches nothing across commits
            try:
                with self.env.cr.savepoint():
                    step._escalate_locked()
            except Exception:
                # one that cannot be passed up stops no other; it stays late
                _logger.exception("Step %s was not passed up", step.id)
            if not cron._commit_progress(1):
                break

    def _escalate_locked(self):
        """Unless somebody has it in hand at this moment: the next sweep comes soon."""
        record = self._get_record()
        if record and record.try_lock_for_update() and self.try_lock_for_update():
            self.invalidate_recordset()
            if self.state == "running":
                self._escalate(record)

    def _escalate(self, record):
        group = self.escalate_group_id
        stage = self.stage_id
        self._end(record, {"state": "escalated"})
        requester = self.requester_id if self.approval else None
        owner = self._resolve_owner({"group_id": group.id}, self.company_id, requester)
        frozen = {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in stage._prepare_step()
        }
        frozen["escalate_group_id"] = False
        owner["owner_key"] = self.owner_key
        step = record._flow_create_step(frozen, owner)
        record._on_flow_escalated(self, step)
