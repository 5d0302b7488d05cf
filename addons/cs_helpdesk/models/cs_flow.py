from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsFlow(models.Model):
    """Who does what next, by when, with what proof: the definition of a flow.

    A definition is data. Its stages are copied into the steps of a record when they
    start, so that a change here touches no running matter.
    """

    _name = "cs.flow"
    _description = "Flow"
    _inherit = ["cs.audit.mixin"]
    _order = "res_model, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    res_model = fields.Char(string="Applies to", required=True)
    model_name = fields.Char(string="Document", compute="_compute_model_name")
    stage_ids = fields.One2many("cs.flow.stage", "flow_id", string="Stages", copy=True)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a flow with this code already."
    )
    _order_idx = models.Index("(res_model, sequence, id)")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_model_name(self):
        Model = self.env["ir.model"].sudo()  # the name of a document is no secret
        for flow in self:
            flow.model_name = Model._get(flow.res_model).name if flow.res_model else ""

    @api.constrains("res_model")
    def _check_res_model(self):
        for flow in self:
            Model = self.env.get(flow.res_model)
            if Model is None or "step_ids" not in Model._fields:
                raise ValidationError(
                    self.env._(
                        "%(flow)s: documents of the kind “%(model)s” cannot follow a "
                        "flow.",
                        flow=flow.name,
                        model=flow.res_model,
                    )
                )

    @api.model
    def _find(self, res_model, company, code=None):
        """The active flow of a model, of the company first; with a code, that one."""
        domain = [
            ("res_model", "=", res_model),
            ("company_id", "in", [False, company.id]),
        ]
        if code:
            domain.append(("code", "=", code))
        found = self.sudo().search(domain)  # definitions are no secret
        own = found.filtered("company_id")
        return (own or found)[:1]

    def _get_ranks(self):
        """Stages in order, those that open together as one record set.

        :return: list of `cs.flow.stage`
        """
        self.ensure_one()
        ranks = []
        for stage in self.stage_ids.sorted(lambda s: (s.sequence, s.id)):
            if stage.parallel and ranks:
                ranks[-1] |= stage
            else:
                ranks.append(stage)
        return ranks

    def _get_ranks_after(self, stage):
        """What comes after a stage, also when it was archived or moved meanwhile."""
        ranks = self._get_ranks()
        for position, rank in enumerate(ranks):
            if stage in rank:
                return ranks[position + 1 :]
        place = (stage.sequence, stage.id)
        return [rank for rank in ranks if (rank[0].sequence, rank[0].id) > place]
