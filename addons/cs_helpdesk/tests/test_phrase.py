import time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_desk import DeskCase


class PhraseCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket("inquiry", user_id=cls.agent.id)
        cls.scenario = cls.env["cs.phrase.scenario"].create(
            {
                "name": "Test",
                "code": "test",
                "phrase_ids": [
                    (
                        0,
                        0,
                        {
                            "kind": "never",
                            "text": "滚出去测试",
                            "replacement": "请您稍等",
                            "severity": "severe",
                        },
                    ),
                    (
                        0,
                        0,
                        {"kind": "never", "text": "测试轻语", "severity": "light"},
                    ),
                    (
                        0,
                        0,
                        {"kind": "never", "text": "测试中语", "severity": "medium"},
                    ),
                ],
            }
        )

    def _post(self, body, user=None, **values):
        values = {
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            **values,
        }
        ticket = self.ticket.with_user(user or self.agent)
        return ticket.message_post(body=body, **values)

    def _hits(self):
        return self.env["cs.phrase.hit"].search([("user_id", "=", self.agent.id)])


@tagged("post_install", "-at_install")
class TestPhrase(PhraseCase):
    def test_severe_word_is_not_sent(self):
        """N37, G12: severe words block a reply to the customer; one sentence says why.

        Nor is a sent message edited into one, however the word is dressed up.
        """
        for body in ("请您滚出去测试", "滚 出，去 测*试", "滚出<b>去</b>测试"):
            with self.assertRaisesRegex(UserError, "滚出去测试.*请您稍等"):
                self._post(body)
        self.assertFalse(self.ticket.message_ids.filtered(lambda m: "滚" in m.body))
        sent = self._post("请您稍等")
        with self.assertRaises(UserError):
            self.ticket.with_user(self.agent)._message_update_content(
                sent, body="滚出去测试"
            )

    def test_what_was_stopped_is_noted(self):
        """N37, 000-103: a refusal is noted once everything else is undone."""
        with self.enter_registry_test_mode():
            try:
                self.ticket.with_user(self.agent)._check_words("滚出去测试")
            except UserError:
                self.env.cr.postrollback.run()
        hit = self._hits()
        self.assertEqual(
            (hit.word, hit.severity, hit.outcome, hit.points),
            ("滚出去测试", "severe", "blocked", 0),
        )

    def test_light_and_medium_words_are_sent_and_noted(self):
        """N37, G12: light words warn, medium ones cost points; both feed QA."""
        self._post("测试轻语，测试中语")
        found = {hit.severity: (hit.outcome, hit.points) for hit in self._hits()}
        self.assertEqual(found, {"light": ("sent", 0), "medium": ("sent", -2)})
        self.assertEqual(self._hits().ticket_id, self.ticket)

    def test_notes_and_customers_are_not_checked(self):
        """N37: notes among colleagues and the customer's own words pass."""
        self._post("滚出去测试", subtype_xmlid="mail.mt_note")
        self.ticket.sudo().message_post(
            body="滚出去测试",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
        )
        self.assertFalse(self._hits())
        with self.assertRaises(UserError):
            self._post(
                "滚出去测试",
                subtype_xmlid="mail.mt_note",
                partner_ids=self.customer.ids,
            )

    def test_a_supervisor_may(self):
        """G12: a supervisor sends what is blocked for others; it is noted."""
        self._post("滚出去测试", user=self.supervisor)
        hit = self.env["cs.phrase.hit"].search([("user_id", "=", self.supervisor.id)])
        self.assertEqual((hit.outcome, hit.points), ("allowed", -100))

    def test_composer_wizard_is_checked(self):
        """N37: the full composer is checked as well, for one ticket and for many."""
        for mode in ("comment", "mass_mail"):
            wizard = (
                self.env["mail.compose.message"]
                .with_user(self.agent)
                .create(
                    {
                        "model": "helpdesk.ticket",
                        "res_ids": str(self.ticket.ids),
                        "composition_mode": mode,
                        "subtype_id": self.env.ref("mail.mt_comment").id,
                        "subject": "Answer",
                        "body": "<p>滚出去测试</p>",
                    }
                )
            )
            with self.assertRaises(UserError):
                wizard._action_send_mail()

    def test_ten_megabytes(self):
        """N37: ten megabytes are read through in seconds, tags and all."""
        for chunk in ("测 试。", "<", "不 ", "<p>不知</p>"):
            body = chunk * (10_000_000 // len(chunk.encode()))
            begin = time.monotonic()
            self.env["cs.phrase"]._find_in(body)
            self.assertLess(time.monotonic() - begin, 20)

    def test_the_scenarios_of_the_documents(self):
        """004-20, 004-47, 001-55, 001-58, 001-60: every scenario is there."""
        refs = self.env["ir.model.data"].search(
            [("model", "=", "cs.phrase.scenario"), ("module", "=", "cs_helpdesk")]
        )
        scenarios = self.env["cs.phrase.scenario"].browse(refs.mapped("res_id"))
        codes = set(scenarios.mapped("code"))
        self.assertEqual(len(codes), 36)
        ref = self.env.ref
        self.assertIn(
            "您好，欢迎致电监控中心呼叫热线，请问有什么可以帮助您！",
            ref("cs_helpdesk.scenario_greeting").phrase_ids.mapped("text"),
        )
        self.assertIn(
            "感谢您的来电",
            ref("cs_helpdesk.scenario_opening").phrase_ids.mapped("text"),
        )
        agitated = ref("cs_helpdesk.scenario_agitated").phrase_ids
        self.assertIn("克制自己的情绪", agitated.mapped("text"))
        self.assertTrue(ref("cs_helpdesk.scenario_cannot_answer").phrase_ids)
        self.assertTrue(ref("cs_helpdesk.scenario_complaint_set").phrase_ids)

    def test_musts_and_courtesy(self):
        """001-52, 001-53, 001-54, 001-59, 004-44: the rules behind the words."""
        ref = self.env.ref

        def texts(code):
            return ref(f"cs_helpdesk.scenario_{code}").phrase_ids.mapped("text")

        self.assertEqual(len(texts("three_musts")), 3)
        self.assertEqual(len(texts("three_must_nots")), 3)
        self.assertEqual(len(texts("four_sames")), 4)
        self.assertIn("记录电话，由能听懂的人回复", texts("dialect_help"))
        self.assertIn("不客气", texts("courtesy"))

    def test_taboo_words_of_the_documents(self):
        """000-103, 004-30, 004-33: the taboo lines are found in a reply."""
        found = self.env["cs.phrase"]._find_in("你 听不懂 吗?")
        self.assertIn("你听不懂吗", found.mapped("text"))
        with self.assertRaises(UserError):
            self._post("嘴巴干净一点，这又不是我的错呀")
        with self.assertRaises(UserError):
            self._post("我不清楚,您过两天再来电话吧.")

    def test_card_of_the_scenario(self):
        """N37, 000-101: the card that fits the ticket comes first."""
        complaint = self.env.ref("cs_helpdesk.type_complaint").id
        cards = (
            self.env["cs.phrase.scenario"]
            .with_user(self.agent)
            .get_cards(type_id=complaint, grade_level=3)
        )
        self.assertEqual(cards[0]["code"], "abusive")
        self.assertTrue(cards[0]["say"] and cards[0]["never"] and cards[0]["step"])
        plain = self.env["cs.phrase.scenario"].get_cards(type_id=complaint)
        self.assertNotEqual(plain[0]["code"], "abusive")

    def test_who_may_change_phrases(self):
        """N37: supervisors write the library, agents read it, nobody edits hits."""
        with self.assertRaises(AccessError):
            self.scenario.with_user(self.agent).phrase_ids[0].text = "x"
        self.scenario.with_user(self.supervisor).phrase_ids[0].text = "别的话测试"
        self._post("测试轻语")
        with self.assertRaises(AccessError):
            self._hits().with_user(self.supervisor).unlink()
        self.assertFalse(self.env["cs.phrase.hit"].with_user(self.agent2).search([]))
        with self.assertRaises(ValidationError):
            self.scenario.phrase_ids[0].text = "！？"


@tagged("post_install", "-at_install")
class TestPhraseHttp(PhraseCase, HttpCase):
    @mute_logger("odoo.http")
    def test_posting_from_the_web_client(self):
        """N37: the client posts with rights of its own; it is checked all the same."""
        self.authenticate("desk_agent", "desk_agent")
        data = {
            "thread_model": "helpdesk.ticket",
            "thread_id": self.ticket.id,
            "post_data": {
                "body": "滚出去测试",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
        }
        answer = self.make_jsonrpc_request_raw(data)
        self.assertIn("滚出去测试", answer["error"]["data"]["message"])

    def make_jsonrpc_request_raw(self, params):
        return self.url_open(
            "/mail/message/post",
            json={"jsonrpc": "2.0", "method": "call", "id": 1, "params": params},
        ).json()

    def test_the_hint_under_the_composer(self):
        """N37: the card fills the reply; a severe word is shown and not sent."""
        self.agent.lang = "en_US"
        self.scenario.sequence = -1
        self.scenario.type_ids = self.ticket.type_id
        self.scenario.phrase_ids = [(0, 0, {"kind": "say", "text": "请您稍等"})]
        self.start_tour(
            f"/odoo/workbench/{self.ticket.id}",
            "cs_helpdesk_phrase_hint",
            login="desk_agent",
        )
        self.env.invalidate_all()
        bodies = "".join(self.ticket.message_ids.mapped("body"))
        self.assertIn("请您稍等一下", bodies)
        self.assertNotIn("滚", bodies)
