from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .route_common import RouteCase


@tagged("post_install", "-at_install")
class TestLine(RouteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.line"].search([]).active = False
        cls.env.flush_all()
        cls.line = cls.env["cs.line"].create(
            {
                "name": "Complaints",
                "key": "4",
                "call_class": "complaint",
                "team_id": cls.team.id,
            }
        )
        cls.agent.phone_extension, cls.agent2.phone_extension = "801", "802"

    def _ask(self, code="complaint", number="13812345678", at_work=True):
        Line = type(self.line)
        with patch.object(Line, "_is_open", lambda *_: at_work):
            return (
                self.env["cs.line"].with_user(self.supervisor).route_call(number, code)
            )

    def test_class_to_team_to_fallback(self):
        """000-104: class, team, fallback; certified first, who speaks is left alone"""
        answer = self._ask()
        self.assertEqual(answer["action"], "ring")
        self.assertEqual(
            [agent["extension"] for agent in answer["agents"]], ["801", "802"]
        )
        self.assertEqual((answer["ring_seconds"], answer["queue_seconds"]), (20, 60))
        skill = self.env.ref("cs_helpdesk.skill_complaint")
        self.line.skill_id = skill
        self._skilled(self.agent2, skill)
        found = self._ask("4")
        self.assertEqual([agent["login"] for agent in found["agents"]], ["desk_agent2"])
        self.env["cs.call"].sudo().create(
            {
                "direction": "in",
                "user_id": self.agent2.id,
                "state": "answered",
                "cti_call_id": "busy",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._ask()["agents"], [])
        second = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Fallback",
                "service_desk": True,
                "user_ids": [(4, self.supervisor.id)],
                "route_on_shift": False,
            }
        )
        self.line.fallback_team_id = second
        found = self._ask()
        self.assertEqual([a["login"] for a in found["agents"]], ["desk_supervisor"])

    def test_closed(self):
        """000-104: outside working hours the duty telephone, without one voicemail"""
        self.assertEqual(self._ask(at_work=False)["action"], "voicemail")
        self.kind.is_duty = True
        answer = self._ask(at_work=False)
        self.assertEqual(answer["action"], "duty")
        self.assertEqual(len(answer["agents"]), 2)
        self.env["cs.shift"].search([("kind_id", "=", self.kind.id)]).state = "draft"
        self.line.duty_number = "13900000000"
        answer = self._ask(at_work=False)
        self.assertEqual(
            (answer["action"], answer["duty_number"]), ("duty", "13900000000")
        )

    def test_speaks_his_language(self):
        """000-104: the known caller's language first"""
        dialect = self.env.ref("cs_helpdesk.skill_cantonese")
        self._rule("language")
        self.customer.spoken_id = dialect
        self._skilled(self.agent2, dialect)
        found = [agent["login"] for agent in self._ask()["agents"]]
        self.assertEqual(found, ["desk_agent2", "desk_agent"])
        other = [agent["login"] for agent in self._ask(number="")["agents"]]
        self.assertEqual(other, ["desk_agent", "desk_agent2"])

    def test_who_may_ask(self):
        """000-104: the telephone system and supervisors; an unknown class is told"""
        with self.assertRaises(AccessError):
            self.env["cs.line"].with_user(self.agent).route_call("1", "complaint")
        with self.assertRaises(UserError):
            self._ask("no such")
