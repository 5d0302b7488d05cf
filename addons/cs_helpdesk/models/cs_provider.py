from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

WARNING_DAYS = 60  # G37: before the end of the contract


class CsProvider(models.Model):
    """A company that serves our customers: what for, how long, under which secrecy.

    Its people see tickets of the contract's types, while it runs and after the
    confidentiality agreement was signed; nothing else (002-01, 002-05).
    """

    _name = "cs.provider"
    _description = "Service Provider"
    _inherit = ["cs.audit.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Company",
        required=True,
        domain="[('is_company', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Our Company",
        required=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, tracking=True
    )
    # What for (002-01)
    type_ids = fields.Many2many(
        "cs.ticket.type",
        "cs_provider_type_rel",
        "provider_id",
        "type_id",
        string="Ticket Types",
        required=True,
    )
    service_kind_ids = fields.Many2many("cs.service.kind", string="Services")
    # How long (002-08)
    contract_number = fields.Char()
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", required=True, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    monthly_fee = fields.Monetary(groups="cs_helpdesk.group_manager")
    breach_terms = fields.Text(string="Liability for Breach")
    # Under which secrecy (002-05, 002-14)
    nda_signed_on = fields.Date(string="Confidentiality Signed", tracking=True)
    nda_file = fields.Binary(string="Agreement", attachment=True)
    nda_filename = fields.Char(export_string_translation=False)
    state = fields.Selection(
        [
            ("waiting", "Waiting for Signature"),
            ("coming", "Not Yet in Force"),
            ("running", "In Force"),
            ("ending", "Ends Soon"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
    )
    # Who, and how we talk (002-02, 002-04)
    agent_ids = fields.One2many("cs.provider.agent", "provider_id", string="People")
    contact_ids = fields.Many2many("res.partner", string="Contacts")
    channel = fields.Text(string="How We Talk", help="Channel and meetings, as agreed.")
    issue_ids = fields.One2many("cs.provider.issue", "provider_id", string="Issues")

    _order_idx = models.Index("(date_to, id)")
    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A contract ends after it begins."
    )

    @api.depends("date_from", "date_to", "nda_signed_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        soon = today + timedelta(days=WARNING_DAYS)
        for provider in self:
            if provider.date_to and provider.date_to < today:
                provider.state = "ended"
            elif not provider.nda_signed_on:
                provider.state = "waiting"
            elif provider.date_from and provider.date_from > today:
                provider.state = "coming"
            else:
                ending = provider.date_to and provider.date_to <= soon
                provider.state = "ending" if ending else "running"

    @api.constrains("nda_signed_on", "nda_file")
    def _check_nda(self):
        for provider in self:
            if provider.nda_signed_on and not provider.nda_file:
                raise ValidationError(
                    self.env._(
                        "%(provider)s: please attach the signed confidentiality "
                        "agreement.",
                        provider=provider.display_name,
                    )
                )

    @api.model
    def _get_running_domain(self):
        """Contracts under which people may work today."""
        return [
            ("nda_signed_on", "<=", "today"),
            ("date_from", "<=", "today"),
            ("date_to", ">=", "today"),
        ]

    @api.model
    def _find_for(self, user, ticket_type):
        """The contract under which a person may work on a type of tickets, if any."""
        # sudo: whoever assigns a ticket need not read contracts
        return self.sudo().search(
            [
                *self._get_running_domain(),
                ("type_ids", "in", ticket_type.ids),
                ("agent_ids.user_id", "=", user.id),
                ("agent_ids.qualified", "=", True),
            ],
            limit=1,
        )

    @api.model
    def _cron_warn_ending(self):
        """002-08: 60 days before its end somebody decides about a contract."""
        last = fields.Date.today() + timedelta(days=WARNING_DAYS)
        domain = [("date_to", ">=", "today"), ("date_to", "<=", last)]
        summary = self.env._("The contract ends soon: renew it, or hand over")
        for provider in self.search(domain):
            if summary not in provider.activity_ids.mapped("summary"):
                provider.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=provider.date_to - timedelta(days=30),
                    summary=summary,
                    user_id=provider.responsible_id.id or self.env.uid,
                )
