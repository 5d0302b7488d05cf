from odoo import fields, models

CLOSED = fields.NO_ACCESS


class CsPartnerSecret(models.AbstractModel):
    """What of a customer is locked at rest (003-23, 003-63)."""

    _name = "cs.partner.secret"
    _description = "Customer: Locked Fields"
    _inherit = "cs.secret.mixin"

    _secret_fields = ("identity_number", "bank_account_number", "member_card")

    identity_number = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        search="_search_identity_number",
        compute_sudo=True,
    )
    identity_number_locked = fields.Char(groups=CLOSED, copy=False)
    identity_number_print = fields.Char(
        groups=CLOSED, copy=False, index="btree_not_null"
    )
    bank_account_number = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        search="_search_bank_account_number",
        compute_sudo=True,
        help="For refunds.",
    )
    bank_account_number_locked = fields.Char(groups=CLOSED, copy=False)
    bank_account_number_print = fields.Char(
        groups=CLOSED, copy=False, index="btree_not_null"
    )
    member_card = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_secrets",
        search="_search_member_card",
        compute_sudo=True,
    )
    member_card_locked = fields.Char(groups=CLOSED, copy=False)
    member_card_print = fields.Char(groups=CLOSED, copy=False, index="btree_not_null")

    def _search_identity_number(self, operator, value):
        return self._search_secret("identity_number", operator, value)

    def _search_bank_account_number(self, operator, value):
        return self._search_secret("bank_account_number", operator, value)

    def _search_member_card(self, operator, value):
        return self._search_secret("member_card", operator, value)
