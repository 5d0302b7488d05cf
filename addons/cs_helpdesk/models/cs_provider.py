from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CHECKLIST = "provider_onboarding"


class CsProvider(models.Model):
    """A company that serves customers for us: scope, contract, secrecy (002-01…07)."""

    _name = "cs.provider"
    _description = "Service Provider"
    _inherit = ["cs.audit.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.name", "contract_number"]

    partner_id = fields.Many2one(
        "res.partner", string="Company", required=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Our Company",
        required=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "On-boarding"), ("open", "Working"), ("ended", "Ended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    contract_number = fields.Char(tracking=True)
    date_from = fields.Date(string="Contract from", required=True, tracking=True)
    date_to = fields.Date(string="Contract until", required=True, tracking=True)
    # 002-01: what may be given to it
    type_ids = fields.Many2many(
        "cs.ticket.type",
        "cs_provider_type_rel",
        "provider_id",
        "type_id",
        string="Ticket Types",
        tracking=True,
    )
    service_kind_ids = fields.Many2many("cs.service.kind", string="Kinds of Service")
    # 002-02
    licence_number = fields.Char(help="Licence for a call centre, where one is needed.")
    licence_until = fields.Date()
    qualification = fields.Text(
        help="Languages, knowledge and attitude it vouches for."
    )
    # 002-05
    nda_file = fields.Binary(string="Confidentiality Agreement", attachment=True)
    nda_filename = fields.Char()
    nda_date = fields.Date(string="Agreement Signed on", tracking=True)
    # 002-04
    contact_ids = fields.Many2many("res.partner", string="Named Contacts")
    user_ids = fields.One2many("res.users", "provider_id", string="Accounts")
    issue_ids = fields.One2many("cs.provider.issue", "provider_id", string="Issues")
    issue_count = fields.Integer(
        string="Open Issues", compute="_compute_issue_count", compute_sudo=True
    )
    run_id = fields.Many2one(
        "cs.checklist.run", string="On-boarding Check", readonly=True, copy=False
    )
    run_passed = fields.Boolean(related="run_id.passed", string="Check Passed")
    access_now = fields.Boolean(
        string="Access Today", compute="_compute_access_now", search="_search_access"
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A contract cannot end before it begins."
    )
    _order_idx = models.Index("(date_to DESC, id DESC)")
    _open_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'open'",
        "This company works under another contract already: end that one first.",
    )

    @api.depends("partner_id.name", "contract_number")
    def _compute_display_name(self):
        for provider in self:
            words = (provider.partner_id.name, provider.contract_number)
            provider.display_name = " ".join(filter(None, words))

    def _compute_issue_count(self):
        counts = dict(
            self.env["cs.provider.issue"]._read_group(
                [("provider_id", "in", self.ids), ("state", "!=", "done")],
                ["provider_id"],
                ["__count"],
            )
        )
        for provider in self:
            provider.issue_count = counts.get(provider._origin, 0)

    # ------------------------------------------------------------------
    # Access
    # ------------------------------------------------------------------
    @api.model
    def _access_domain(self):
        """Return the domain of providers whose people may work today (002-05)."""
        return (
            Domain("state", "=", "open")
            & Domain("nda_date", "!=", False)
            & Domain("date_from", "<=", "today")
            & Domain("date_to", ">=", "today")
        )

    @api.depends("state", "nda_date", "date_from", "date_to")
    def _compute_access_now(self):
        working = self.filtered_domain(self._access_domain())
        for provider in self:
            provider.access_now = provider in working

    @api.model
    def _search_access(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._access_domain() if True in value else ~self._access_domain()

    def _check_scope(self, ticket):
        """Refuse, by one sentence, to give a ticket outside the scope (002-01)."""
        self.ensure_one()
        if not self.access_now:
            raise UserError(
                self.env._(
                    "%(provider)s has no running contract with a signed "
                    "confidentiality agreement: give ticket %(ticket)s to "
                    "somebody else.",
                    provider=self.display_name,
                    ticket=ticket.number,
                )
            )
        if ticket.type_id and ticket.type_id not in self.type_ids:
            raise UserError(
                self.env._(
                    "Tickets of type %(type)s are outside the scope of the contract "
                    "with %(provider)s: give ticket %(ticket)s to somebody else.",
                    type=ticket.type_id.name,
                    provider=self.display_name,
                    ticket=ticket.number,
                )
            )

    @api.onchange("service_kind_ids")
    def _onchange_service_kind_ids(self):
        """What the kinds of service mean for tickets."""
        self.type_ids |= self.service_kind_ids.type_ids

    # ------------------------------------------------------------------
    # On-boarding, working, ended
    # ------------------------------------------------------------------
    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(
                self.env._("A contract is opened and ended by its buttons only.")
            )
        return super().write(vals)

    def action_check(self):
        """Open the on-boarding check, started once (002-02…05)."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if not self.run_id:
            self.run_id = self.env["cs.checklist"]._start_run(CHECKLIST, record=self)
        return self.run_id._get_records_action(view_mode="form")

    def action_open(self):
        """Let the provider's people work, once every gate is passed."""
        self.check_access("write")
        self.lock_for_update()
        for provider in self.filtered(lambda p: p.state == "draft"):
            provider._check_gates()
        # sudo: the gates have been checked, the state is closed to hands
        self.filtered(lambda p: p.state == "draft").sudo().write({"state": "open"})
        return True

    def _check_gates(self):
        missing = [words for passed, words in self._get_gates() if not passed]
        if missing:
            raise UserError(
                self.env._(
                    "%(provider)s cannot start yet: %(missing)s.",
                    provider=self.display_name,
                    missing="; ".join(missing),
                )
            )

    def _get_gates(self):
        """Return [(passed, what is missing otherwise)] before work begins (002-05)."""
        today = fields.Date.context_today(self)
        return [
            (
                self.nda_date and self.nda_file,
                self.env._("no signed agreement on secrecy"),
            ),
            (self.type_ids, self.env._("no ticket types in the scope")),
            (self.contact_ids, self.env._("no named contact")),
            (self.date_to >= today, self.env._("the contract has ended")),
            (
                not self.licence_until or self.licence_until >= today,
                self.env._("the licence has ended"),
            ),
            (self.run_passed, self.env._("the on-boarding check is not passed")),
        ]

    def action_end(self):
        """End the contract: from now on its people see no ticket."""
        self.check_access("write")
        self.lock_for_update()
        # sudo: the state is closed to hands
        self.sudo().write({"state": "ended"})
        return True

    def action_open_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_helpdesk.cs_provider_issue_action"
        )
        action["domain"] = [("provider_id", "=", self.id)]
        action["context"] = {"default_provider_id": self.id}
        return action
