from odoo import api, fields, models
from odoo.exceptions import UserError


class CsReceivedDocument(models.Model):
    """A paper that came in: registered, classified, dealt with and filed."""

    _name = "cs.received.document"
    _description = "Received Document"
    _inherit = ["cs.press.mixin", "mail.thread"]
    _by_hand = frozenset(
        {
            "name",
            "doc_class",
            "sender",
            "received_on",
            "original_number",
            "handler_id",
            "handling",
            "place",
            "attachment_ids",
        }
    )
    _order = "received_on desc, id desc"

    number = fields.Char(readonly=True, copy=False, default="/")
    name = fields.Char(string="Subject", required=True)
    doc_class = fields.Selection(
        [
            ("policy", "Policy or Rule"),
            ("notice", "Notice"),
            ("contract", "Contract"),
            ("letter", "Customer's Letter"),
            ("authority", "Paper of an Authority"),
            ("technical", "Technical Paper"),
            ("other", "Other"),
        ],
        string="Class",
        required=True,
        default="notice",
    )
    sender = fields.Char(required=True)
    original_number = fields.Char(string="Sender's Number")
    received_on = fields.Date(required=True, default=fields.Date.context_today)
    received_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    handler_id = fields.Many2one("res.users", domain="[('share', '=', False)]")
    handling = fields.Text()
    place = fields.Char(string="Filed in")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    state = fields.Selection(
        [("registered", "Registered"), ("handled", "Dealt with"), ("filed", "Filed")],
        required=True,
        default="registered",
        readonly=True,
        tracking=True,
    )

    _order_idx = models.Index("(received_on DESC, id DESC)")
    _number_uniq = models.UniqueIndex(
        "(number, company_id) WHERE number != '/'",
        "This register number is in use already.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.depends("number", "name")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = f"{paper.number} {paper.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            if not self.env.su:
                vals.update(received_by_id=self.env.uid, state="registered", number="/")
            if vals.get("number", "/") == "/":
                sequence = self.env["ir.sequence"].with_company(company_id)
                vals["number"] = sequence.next_by_code(self._name) or "/"
        return super().create(vals_list)

    def write(self, vals):
        names = self._check_by_hand(vals)
        if names and any(paper.state == "filed" for paper in self):
            raise UserError(self.env._("What is filed is not edited."))
        return super().write(vals)

    def action_handled(self):
        """Dealt with: how is written down."""
        for paper in self._lock_in("registered"):
            if not paper.handling:
                raise UserError(
                    self.env._(
                        "%(paper)s: please write how it was dealt with.",
                        paper=paper.display_name,
                    )
                )
            paper.write(
                {"state": "handled", "handler_id": paper.handler_id.id or self.env.uid}
            )

    def action_filed(self):
        """Filed: where is written down."""
        for paper in self._lock_in("handled"):
            if not paper.place:
                raise UserError(
                    self.env._(
                        "%(paper)s: please write where it is filed.",
                        paper=paper.display_name,
                    )
                )
            paper.state = "filed"

    def _lock_in(self, state):
        self.check_access("write")
        self._lock()
        # sudo: checked above; the state is written by buttons alone
        return self.filtered(lambda p: p.state == state).sudo()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        raise UserError(self.env._("A registered paper is kept."))
