from odoo import api, models


class CsCachedPolicy(models.AbstractModel):
    """Rows asked for at every ticket: answers are cached until one of them changes."""

    _name = "cs.cached.policy"
    _description = "Cached Policy"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
