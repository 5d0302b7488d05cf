from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.call_timeline import FACTS

# G11: the course of a call; each step with the scenario of its phrases
STEPS = ("greet", "identify", "listen", "restate", "handle", "confirm", "promise",
         "close", "log")
# 004-21…24, 43: what is said when the line is bad, and what else is noted
PROMPTS = ("silent_1", "silent_2", "silent_3", "low_voice", "noise", "stays_1",
           "stays_2", "hang_up", "knowledge", "warned")
SCENARIOS = {
    "greet": "004-20",
    "silent": "004-21",
    "low_voice": "004-23",
    "noise": "004-24",
    "late": "004-29",
    "stays": "004-43",
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
        help="The caller has said who he is, and it fits: a number alone proves nothing."
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
            "greet": self.env._("Give the greeting of the house, then ask what is needed."),
            "identify": self.env._(
                "Ask for name and order or address: the number alone proves no identity."
            ),
            "listen": self.env._("Let him finish; write down his words."),
            "restate": self.env._("Repeat the matter in your own words and let him agree."),
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
                    "The customer hangs up first. The agent may after the prompts for a "
                    "bad line, or after two warnings."
                )
            )

    def get_prompt_phrases(self):
        """What to say in each scenario of the line (004-20…43).

        :return: {scenario: text}; only those the phrase library holds
        """
        self.ensure_one()
        self.check_access("read")
        if "cs.phrase" not in self.env:
            return {}
        return self.env["cs.phrase"]._get_scenario_texts(SCENARIOS)

    def action_knowledge(self):
        """G07, 001-66: the knowledge base comes before the answer."""
        self.ensure_one()
        self.log_prompt("knowledge")
        xmlid = "cs_helpdesk.cs_article_action"
        if not self.env.ref(xmlid, raise_if_not_found=False):
            raise UserError(self.env._("There is no knowledge base yet."))
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        words = (self.request or "").strip()[:60]
        if words:
            action["context"] = {"search_default_search_words": words}
        return action
