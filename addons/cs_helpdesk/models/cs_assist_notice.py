from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsAssistNotice(models.Model):
    """Rectification notice: what was due, how late it is, until when now (000-14).

    The department answers with a new date; a second delay goes to the company leader.
    """

    _name = "cs.assist.notice"
    _description = "Rectification Notice"
    _order = "issued_at desc, id desc"
    _rec_name = "assist_id"

    assist_id = fields.Many2one(
        "cs.assist", string="Task", required=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one(
        related="assist_id.department_id", store=True, index=True
    )
    company_id = fields.Many2one(related="assist_id.company_id", store=True)
    number = fields.Integer(string="Notice No.", aggregator=None)
    issued_at = fields.Datetime(string="Issued", required=True)
    promised_at = fields.Datetime(string="Was Due", required=True)
    late_hours = fields.Float(string="Hours Late", aggregator="avg")
    cause = fields.Text(string="Cause of the Delay")
    new_date = fields.Datetime()
    answered_at = fields.Datetime(string="Answered On")
    answered_by_id = fields.Many2one("res.users", string="Answered By")

    _order_idx = models.Index("(issued_at DESC, id DESC)")
    _once = models.UniqueIndex(
        "(assist_id) WHERE answered_at IS NULL",
        "A rectification notice for this task waits for its answer already.",
    )

    @api.model
    def _issue(self, assist):
        """Issue one; in sudo. The leader of the department is told; from the second
        one on, the leaders of the company as well."""
        now = fields.Datetime.now()
        due = assist.sudo().next_deadline or now
        number = len(assist.notice_ids) + 1
        notice = self.sudo().create(
            {
                "assist_id": assist.id,
                "number": number,
                "issued_at": now,
                "promised_at": due,
                "late_hours": max((now - due).total_seconds(), 0) / 3600,
            }
        )
        told = assist.user_id | assist.department_id.leader_id
        if number > 1:
            told |= assist.ticket_id._get_role_users("leader")
        else:
            told |= assist.ticket_id._get_role_users("manager")[:1]
        assist._tell(
            told,
            self.env._(
                "Rectification notice: %(subject)s is late", subject=assist.name
            ),
            self.env._(
                "%(department)s, notice %(number)s: due %(due)s. Please give the cause "
                "and a new date.",
                department=assist.department_id.name,
                number=number,
                due=fields.Datetime.to_string(due),
            ),
            todo=True,
        )
        return notice

    def _commit(self, cause, new_date):
        """The department's answer: why, and until when; the new date has a clock.

        :raise ValidationError: no cause, or a date that has passed
        """
        self.ensure_one()
        assist = self.assist_id
        assist._begin_act()
        assist._check_department()
        cause = assist._need_text(cause, self.env._("Please give the cause."))
        now = fields.Datetime.now()
        if not new_date or new_date <= now:
            raise ValidationError(
                self.env._("Please give a new date that is still to come.")
            )
        # sudo: checked above; writing is closed to everybody
        notice = self.sudo()
        if notice.answered_at:
            return
        notice.write(
            {
                "cause": cause,
                "new_date": new_date,
                "answered_at": now,
                "answered_by_id": self.env.uid,
            }
        )
        task = assist.sudo()
        if task.state == "open":
            task._clock_stop(at=now)
            task._clock_start("promise", at=now, until=new_date)
        task._report_back(self.env._("New date"), cause)
