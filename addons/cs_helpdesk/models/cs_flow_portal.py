from odoo import api, models
from odoo.tools import consteq


class CsFlowPortal(models.AbstractModel):
    """A step in the hands of an outside party: dealer, customer, installer."""

    _name = "cs.flow.portal"
    _description = "Flow Step in the Portal"

    def _get_portal_values(self):
        """What an outside party reads of a step; nothing else of the document."""
        self.ensure_one()
        step = self.sudo()  # the caller has checked the party or its token
        return {
            "id": step.id,
            "name": step.name,
            "summary": step.summary,
            "description": step.description,
            "state": step.state,
            "running": step.state == "running",
            "needs_signature": step.needs_signature,
            "deadline": step.deadline,
            "late": step.overdue,
            "finished_at": step.finished_at,
            "signed_name": step.signed_name,
        }

    @api.model
    def _get_portal_step(self, step_id):
        """The step of an outside party who has logged in, or an empty one.

        His partner or his company must be the owner.
        """
        # sudo: portal users read no steps; the owner is compared here
        step = self.sudo().browse(step_id).exists()
        if step.partner_id and step.partner_id in self._get_partners(self.env.user):
            return step.sudo(False)
        return self.browse()

    @api.model
    def _get_portal_step_by_token(self, res_model, res_id, access_token):
        """The open step of a document whose link somebody holds, as plain values.

        :return: dict, empty when the link does not fit or nothing is open
        """
        Model = self.env.get(res_model)
        if Model is None or not {"step_ids", "access_token"} <= Model._fields.keys():
            return {}
        record = Model.sudo().browse(res_id).exists()  # the token is compared here
        token = record.access_token
        if not (token and access_token and consteq(token, access_token)):
            return {}
        step = record.step_ids.filtered(lambda s: s.state == "running" and s.partner_id)
        return step[:1]._get_portal_values() if step else {}
