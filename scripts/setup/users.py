"""For odoo shell, after the addons: every user works in Chinese, on Chinese time."""

users = env["res.users"].with_context(active_test=False).search([])  # noqa: F821
users.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
env["resource.calendar"].search([]).tz = "Asia/Shanghai"  # noqa: F821
env.cr.commit()  # noqa: F821
