from odoo import fields, models


class CsRegisterDifference(models.Model):
    """N36: a cell that says something else than when the copy was issued."""

    _name = "cs.register.difference"
    _description = "Difference Found by a Recount"
    _order = "issue_id, id"

    issue_id = fields.Many2one(
        "cs.register.issue", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, aggregator=None
    )
    kind = fields.Selection(
        [("changed", "Changed"), ("added", "New Row"), ("gone", "Row Gone")],
        required=True,
    )
    heading = fields.Char(string="Column")
    old = fields.Text(string="Issued")
    new = fields.Text(string="Now")
    who = fields.Text(string="Who Changed What")

    _order_idx = models.Index("(issue_id, id)")

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
