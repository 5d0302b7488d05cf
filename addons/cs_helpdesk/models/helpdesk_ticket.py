from datetime import datetime

from odoo import api, fields, models


class EventTime(datetime):
    """When something happened, for imports of history.

    Put into the context as ``cs_event_at``. Only code can make one: what a client
    sends over RPC is a string, so nobody can date his own work back.
    """


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _cs_customer_data = True
    _inherit = [
        "cs.ticket.board",
        "cs.ticket.fault",
        "cs.ticket.phone",
        "cs.ticket.provider",
        "cs.ticket.route",
        "cs.ticket.call",
        "cs.ticket.hand.up",
        "cs.ticket.register",
        "cs.ticket.files",
        "cs.ticket.assist",  # before promises: merges more records
        "cs.ticket.revisit",
        "cs.ticket.report",
        "cs.ticket.phrase",
        "cs.ticket.promise",
        "cs.ticket.grant",
        "cs.ticket.audit",
        "cs.ticket.complaint",  # before the clock: gives it the grade
        "cs.ticket.clock",
        "cs.ticket.duplicate",
        "cs.ticket.feedback",
        "cs.ticket.idle",
        "cs.ticket.livechat",
        "cs.ticket.merge",
        "cs.ticket.split",
        "cs.ticket.satisfaction",
        "cs.ticket.mail",
        "cs.ticket.portal",
        "cs.ticket.urging",
        "cs.ticket.viewer",
        "cs.ticket.people",
        "cs.ticket.step",
        "cs.ticket.history",
        "cs.ticket.watch",
        "cs.ticket.gate",  # after all other themes: they extend it
        "helpdesk.ticket",
    ]
    _order = "next_deadline, id desc"

    # What it is about
    type_id = fields.Many2one(
        "cs.ticket.type",
        compute="_compute_type_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
    )
    is_complaint = fields.Boolean(related="type_id.is_complaint")
    urgency = fields.Selection(
        [("low", "Low"), ("normal", "Normal"), ("urgent", "Urgent")],
        default="normal",
        required=True,
        tracking=True,
        aggregator=None,
    )
    customer_phone = fields.Char(
        string="Phone",
        compute="_compute_customer_phone",
        store=True,
        readonly=False,
        index="btree_not_null",
        groups="cs_helpdesk.group_phone_reader",
    )
    customer_class = fields.Selection(related="partner_id.customer_class")
    region_zone = fields.Selection(related="partner_id.region_zone")
    result = fields.Text(tracking=True, help="What was done; told to the customer.")

    # On the live board everybody has a column
    user_id = fields.Many2one(group_expand="_read_group_board_users")

    # Where it stands
    service_desk = fields.Boolean(related="team_id.service_desk")
    stage_role = fields.Selection(related="stage_id.role")
    allowed_stage_ids = fields.Many2many(
        "helpdesk.ticket.stage", compute="_compute_allowed_stage_ids"
    )
    stage_id = fields.Many2one(domain="[('id', 'in', allowed_stage_ids)]")
    closed = fields.Boolean(store=True)
    last_stage_update = fields.Datetime(
        compute="_compute_last_stage_update", store=True, readonly=False, default=None
    )
    closed_date = fields.Datetime(compute="_compute_closed_date", store=True)
    received_date = fields.Datetime(
        compute="_compute_received_date", store=True, precompute=True, copy=False
    )

    _number_uniq = models.UniqueIndex(
        "(number, company_id) WHERE number != '/'",
        "This ticket number is in use already.",
    )
    _queue_idx = models.Index("(next_deadline, id DESC)")
    _open_idx = models.Index(
        "(next_deadline, id DESC) WHERE closed IS NOT TRUE AND active IS TRUE"
    )
    _mine_idx = models.Index(
        "(user_id, next_deadline, id DESC) WHERE closed IS NOT TRUE AND active IS TRUE"
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.model
    def _event_time(self):
        """Now, or the moment a history import is replaying (naive UTC)."""
        at = self.env.context.get("cs_event_at")
        if isinstance(at, EventTime):
            return datetime(*at.timetuple()[:6])
        return fields.Datetime.now()

    @api.depends("team_id")
    def _compute_type_id(self):
        for ticket in self:
            if ticket.team_id.service_desk and not ticket.type_id:
                ticket.type_id = ticket.team_id.default_type_id

    @api.depends("partner_id")
    def _compute_customer_phone(self):
        for ticket in self:
            if ticket.partner_id.phone or not ticket.customer_phone:
                ticket.customer_phone = ticket.partner_id.phone

    @api.depends("team_id", "type_id", "company_id")
    def _compute_allowed_stage_ids(self):
        for ticket, stages in self._applicable_stages_by_ticket():
            ticket.allowed_stage_ids = stages

    @api.depends("team_id", "type_id")
    def _compute_stage_id(self):
        for ticket, stages in self._applicable_stages_by_ticket():
            if ticket.stage_id not in stages:
                role = ticket.stage_id.role
                same = stages.filtered(lambda s, role=role: role and s.role == role)
                ticket.stage_id = (same or stages)[:1]

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Columns of the kanban: those of the team asked for, else of the desk."""
        team = self.env["helpdesk.ticket.team"].browse(
            self.env.context.get("default_team_id")
        )
        if not team:
            team = team.search([("service_desk", "=", True)], limit=1)
        expected = team._get_applicable_stages()
        return (stages | expected).sorted(lambda s: (s.sequence, s.id))

    def _applicable_stages_by_ticket(self):
        """Yield (ticket, stages in order); one search per team, not per ticket."""
        by_team = {}
        for ticket in self:
            team = ticket.team_id
            if team not in by_team:
                by_team[team] = team._get_applicable_stages()
            stages = by_team[team]
            if team.service_desk and ticket.type_id:
                stages = stages.filtered(lambda s, t=ticket.type_id: t in s.type_ids)
            yield ticket, stages

    def _compute_received_date(self):
        """When the matter reached us: now, or then for imported history."""
        self.received_date = self._event_time()

    @api.depends("stage_id")
    def _compute_last_stage_update(self):
        self.last_stage_update = self._event_time()

    @api.depends("closed")
    def _compute_closed_date(self):
        now = self._event_time()
        for ticket in self:
            ticket.closed_date = ticket.closed and (ticket.closed_date or now)

    # ------------------------------------------------------------------
    # Create, write, copy
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        # helpdesk_mgmt writes number and stage into what it is given
        return super().create([dict(vals) for vals in vals_list])

    def write(self, vals):
        vals = dict(vals)  # helpdesk_mgmt changes what it is given
        if vals.get("stage_id"):
            stage = self.env["helpdesk.ticket.stage"].browse(vals["stage_id"])
            moving = self.filtered(
                lambda t: t.team_id.service_desk and t.stage_id != stage
            )
            moving._check_stage_gates(stage)
        result = super().write(vals)
        if "stage_id" in vals and isinstance(
            self.env.context.get("cs_event_at"), EventTime
        ):
            # helpdesk_mgmt writes the present time with the stage
            at = self._event_time()
            self.last_stage_update = at
            self.filtered("closed").closed_date = at
        return result

    def copy(self, default=None):
        # helpdesk_mgmt copies one ticket at a time only
        copies = self.browse()
        for ticket in self:
            copies += super(HelpdeskTicket, ticket).copy(dict(default or {}))
        return copies
