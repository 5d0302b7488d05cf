from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("yesno", "Yes / No"),
    ("score", "Score"),
    ("number", "Number"),
    ("text", "Text"),
    ("photo", "Photo"),
]
BOUNDS = [
    ("none", "Any Number"),
    ("min", "At Least"),
    ("max", "At Most"),
    ("both", "From … To"),
]
# what a run takes over from an item as it stood when the run began
COPIED = (
    "section",
    "name",
    "help",
    "kind",
    "points",
    "fatal",
    "required",
    "photo_on_fail",
    "fail_below",
    "bounds",
    "minimum",
    "maximum",
    "uom",
    "fact",
    "code",
    "sequence",
)
TRANSLATED = ("name", "section", "help")


class CsChecklistItem(models.Model):
    """One thing to look at."""

    _name = "cs.checklist.item"
    _description = "Checklist Item"
    _inherit = ["cs.audit.mixin"]
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one("cs.checklist", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="checklist_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    section = fields.Char(translate=True)
    name = fields.Char(string="Item", required=True, translate=True)
    help = fields.Char(translate=True, string="How to Look")
    code = fields.Char(help="Stable key for data and integrations.")
    kind = fields.Selection(KINDS, required=True, default="yesno")
    points = fields.Float(default=1.0, help="0: looked at, but not scored.")
    fatal = fields.Boolean(help="If it fails, the whole run has 0 points.")
    required = fields.Boolean(default=True)
    photo_on_fail = fields.Boolean(string="Photo When Failed")
    fail_below = fields.Float(
        string="Fails below %",
        default=60.0,
        help="Share of the points below which a score is a finding.",
    )
    bounds = fields.Selection(BOUNDS, required=True, default="none")
    minimum = fields.Float()
    maximum = fields.Float()
    uom = fields.Char(string="Unit", translate=False)
    fact = fields.Char(
        string="Read by the System",
        help="Key of a figure that the system fills in when the run starts.",
    )

    _order_idx = models.Index("(checklist_id, sequence, id)")
    _points_positive = models.Constraint("CHECK (points >= 0)", "Points are 0 or more.")

    @api.constrains("bounds", "minimum", "maximum")
    def _check_bounds(self):
        for item in self:
            if item.bounds == "both" and item.minimum > item.maximum:
                raise ValidationError(
                    self.env._(
                        "%(item)s: the smallest number allowed is larger than the "
                        "largest one.",
                        item=item.name,
                    )
                )

    @api.constrains("fact")
    def _check_fact(self):
        Fact = self.env["cs.checklist.fact"]
        for item in self.filtered("fact"):
            if not Fact._knows(item.fact):
                raise ValidationError(
                    self.env._(
                        "%(item)s: the system knows no figure “%(fact)s”.",
                        item=item.name,
                        fact=item.fact,
                    )
                )

    def _prepare_line(self, run):
        """Values of the line of a run, copied so that later changes touch no run."""
        self.ensure_one()
        vals = {name: self[name] for name in COPIED if name not in TRANSLATED}
        vals.update(
            {name: self[name] for name in TRANSLATED}, run_id=run.id, item_id=self.id
        )
        return vals
