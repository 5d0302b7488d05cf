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
