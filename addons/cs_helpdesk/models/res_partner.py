from collections import Counter

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # 001-51: the four classes of customers
    customer_class = fields.Selection(
        [
            ("dealer", "Dealer"),
            ("store", "Own-store End Customer"),
            ("project", "Project Customer"),
            ("oem", "OEM Customer"),
        ],
        index="btree_not_null",
    )
    # 001-46: distance from the service point decides the response promise
    region_zone = fields.Selection(
        [
            ("local", "Same Area"),
            ("surrounding", "Surrounding Counties"),
            ("province", "Same Province"),
            ("remote", "Other Province"),
        ],
    )

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
