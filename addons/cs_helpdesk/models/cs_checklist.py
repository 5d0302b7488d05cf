from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

AREAS = [
    ("day", "The Day"),
    ("inspection", "Inspection"),
    ("it", "Systems"),
    ("security", "Security"),
    ("provider", "Outsourcing"),
    ("quality", "Quality"),
    ("other", "Other"),
]


class CsChecklist(models.Model):
    """What is to be looked at, by whom and when; copied into each run."""

    _name = "cs.checklist"
    _description = "Checklist"
    _inherit = ["cs.audit.mixin", "cs.schedule.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable key for data and integrations.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: every company.")
    area = fields.Selection(AREAS, required=True, default="other")
    description = fields.Text(translate=True)
    res_model = fields.Char(
        string="About Records of",
        help="Technical name of the model this checklist is about, if any.",
    )
    item_ids = fields.One2many("cs.checklist.item", "checklist_id", "Items", copy=True)
    item_count = fields.Integer(compute="_compute_item_count")
    pass_score = fields.Float(
        default=100.0, aggregator=None, help="Passed from this score (%) on."
    )
    # Who and when
    group_id = fields.Many2one(
        "res.groups", string="Done by", help="Empty: any member of staff."
    )
    not_group_id = fields.Many2one(
        "res.groups",
        string="Except Members of",
        help="Higher roles include the lower ones: name the next higher role here.",
    )
    scope = fields.Selection(
        [("person", "Each Person"), ("company", "One for All")],
        string="Runs for",
        required=True,
        default="person",
    )
    times = fields.Integer(
        string="Times a Round", default=1, aggregator=None, help="1 to 9."
    )
    finding_days = fields.Float(
        string="Findings Due in",
        default=1.0,
        aggregator=None,
        help="Working days until a finding has to be mended.",
    )
    finding_user_id = fields.Many2one(
        "res.users",
        string="Owner of Findings",
        domain="[('share', '=', False)]",
        help="Empty: the person looked at, else the person who looked.",
    )

    _order_idx = models.Index("(sequence, id)")
    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A checklist with this code exists already.",
    )
    _times_few = models.Constraint(
        "CHECK (times BETWEEN 1 AND 9)", "A round asks for 1 to 9 runs."
    )
    _pass_percent = models.Constraint(
        "CHECK (pass_score BETWEEN 0 AND 100)",
        "The score to pass lies between 0 and 100 %.",
    )

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self.env["cs.checklist.item"]._read_group(
                [("checklist_id", "in", self.ids)], ["checklist_id"], ["__count"]
            )
        )
        for checklist in self:
            checklist.item_count = counts.get(checklist, 0)

    @api.constrains("res_model")
    def _check_res_model(self):
        for checklist in self.filtered("res_model"):
            if checklist.res_model not in self.env:
                raise ValidationError(
                    self.env._(
                        "%(name)s: there is no model “%(model)s”.",
                        name=checklist.name,
                        model=checklist.res_model,
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for checklist, vals in zip(self, vals_list, strict=True):
            if "code" not in (default or {}):
                vals["code"] = f"{checklist.code}_copy"
                vals["name"] = self.env._("%(name)s (copy)", name=checklist.name)
        return vals_list

    # ------------------------------------------------------------------
    # Start
    # ------------------------------------------------------------------
    @api.model
    def _get_by_code(self, code, company=None):
        """The checklist of a code: the company's own, else the general one.

        :raise UserError: there is none
        """
        company = company or self.env.company
        # sudo: definitions are no secret
        found = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company.id, False])],
            order="company_id",
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "There is no checklist “%(code)s”: please ask the manager to set "
                    "it up.",
                    code=code,
                )
            )
        return found.with_env(self.env)

    @api.model
    def _start_run(self, code, record=None, subject_user=None, company=None):
        """Start a run of a checklist, its definition copied in.

        The caller has checked that the user may look at `record`.

        :param record: what is looked at, a record of the checklist's model
        :param subject_user: whose work is looked at
        :return: the draft ``cs.checklist.run`` of the current user
        """
        if company is None and record and "company_id" in record._fields:
            company = record.sudo().company_id  # sudo: only whose it is
        company = company or self.env.company
        checklist = self._get_by_code(code, company)
        vals = {"user_id": self.env.uid, "company_id": company.id}
        if record:
            record.ensure_one()
            vals.update(res_model=record._name, res_id=record.id)
        if subject_user:
            vals["subject_user_id"] = subject_user.id
        return checklist._start([vals])

    def _start(self, vals_list):
        """Create runs of this checklist from values, with lines and facts."""
        self.ensure_one()
        if not self.sudo().item_ids:
            raise UserError(
                self.env._(
                    "Checklist %(name)s has no items yet: please add some first.",
                    name=self.name,
                )
            )
        # sudo: a run is started by these methods alone, nobody creates one by hand
        runs = self.env["cs.checklist.run"].sudo()
        runs = runs.with_context(tracking_disable=True, mail_create_nolog=True)
        today = self._get_today
        Company = self.env["res.company"].sudo()
        for vals in vals_list:
            vals.setdefault("company_id", self.env.company.id)
            company = Company.browse(vals["company_id"])
            vals.setdefault("date", today(company))
            vals.update(
                checklist_id=self.id,
                pass_score=self.pass_score,
                area=self.area,
                group_id=self.group_id.id,
            )
        created = runs.create(vals_list)
        created._copy_items(self.sudo().item_ids)
        created._read_facts()
        created = created.with_context(tracking_disable=False)
        for run in created.filtered("due_at"):
            run._clock_start("checklist", until=run.due_at)
        return created.with_env(self.env)

    def action_start(self):
        """Start this checklist now, as the user, unless his run is open already."""
        self.ensure_one()
        self.check_access("read")
        if not self._may_do(self.env.user):
            raise AccessError(
                self.env._(
                    "Checklist %(name)s is done by members of %(group)s only.",
                    name=self.name,
                    group=self.sudo().group_id.full_name,
                )
            )
        run = self.env["cs.checklist.run"].search(
            [
                ("checklist_id", "=", self.id),
                ("state", "=", "draft"),
                ("res_id", "in", [0, False]),
                ("company_id", "=", self.env.company.id),
                "|",
                ("user_id", "=", self.env.uid),
                "&",
                ("user_id", "=", False),
                ("scheduled_on", "!=", False),
            ],
            limit=1,
        )
        if not run:
            vals = {"user_id": self.env.uid, "company_id": self.env.company.id}
            run = self._start([vals])
        return run._get_records_action()

    def _may_do(self, user):
        """Whether a user belongs to those who do this checklist."""
        self.ensure_one()
        group = self.sudo().group_id
        return user._is_internal() and (not group or group in user.all_group_ids)

    # ------------------------------------------------------------------
    # Schedule
    # ------------------------------------------------------------------
    def _get_performers(self, company, day):
        """Who has to do this checklist on a day; absent people are left out."""
        self.ensure_one()
        users = self.group_id.all_user_ids - self.not_group_id.all_user_ids
        return users.filtered(
            lambda u: u.active
            and not u.share
            and company in u.company_ids
            and u._is_present()
        ).sorted("id")

    def _prepare_rounds(self, company, now):
        """Values of the runs that should be there now but are not yet."""
        self.ensure_one()
        today = self._get_today(company, now)
        found = self._get_round(company, today)
        if not found:
            return []
        first, last, due = found
        if self.schedule == "daily" and due != today:
            return []
        people = [False]
        if self.scope == "person":
            people = self._get_performers(company, today).ids
        Run = self.env["cs.checklist.run"]
        there = {
            (run.planned_user_id.id, run.slot)
            for run in Run.search_fetch(
                [
                    ("checklist_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("scheduled_on", "=", first),
                ],
                ["planned_user_id", "slot"],
            )
        }
        return [
            {
                "company_id": company.id,
                "user_id": user_id,
                "planned_user_id": user_id,
                "subject_user_id": user_id if self.area == "day" else False,
                "slot": slot,
                "scheduled_on": first,
                "date": due,
                "due_at": self._get_moment(company, due, self._get_due_time(slot)),
                "expires_on": last,
            }
            for user_id in people
            for slot in range(1, self.times + 1)
            if (user_id, slot) not in there
        ]

    def _get_due_time(self, slot):
        """The last of several runs is due at the due time, the others before it."""
        self.ensure_one()
        if self.times == 1:
            return self.due_time
        morning = 9.0
        step = max(self.due_time - morning, 0) / self.times
        return self.due_time - step * (self.times - slot)

    @api.model
    def _cron_start_rounds(self):
        """Start what comes round and mark what nobody did; safe to run again."""
        now = fields.Datetime.now()
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("active", "=", True)])
        checklists = self.search(
            [("schedule", "!=", "none"), ("item_ids", "!=", False)]
        )
        cron._commit_progress(remaining=len(checklists))
        for checklist in checklists:
            if checklist.try_lock_for_update(allow_referencing=True):
                for company in checklist.company_id or companies:
                    if vals_list := checklist._prepare_rounds(company, now):
                        checklist._start(vals_list)
            cron._commit_progress(1)
        self.env["cs.checklist.run"]._close_missed(companies, now)
        cron._commit_progress()
