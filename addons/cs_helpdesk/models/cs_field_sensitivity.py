from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

LEVELS = [
    ("1_common", "Common"),
    ("2_internal", "Internal"),
    ("3_sensitive", "Sensitive"),
]


class CsFieldSensitivity(models.Model):
    """How sensitive each field of a customer is (G23, G24).

    Common: name, region. Internal: orders, history. Sensitive: telephone, address,
    identity, accounts. Fields this addon masks cannot be declared less than sensitive.
    """

    _name = "cs.field.sensitivity"
    _description = "Sensitivity of a Field"
    _inherit = "cs.audit.mixin"
    _order = "level desc, model, name"
    _rec_name = "name"

    field_id = fields.Many2one(
        "ir.model.fields",
        string="Field",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('model', 'in', ('res.partner', 'helpdesk.ticket'))]",
    )
    model = fields.Char(related="field_id.model", store=True, string="Model")
    name = fields.Char(related="field_id.name", store=True, string="Technical Name")
    label = fields.Char(related="field_id.field_description", string="Field Label")
    level = fields.Selection(LEVELS, required=True, default="2_internal")
    measure = fields.Char(
        compute="_compute_measure", help="What the system does about it by itself."
    )

    _field_uniq = models.UniqueIndex("(field_id)", "This field has its level already.")
    _order_idx = models.Index("(level DESC, model, name)")

    @api.model
    def _get_enforced(self, model_name):
        """Return the fields of a model that are masked or closed by themselves."""
        Model = self.env.get(model_name)
        if Model is None or not hasattr(Model, "_get_reveal_map"):
            return set()
        shown = Model._get_reveal_map()
        return set(shown) | set(shown.values())

    @api.depends("model", "name")
    @api.depends_context("lang")
    def _compute_measure(self):
        for row in self:
            enforced = row.name in row._get_enforced(row.model)
            row.measure = enforced and self.env._("Masked; a reveal is logged")

    @api.constrains("field_id", "level")
    def _check_level(self):
        for row in self:
            if row.level != LEVELS[-1][0] and row.name in self._get_enforced(row.model):
                raise ValidationError(
                    self.env._(
                        "%(field)s is masked and stays sensitive.", field=row.label
                    )
                )

    @api.model
    @tools.ormcache("model_name", cache="stable")
    def _get_levels(self, model_name):
        """Return {field name: level} of a model."""
        # sudo: everybody is told how to treat what he sees
        rows = self.sudo().search_fetch([("model", "=", model_name)], ["name", "level"])
        return {row.name: row.level for row in rows}

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache("stable")
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache("stable")
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache("stable")
        return super().unlink()
