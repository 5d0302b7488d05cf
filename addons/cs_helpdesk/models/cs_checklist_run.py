from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.checklist_score import score
from .cs_checklist import AREAS
from .cs_checklist_item import TRANSLATED


class CsChecklistRun(models.Model):
    """One time a checklist was gone through: by whom, about what, with what score."""

    _name = "cs.checklist.run"
    _description = "Checklist Run"
    _inherit = ["cs.press.mixin", "cs.clock.mixin", "mail.thread"]
    _by_hand = frozenset({"line_ids", "note"})
    _order = "date desc, id desc"

    checklist_id = fields.Many2one(
        "cs.checklist", required=True, readonly=True, index=True, ondelete="restrict"
    )
    area = fields.Selection(AREAS, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    # About what
    res_model = fields.Char(
        string="Document Model", readonly=True, export_string_translation=False
    )
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    record_name = fields.Char(string="About", compute="_compute_record_name")
    subject_user_id = fields.Many2one(
        "res.users", string="Person Looked at", readonly=True, index="btree_not_null"
    )
    # Who and when
    user_id = fields.Many2one("res.users", string="Done by", index="btree_not_null")
    group_id = fields.Many2one("res.groups", string="Lane", readonly=True)
    planned_user_id = fields.Many2one("res.users", readonly=True)
    date = fields.Date(required=True, readonly=True)
    scheduled_on = fields.Date(string="Round", readonly=True)
    slot = fields.Integer(string="Time", default=1, readonly=True, aggregator=None)
    due_at = fields.Datetime(string="Due at", readonly=True)
    expires_on = fields.Date(readonly=True)
    done_at = fields.Datetime(readonly=True, copy=False)
    # Outcome
    state = fields.Selection(
        [("draft", "To Do"), ("done", "Done"), ("missed", "Missed")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("cs.checklist.run.line", "run_id", "Lines")
    answered_count = fields.Integer(compute="_compute_progress")
    open_count = fields.Integer(string="Still Open", compute="_compute_progress")
    pass_score = fields.Float(readonly=True, aggregator=None)
    score = fields.Float(
        string="Score (%)",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        digits=(5, 2),
    )
    fatal_failed = fields.Boolean(compute="_compute_score", store=True)
    passed = fields.Boolean(compute="_compute_score", store=True)
    finding_ids = fields.One2many("cs.checklist.finding", "run_id", "Findings")
    finding_count = fields.Integer(compute="_compute_finding_count")
    note = fields.Text()

    _order_idx = models.Index("(date DESC, id DESC)")
    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _open_idx = models.Index("(user_id, due_at) WHERE state = 'draft'")
    _expiry_idx = models.Index(
        "(expires_on) WHERE state = 'draft' AND expires_on IS NOT NULL"
    )
    _round_uniq = models.UniqueIndex(
        "(checklist_id, company_id, scheduled_on, COALESCE(planned_user_id, 0), slot)"
        " WHERE scheduled_on IS NOT NULL",
        "This round of the checklist has begun already.",
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("checklist_id", "date", "subject_user_id")
    def _compute_display_name(self):
        for run in self:
            parts = [run.checklist_id.name, run.subject_user_id.name, str(run.date)]
            run.display_name = " · ".join(part for part in parts if part)

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        self.record_name = False
        for model, runs in self.filtered("res_id").grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].browse(runs.mapped("res_id")).exists()
            names = {r.id: r.display_name for r in records._filtered_access("read")}
            for run in runs:
                run.record_name = names.get(run.res_id)

    @api.depends("line_ids.answered")
    def _compute_progress(self):
        for run in self:
            run.answered_count = len(run.line_ids.filtered("answered"))
            run.open_count = len(run.line_ids) - run.answered_count

    @api.depends("line_ids.share", "line_ids.counted", "line_ids.failed", "pass_score")
    def _compute_score(self):
        for run in self:
            percent, fatal = score(line._get_mark() for line in run.line_ids)
            run.score = percent
            run.fatal_failed = fatal
            run.passed = not fatal and percent >= run.pass_score

    def _compute_finding_count(self):
        counts = dict(
            self.env["cs.checklist.finding"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            run.finding_count = counts.get(run, 0)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "A finished checklist is not edited: please start a new one."
                )
            )
        result = super().write(vals)
        if "user_id" in vals:
            for run in self:
                run._clocks("checklist").write(run._get_clock_owner())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(run.state == "done" for run in self):
            raise UserError(self.env._("A finished checklist is kept."))

    def _get_clock_owner(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "group_id": False if self.user_id else self.group_id.id,
        }

    # ------------------------------------------------------------------
    # Begin
    # ------------------------------------------------------------------
    def _copy_items(self, items):
        """Lines as the items stand now, in all languages they are written in."""
        Line = self.env["cs.checklist.run.line"]
        Line.create([item._prepare_line(run) for run in self for item in items])
        Line.flush_model()
        items.flush_model()
        names = [
            SQL("%s = item.%s", SQL.identifier(n), SQL.identifier(n))
            for n in TRANSLATED
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE cs_checklist_run_line line SET %s FROM cs_checklist_item item"
                " WHERE item.id = line.item_id AND line.run_id IN %s",
                SQL(", ").join(names),
                tuple(self.ids),
            )
        )
        Line.invalidate_model(list(TRANSLATED))

    def _read_facts(self):
        """Let the system fill in what it can read itself."""
        Fact = self.env["cs.checklist.fact"]
        for run in self:
            for line in run.line_ids.filtered("fact"):
                line.write(Fact._read_fact(line.fact, run))

    def action_read_facts(self):
        """Read the system's figures again."""
        self.check_access("write")
        self._lock()
        # sudo: figures are written by the system, not by hand
        self.filtered(lambda r: r.state == "draft").sudo()._read_facts()

    # ------------------------------------------------------------------
    # Finish
    # ------------------------------------------------------------------
    def action_done(self):
        """Finish: score it and turn what failed into findings; twice changes nothing.

        :raise UserError: something is missing, or the round is over
        """
        self.check_access("write")
        self._lock()
        for run in self:
            if run.state == "missed":
                raise UserError(
                    self.env._(
                        "%(name)s was not done in time and is closed.",
                        name=run.display_name,
                    )
                )
            if run.state == "draft":
                run._check_complete()
                run._finish()

    def _check_complete(self):
        self.ensure_one()
        missing = self.line_ids.filtered(
            lambda line: line.required and not line.answered
        )
        if missing:
            raise UserError(
                self.env._(
                    "Please answer first: %(items)s.",
                    items="、".join(missing.mapped("name")),
                )
            )
        without = self.line_ids.filtered(
            lambda line: line.failed and line.photo_on_fail and not line.photo
        )
        if without:
            raise UserError(
                self.env._(
                    "Please add a photo of what is wrong: %(items)s.",
                    items="、".join(without.mapped("name")),
                )
            )

    def _finish(self):
        self.ensure_one()
        # sudo: the user may do this run; its outcome is written by this method alone
        run = self.sudo()
        run.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "user_id": run.user_id.id or self.env.uid,
            }
        )
        run._clock_stop("checklist")
        run._start_findings(self.env.user)

    def _start_findings(self, checker):
        """Each failed line has an owner and a date now (G17)."""
        self.ensure_one()
        failed = self.line_ids.filtered("failed")
        findings = self.env["cs.checklist.finding"].create(
            [line._prepare_finding(checker) for line in failed]
        )
        findings._begin()
        return findings

    @api.model
    def _close_missed(self, companies, now):
        """What nobody did until a day after its round was over is missed."""
        today = self.env["cs.schedule.mixin"]._get_today
        for company in companies:
            runs = self.search(
                [
                    ("state", "=", "draft"),
                    ("company_id", "=", company.id),
                    (
                        "expires_on",
                        "<",
                        fields.Date.subtract(today(company, now), days=1),
                    ),
                ]
            ).try_lock_for_update(allow_referencing=True)
            runs.write({"state": "missed"})
            runs._clock_stop("checklist")

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_open_record(self):
        self.ensure_one()
        self.check_access("read")
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    def action_open_findings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_checklist_finding_action"
        )
        return dict(action, domain=[("run_id", "=", self.id)], context={})
