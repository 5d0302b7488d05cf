import base64
import io

from PIL import Image

from .common_desk import DeskCase


class ChecklistCase(DeskCase):
    """A desk with a checklist of its own: one item of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checklist = cls.env["cs.checklist"].create(
            {
                "name": "Round",
                "code": "test_round",
                "area": "inspection",
                "group_id": cls.env.ref("cs_helpdesk.group_supervisor").id,
                "pass_score": 80,
                "item_ids": [
                    (0, 0, {"name": "Desk tidy", "points": 2, "photo_on_fail": True}),
                    (0, 0, {"name": "Locked", "fatal": True}),
                    (0, 0, {"name": "Manner", "kind": "score", "points": 4}),
                    (
                        0,
                        0,
                        {
                            "name": "Recordings",
                            "kind": "number",
                            "bounds": "min",
                            "minimum": 3,
                        },
                    ),
                    (0, 0, {"name": "Remark", "kind": "text", "required": False}),
                ],
            }
        )

    @staticmethod
    def picture(kind="PNG", size=(8, 8)):
        out = io.BytesIO()
        Image.new("RGB", size, "red").save(out, kind)
        return base64.b64encode(out.getvalue())

    def start(self, user=None, **kwargs):
        Checklist = self.env["cs.checklist"].with_user(user or self.supervisor)
        return Checklist._start_run("test_round", **kwargs)

    def answer(self, run, desk="yes", locked="yes", manner=4, recordings=3):
        by_name = {line.name: line for line in run.line_ids}
        by_name["Desk tidy"].answer = desk
        by_name["Locked"].answer = locked
        by_name["Manner"].score_value = manner
        by_name["Recordings"].number_value = recordings
        return run
