from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestLeak(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sign_undertaking(cls.agent)

    def report(self, user=None, by=None, **vals):
        return (
            self.env["cs.leak.report"]
            .with_user(by or self.supervisor)
            .create(
                {
                    "name": "List of customers sold",
                    "user_id": (user or self.agent2).id,
                    "evidence": "Screenshot of the offer, kept below.",
                    **vals,
                }
            )
        )

    def test_locks_at_once(self):
        """000-06, 000-119: written down with evidence, the account is locked."""
        report = self.report()
        self.assertFalse(self.agent2.active)
        self.assertEqual(report.state, "locked")
        self.assertIn("locked", report.message_ids[0].body)
        with self.assertRaises(UserError):
            report.user_id = self.agent
        with self.assertRaises(UserError):
            report.sudo().unlink()

    def test_who(self):
        """000-119: only a supervisor; never himself, the system or the last admin."""
        with self.assertRaises(AccessError):
            self.report(by=self.agent)
        with self.assertRaisesRegex(UserError, "himself"):
            self.report(user=self.supervisor)
        with self.assertRaises(UserError):
            self.report(user=self.env["res.users"].browse(SUPERUSER_ID))
        group = self.env.ref("base.group_system")
        admins = group.all_user_ids.filtered(
            lambda u: u.active and u.id != SUPERUSER_ID
        )
        self.agent.group_ids += group
        for other in admins:
            other.active = False
        with self.assertRaisesRegex(UserError, "last administrator"):
            self.report(user=self.agent)
        self.assertTrue(self.agent.active)

    def test_ladder_and_unlock(self):
        """000-119: the ladder proposes; a manager gives the account back."""
        words = {
            ("negligent", 3): "training",
            ("harm", 3): "Suspension",
            ("intentional", 1): "authorities",
            ("negligent", 50): "authorities",
        }
        report = self.report()
        for (intent, count), word in words.items():
            report.write({"intent": intent, "person_count": count})
            self.assertIn(word, report.proposal)
        with self.assertRaisesRegex(UserError, "decision"):
            report.action_close()
        with self.assertRaises(AccessError):
            report.action_unlock()
        report.with_user(self.manager).action_unlock()
        self.assertTrue(self.agent2.active)
        self.assertEqual(report.unlocked_by_id, self.manager)
        second = self.report()
        third = self.report(name="Again")
        second.with_user(self.manager).action_unlock()
        self.assertFalse(self.agent2.active, "another report keeps it locked")
        third.decision = "Warning, by the manager"
        third.action_close()
        self.assertEqual(third.state, "closed")

    def test_alerts(self):
        """000-117, 000-119: many reveals an hour raise one alert with tasks."""
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_alert_count", 3)
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_hour_from", 0)
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_hour_to", 24)
        watcher = self._user("desk_watcher", "group_supervision")
        customer = self.customer.with_user(self.agent)
        Alert = self.env["cs.leak.alert"]
        for count in range(1, 6):
            customer.action_reveal("cs_phone", "回访")
            alerts = Alert.search([("user_id", "=", self.agent.id)])
            self.assertEqual(len(alerts), int(count >= 3))
        self.assertEqual((alerts.kind, alerts.reveal_count), ("mass", 5))
        self.assertEqual(alerts.activity_ids.user_id & watcher, watcher)
        self.assertIn(self.supervisor, alerts.activity_ids.user_id)
        with self.assertRaisesRegex(UserError, "explanation"):
            alerts.with_user(self.supervisor).action_explained()
        alerts.explanation = "A recall"
        alerts.with_user(self.supervisor).action_explained()
        self.assertEqual(alerts.state, "explained")

    def test_odd_hour(self):
        """000-117: a reveal at night is told to the supervision."""
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_hour_from", 0)
        self.env["ir.config_parameter"].set_param("cs_helpdesk.reveal_hour_to", 0.001)
        self.customer.with_user(self.agent).action_reveal("cs_phone", "回访")
        alert = self.env["cs.leak.alert"].search([("user_id", "=", self.agent.id)])
        self.assertEqual(alert.kind, "odd")
        report = self.report(user=self.agent, alert_id=alert.id)
        self.assertEqual((alert.state, report.alert_id), ("leak", alert))


@tagged("post_install", "-at_install")
class TestLeakSession(DeskCase, HttpCase):
    @mute_logger("odoo.http")
    def test_sessions_end(self):
        """000-119: who is logged in is out, and cannot come back."""
        self.authenticate("desk_agent2", "desk_agent2")
        url = "/web/dataset/call_kw/res.partner/search_count"
        params = {
            "model": "res.partner",
            "method": "search_count",
            "args": [[]],
            "kwargs": {},
        }
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        self.assertIn("result", self.url_open(url, json=body).json())
        self.env["cs.leak.report"].with_user(self.supervisor).create(
            {"name": "Leak", "user_id": self.agent2.id, "evidence": "Log"}
        )
        self.env.flush_all()
        answer = self.url_open(url, json=body).json()
        self.assertIn("SessionExpired", answer["error"]["data"]["name"])
