from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..lib import roster

LONGEST = 62  # days


class CsRosterWizard(models.TransientModel):
    """Fill a week or a month: every rule holds, work is spread evenly (G14)."""

    _name = "cs.roster.wizard"
    _description = "Fill the Roster"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_date_to",
        store=True,
        readonly=False,
    )
    span = fields.Selection(
        [("week", "Week"), ("month", "Month")], default="week", required=True
    )
    kind_ids = fields.Many2many(
        "cs.shift.kind",
        string="Shifts",
        default=lambda self: self.env["cs.shift.kind"].search([]),
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain="[('share', '=', False)]",
        default=lambda self: self._default_user_ids(),
    )
    line_id = fields.Many2one("cs.line", string="Telephone Line", help="Empty: any.")
    everybody = fields.Boolean(
        string="Everybody Works",
        help="All people get the first shift of the day that is needed, not just as "
        "many as it needs.",
    )

    @api.model
    def _default_date_from(self):
        """The first Monday that can still be published in time."""
        first = fields.Date.context_today(self) + timedelta(days=7)
        return first + timedelta(days=-first.weekday() % 7)

    @api.model
    def _default_user_ids(self):
        teams = self.env["helpdesk.ticket.team"].search([("service_desk", "=", True)])
        people = teams.user_ids.filtered(
            lambda u: u.has_group("cs_helpdesk.group_agent")
        )
        return [Command.set((people - people._get_unfit()).ids)]

    @api.depends("date_from", "span")
    def _compute_date_to(self):
        for wizard in self:
            if wizard.span == "month" and wizard.date_from:
                following = fields.Date.add(wizard.date_from, months=1)
                wizard.date_to = following - timedelta(days=1)
            elif wizard.date_from:
                wizard.date_to = wizard.date_from + timedelta(days=6)

    # ------------------------------------------------------------------
    # Filling
    # ------------------------------------------------------------------
    def action_fill(self):
        """Make drafts of the shifts that are missing; what stands stays.

        :raise AccessError: not a supervisor
        :raise UserError: dates or people are missing
        """
        self.ensure_one()
        self.env["cs.shift"]._check_supervisor()
        if not self.company_id <= self.env.companies:
            raise AccessError(self.env._("This company is not yours."))
        self._check_dates()
        Shift = self.env["cs.shift"]
        people = self.user_ids - self.user_ids._get_unfit()
        if not people or not self.kind_ids:
            raise UserError(self.env._("Choose people and shifts first."))
        demands = self._get_demands(people)
        days = [demand[1] for demand in demands]
        existing = Shift._near(people.ids, days)
        taken, empty = roster.fill(demands, people.ids, existing)
        created = Shift.create(
            [
                {
                    "user_id": user_id,
                    "date": demands[index][1],
                    "kind_id": demands[index][0],
                    "line_id": self.line_id.id,
                    "company_id": self.company_id.id,
                }
                for index, user_id in sorted(taken.items())
            ]
        )
        return self._report(created, 0 if self.everybody else len(empty))

    def _check_dates(self):
        length = (self.date_to - self.date_from).days + 1
        if not 1 <= length <= LONGEST:
            raise UserError(
                self.env._(
                    "Choose 1 to %(days)s days, the last one not before the first.",
                    days=LONGEST,
                )
            )

    def _get_demands(self, people):
        """One row a shift that somebody has to take, duty first: it is the hardest.

        :return: [(kind id, day, begin, end, user ids)]
        """
        working = self.env["cs.schedule.mixin"]._is_working_day
        have = self._count_existing()
        kinds = self.kind_ids.sorted(lambda k: (not k.is_duty, k.sequence, k.id))
        demands = []
        for offset in range((self.date_to - self.date_from).days + 1):
            day = self.date_from + timedelta(days=offset)
            is_working = working(self.company_id, day)
            needed = [
                k for k in kinds if k._is_needed(self.company_id, day, is_working)
            ]
            first = next((k for k in needed if not k.is_duty), None)
            for kind in needed:
                span = kind._get_span(self.company_id, day)
                count = kind.head_count
                if self.everybody and kind == first:
                    count = len(people)
                missing = max(count - have.get((kind.id, day), 0), 0)
                demands += [(kind.id, day, *span, people.ids)] * missing
        return demands

    def _count_existing(self):
        rows = self.env["cs.shift"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ],
            ["kind_id", "date:day"],
            ["__count"],
        )
        return {(kind.id, fields.Date.to_date(day)): count for kind, day, count in rows}

    def _report(self, created, empty):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_shift_action"
        )
        action["context"] = {"search_default_draft": 1}
        if not empty:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("The roster has gaps"),
                "message": self.env._(
                    "%(made)s shifts were filled; for %(empty)s nobody is left who "
                    "keeps his rest and his free day.",
                    made=len(created),
                    empty=empty,
                ),
                "next": action,
            },
        }
