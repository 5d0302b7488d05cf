from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class FlowPortal(CustomerPortal):
    """An outside party looks at its step, and finishes or signs it."""

    @http.route(
        "/my/step/<int:step_id>", type="http", auth="user", website=True, readonly=True
    )
    def portal_flow_step(self, step_id, **kw):
        step = request.env["cs.flow.step"]._get_portal_step(step_id)
        if not step:
            return request.redirect("/my")
        return request.render(
            "cs_helpdesk.portal_flow_step",
            {
                "page_name": "flow_step",
                "step": step._get_portal_values(),
                "refused": request.session.pop("flow_step_refused", None),
            },
        )

    @http.route(
        "/my/step/<int:step_id>/finish",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_flow_finish(self, step_id, note="", **kw):
        """Finish the step; a second press changes nothing."""
        step = request.env["cs.flow.step"]._get_portal_step(step_id)
        if not step:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                step._finish(note=note.strip()[:500] or None)
        except UserError as refusal:
            request.session["flow_step_refused"] = str(refusal)
        return request.redirect(f"/my/step/{step_id}")

    @http.route("/my/step/<int:step_id>/sign", type="jsonrpc", auth="user")
    def portal_flow_sign(self, step_id, name=None, signature=None):
        """Sign the step, as the portal's signature form sends it.

        :return: dict with redirect_url, or with error as one sentence
        """
        step = request.env["cs.flow.step"]._get_portal_step(step_id)
        if not step:
            return {"error": request.env._("This step is not yours to sign.")}
        try:
            with request.env.cr.savepoint():
                step._finish(signature=signature, signed_name=name)
        except UserError as refusal:
            return {"error": str(refusal)}
        return {"force_refresh": True, "redirect_url": f"/my/step/{step_id}"}
