from odoo import Command

from .common_desk import DeskCase

# the smallest picture that is one
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class FlowCase(DeskCase):
    """Suggestions that follow flows made for the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lane = cls.env["res.groups"].create({"name": "Test Lane"})
        cls.worker = cls._worker("flow_worker")
        cls.colleague = cls._worker("flow_colleague")

    @classmethod
    def _worker(cls, login):
        user = cls._user(login, "group_agent")
        user.group_ids = [Command.link(cls.lane.id)]
        return user

    @classmethod
    def _flow(cls, *stages, code="test"):
        """A flow of stages given as (code, values)."""
        return cls.env["cs.flow"].create(
            {
                "name": f"Test {code}",
                "code": code,
                "res_model": "cs.suggestion",
                "stage_ids": [
                    Command.create(
                        {
                            "code": stage,
                            "name": stage.title(),
                            "sequence": number * 10,
                            "group_id": cls.lane.id,
                            **values,
                        }
                    )
                    for number, (stage, values) in enumerate(stages, 1)
                ],
            }
        )

    @classmethod
    def _record(cls, flow, user=None, **vals):
        user = user or cls.agent
        return (
            cls.env["cs.suggestion"]
            .with_user(user)
            .with_context(default_flow_id=flow.id)
            .create({"name": "Longer screws", "flow_id": flow.id, **vals})
            .with_user(cls.env.user)
        )

    def _steps(self, record):
        return [(s.code, s.state) for s in record.step_ids.sorted("id")]

    def _finish(self, record, user, **context):
        shown = record.with_user(user).sudo().current_step_id.id
        return (
            record.with_user(user)
            .with_context(cs_flow_step_id=shown, **context)
            .action_flow_finish()
        )
