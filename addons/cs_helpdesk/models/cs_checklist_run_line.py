from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.checklist_score import Mark, in_bounds
from .cs_checklist_item import BOUNDS, KINDS

WRITABLE = {
    "answer",
    "score_value",
    "scored",
    "number_value",
    "numbered",
    "text_value",
    "photo",
    "note",
    "owner_id",
}


class CsChecklistRunLine(models.Model):
    """One item of a run with its answer; the item's definition is copied in."""

    _name = "cs.checklist.run.line"
    _description = "Checklist Run Line"
    _inherit = ["cs.picture.mixin"]
    _order = "run_id, sequence, id"

    run_id = fields.Many2one(
        "cs.checklist.run", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id")
    state = fields.Selection(related="run_id.state")
    item_id = fields.Many2one(
        "cs.checklist.item",
        string="Defined by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # The item as it stood
    sequence = fields.Integer(readonly=True)
    section = fields.Char(translate=True, readonly=True)
    name = fields.Char(string="Item", required=True, translate=True, readonly=True)
    help = fields.Char(string="How to Look", translate=True, readonly=True)
    code = fields.Char(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    points = fields.Float(readonly=True, aggregator="sum")
    fatal = fields.Boolean(readonly=True)
    required = fields.Boolean(readonly=True)
    photo_on_fail = fields.Boolean(readonly=True)
    fail_below = fields.Float(readonly=True, aggregator=None)
    bounds = fields.Selection(BOUNDS, readonly=True)
    minimum = fields.Float(readonly=True, aggregator=None)
    maximum = fields.Float(readonly=True, aggregator=None)
    uom = fields.Char(string="Unit", readonly=True)
    fact = fields.Char(readonly=True)
    fact_text = fields.Char(string="Read by the System", readonly=True)
    # The answer
    answer = fields.Selection([("yes", "Yes"), ("no", "No"), ("na", "Does Not Apply")])
    score_value = fields.Float(string="Score", aggregator="avg")
    scored = fields.Boolean(help="A score was given, 0 included.")
    number_value = fields.Float(string="Number", aggregator="avg")
    numbered = fields.Boolean(help="A number was given, 0 included.")
    text_value = fields.Char(string="Text")
    photo = fields.Image(max_width=1920, max_height=1920)
    note = fields.Char()
    owner_id = fields.Many2one(
        "res.users",
        string="Owner of the Finding",
        domain="[('share', '=', False)]",
        help="Who mends it; empty: as the checklist says.",
    )
    # The mark
    answered = fields.Boolean(compute="_compute_mark", store=True)
    counted = fields.Boolean(compute="_compute_mark", store=True)
    share = fields.Float(compute="_compute_mark", store=True, aggregator="avg")
    failed = fields.Boolean(compute="_compute_mark", store=True)
    result_text = fields.Char(string="Result", compute="_compute_result_text")

    _order_idx = models.Index("(run_id, sequence, id)")

    @api.depends("answer", "score_value", "scored", "number_value", "numbered")
    @api.depends("text_value", "photo", "kind")
    def _compute_mark(self):
        for line in self:
            line.update(getattr(line, f"_mark_{line.kind}")())

    def _mark(self, answered=False, share=None, failed=False):
        return {
            "answered": answered,
            "counted": share is not None,
            "share": share or 0.0,
            "failed": failed,
        }

    def _mark_yesno(self):
        if self.answer not in ("yes", "no"):
            return self._mark(answered=bool(self.answer))
        failed = self.answer == "no"
        return self._mark(True, 0.0 if failed else 1.0, failed)

    def _mark_score(self):
        if self.answer == "na" or not self.scored:
            return self._mark(answered=self.answer == "na")
        share = self.score_value / self.points if self.points else 1.0
        return self._mark(True, share, share * 100 < self.fail_below)

    def _mark_number(self):
        if self.answer == "na" or not self.numbered:
            return self._mark(answered=self.answer == "na")
        good = in_bounds(self.number_value, self.bounds, self.minimum, self.maximum)
        return self._mark(True, 1.0 if good else 0.0, not good)

    def _mark_text(self):
        return self._mark(answered=bool(self.text_value) or self.answer == "na")

    def _mark_photo(self):
        return self._mark(answered=bool(self.photo) or self.answer == "na")

    def _get_mark(self):
        self.ensure_one()
        share = self.share if self.counted else None
        return Mark(self.points, share, self.fatal, self.failed)

    @api.depends("answer", "score_value", "scored", "number_value", "numbered")
    @api.depends("text_value", "photo", "kind", "uom", "points")
    @api.depends_context("lang")
    def _compute_result_text(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        for line in self:
            text = answers.get(line.answer, "")
            if line.kind == "score" and line.scored:
                text = f"{line.score_value:g} / {line.points:g}"
            elif line.kind == "number" and line.numbered:
                text = f"{line.number_value:g} {line.uom or ''}".strip()
            elif line.kind == "text" and line.text_value:
                text = line.text_value
            elif line.kind == "photo" and line.photo:
                text = self.env._("Photo taken")
            line.result_text = text

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------
    def write(self, vals):
        vals = dict(vals)
        # a number that is given is an answer, 0 as well
        if "score_value" in vals:
            vals.setdefault("scored", True)
        if "number_value" in vals:
            vals.setdefault("numbered", True)
        if not self.env.su:
            self._check_answering(vals)
        result = super().write(vals)
        self._check_score(vals)
        return result

    def _check_answering(self, names):
        if set(names) - WRITABLE:
            raise AccessError(
                self.env._("What a checklist asks is copied in and not edited here.")
            )
        if any(line.run_id.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "A finished checklist is not edited: please start a new one."
                )
            )

    def _check_score(self, names):
        if "score_value" not in names:
            return
        for line in self:
            if not 0 <= line.score_value <= line.points:
                raise UserError(
                    self.env._(
                        "%(item)s: give a score from 0 to %(points)s.",
                        item=line.name,
                        points=f"{line.points:g}",
                    )
                )

    def action_yes(self):
        self._answer("yes")

    def action_no(self):
        self._answer("no")

    def action_na(self):
        self._answer("na")

    def action_full_score(self):
        """Give all points of a scored item."""
        for line in self:
            line.write({"score_value": line.points, "answer": False})

    def _answer(self, answer):
        self.check_access("write")
        self.run_id._lock()
        self.write({"answer": answer})

    # ------------------------------------------------------------------
    # Findings
    # ------------------------------------------------------------------
    def _prepare_finding(self, checker):
        self.ensure_one()
        run = self.run_id
        owner = self.owner_id or run.checklist_id.finding_user_id
        owner = owner or run.subject_user_id or run.user_id
        return {
            "line_id": self.id,
            "run_id": run.id,
            "company_id": run.company_id.id,
            "owner_id": (owner._get_stand_in() or owner).id,
            "checker_id": checker.id,
        }
