from odoo import api, fields, models
from odoo.exceptions import UserError

# what a reader relies on: changed by a reviewed edition alone
CONTENT = (
    "name",
    "kind",
    "product",
    "type_ids",
    "category_id",
    "problem",
    "steps",
    "cases",
    "audience",
    "portal_visible",
    "public_visible",
)
# what only the steps of an article set
GUARDED = (
    "state",
    "revises_id",
    "edition_number",
    "edition_date",
    "published_at",
    "published_by_id",
    "review_date",
    "company_id",
)


class CsArticle(models.Model):
    """What the service centre knows: problem, steps, cases (003-40).

    A published article is changed by a draft of its next edition; the published one
    stays as it is until the draft is published, and then the two change places: links
    and use stay with the article, the old words stay with the old edition.
    """

    _name = "cs.article"
    _description = "Article"
    _inherit = [
        "cs.article.search",
        "cs.article.review",
        "cs.article.usage",
        "cs.article.portal",
        "cs.flow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "published_at desc, id desc"

    name = fields.Char(string="Title", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("article", "Article"),
            ("policy", "Policy or Standard"),
            ("peer", "Peer Company"),
            ("plan", "Emergency Plan"),
        ],
        default="article",
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "In Review"),
            ("published", "Published"),
            ("archived", "Archived"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    product = fields.Char(help="Product or component it is about.")
    type_ids = fields.Many2many("cs.ticket.type", string="Ticket Types")
    category_id = fields.Many2one("helpdesk.ticket.category")
    problem = fields.Html(help="What the customer says or sees.")
    steps = fields.Html(string="Solution", help="What to do, step by step.")
    cases = fields.Html(help="Earlier matters of the kind; never shown to customers.")
    author_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        copy=False,
        index=True,
        tracking=True,
    )
    # Who may read it
    audience = fields.Selection(
        [
            ("all", "Everybody, Providers Too"),
            ("staff", "Own Staff"),
            ("supervisor", "Supervisors"),
        ],
        default="staff",
        required=True,
        tracking=True,
    )
    portal_visible = fields.Boolean(string="Shown to Customers", tracking=True)
    public_visible = fields.Boolean(string="Shown Without Signing In", tracking=True)
    # Editions
    edition_number = fields.Integer(
        string="Edition", default=1, copy=False, aggregator=None
    )
    edition_date = fields.Date(copy=False)
    in_force_date = fields.Date(
        string="In Force From",
        copy=False,
        tracking=True,
        help="A policy binds nobody before this day; empty: not yet in force.",
    )
    in_force = fields.Boolean(compute="_compute_in_force")
    published_at = fields.Datetime(copy=False)
    published_by_id = fields.Many2one("res.users", copy=False)
    review_date = fields.Date(string="Next Review", copy=False, tracking=True)
    revises_id = fields.Many2one(
        "cs.article",
        string="Edition Of",
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )
    edition_ids = fields.One2many(
        "cs.article",
        "revises_id",
        string="Editions",
        context={"active_test": False},
    )

    _order_idx = models.Index("(published_at DESC, id DESC)")
    _review_idx = models.Index("(review_date) WHERE state = 'published'")
    _revision_uniq = models.UniqueIndex(
        "(revises_id) WHERE state IN ('draft', 'review')",
        "A new edition of this article is being written already.",
    )
    _public_is_portal = models.Constraint(
        "CHECK (public_visible IS NOT TRUE OR portal_visible)",
        "What everybody may see, customers may see: tick both.",
    )
    _published_dated = models.Constraint(
        "CHECK (state != 'published' OR published_at IS NOT NULL)",
        "A published article has a date.",
    )

    @api.depends("state", "kind", "in_force_date")
    def _compute_in_force(self):
        today = fields.Date.context_today(self)
        for article in self:
            begun = article.in_force_date and article.in_force_date <= today
            article.in_force = article.state == "published" and (
                article.kind != "policy" or bool(begun)
            )

    # ------------------------------------------------------------------
    # Who may change what
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals, at_create=True)
        articles = super().create(vals_list)
        articles.filtered(lambda a: not a.edition_date)._put(
            {"edition_date": fields.Date.context_today(self)}
        )
        return articles

    def write(self, vals):
        self._check_guarded(vals)
        if not self.env.su and not set(CONTENT).isdisjoint(vals):
            for article in self:
                if article.state != "draft":
                    raise UserError(
                        self.env._(
                            "“%(name)s” is %(state)s: write a new edition to change "
                            "its words.",
                            name=article.name,
                            state=dict(
                                self._fields["state"]._description_selection(self.env)
                            )[article.state],
                        )
                    )
        return super().write(vals)

    def _check_guarded(self, vals, at_create=False):
        """:raise UserError: someone sets by hand what the review alone sets"""
        if self.env.su:
            return
        guarded = set(GUARDED) & set(vals)
        if at_create:
            guarded -= {"company_id"}
            guarded = {name for name in guarded if vals[name]} - (
                {"state"} if vals.get("state") == "draft" else set()
            )
            if vals.get("edition_number") == 1:
                guarded.discard("edition_number")
        if guarded:
            raise UserError(
                self.env._(
                    "State, edition and dates of an article follow from its review: "
                    "press its buttons."
                )
            )

    @api.model
    def _get_content_names(self):
        return CONTENT

    def _put(self, vals):
        """Write what a step has decided, past what people may write."""
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(article.state in ("published", "archived") for article in self):
            raise UserError(
                self.env._("What was published once is archived, not deleted.")
            )
