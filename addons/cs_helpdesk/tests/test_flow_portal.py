import re

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .flow_common import PIXEL, FlowCase


@tagged("post_install", "-at_install")
class TestFlowPortal(HttpCase, FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal.password = "desk_portal"
        cls.stranger_portal = cls.portal.copy({"login": "portal_other"})
        cls.stranger_portal.password = "portal_other"

    def _outside(self, **stage):
        """A step that belongs to the portal user's partner."""
        flow = self._flow(("outside", stage), ("inside", {}), code="portal")
        record = self._record(flow)
        step = record.current_step_id
        step.write(
            {
                "group_id": False,
                "user_id": False,
                "partner_id": self.portal.partner_id.id,
            }
        )
        return record, step

    def _post(self, step, **data):
        page = self.url_open(f"/my/step/{step.id}")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        values = {"csrf_token": token.group(1) if token else "", **data}
        return self.url_open(f"/my/step/{step.id}/finish", data=values)

    @mute_logger("odoo.http")
    def test_finish_twice(self):
        """000-25: an outside party finishes its step by POST, once; no one else's."""
        record, step = self._outside()
        self.authenticate("portal_other", "portal_other")
        self.assertTrue(self.url_open(f"/my/step/{step.id}").url.endswith("/my"))
        self._post(step)
        self.assertEqual(step.state, "running")
        self.authenticate("desk_portal", "desk_portal")
        page = self.url_open(f"/my/step/{step.id}")
        self.assertIn("Longer screws", page.text)
        self.assertEqual(
            self.url_open(f"/my/step/{step.id}/finish", data={"note": "x"}).status_code,
            400,
        )
        self.assertEqual(step.state, "running")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        data = {"csrf_token": token.group(1), "note": "Seen"}
        for _press in range(2):
            self.url_open(f"/my/step/{step.id}/finish", data=data)
        step.invalidate_recordset()
        self.assertEqual((step.state, step.note), ("done", "Seen"))
        self.assertEqual(step.finished_by_id, self.portal)
        self.assertEqual(self._steps(record)[1:], [("inside", "running")])
        with self.assertRaises(AccessError):
            step.with_user(self.portal).read(["name"])

    def test_sign(self):
        """000-25: a portal signature bears name, time and address; a wrong person is
        refused with one sentence."""
        _record, step = self._outside(signature=True)
        self.authenticate("portal_other", "portal_other")
        url = f"/my/step/{step.id}/sign"
        wrong = self.make_jsonrpc_request(url, {"name": "X", "signature": PIXEL})
        self.assertIn("error", wrong)
        self.authenticate("desk_portal", "desk_portal")
        nothing = self.make_jsonrpc_request(url, {"name": "Li"})
        self.assertIn("error", nothing)
        signed = self.make_jsonrpc_request(url, {"name": "Li", "signature": PIXEL})
        self.assertTrue(signed["force_refresh"])
        step.invalidate_recordset()
        self.assertEqual((step.state, step.signed_name), ("done", "Li"))
        self.assertTrue(step.signed_ip and step.signed_at)

    def test_by_link(self):
        """000-25: by a document's link one reads plain values of its step alone."""
        Step = self.env["cs.flow.step"]
        _record, step = self._outside()
        self.assertEqual(
            Step._get_portal_step_by_token("cs.suggestion", step.res_id, "x"), {}
        )
        self.assertEqual(Step._get_portal_step_by_token("no.such", 1, "x"), {})
        values = step.with_user(self.portal)._get_portal_values()
        self.assertNotIn("requester_id", values)
        self.assertEqual(values["summary"], "Longer screws")

    def test_timeline_prints(self):
        """000-25: the timeline prints every step with who, when and his signature."""
        flow = self._flow(("first", {"signature": True}), ("second", {}))
        record = self._record(flow)
        self._finish(record, self.worker, cs_flow_signature=PIXEL)
        action = record.with_user(self.agent).action_flow_print()
        report = self.env["ir.actions.report"].with_user(self.agent)
        html, _kind = report._render_qweb_html(
            action["report_name"], record.step_ids.ids, data=action["data"]
        )
        for words in ("First", "Second", self.worker.name, "data:image/png"):
            self.assertIn(words, html.decode())
        data = {"res_model": "res.users", "res_ids": [1]}
        with self.assertRaises(AccessError):
            report._render_qweb_html(action["report_name"], [], data=data)

    def test_my_steps(self):
        """003-11: lanes list their own steps, in a number of queries that stays."""
        flow = self._flow(("first", {"bulk": True}), code="bulk")
        records = self.env["cs.suggestion"]
        for _number in range(3):
            records |= self._record(flow)
        Step = self.env["cs.flow.step"].with_user(self.worker)
        fields = ["summary", "name", "deadline", "owner_name", "is_mine", "state"]

        def read(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            mine = Step.search([("is_mine", "=", True)], limit=limit, order="deadline")
            mine.read(fields)
            return self.cr.sql_log_count - before

        read(1)
        few = read(1)
        for _number in range(77):
            records |= self._record(flow)
        many = read(80)
        self.assertLessEqual(many, few + 2)
        mine = Step.search([("res_id", "in", records.ids), ("is_mine", "=", True)])
        self.assertEqual(len(mine), 80)
        mine[:2].action_finish()
        self.assertEqual(set(mine[:2].mapped("state")), {"done"})
        other = self.env["cs.flow.step"].with_user(self.stranger)
        self.assertFalse(other.search([("res_id", "in", records.ids)]))
        self.lane.user_ids = [Command.unlink(self.colleague.id)]
        gone = self.env["cs.flow.step"].with_user(self.colleague)
        self.assertFalse(gone.search([("is_mine", "=", True)]) & mine)
