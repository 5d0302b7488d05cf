from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_partner import REGION_ZONES


class CsRoute(models.Model):
    """A rule of routing: of those who could take a ticket, whom does it leave (G09)?

    Rules are gone through in their order: VIP, language, class, region. A rule that
    must be met lets the ticket wait; a wish nobody can meet is passed over.
    """

    _name = "cs.route"
    _description = "Routing Rule"
    _inherit = ["cs.audit.mixin"]
    _order = "sequence, id"
    _audit_relations = ("type_ids", "user_ids", "team_ids")

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    criterion = fields.Selection(
        [
            ("vip", "Important Customer"),
            ("language", "Language or Dialect"),
            ("class", "Class of the Matter"),
            ("region", "Region"),
        ],
        string="Looks at",
        required=True,
        default="class",
    )
    # Which tickets
    team_ids = fields.Many2many(
        "helpdesk.ticket.team", string="Teams", help="Empty: all teams that route."
    )
    min_priority = fields.Integer(
        string="Priority from",
        default=100,
        aggregator=None,
        help="Urgent tickets have 20; a customer's tier adds 100 and more.",
    )
    type_ids = fields.Many2many("cs.ticket.type", string="Ticket Types")
    category_ids = fields.Many2many("helpdesk.ticket.category", string="Categories")
    region_zone = fields.Selection(REGION_ZONES)
    state_ids = fields.Many2many("res.country.state", string="Provinces")
    # Who
    skill_id = fields.Many2one(
        "cs.skill",
        string="Skill Asked for",
        ondelete="restrict",
        help="With a language rule: only for customers who speak it; empty: whatever "
        "the customer speaks.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Or These People",
        domain="[('share', '=', False)]",
        help="Who is absent is replaced by his deputy.",
    )
    required = fields.Boolean(
        string="Must Be Met",
        help="Rather let the ticket wait than give it to anybody else.",
    )

    _order_idx = models.Index("(sequence, id)")

    @api.constrains("criterion", "skill_id", "user_ids")
    def _check_whom(self):
        for route in self:
            named = route.skill_id or route.user_ids or route.criterion == "language"
            if not named:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” names nobody: choose a skill or people.",
                        rule=route.name,
                    )
                )

    @api.model
    def _get_rules(self, company):
        """Rules of a company in their order, in one query, in sudo."""
        # sudo: routing reads its own rules whoever presses
        return self.sudo().search([("company_id", "in", [False, company.id])])

    def _applies(self, facts):
        """Whether this rule speaks about a ticket.

        :param dict facts: see ``helpdesk.ticket._get_route_facts``
        """
        self.ensure_one()
        if self.team_ids and facts["team"] not in self.team_ids:
            return False
        if self.type_ids and facts["type"] not in self.type_ids:
            return False
        if self.category_ids and facts["category"] not in self.category_ids:
            return False
        return getattr(self, f"_applies_{self.criterion}")(facts)

    def _applies_vip(self, facts):
        return facts["priority"] >= self.min_priority

    def _applies_language(self, facts):
        spoken = facts["language"]
        return bool(spoken) and (not self.skill_id or spoken == self.skill_id)

    def _applies_class(self, facts):
        return bool(self.type_ids or self.category_ids)

    def _applies_region(self, facts):
        if self.region_zone and facts["zone"] != self.region_zone:
            return False
        if self.state_ids and facts["state"] not in self.state_ids:
            return False
        return bool(self.region_zone or self.state_ids)

    def _get_allowed(self, facts, holders, stand_in):
        """Whom the rule leaves for a ticket: user ids.

        :param dict holders: skill id -> user ids that have it
        :param stand_in: ``stand_in(user)`` -> the user or his deputy, or nobody
        """
        self.ensure_one()
        skill = facts["language"] if self.criterion == "language" else self.skill_id
        allowed = set(holders.get(skill.id, ()))
        allowed.update(stand_in(user).id for user in self.user_ids)
        return frozenset(allowed)
