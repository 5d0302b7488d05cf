from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..lib.call_timeline import count_rings
from ..lib.masking import STARS

RECORDING_GROUPS = "cs_helpdesk.group_supervisor,cs_helpdesk.group_qa"
# G09: what the menu of the 400 line tells apart
CLASSES = [
    ("inquiry", "Inquiry / Pre-sales"),
    ("query", "Query"),
    ("after_sales", "After-sales / Repair"),
    ("complaint", "Complaint / Suggestion"),
    ("partner", "Business Partner"),
    ("manual", "Agent Asked For"),
    ("media", "Media"),
    ("nuisance", "Nuisance"),
    ("internal", "Internal"),
]
# what only the telephone system, or the buttons of the call, may say
FACT_FIELDS = frozenset(
    {
        "answered_at",
        "answered_late",
        "attempt_of_id",
        "banned",
        "cti_call_id",
        "direction",
        "ended_at",
        "finished_at",
        "hold_count",
        "hold_longest",
        "hold_seconds",
        "opportunity_id",
        "media_told_at",
        "number",
        "recording_locked",
        "recording_url",
        "ring_count",
        "ring_seconds",
        "started_at",
        "state",
        "talk_seconds",
        "wait_seconds",
        "wrap_up_seconds",
    }
)


class CsCall(models.Model):
    """One contact by telephone, in or out; or a visit or a letter (000-11, 001-02).

    A call comes from the telephone system through ``cti_event``, or is registered by
    hand. What the line did is derived from ``cs.call.event``, never typed.
    """

    _name = "cs.call"
    _cs_customer_data = True
    _description = "Call"
    _inherit = [
        "cs.call.promise",
        "cs.call.callback",
        "cs.call.cti",
        "cs.call.desk",
        "cs.call.guide",
        "cs.call.media",
        "cs.call.nuisance",
        "cs.call.number",
        "cs.call.pop",
    ]
    _order = "started_at desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    contact_kind = fields.Selection(
        [("phone", "Telephone"), ("visit", "Visit"), ("letter", "Letter")],
        string="Kind of Contact",
        required=True,
        default="phone",
    )
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="in"
    )
    state = fields.Selection(
        [
            ("ringing", "Ringing"),
            ("answered", "Picked Up"),
            ("ended", "Ended"),
            ("missed", "Not Answered"),
            ("voicemail", "Voicemail"),
        ],
        required=True,
        default="ringing",
    )
    cti_call_id = fields.Char(
        string="Call ID", copy=False, help="The call's name in the telephone system."
    )
    event_ids = fields.One2many("cs.call.event", "call_id", string="Course")
    # Who
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    customer_class = fields.Selection(related="partner_id.customer_class")
    caller_name = fields.Char()
    region_zone = fields.Selection(
        "_get_zones",
        string="Region",
        compute="_compute_region_zone",
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one("res.users", string="Agent")
    agent_ref = fields.Char(
        string="Extension", help="The agent as the telephone system calls him."
    )
    team_id = fields.Many2one("helpdesk.ticket.team", index="btree_not_null")
    # What about
    call_class = fields.Selection(CLASSES, string="Class")
    request = fields.Text(help="What the caller wants, in his words.")
    answer = fields.Text(
        string="Told the Caller", help="What he was told, and what will be done."
    )
    departments = fields.Char(
        help="Departments asked to help with a difficult matter (001-56)."
    )
    outcome = fields.Selection(
        [
            ("solved", "Answered at Once"),
            ("ticket", "Ticket"),
            ("call_back", "Return Call Agreed"),
            ("transferred", "Handed Over"),
            ("silent", "No Voice"),
            ("dropped", "Hung Up"),
            ("nuisance", "Nuisance"),
            ("no_answer", "Nobody Answered"),
        ]
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket", string="Ticket", index="btree_not_null"
    )
    open_ticket_ids = fields.Many2many(
        "helpdesk.ticket", string="Open Tickets", compute="_compute_open_tickets"
    )
    open_ticket_count = fields.Integer(compute="_compute_open_tickets")
    opportunity_id = fields.Many2one(
        "crm.lead", string="Opportunity", index="btree_not_null", readonly=True
    )
    callback_ids = fields.One2many("cs.callback", "call_id", string="Return Calls")
    attempt_of_id = fields.Many2one(
        "cs.callback",
        string="Return Call",
        index="btree_not_null",
        help="The return call this call belongs to.",
    )
    # The line
    started_at = fields.Datetime(
        string="Begin", required=True, default=fields.Datetime.now
    )
    start_hour = fields.Integer(
        string="Hour", compute="_compute_start_hour", store=True, aggregator=None
    )
    answered_at = fields.Datetime(string="Picked Up at")
    ended_at = fields.Datetime(string="End")
    finished_at = fields.Datetime(
        string="Wrapped Up", help="When the record of the call was complete."
    )
    ring_seconds = fields.Integer(string="Ringing", aggregator="avg")
    ring_count = fields.Integer(
        string="Rings", compute="_compute_rings", store=True, aggregator="avg"
    )
    answered_late = fields.Boolean(
        string="After the Third Ring", compute="_compute_rings", store=True
    )
    wait_seconds = fields.Integer(string="Wait", aggregator="avg")
    talk_seconds = fields.Integer(string="Talk", aggregator="avg")
    hold_seconds = fields.Integer(string="On Hold", aggregator="avg")
    hold_longest = fields.Integer(string="Longest Hold", aggregator="max")
    hold_count = fields.Integer(string="Holds", aggregator="avg")
    on_hold = fields.Boolean(string="On Hold Now")
    wrap_up_seconds = fields.Integer(string="Wrap-up", aggregator="avg")
    recording_url = fields.Char(
        string="Recording",
        compute="_compute_recording_url",
        inverse="_inverse_recording_url",
        compute_sudo=True,
        groups=RECORDING_GROUPS,
    )
    recording_locked = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _cti_once = models.UniqueIndex(
        "(company_id, cti_call_id) WHERE cti_call_id IS NOT NULL",
        "This call is here already.",
    )
    _order_idx = models.Index("(started_at DESC, id DESC)")
    _mine_idx = models.Index("(user_id, started_at DESC, id DESC)")
    _open_idx = models.Index("(user_id, started_at) WHERE finished_at IS NULL")

    @api.model
    def _get_zones(self):
        return (
            self.env["res.partner"]
            ._fields["region_zone"]
            ._description_selection(self.env)
        )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("partner_id")
    def _compute_region_zone(self):
        for call in self:
            call.region_zone = call.partner_id.region_zone or call.region_zone

    @api.depends("started_at", "company_id")
    def _compute_start_hour(self):
        for call in self:
            zone = timezone(call.company_id.sudo().service_calendar_id.tz or "UTC")
            local = utc.localize(call.started_at).astimezone(zone)
            call.start_hour = local.hour

    @api.depends("ring_seconds", "answered_at")
    def _compute_rings(self):
        """001-55, 004-29: three rings are the limit."""
        get = self.env["helpdesk.ticket"]._get_parameter
        seconds, limit = get("ring_seconds", 5), get("ring_limit", 3)
        for call in self:
            call.ring_count = count_rings(call.ring_seconds, seconds)
            call.answered_late = bool(call.answered_at) and call.ring_count > limit

    @api.depends("recording_locked")
    def _compute_recording_url(self):
        """The link, locked at rest with a key outside of the database."""
        Secret = self.env["cs.secret.mixin"]
        for call in self:
            token = call.recording_locked
            try:
                call.recording_url = token and Secret._unlock(token)
            except UserError:
                call.recording_url = STARS  # a form opens without the key

    def _inverse_recording_url(self):
        for call in self:
            # sudo: the column is closed; who may write the link is checked before
            box = call.recording_url and self.env["cs.secret.mixin"]._get_secret_box()
            call.sudo().recording_locked = box and box.lock(call.recording_url)

    @api.depends("partner_id", "number_digits", "ticket_id")
    @api.depends_context("uid")
    def _compute_open_tickets(self):
        """Open tickets of the caller, by customer or number; one query for all."""
        found = self._find_open_tickets()
        for call in self:
            tickets = found.get(call.id, self.env["helpdesk.ticket"])
            readable = tickets._filtered_access("read")
            call.open_ticket_ids = readable
            call.open_ticket_count = len(tickets)

    def _find_open_tickets(self):
        """:return: {call id: ``helpdesk.ticket`` newest first}, readable or not"""
        Ticket = self.env["helpdesk.ticket"]
        calls = self.sudo()  # it is for the caller's own sake that all are found
        customers = {c.id: c.partner_id.commercial_partner_id.id for c in calls}
        digits = {c.id: c.number_digits for c in calls}
        tickets = Ticket.sudo().search_fetch(
            (
                Domain(
                    "commercial_partner_id", "in", [*filter(None, customers.values())]
                )
                | Domain("phone_digits", "in", [*filter(None, digits.values())])
            )
            & Domain("closed", "=", False)
            & Domain("company_id", "in", calls.company_id.ids),
            ["commercial_partner_id", "phone_digits", "company_id"],
            order="id desc",
        )
        found = {}
        for call in calls:
            found[call.id] = tickets.filtered(
                lambda t, c=call: t.company_id == c.company_id
                and (
                    (customers[c.id] and t.commercial_partner_id.id == customers[c.id])
                    or (digits[c.id] and t.phone_digits == digits[c.id])
                )
            ).with_env(self.env)
        return found

    @api.depends("contact_kind", "partner_id", "caller_name", "started_at")
    @api.depends_context("lang", "tz", "uid")
    def _compute_display_name(self):
        kinds = dict(self._fields["contact_kind"]._description_selection(self.env))
        for call in self:
            who = call.sudo().partner_id.name or call.caller_name or call.phone_masked
            call.display_name = " · ".join(
                filter(
                    None,
                    (
                        kinds.get(call.contact_kind),
                        who,
                        call.started_at and format_datetime(self.env, call.started_at),
                    ),
                )
            )

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_facts(vals, FACT_FIELDS - {"direction", "number"})
        calls = super().create(vals_list)
        by_hand = calls.filtered(lambda c: not c.cti_call_id)
        if by_hand:
            by_hand._begin_by_hand()
        return calls

    def write(self, vals):
        if not self.env.su:
            self._check_facts(vals, FACT_FIELDS)
            self._check_handover(vals)
        result = super().write(vals)
        if vals.get("call_class"):
            self._on_class(vals["call_class"])
        return result

    def _check_handover(self, vals):
        """A call is handed on by its agent or a supervisor: it shows its number."""
        if "user_id" not in vals:
            return
        mine = (False, self.env.uid, vals["user_id"])
        foreign = self.filtered(lambda c: c.user_id.id not in mine)
        if foreign and not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("A colleague's call is given to you by him or a supervisor.")
            )

    @api.model
    def _check_facts(self, vals, closed):
        names = closed & vals.keys()
        names -= {name for name in names if vals[name] == self._get_fact_default(name)}
        if names:
            raise AccessError(
                self.env._(
                    "%(fields)s of a call cannot be typed: they come from the "
                    "telephone system or from the buttons of the call.",
                    fields="、".join(
                        sorted(
                            self._fields[name]._description_string(self.env) or name
                            for name in names
                        )
                    ),
                )
            )

    @api.model
    def _get_fact_default(self, name):
        """What a form sends for a field nobody has touched."""
        return "ringing" if name == "state" else False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_anybody(self):
        if not self.env.su:
            raise UserError(self.env._("Calls are kept: they cannot be deleted."))
