from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

STAFF = "base.group_user"
OUTSIDE = {
    "outside_answered_at",
    "outside_deadline",
    "outside_received_at",
    "outside_source_id",
}


class CsTicketComplaint(models.AbstractModel):
    """Who complains, how often, through whom, and what is promised (G02, G03, N22)."""

    _name = "cs.ticket.complaint"
    _inherit = ["cs.ticket.grade"]
    _description = "Ticket: Complaint"

    # Who
    complainant_tag_ids = fields.Many2many(
        "cs.complainant.tag", string="Complainant", copy=False, groups=STAFF
    )
    complainant_evidence = fields.Text(
        string="Evidence",
        copy=False,
        groups=STAFF,
        help="What proves a tag that only supervisors may set.",
    )
    complainant_advice = fields.Html(
        string="Advice", compute="_compute_complainant_advice", groups=STAFF
    )
    commercial_partner_id = fields.Many2one("res.partner", index="btree_not_null")
    repeat_count = fields.Integer(
        string="Recent Complaints",
        compute="_compute_repeat_count",
        store=True,
        copy=False,
        aggregator=None,
        help="Complaints of this customer or telephone in the last 90 days, this one "
        "included.",
    )
    is_repeat = fields.Boolean(
        string="Repeat Complaint", compute="_compute_is_repeat", store=True, copy=False
    )

    # Through whom
    outside_source_id = fields.Many2one(
        "cs.outside.source", copy=False, index="btree_not_null", tracking=True
    )
    outside_number = fields.Char(copy=False, tracking=True, help="Their file number.")
    outside_received_at = fields.Datetime(
        string="Received from Outside",
        compute="_compute_outside_received_at",
        store=True,
        readonly=False,
        copy=False,
    )
    outside_deadline = fields.Datetime(
        compute="_compute_outside_deadline",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Computed from the source; change it when their letter names another.",
    )

    outside_answered_at = fields.Datetime(
        string="Answered Outside",
        copy=False,
        tracking=True,
        help="When the source got its answer: its clock stops.",
    )

    # What is promised
    compensation_promised = fields.Monetary(copy=False, tracking=True, groups=STAFF)

    # the index for duplicates covers open tickets only
    _phone_idx = models.Index("(phone_digits) WHERE phone_digits IS NOT NULL")
    _outside_uniq = models.UniqueIndex(
        "(outside_source_id, outside_number, company_id) "
        "WHERE outside_number IS NOT NULL",
        "A ticket with this number of this outside source exists already.",
    )

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    @api.depends("complainant_tag_ids")
    def _compute_complainant_advice(self):
        for ticket in self:
            lines = [
                Markup("<div><b>%s</b>: %s</div>") % (tag.name, tag.advice)
                for tag in ticket.complainant_tag_ids
                if tag.advice
            ]
            ticket.complainant_advice = Markup().join(lines) or False

    @api.constrains("complainant_tag_ids", "complainant_evidence")
    def _check_complainant_evidence(self):
        for ticket in self:
            restricted = ticket.complainant_tag_ids.filtered("restricted")
            if restricted and not (ticket.complainant_evidence or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(tag)s” needs evidence: please write it down.",
                        tag=restricted[0].name,
                    )
                )

    def _restricted_tags(self):
        return {
            (ticket.id, tag.id)
            for ticket in self
            for tag in ticket.sudo().complainant_tag_ids
            if tag.restricted
        }

    def _check_restricted_tags(self, before):
        """:raise AccessError: an agent set or removed a supervisor's tag (G03)"""
        if self.env.su or self._is_supervisor():
            return
        if self._restricted_tags() != before:
            raise AccessError(
                self.env._("Only a supervisor may set or remove this complainant tag.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if any(vals.get("complainant_tag_ids") for vals in vals_list):
            tickets._check_restricted_tags(set())
        if any(vals.get("outside_source_id") for vals in vals_list):
            tickets._sync_outside_clock()
        return tickets

    def write(self, vals):
        tagged = "complainant_tag_ids" in vals
        before = tagged and self._restricted_tags()
        result = super().write(vals)
        if tagged:
            self._check_restricted_tags(before)
        if OUTSIDE & vals.keys():
            self._sync_outside_clock()
        return result

    # ------------------------------------------------------------------
    # How often
    # ------------------------------------------------------------------
    @api.depends("type_id", "commercial_partner_id", "phone_digits")
    def _compute_repeat_count(self):
        complaints = self.filtered("type_id.is_complaint")
        (self - complaints).repeat_count = 0
        if not complaints:
            return
        by_partner, by_phone = defaultdict(set), defaultdict(set)
        for partner, phone, ids in complaints._recent_complaints():
            by_partner[partner.id].update(ids)
            by_phone[phone].update(ids)
        for ticket in complaints:
            ids = set(ticket.ids)
            if ticket.commercial_partner_id:
                ids |= by_partner[ticket.commercial_partner_id.id]
            if ticket.phone_digits:
                ids |= by_phone[ticket.phone_digits]
            ticket.repeat_count = len(ids) or 1

    def _recent_complaints(self):
        """(commercial partner, digits, ticket ids) of these customers, one query."""
        days = self._get_parameter("repeat_days", 90)
        return (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [
                    ("type_id.is_complaint", "=", True),
                    ("company_id", "in", self.company_id.ids),
                    ("received_date", ">=", self._event_time() - timedelta(days=days)),
                    "|",
                    ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                    (
                        "phone_digits",
                        "in",
                        [p for p in self.mapped("phone_digits") if p],
                    ),
                ],
                ["commercial_partner_id", "phone_digits"],
                ["id:array_agg"],
            )
        )

    @api.depends("repeat_count")
    def _compute_is_repeat(self):
        limit = self._get_parameter("repeat_complaints", 3)
        for ticket in self:
            ticket.is_repeat = ticket.repeat_count >= limit

    # ------------------------------------------------------------------
    # Through whom
    # ------------------------------------------------------------------
    @api.depends("outside_source_id")
    def _compute_outside_received_at(self):
        for ticket in self:
            ticket.outside_received_at = ticket.outside_source_id and (
                ticket.outside_received_at or self._event_time()
            )

    @api.depends("outside_source_id", "outside_received_at")
    def _compute_outside_deadline(self):
        for ticket in self:
            source = ticket.outside_source_id
            ticket.outside_deadline = source and source._get_deadline(
                ticket.outside_received_at, ticket.company_id
            )

    def _sync_outside_clock(self):
        """One running clock with the deadline as it is now; none once answered."""
        for ticket in self:
            due, answered = ticket.outside_deadline, ticket.outside_answered_at
            running = ticket._clocks("outside")
            if answered:
                ticket._clock_stop("outside", at=answered)
            elif running.deadline != due:
                ticket._clock_cancel("outside")
                running = running.browse()
            if due and not (answered or running or ticket.closed):
                begin = ticket.outside_received_at
                ticket._clock_start("outside", at=begin, until=due)

    def _check_stage_gates(self, stage):
        result = super()._check_stage_gates(stage)
        if stage.role not in ("intake", "cancelled"):
            for ticket in self:
                if ticket.outside_source_id and not ticket.outside_number:
                    raise ValidationError(
                        self.env._(
                            "Ticket %(number)s: please fill in the file number of "
                            "%(origin)s first.",
                            number=ticket.number,
                            origin=ticket.outside_source_id.name,
                        )
                    )
        return result

    # ------------------------------------------------------------------
    # What is promised
    # ------------------------------------------------------------------
    @api.constrains("compensation_promised")
    def _check_compensation_promised(self):
        if any(ticket.compensation_promised < 0 for ticket in self):
            raise ValidationError(self.env._("Compensation cannot be negative."))
        # constraints run in sudo: only the system itself has no authority to check
        if self.env.user._is_superuser():
            return
        for company, tickets in self.grouped("company_id").items():
            authority = self._get_compensation_authority(company)
            if authority is None:
                continue
            for ticket in tickets:
                if ticket.compensation_promised > authority:
                    raise ValidationError(
                        self.env._(
                            "You may promise at most %(limit)s: "
                            "please ask the next level to promise %(amount)s.",
                            limit=ticket.currency_id.format(authority),
                            amount=ticket.currency_id.format(
                                ticket.compensation_promised
                            ),
                        )
                    )

    def _get_compensation_authority(self, company):
        grades = self.env["cs.complaint.grade"].with_company(company)
        return grades._get_compensation_authority(self.env.user)
