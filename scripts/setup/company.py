"""For odoo shell, after base: the demo company is Chinese before anything books.

Currency, country and time zone stand before the other modules install, so that
accounts, calendars and demo records start from them.
"""

country = env.ref("base.cn")  # noqa: F821
currency = env.ref("base.CNY")  # noqa: F821
currency.active = True
env["res.company"].search([]).write(  # noqa: F821
    {"country_id": country.id, "currency_id": currency.id}
)
env["ir.default"].set("res.partner", "lang", "zh_CN")  # noqa: F821
env["ir.default"].set("res.partner", "tz", "Asia/Shanghai")  # noqa: F821
users = env["res.users"].with_context(active_test=False).search([])  # noqa: F821
users.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
env.cr.commit()  # noqa: F821
