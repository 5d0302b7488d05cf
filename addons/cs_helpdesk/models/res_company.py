from odoo import api, fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "cs.audit.mixin",
        "cs.company.fitness",
        "res.company",
    ]

    phone = fields.Char(groups="")  # of the company, which is no customer
    service_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Service Schedule",
        default=lambda self: self._default_service_calendar_id(),
        help="Working hours on which the time limits of tickets run.",
    )

    @api.model
    def _default_service_calendar_id(self):
        return self.env.ref("cs_helpdesk.calendar_service", raise_if_not_found=False)

    @api.model
    def _set_default_service_calendar(self):
        """Companies that were there before the addon get the service schedule."""
        companies = self.with_context(active_test=False).search(
            [("service_calendar_id", "=", False)]
        )
        companies.service_calendar_id = self._default_service_calendar_id()
