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
    _inherit = "res.partner"

    customer_class = fields.Selection(CUSTOMER_CLASSES, index="btree_not_null")
    region_zone = fields.Selection(REGION_ZONES)
