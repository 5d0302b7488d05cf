from odoo import fields, models


class CsReadReceipt(models.Model):
    """Somebody has to read something; when he has, the clock stops."""

    _name = "cs.read.receipt"
    _description = "Read Receipt"
    _inherit = ["cs.clock.mixin"]
    _order = "id desc"

    res_model = fields.Char(
        string="Document Model", required=True, export_string_translation=False
    )
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    company_id = fields.Many2one("res.company", required=True)
    user_id = fields.Many2one("res.users", string="Reader", required=True, index=True)
    read_at = fields.Datetime(string="Read on")

    _once = models.UniqueIndex(
        "(res_model, res_id, user_id)", "This reader was asked already."
    )

    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = self.env._(
                "To read: %(name)s",
                name=self.env[receipt.res_model]
                .sudo()  # sudo: the title only, for who has to read it
                .browse(receipt.res_id)
                .exists()
                .display_name
                or "",
            )

    def _get_clock_owner(self):
        self.ensure_one()
        return {"company_id": self.company_id.id, "user_id": self.user_id.id}
