from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..lib.register_period import bounds
from .register_reader import RegisterReader, moment_of, today_in

ZONE = "Asia/Shanghai"
SPLIT_TYPES = ("many2one", "selection", "char", "boolean")


class CsRegister(models.Model):
    """A ledger as a definition: which records, which columns, which period (000-98).

    Nothing is typed into a register: its rows are records that people work with.
    """

    _name = "cs.register"
    _description = "Register"
    _inherit = ["cs.audit.mixin", "cs.register.schedule", "mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False)
    form_number = fields.Char(help="Number of the paper form, printed at its top.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    note = fields.Text(help="What it is for; shown above the table.", translate=True)

    # Which records
    model_id = fields.Many2one(
        "ir.model",
        string="Records",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('transient', '=', False), ('abstract', '=', False)]",
    )
    model_name = fields.Char(
        related="model_id.model", string="Technical Name", store=True
    )
    domain = fields.Char(string="Which", default="[]", required=True, tracking=True)
    date_field = fields.Char(
        default="create_date",
        help="The date or time that decides to which period a record belongs.",
    )
    period = fields.Selection(
        [
            ("day", "Day"),
            ("week", "Week"),
            ("month", "Month"),
            ("custom", "Any Two Days"),
        ],
        required=True,
        default="month",
        tracking=True,
    )
    split_field = fields.Char(
        string="One File for Each", help="A field: one file for each of its values."
    )
    column_ids = fields.One2many("cs.register.column", "register_id", copy=True)
    measure_ids = fields.Many2many("cs.measure", string="Figures")

    # On paper
    signature_labels = fields.Char(
        string="Signature Boxes",
        help="Labels of the boxes below the printed table, with 、 between them.",
        translate=True,
    )
    copies = fields.Integer(default=1, help="How many are printed and handed out.")

    # Who and how long
    group_id = fields.Many2one(
        "res.groups",
        string="Readers",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.ref("cs_helpdesk.group_supervisor"),
        help="Issued copies are for members of this group.",
    )
    retention_years = fields.Integer(default=10, tracking=True)
    lock_day = fields.Integer(
        default=3,
        tracking=True,
        help="From this day of the next month on only a correction changes a copy.",
    )
    issue_ids = fields.One2many("cs.register.issue", "register_id")
    issue_count = fields.Integer(compute="_compute_issue_count")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A register with this code exists already."
    )
    _order_idx = models.Index("(sequence, name, id)")
    _copies_positive = models.Constraint(
        "CHECK (copies BETWEEN 1 AND 20)", "A form is printed once to twenty times."
    )
    _lock_day_range = models.Constraint(
        "CHECK (lock_day BETWEEN 1 AND 28)", "The lock day is a day from 1 to 28."
    )
    _retention_positive = models.Constraint(
        "CHECK (retention_years >= 1)", "A copy is kept for one year at least."
    )

    def copy_data(self, default=None):
        rows = super().copy_data(default)
        for register, vals in zip(self, rows, strict=True):
            vals.setdefault("code", f"{register.code}_copy")
        return rows

    def _compute_issue_count(self):
        counts = dict(
            self.env["cs.register.issue"]._read_group(
                [("register_id", "in", self.ids), ("parent_id", "=", False)],
                ["register_id"],
                ["__count"],
            )
        )
        for register in self:
            register.issue_count = counts.get(register, 0)

    # ------------------------------------------------------------------
    # Checked when it is saved
    # ------------------------------------------------------------------
    @api.constrains("model_id", "domain")
    def _check_domain(self):
        for register in self:
            try:
                domain = Domain(literal_eval(register.domain or "[]"))
                domain.validate(self.env[register.model_name])
            except Exception as error:  # whatever a person can type
                raise ValidationError(
                    self.env._(
                        "Register %(name)s: the condition “%(domain)s” cannot be "
                        "used: %(error)s",
                        name=register.name,
                        domain=register.domain,
                        error=error,
                    )
                ) from None

    @api.constrains("model_id", "date_field", "split_field", "period")
    def _check_fields(self):
        for register in self:
            model_fields = self.env[register.model_name]._fields
            field = model_fields.get(register.date_field or "")
            fits = field and field.store and field.type in ("date", "datetime")
            if register.date_field and not fits:
                raise ValidationError(
                    self.env._(
                        "Register %(name)s: %(field)s is no stored date of %(model)s.",
                        name=register.name,
                        field=register.date_field,
                        model=register.model_id.name,
                    )
                )
            field = model_fields.get(register.split_field or "")
            fits = field and field.store and field.type in SPLIT_TYPES
            if register.split_field and not fits:
                raise ValidationError(
                    self.env._(
                        "Register %(name)s: a file for each %(field)s is not possible: "
                        "choose a stored reference, selection or text of %(model)s.",
                        name=register.name,
                        field=register.split_field,
                        model=register.model_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def _get_zone(self):
        """Name of the time zone its days are counted in."""
        calendar = self.calendar_id or self._get_company().resource_calendar_id
        return calendar.tz or ZONE

    def _get_company(self):
        return self.company_id or self.env.company

    def _get_spec(self, columns=None):
        """The definition as an issued copy keeps it."""
        self.ensure_one()
        columns = self.column_ids.sorted() if columns is None else columns
        return {
            "model": self.model_name,
            "domain": self.domain,
            "date_field": self.date_field or "",
            "split_field": self.split_field or "",
            "zone": self._get_zone(),
            "columns": [column._as_spec() for column in columns],
        }

    def _get_reader(self, user=None):
        """A reader of the rows as ``user``, by default as the present one.

        :raise UserError: a column is gone
        """
        self.ensure_one()
        env = self.env(user=user, su=False) if user else self.env(su=False)
        return RegisterReader(env, self._get_spec())

    def _get_window(self, day=None, last=None):
        """Return (first day, last day, begin, end) of a period; moments are UTC.

        :param day: a day of it, by default today; for two free days the first
        :param last: the second of two free days
        """
        zone = self._get_zone()
        day = day or today_in(zone)
        if self.period == "custom":
            end = fields.Date.add(last or day, days=1)
            begin = day
            if end <= begin:
                raise UserError(
                    self.env._("The last day is before the first: please change it.")
                )
        else:
            begin, end = bounds(self.period, day)
        final = fields.Date.subtract(end, days=1)
        return begin, final, moment_of(zone, begin), moment_of(zone, end)

    def _prepare_signatures(self):
        """Commands that make the empty boxes of a new copy."""
        labels = (self.signature_labels or "").replace(",", "、").split("、")
        return [
            Command.create({"label": label.strip(), "sequence": number})
            for number, label in enumerate(labels)
            if label.strip()
        ]

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_open(self):
        """The table of a period, on screen."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cs.register.preview",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
            "context": {"default_register_id": self.id},
        }

    def action_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_register_issue_action"
        )
        action["domain"] = [("register_id", "=", self.id)]
        action["context"] = {}
        return action
