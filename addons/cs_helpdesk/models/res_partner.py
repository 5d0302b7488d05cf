from collections import Counter

from odoo import fields, models

# 001-51: the four classes of customers
CUSTOMER_CLASSES = [
    ("dealer", "Dealer"),
    ("store", "Own-store End Customer"),
    ("project", "Project Customer"),
    ("oem", "OEM Customer"),
]
# 001-46: distance from the service point decides the response promise
REGION_ZONES = [
    ("local", "Same Area"),
    ("surrounding", "Surrounding Counties"),
    ("province", "Same Province"),
    ("remote", "Other Province"),
]


class ResPartner(models.Model):
    _name = "res.partner"
    _cs_customer_data = True
    _inherit = [
        "cs.audit.mixin",
        "cs.partner.phone",
        "cs.partner.secret",
        "cs.partner.file",
        "cs.partner.abnormal",
        "cs.partner.call",
        "cs.partner.grant",
        "cs.partner.route",
        "res.partner",
    ]

    _audit_exclude = frozenset(
        {"abnormal", "color", "message_bounce", "review_due", "signup_type"}
    )
    _audit_mask = frozenset(
        {
            "bank_account_number_locked",
            "email",
            "identity_number_locked",
            "member_card_locked",
            "phone",
            "vat",
            "wechat",
        }
    )
    _audit_name = "name"

    customer_class = fields.Selection(CUSTOMER_CLASSES, index="btree_not_null")
    region_zone = fields.Selection(REGION_ZONES)

    def _compute_helpdesk_ticket_count(self):
        """Count tickets of a partner and all below it, by one query for all."""
        family = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        rows = self.env["helpdesk.ticket"]._read_group(
            [("partner_id", "in", family.ids)], ["partner_id", "closed"], ["__count"]
        )
        total, opened = Counter(), Counter()
        for partner, closed, count in rows:
            while partner:
                total[partner.id] += count
                opened[partner.id] += 0 if closed else count
                partner = partner.parent_id
        for partner in self:
            partner.helpdesk_ticket_count = total[partner.id]
            partner.helpdesk_ticket_active_count = opened[partner.id]
            partner.helpdesk_ticket_count_string = (
                f"{opened[partner.id]} / {total[partner.id]}"
            )
