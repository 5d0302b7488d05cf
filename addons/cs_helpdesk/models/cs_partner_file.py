from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..lib.masking import is_masked, mask_word

REVIEW_MONTHS = 12  # 003-21
LETTERS = {"dealer": "D", "store": "S", "project": "P", "oem": "O"}
# 000-18: which tickets are needs, opinions and suggestions
NEEDS = ("inquiry", "query", "prospect")
OPINIONS = ("complaint", "problem", "fault")
SUGGESTIONS = ("suggestion",)
# what a complete file says (000-05), and how much of 100 each is worth
FILE_FIELDS = {
    "name": 15,
    "phone": 25,
    "customer_class": 15,
    "region_zone": 15,
    "street": 10,
    "file_source": 10,
    "requested_service": 10,
}


class CsPartnerFile(models.AbstractModel):
    """The file of a customer: number, source, history, review (000-05, 001-61, G24)."""

    _name = "cs.partner.file"
    _description = "Customer: File"
    _inherit = "cs.reveal.mixin"

    archive_number = fields.Char(
        copy=False, readonly=True, help="KH, letter of the class, running number."
    )
    file_source = fields.Selection(
        [
            ("phone400", "Hotline"),
            ("online", "Website / App"),
            ("store", "Store"),
            ("dealer", "Dealer"),
            ("order", "Order"),
            ("event", "Event"),
            ("import", "Import"),
        ],
        string="Source",
    )
    requested_service = fields.Text(
        help="Which service the customer wishes, in his words (001-61)."
    )
    wechat = fields.Char(
        string="WeChat (whole)", groups="cs_helpdesk.group_phone_reader", copy=False
    )
    cs_wechat = fields.Char(
        string="WeChat",
        compute="_compute_cs_wechat",
        inverse="_inverse_cs_wechat",
        search="_search_cs_wechat",
        compute_sudo=True,
    )
    last_reviewed = fields.Date(copy=False)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    review_due = fields.Date(
        compute="_compute_review_due", store=True, index="btree_not_null"
    )
    file_complete = fields.Integer(
        string="Complete (%)", compute="_compute_file_complete", compute_sudo=True
    )
    change_ids = fields.One2many("cs.partner.change", "partner_id", string="Changes")
    need_count = fields.Integer(string="Needs", compute="_compute_voices")
    opinion_count = fields.Integer(string="Opinions", compute="_compute_voices")
    suggestion_count = fields.Integer(string="Suggestions", compute="_compute_voices")

    _archive_number_uniq = models.UniqueIndex(
        "(archive_number) WHERE archive_number IS NOT NULL",
        "This archive number is in use already.",
    )

    # ------------------------------------------------------------------
    # WeChat: hidden like the telephone number
    # ------------------------------------------------------------------
    @api.depends("wechat")
    @api.depends_context("uid")
    def _compute_cs_wechat(self):
        reader = self._is_phone_reader()
        plain = set() if reader else self._origin._get_phone_plain_ids()
        for partner in self:
            open_ = reader or partner.id in plain
            partner.cs_wechat = partner.wechat if open_ else mask_word(partner.wechat)

    def _inverse_cs_wechat(self):
        for partner in self:
            typed = (partner.cs_wechat or "").strip()
            if not is_masked(typed):
                # sudo: the file may be written; the name may be given unread
                partner.sudo().wechat = typed or False

    @api.model
    def _search_cs_wechat(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: a whole name finds its customer
        closed = self.sudo().with_context(active_test=False)
        return Domain("id", "in", closed._search([("wechat", "in", list(value))]))

    def _get_reveal_map(self):
        return {**super()._get_reveal_map(), "cs_wechat": "wechat"}

    # ------------------------------------------------------------------
    # Archive number
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        user = self.env.user
        if not user._is_superuser() and user.has_group("cs_helpdesk.group_agent"):
            partners._give_archive_numbers()
        return partners

    def _is_file(self):
        """Customers have files; contacts below them and colleagues have none."""
        return not self.parent_id and self.partner_share and not self.is_public

    def _give_archive_numbers(self):
        """Number those who have none yet; one sequence, so no number comes twice."""
        # sudo: the number follows from the rule, nobody types it
        for partner in self.sudo().filtered(
            lambda p: not p.archive_number and p._is_file()
        ):
            number = self.env["ir.sequence"].sudo().next_by_code("cs.partner.archive")
            letter = LETTERS.get(partner.customer_class, "X")
            partner.archive_number = f"KH{letter}{number}"

    def action_archive_number(self):
        """Number these files; those that have a number keep it."""
        self.check_access("write")
        self._give_archive_numbers()
        return True

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------
    @api.depends("last_reviewed", "archive_number")
    def _compute_review_due(self):
        for partner in self:
            since = partner.last_reviewed or (
                partner.archive_number
                and (partner.create_date or fields.Datetime.now())
            )
            partner.review_due = since and fields.Date.to_date(since) + relativedelta(
                months=REVIEW_MONTHS
            )

    def action_reviewed(self):
        """The file has been looked through with the customer (003-21)."""
        self.check_access("write")
        self.write(
            {
                "last_reviewed": fields.Date.context_today(self),
                "reviewed_by_id": self.env.uid,
            }
        )
        return True

    @api.depends(*FILE_FIELDS)
    def _compute_file_complete(self):
        for partner in self:
            partner.file_complete = sum(
                worth for name, worth in FILE_FIELDS.items() if partner[name]
            )

    # ------------------------------------------------------------------
    # Needs, opinions, suggestions
    # ------------------------------------------------------------------
    def _compute_voices(self):
        """Count tickets by kind, of a customer and his contacts; two queries."""
        family = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        rows = self.env["helpdesk.ticket"]._read_group(
            [("partner_id", "in", family.ids)],
            ["partner_id", "type_id"],
            ["__count"],
        )
        totals = defaultdict(lambda: defaultdict(int))
        for partner, kind, count in rows:
            while partner:
                totals[partner.id][kind.code] += count
                partner = partner.parent_id
        for partner in self:
            by_code = totals[partner._origin.id]
            partner.need_count = sum(by_code[code] for code in NEEDS)
            partner.opinion_count = sum(by_code[code] for code in OPINIONS)
            partner.suggestion_count = sum(by_code[code] for code in SUGGESTIONS)

    def action_open_voices(self):
        """Open the tickets behind the counts, grouped by type (000-18)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Needs, Opinions and Suggestions"),
            "res_model": "helpdesk.ticket",
            "views": [(False, "list"), (False, "form")],
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"group_by": ["type_id"], "default_partner_id": self.id},
        }
