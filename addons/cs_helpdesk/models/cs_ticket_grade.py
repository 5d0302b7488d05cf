from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.grading import highest


class CsTicketGrade(models.AbstractModel):
    """How grave a complaint is: rises by rule, falls by a supervisor (G02)."""

    _name = "cs.ticket.grade"
    _description = "Ticket: Complaint Grade"

    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    grade_id = fields.Many2one(
        "cs.complaint.grade",
        string="Complaint Grade",
        compute="_compute_grade_id",
        store=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    grade_level = fields.Integer(
        compute="_compute_grade_level",
        store=True,
        copy=False,
        aggregator=None,
    )
    grade_waived_level = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        export_string_translation=False,
        help="What the rules said when a supervisor lowered the grade; only a graver "
        "fact raises it again.",
    )
    grade_reason = fields.Char(string="Why This Grade", compute="_compute_grade_reason")
    lead_id = fields.Many2one(
        "res.users",
        string="Lead",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Supervisor or manager who answers for the complaint.",
    )
    loss_amount = fields.Monetary(tracking=True, help="The customer's loss.")
    department_count = fields.Integer(
        string="Departments Involved", copy=False, aggregator=None
    )
    same_matter_count = fields.Integer(
        string="Complaints on This Matter", copy=False, aggregator=None
    )
    affected_customer_count = fields.Integer(
        string="Customers with This Fault", copy=False, aggregator=None
    )
    product_error = fields.Boolean(string="Serious Product Error", copy=False)
    injury_risk = fields.Boolean(string="Injury or Safety Risk", copy=False)
    media_involved = fields.Boolean(copy=False)
    lawsuit = fields.Boolean(copy=False)
    group_event = fields.Boolean(copy=False)

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {
            "grade_id",
            "grade_level",
            "grade_waived_level",
            "lead_id",
        }

    @api.model
    def _watched_fields(self):
        return super()._watched_fields() | {"grade_id"}

    # ------------------------------------------------------------------
    # Grade by rule
    # ------------------------------------------------------------------
    @api.depends("company_id")
    def _compute_currency_id(self):
        for ticket in self:
            ticket.currency_id = (ticket.company_id or self.env.company).currency_id

    def _get_tier_rank(self):
        """How much the customer is favoured: 0 nobody special, 1, 2 gold, 3 top."""
        self.ensure_one()
        return 0

    def _get_grade_level(self):
        return self.grade_level

    @api.model
    def _grade_fact_fields(self):
        """Names of stored fields that triggers read."""
        return (
            "affected_customer_count",
            "department_count",
            "group_event",
            "injury_risk",
            "lawsuit",
            "loss_amount",
            "media_involved",
            "outside_source_id",
            "product_error",
            "repeat_count",
            "same_matter_count",
        )

    def _get_grade_facts(self):
        """{name of a fact: value}; the names are those triggers may use."""
        self.ensure_one()
        facts = {name: self[name] for name in self._grade_fact_fields()}
        facts["regulator"] = self.outside_source_id.is_regulator
        facts["tier_rank"] = self._get_tier_rank()
        return facts

    def _grades_by_rule(self):
        """Yield (ticket, grade its facts ask for, triggers that fired)."""
        if not self:
            return
        if not self:  # most tickets are no complaints: no query for them
            return
        grades = (
            self.env["cs.complaint.grade"]
            .sudo()
            .search([("company_id", "in", [False, *self.company_id.ids])])
        )
        for ticket in self:
            own = grades.filtered(
                lambda g, c=ticket.company_id: not g.company_id or g.company_id == c
            )
            triggers = own.trigger_ids
            rows = [(t.level, t.field_name, t.operator, t.value) for t in triggers]
            level, fired = highest(rows, ticket._get_grade_facts())
            grade = own.filtered(lambda g, at=level: g.level == at)[:1] or own[:1]
            yield ticket, grade, triggers.browse(triggers[i].id for i in fired)

    @api.depends(
        lambda self: [*self._grade_fact_fields(), "type_id", "company_id", "partner_id"]
    )
    def _compute_grade_id(self):
        complaints = self.filtered("type_id.is_complaint")
        (self - complaints).grade_id = False
        for ticket, grade, _fired in complaints._grades_by_rule():
            floor = 0
            if ticket.grade_id:
                floor = max(ticket.grade_id.level, ticket.grade_waived_level)
            ticket.grade_id = grade if grade.level > floor else ticket.grade_id

    @api.depends("grade_id")
    def _compute_grade_level(self):
        for ticket in self:
            ticket.grade_level = ticket.grade_id.level

    @api.depends("grade_id")
    def _compute_grade_reason(self):
        self.grade_reason = False
        for ticket, _grade, fired in self.filtered("grade_id")._grades_by_rule():
            ticket.grade_reason = "、".join(fired.mapped("name"))

    @api.constrains(
        "loss_amount",
        "department_count",
        "same_matter_count",
        "affected_customer_count",
    )
    def _check_grade_facts(self):
        for ticket in self:
            counts = (
                ticket.loss_amount,
                ticket.department_count,
                ticket.same_matter_count,
                ticket.affected_customer_count,
            )
            if min(counts) < 0:
                raise ValidationError(
                    self.env._("Amounts and counts of a complaint cannot be negative.")
                )

    def write(self, vals):
        if "type_id" in vals:
            self._check_type_change(self.env["cs.ticket.type"].browse(vals["type_id"]))
        return super().write(vals)

    def _check_type_change(self, new_type):
        """A grave complaint does not stop being one by a change of type."""
        if new_type.is_complaint or self.env.su or self._is_supervisor():
            return
        grave = self.filtered(lambda t: t.grade_id.owner_role not in (False, "agent"))
        if grave:
            raise AccessError(
                self.env._(
                    "Only a supervisor may turn a complaint of grade “%(grade)s” "
                    "into something else.",
                    grade=grave[0].grade_id.name,
                )
            )

    # ------------------------------------------------------------------
    # Grade by a supervisor
    # ------------------------------------------------------------------
    def _set_grade(self, grade, reason):
        """Give a complaint another grade than the rules; the reason goes to its log.

        :raise AccessError: not a supervisor
        :raise UserError: no complaint, or no reason
        """
        self.ensure_one()
        self.check_access("write")
        if not self._is_supervisor():
            raise AccessError(
                self.env._("Only a supervisor may change the grade of a complaint.")
            )
        if not self.grade_id or not grade:
            raise UserError(self.env._("Only a complaint has a grade."))
        if not (reason or "").strip():
            raise UserError(self.env._("Please give the reason for the new grade."))
        self._lock()
        if grade == self.grade_id:
            return
        [(_ticket, by_rule, _fired)] = self._grades_by_rule()
        self._message_log(
            body=self.env._(
                "Grade changed from “%(old)s” to “%(new)s”: %(reason)s",
                old=self.grade_id.name,
                new=grade.name,
                reason=reason,
            )
        )
        # the checks are above; the field itself is closed to everybody
        self.sudo().write({"grade_id": grade.id, "grade_waived_level": by_rule.level})

    # ------------------------------------------------------------------
    # Who has to know
    # ------------------------------------------------------------------
    def _watched_changed(self, changes):
        result = super()._watched_changed(changes)
        for ticket, change in changes.items():
            if "grade_id" in change["old"] and not change["history"]:
                old = self.env["cs.complaint.grade"].browse(change["old"]["grade_id"])
                if ticket.grade_id.level > old.level:
                    ticket._grade_risen()
        return result

    def _grade_risen(self):
        """Name the lead and tell who has to know, at once (001-68, 004-96)."""
        self.ensure_one()
        grade = self.grade_id
        told = self.env["res.users"]
        if grade.owner_role != "agent":
            told += self._add_lead(grade.owner_role)
        if grade.notify_role:
            told |= self._get_role_users(grade.notify_role)
        if not told:
            return
        body = self.env._(
            "Complaint of grade “%(grade)s”: %(reason)s. "
            "Please look at it within %(minutes)s minutes.",
            grade=grade.name,
            reason=self.grade_reason or self.env._("graded by a supervisor"),
            minutes=grade.notify_minutes,
        )
        self._tell_users(told, self.env._("Grave complaint"), body)
