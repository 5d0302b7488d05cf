from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

MISSES = 2  # G05: overdue follow-ups before another person gets it
# 000-109: the clocks of a merchant lead
LEAD_CLOCKS = ("first_response", "accept")


class CrmLead(models.Model):
    """意向商家: merchants who wish to sell our goods, with classes and clocks (G05)."""

    _name = "crm.lead"
    _cs_customer_data = True
    _inherit = [
        "cs.clock.mixin",
        "cs.lead.phone",
        "crm.lead",
    ]

    is_merchant = fields.Boolean(
        string="Merchant", help="Wishes to sell our goods: followed up by class."
    )
    lead_class_id = fields.Many2one(
        "cs.lead.class",
        string="Merchant Class",
        compute="_compute_lead_class_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
    )
    merchant_region = fields.Char(string="Region")
    merchant_goods = fields.Char(string="Lines of Goods")
    merchant_means = fields.Char(string="Capital / Shop")
    merchant_source = fields.Char(string="Heard of Us by")
    closed = fields.Boolean(compute="_compute_closed")
    first_contact_at = fields.Datetime(
        string="First Contact", readonly=True, copy=False
    )
    handed_over_at = fields.Datetime(string="Taken Over", readonly=True, copy=False)
    followed_up_at = fields.Datetime(string="Last Follow-up", readonly=True, copy=False)
    follow_up_misses = fields.Integer(
        string="Missed Follow-ups", readonly=True, copy=False, aggregator=None
    )
    call_ids = fields.One2many("cs.call", "opportunity_id", string="Calls")
    ticket_ids = fields.One2many("helpdesk.ticket", "opportunity_id", string="Tickets")

    _merchant_idx = models.Index(
        "(next_deadline, id) WHERE is_merchant IS TRUE AND active IS TRUE"
    )

    @api.depends("date_deadline", "is_merchant")
    def _compute_lead_class_id(self):
        """A within a month, B three, C six, D later or unclear; E is set by hand."""
        # sudo: classes are no secret
        classes = self.env["cs.lead.class"].sudo()
        if any(self.mapped("is_merchant")):
            companies = [False, *self.company_id.ids]
            classes = classes.search([("company_id", "in", companies)])
        today = fields.Date.context_today(self)
        for lead in self:
            if not lead.is_merchant:
                lead.lead_class_id = False
                continue
            if lead.lead_class_id and not lead.lead_class_id.follow_up_days:
                continue  # invalid stays invalid
            own = classes.filtered(
                lambda c, lead=lead: not c.company_id or c.company_id == lead.company_id
            )
            days = lead.date_deadline and (lead.date_deadline - today).days
            lead.lead_class_id = own._pick(days if lead.date_deadline else None)

    @api.depends("active", "stage_id")
    def _compute_closed(self):
        for lead in self:
            lead.closed = not lead.active or lead.stage_id.is_won

    # ------------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------------
    def _get_clock_owner(self):
        company = self.company_id or self.team_id.company_id or self.env.company
        return {"user_id": self.user_id.id, "company_id": company.id}

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads.filtered("is_merchant")._start_merchant_clocks()
        return leads

    def write(self, vals):
        before = {lead.id: lead.is_merchant for lead in self}
        result = super().write(vals)
        if vals.get("is_merchant"):
            new = self.filtered(lambda lead: not before[lead.id])
            new._start_merchant_clocks()
        if {"lead_class_id", "date_deadline", "active", "stage_id"} & vals.keys():
            self.filtered("is_merchant")._sync_follow_up()
        if "user_id" in vals:
            for lead in self.filtered("is_merchant"):
                lead._clocks().write(lead._get_clock_owner())
        return result

    def _start_merchant_clocks(self):
        """First contact in 2 working hours, handed to sales the same day."""
        self._clock_start(LEAD_CLOCKS)

    def _is_followed_up(self):
        self.ensure_one()
        return (
            self.active
            and not self.stage_id.is_won
            and bool(self.lead_class_id.follow_up_days)
            and bool(self.first_contact_at)
        )

    def _sync_follow_up(self):
        """Put the follow-up clock on the class the lead has now."""
        for lead in self:
            lead._clock_cancel(["follow_up"])
            if not lead.active or not lead.lead_class_id.follow_up_days:
                lead._clock_cancel()
            elif lead._is_followed_up():
                lead._start_follow_up(lead.followed_up_at or lead.first_contact_at)

    def _start_follow_up(self, since):
        days = self.lead_class_id.follow_up_days
        self._clock_start("follow_up", at=since, until=since + timedelta(days=days))

    # ------------------------------------------------------------------
    # What sales does
    # ------------------------------------------------------------------
    def action_merchant_contacted(self):
        """The merchant was reached: the first time, or once more."""
        self.check_access("write")
        self.lock_for_update()
        now = fields.Datetime.now()
        for lead in self.filtered("is_merchant"):
            lead._clock_stop(["first_response", "follow_up"], at=now)
            lead.write(
                {
                    "first_contact_at": lead.first_contact_at or now,
                    "followed_up_at": now,
                    "follow_up_misses": 0,
                }
            )
            if lead._is_followed_up():
                lead._start_follow_up(now)

    def action_merchant_accept(self):
        """Sales takes the lead over: from now on it is this salesperson's."""
        self.check_access("write")
        self.lock_for_update()
        now = fields.Datetime.now()
        for lead in self.filtered(lambda x: x.is_merchant and not x.handed_over_at):
            lead.write({"user_id": self.env.uid, "handed_over_at": now})
            lead._clock_stop(["accept"], at=now)

    # ------------------------------------------------------------------
    # Overdue follow-ups
    # ------------------------------------------------------------------
    @api.model
    def _cron_follow_up(self):
        """Remind of what is overdue; twice missed goes to somebody else (G05)."""
        now = fields.Datetime.now()
        clocks = self.env["cs.clock"].search(
            [
                ("res_model", "=", self._name),
                ("kind", "=", "follow_up"),
                ("state", "=", "running"),
                ("deadline", "<=", now),
            ],
            limit=1000,
        )
        leads = self.browse(clocks.mapped("res_id")).exists().try_lock_for_update()
        for lead in leads:
            lead._clock_stop(["follow_up"], at=now)
            lead.follow_up_misses += 1
            if lead.follow_up_misses >= MISSES:
                lead._reassign_merchant()
            lead._remind_follow_up()
            if lead._is_followed_up():
                lead._start_follow_up(now)

    def _remind_follow_up(self):
        user = self.user_id or self.team_id.user_id
        if not user:
            return
        self.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.context_today(self),
            summary=self.with_context(lang=user.lang).env._(
                "Follow up the merchant: it is overdue"
            ),
            user_id=user.id,
        )

    def _reassign_merchant(self):
        """To the member of the team with the fewest merchants, but not the same."""
        old = self.user_id
        members = self.team_id.member_ids.filtered("active") - old
        if not members:
            members = self.team_id.user_id - old
        if members:
            counts = dict(
                self._read_group(
                    [("is_merchant", "=", True), ("user_id", "in", members.ids)],
                    ["user_id"],
                    ["__count"],
                )
            )
            user = min(members, key=lambda u: (counts.get(u, 0), u.id))
            self.write({"user_id": user.id, "follow_up_misses": 0})
            self._message_log(
                body=self.env._(
                    "Given from %(old)s to %(new)s: two follow-ups were missed.",
                    old=old.name or "—",
                    new=user.name,
                )
            )

    # ------------------------------------------------------------------
    # From the desk
    # ------------------------------------------------------------------
    @api.model
    def _create_from_call(self, call):
        """A lead of a merchant who called; called in sudo by the call."""
        name = call.partner_id.name or call.caller_name or self.env._("Merchant")
        lead = self.create(
            {
                "name": self.env._("Merchant: %(name)s", name=name),
                "type": "lead",
                "is_merchant": True,
                "partner_id": call.partner_id.id,
                "contact_name": call.caller_name,
                "phone": call.number,
                "company_id": call.company_id.id,
                "user_id": False,
                "merchant_region": dict(
                    call._fields["region_zone"]._description_selection(self.env)
                ).get(call.region_zone),
                "merchant_source": self.env._("Call"),
                "description": Markup("<p>%s</p>") % (call.request or ""),
            }
        )
        return lead
