from odoo import api, models
from odoo.exceptions import AccessError


class FlowTimeline(models.AbstractModel):
    """The printed timeline of documents: every step, for whoever may read them.

    Whoever may read single steps only gets those.
    """

    _name = "report.cs_helpdesk.flow_timeline"
    _description = "Timeline of a Flow"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        steps = self.env["cs.flow.step"].browse(docids)
        if data.get("res_model"):
            steps = self._get_all_steps(data["res_model"], data.get("res_ids"))
        else:
            steps.check_access("read")
        papers = [
            {
                "name": found[0].summary,
                "flow": found.flow_id[-1:].name,
                "steps": found.sorted("id"),
            }
            for found in steps.grouped(lambda s: (s.res_model, s.res_id)).values()
        ]
        return {"doc_ids": docids, "docs": steps, "papers": papers}

    def _get_all_steps(self, model, ids):
        """:raise AccessError: no such documents with steps, or not his to read"""
        Model = self.env.get(model)
        if Model is None or "step_ids" not in Model._fields:
            raise AccessError(self.env._("This document has no steps."))
        records = Model.browse([int(id_) for id_ in ids or []])
        records.check_access("read")
        return records.sudo().step_ids  # the documents were checked
