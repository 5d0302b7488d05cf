from odoo import api, fields, models

# From the front line up; each role includes those before it.
ROLES = [
    ("agent", "Agent"),
    ("supervisor", "Supervisor"),
    ("manager", "Manager"),
    ("leader", "Company Leader"),
]
ROLE_GROUPS = {role: f"cs_helpdesk.group_{role}" for role, _label in ROLES}


class CsComplaintGrade(models.Model):
    """How grave a complaint is, who answers for it and what he may promise (G02)."""

    _name = "cs.complaint.grade"
    _inherit = "cs.audit.mixin"
    _description = "Complaint Grade"
    _order = "level, id"

    name = fields.Char(required=True, translate=True)
    level = fields.Integer(
        required=True, aggregator=None, help="1 is the lightest; triggers raise it."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    description = fields.Text(translate=True, help="When a complaint is of this grade.")
    color = fields.Integer()
    owner_role = fields.Selection(
        ROLES, default="agent", required=True, help="Who answers for the complaint."
    )
    notify_role = fields.Selection(
        ROLES, help="Told at once when a complaint reaches this grade."
    )
    notify_minutes = fields.Integer(
        string="Look Within (min)",
        aggregator=None,
        help="How soon the notified role has to look at the complaint.",
    )
    authority_role = fields.Selection(
        ROLES, help="Who may promise compensation up to the amount beside it."
    )
    authority_amount = fields.Float(
        string="Compensation Authority",
        digits=(16, 2),
        aggregator=None,
        help="In the currency of the company.",
    )
    authority_unlimited = fields.Boolean(string="Unlimited Compensation")
    trigger_ids = fields.One2many("cs.complaint.trigger", "grade_id")

    _level_uniq = models.UniqueIndex(
        "(level, COALESCE(company_id, 0)) WHERE active IS TRUE",
        "A complaint grade of this level exists already.",
    )
    _level_positive = models.Constraint(
        "CHECK (level > 0)", "The level of a complaint grade starts at 1."
    )

    @api.model
    def _get_compensation_authority(self, user):
        """What `user` may promise, in company currency; None means no limit (G02)."""
        grades = self.sudo().search(
            [
                ("authority_role", "!=", False),
                ("company_id", "in", [False, self.env.company.id]),
            ]
        )
        held = grades.filtered(lambda g: user.has_group(ROLE_GROUPS[g.authority_role]))
        if any(held.mapped("authority_unlimited")):
            return None
        return max(held.mapped("authority_amount"), default=0.0)
