from odoo import api, models


class CsRequestTheme(models.AbstractModel):
    """What every kind of request adds to: what is frozen, what the system writes."""

    _name = "cs.request.theme"
    _description = "Kind of Request"

    @api.model
    def _get_frozen_fields(self):
        """Fields nobody changes once the request was handed in."""
        return set()

    @api.model
    def _get_decision_fields(self):
        """Fields only the system writes, at any time."""
        return set()

    def _prepare_submit(self):
        """Facts that are frozen when the request is handed in."""
        return {}
