from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

WRITTEN_HOURS = 24  # G18


class CsRequestInstruction(models.AbstractModel):
    """请示: a question to those above, answered within 4 hours or by the next level.

    In an emergency the answer is spoken, and written down within 24 hours (000-87).
    """

    _name = "cs.request.instruction"
    _description = "Request: Instruction"
    _inherit = ["cs.request.theme"]

    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="About Ticket", index="btree_not_null"
    )
    verbal = fields.Boolean(
        string="Answered by Word of Mouth",
        help="An emergency: the answer was spoken and is confirmed here in writing.",
    )
    verbal_user_id = fields.Many2one(
        "res.users", string="Answered by", domain="[('share', '=', False)]"
    )
    verbal_at = fields.Datetime(string="Spoken At")
    verbal_answer = fields.Text(string="What Was Said")
    answer = fields.Text(
        string="Instruction Given", tracking=True, help="The instruction itself."
    )

    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {
            "ticket_id",
            "verbal",
            "verbal_user_id",
            "verbal_at",
            "verbal_answer",
        }

    def write(self, vals):
        if "answer" in vals and not self.env.su:
            for request in self:
                request._check_may_answer()
        return super().write(vals)

    def _check_may_answer(self):
        """The answer is written by whoever has the open step."""
        step = self.sudo().current_step_id  # whose it is, is no secret here
        if not step or not step._get_capacity(self.env.user):
            raise UserError(
                self.env._("Only the one who is asked writes the instruction.")
            )
        step._check_actor(self.env.user)

    def _check_request_instruction(self):
        if not self.verbal:
            return
        if not (self.verbal_user_id and self.verbal_at and self.verbal_answer):
            raise UserError(
                self.env._("Say who answered by word of mouth, when, and what.")
            )
        if self.verbal_user_id == self.user_id:
            raise UserError(self.env._("Nobody instructs himself."))
        now = fields.Datetime.now()
        if self.verbal_at > now:
            raise UserError(self.env._("What was said lies in the future."))
        if now - self.verbal_at > timedelta(hours=WRITTEN_HOURS):
            self.message_post(
                body=self.env._(
                    "Handed in more than %(hours)s hours after it was spoken.",
                    hours=WRITTEN_HOURS,
                )
            )

    def _flow_owner_answerer(self, stage):
        return {"user_id": self.verbal_user_id.id}

    def _skip_verbal(self, stage):
        return self.verbal

    def _skip_not_verbal(self, stage):
        return not self.verbal

    def _gate_request_answered(self, step):
        if not (self.answer or "").strip():
            raise UserError(self.env._("Write the instruction first."))

    def _get_flow_deadline(self, step):
        """Written within 24 hours of what was said, not of the request."""
        if step.code == "written" and self.verbal_at:
            return max(
                self.verbal_at + timedelta(hours=WRITTEN_HOURS), fields.Datetime.now()
            )
        return super()._get_flow_deadline(step)

    def _grant_request_instruction(self):
        if self.ticket_id:
            self.ticket_id.message_post(
                body=self.env._("Instruction: %(answer)s", answer=self.answer),
                subtype_xmlid="mail.mt_note",
            )
