from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACTIONS = [
    ("reply", "Reply to the Customer"),
    ("note", "Note"),
    ("stage", "Next Stage"),
    ("tag", "Tag"),
    ("urgency", "Urgency"),
    ("activity", "Task"),
    ("promise", "Promise"),
    ("assist", "Ask a Department"),
]
NEEDS = {
    "reply": "text",
    "note": "text",
    "tag": "tag_id",
    "urgency": "urgency",
    "activity": "text",
    "promise": "hours",
    "assist": "department_id",
}


class CsMacroLine(models.Model):
    """One action of a macro."""

    _name = "cs.macro.line"
    _description = "Macro Action"
    _order = "macro_id, sequence, id"
    _rec_name = "action"

    macro_id = fields.Many2one(
        "cs.macro", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="macro_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    action = fields.Selection(ACTIONS, required=True)
    text = fields.Text(help="What is written, asked or promised.")
    tag_id = fields.Many2one("helpdesk.ticket.tag", ondelete="restrict")
    urgency = fields.Selection(
        [("low", "Low"), ("normal", "Normal"), ("urgent", "Urgent")]
    )
    hours = fields.Float(help="From now on, for a promise or a task.")
    department_id = fields.Many2one("cs.department", ondelete="restrict")

    @api.constrains("action", "text", "tag_id", "urgency", "hours", "department_id")
    def _check_needs(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for line in self:
            needed = NEEDS.get(line.action)
            if needed and not line[needed]:
                field = line._fields[needed].get_description(self.env, ["string"])
                raise ValidationError(
                    self.env._(
                        "%(action)s: please fill in “%(field)s”.",
                        action=labels[line.action],
                        field=field["string"],
                    )
                )

    def _do_reply(self, ticket):
        ticket.message_post(
            body=self.text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def _do_note(self, ticket):
        ticket.message_post(
            body=self.text, message_type="comment", subtype_xmlid="mail.mt_note"
        )

    def _do_stage(self, ticket):
        ticket._go_to_next_stage()

    def _do_tag(self, ticket):
        ticket.tag_ids |= self.tag_id

    def _do_urgency(self, ticket):
        ticket.urgency = self.urgency

    def _do_activity(self, ticket):
        due = fields.Datetime.now() + timedelta(hours=self.hours)
        ticket.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(self, due),
            summary=self.text,
            user_id=(ticket.user_id or self.env.user).id,
        )

    def _do_promise(self, ticket):
        until = fields.Datetime.now() + timedelta(hours=self.hours)
        text = self.text or self.env["cs.promise.wizard"]._default_name()
        ticket._promise(text, until)

    def _do_assist(self, ticket):
        ticket._ask_department(self.department_id, self.text or ticket.name)
