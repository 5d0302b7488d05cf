from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.call_timeline import FACTS

# G11: the course of a call; each step with the scenario of its phrases
STEPS = (
    "greet",
    "identify",
    "listen",
    "restate",
    "handle",
    "confirm",
    "promise",
    "close",
    "log",
)
# 004-21…24, 43: what is said when the line is bad, and what else is noted
PROMPTS = (
    "silent_1",
    "silent_2",
    "silent_3",
    "low_voice",
    "noise",
    "stays_1",
    "stays_2",
    "hang_up",
    "knowledge",
    "warned",
)
# step of the guide, or prompt of a bad line -> scenario of its phrases
SCENARIOS = {
    "greet": "opening",
    "late": "hard_to_reach",
    "handle": "looking_up",
    "confirm": "understood",
    "promise": "inquiry_later",
    "close": "ending",
    "silent": "silent_call",
    "low_voice": "low_voice",
    "noise": "noise",
    "stays": "no_hang_up",
    "dialect": "dialect",
    "hands_free": "hands_free",
    "cannot_answer": "cannot_answer",
}


class CsCallGuide(models.AbstractModel):
    """The guided call: one step after the other, each with its moment (G11)."""

    _name = "cs.call.guide"
    _description = "Call: Guide"

    guide_step = fields.Selection(
        [
            ("greet", "Greet"),
            ("identify", "Identify"),
            ("listen", "Listen"),
            ("restate", "Repeat"),
            ("handle", "Handle"),
            ("confirm", "Confirm"),
            ("promise", "Promise"),
            ("close", "Closing"),
            ("log", "Record"),
        ],
        default="greet",
        required=True,
        copy=False,
    )
    guide_hint = fields.Char(compute="_compute_guide_hint")
    identified = fields.Boolean(
        help="The caller said who he is, and it fits: a number alone proves nothing."
    )
    knowledge_asked = fields.Boolean(
        string="Looked Up", help="The knowledge base was asked before the answer."
    )

    @api.depends("guide_step", "answered_late", "identified")
    @api.depends_context("lang")
    def _compute_guide_hint(self):
        hints = self._get_guide_hints()
        for call in self:
            call.guide_hint = hints[call.guide_step]
            if call.guide_step == "greet" and call.answered_late:
                call.guide_hint = self.env._(
                    "It rang more than three times: say sorry for the wait first."
                )

    @api.model
    def _get_guide_hints(self):
        return {
            "greet": self.env._(
                "Give the greeting of the house, then ask what is needed."
            ),
            "identify": self.env._(
                "Ask for name and order or address: a number alone proves no identity."
            ),
            "listen": self.env._("Let him finish; write down his words."),
            "restate": self.env._(
                "Repeat the matter in your own words and let him agree."
            ),
            "handle": self.env._(
                "Look it up first. What you do not know: no guess, agree a return call."
            ),
            "confirm": self.env._("Ask whether the answer was understood and helps."),
            "promise": self.env._("Say what happens next and until when; keep to it."),
            "close": self.env._("Thank him; he hangs up first."),
            "log": self.env._("Complete class, matter and outcome within 60 seconds."),
        }

    def action_guide_next(self):
        """The step on the screen is done; its moment is kept."""
        for call in self:
            call._check_own()
            step = self.env.context.get("cs_guide_step", call.guide_step)
            if step != call.guide_step or step == STEPS[-1]:
                continue  # a second press of the same button
            call._add_event(step, fields.Datetime.now(), self.env.user)
            call.guide_step = STEPS[STEPS.index(step) + 1]

    def action_guide_back(self):
        for call in self:
            call._check_own()
            place = STEPS.index(call.guide_step)
            call.guide_step = STEPS[max(place - 1, 0)]

    def log_prompt(self, code):
        """Note that a prompt was spoken, or that the agent hung up after it.

        :param str code: one of ``PROMPTS``
        :raise UserError: an unknown code, or hanging up on a speaking customer
        """
        self.ensure_one()
        if code not in PROMPTS or code in FACTS:
            raise UserError(self.env._("There is no prompt “%(code)s”.", code=code))
        self._check_own()
        if code == "hang_up":
            self._check_may_hang_up()
        self._add_event(code, fields.Datetime.now(), self.env.user)
        if code == "knowledge":
            self.knowledge_asked = True
        elif code == "hang_up":
            if self.state == "answered" and not self.cti_call_id:
                self._press("ended")
            if not self.outcome:
                self.outcome = "silent" if self._has_event("silent_3") else "dropped"
        return True

    def _has_event(self, *codes):
        return bool(self.event_ids.filtered(lambda e: e.event in codes))

    def _check_may_hang_up(self):
        """004-21, 004-24, 004-43, G08: an agent hangs up after the prompts only."""
        prompted = self._has_event("silent_3", "low_voice", "noise", "stays_2")
        if not prompted and self.warning_count < 2:
            raise UserError(
                self.env._(
                    "The customer hangs up first. The agent may after the prompts "
                    "for a bad line, or after two warnings."
                )
            )

    def get_prompt_phrases(self):
        """What to say, and never to say, at each step and on a bad line (004-20…43).

        :return: {step or prompt: card of the scenario}
        """
        self.ensure_one()
        self.check_access("read")
        scenarios = self.env["cs.phrase.scenario"].search(
            [
                ("code", "in", list(SCENARIOS.values())),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        cards = {scenario.code: scenario._get_card() for scenario in scenarios}
        return {key: cards[code] for key, code in SCENARIOS.items() if code in cards}

    def action_knowledge(self):
        """G07, 001-66: the knowledge base comes before the answer."""
        self.ensure_one()
        self.log_prompt("knowledge")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "cs_helpdesk.cs_article_action"
        )
        words = (self.request or "").strip()[:60]
        action["context"] = {
            "search_default_published": 1,
            "search_default_question": words or False,
        }
        return action
