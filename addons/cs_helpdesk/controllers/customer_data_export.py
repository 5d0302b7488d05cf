from odoo.http import request

from odoo.addons.web.controllers.json import WebJsonController


class CustomerDataJson(WebJsonController):
    def _get_action(self, subpath):
        """N24: what may not be exported as a table is not handed out as JSON."""
        found = super()._get_action(subpath)
        model = request.env.get(found[0].res_model)
        if model is not None:
            model._check_customer_export()
        return found
