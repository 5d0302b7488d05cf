from odoo import api, fields, models


class RatingRating(models.Model):
    _inherit = "rating.rating"

    # who knows the token can answer in the customer's place
    access_token = fields.Char(index="btree_not_null", groups="base.group_system")
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        compute="_compute_ticket_id",
        store=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    answer_ids = fields.One2many("cs.satisfaction.answer", "rating_id")

    @api.depends("res_model", "res_id")
    def _compute_ticket_id(self):
        for rating in self:
            rated = rating.res_model == "helpdesk.ticket" and rating.res_id
            rating.ticket_id = rated or False

    def write(self, vals):
        res = super().write(vals)
        if {"res_model_id", "res_model", "res_id"}.intersection(vals):
            # rules look at the record before: nothing may be moved onto a ticket
            self.check_access("write")
        return res
