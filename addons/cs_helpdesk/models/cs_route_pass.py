from odoo import api, fields, models
from odoo.tools import SQL


class CsRoutePass(models.Model):
    """The last pass of routing in a company; its row lets one worker route at a time.

    Two workers that route at once would each see room with the same person. Whoever
    takes the row writes it: a worker with an older view of the tickets is refused by
    the database and looks again.
    """

    _name = "cs.route.pass"
    _description = "Pass of Routing"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    at = fields.Datetime()
    given = fields.Integer(aggregator=None)
    waiting = fields.Integer(aggregator=None)

    _company_uniq = models.UniqueIndex("(company_id)")

    @api.model
    def _begin(self, company):
        """Be the one who routes until the transaction ends.

        :return: the row, or an empty one while somebody else routes
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO cs_route_pass (company_id) VALUES (%s)"
                " ON CONFLICT (company_id) DO NOTHING",
                company.id,
            )
        )
        row = self.sudo().search([("company_id", "=", company.id)])
        row = row.try_lock_for_update()
        row.at = fields.Datetime.now()
        row.flush_recordset(["at"])
        return row
