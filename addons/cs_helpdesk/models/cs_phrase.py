from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import phrase_match

SEVERITIES = [("light", "Light"), ("medium", "Medium"), ("severe", "Severe")]
# G12: light warns, medium costs two points, severe fails the whole check
POINTS = {"light": 0, "medium": -2, "severe": -100}


class CsPhrase(models.Model):
    """What to say, what never to say and which step to take in a scenario (N37)."""

    _name = "cs.phrase"
    _description = "Phrase"
    _inherit = "cs.audit.mixin"
    _order = "scenario_id, kind, sequence, id"
    _rec_name = "text"

    scenario_id = fields.Many2one(
        "cs.phrase.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scenario_id.company_id", store=True)
    kind = fields.Selection(
        [("say", "Say"), ("never", "Never Say"), ("step", "Step")],
        required=True,
        default="say",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    text = fields.Char(required=True)
    replacement = fields.Char(string="Say Instead")
    severity = fields.Selection(
        SEVERITIES,
        default="light",
        required=True,
        help="Of what is never said: light warns, medium also costs points, severe is "
        "not sent at all unless a supervisor does it.",
    )
    in_writing = fields.Boolean(
        string="Checked in Writing",
        compute="_compute_in_writing",
        store=True,
        readonly=False,
        help="Looked for in replies; off for what can only happen on the telephone.",
    )

    @api.depends("kind")
    def _compute_in_writing(self):
        for phrase in self:
            phrase.in_writing = phrase.kind == "never"

    @api.constrains("text", "kind", "in_writing")
    def _check_text(self):
        for phrase in self:
            if phrase.in_writing and not phrase_match.fold(phrase.text):
                raise ValidationError(
                    self.env._(
                        "“%(text)s” has no letters that could be found in a reply.",
                        text=phrase.text,
                    )
                )

    # ------------------------------------------------------------------
    # Words that are never said
    # ------------------------------------------------------------------
    @api.model
    @api.readonly
    def get_never_words(self):
        """What the composer looks for while one types.

        :return: list of dicts: id, text, replacement, severity
        """
        return [
            {
                "id": phrase.id,
                "text": phrase.text,
                "replacement": phrase.replacement or "",
                "severity": phrase.severity,
            }
            for phrase in self._get_checked()
        ]

    @api.model
    def _get_checked(self):
        return self.search(
            [
                ("in_writing", "=", True),
                ("kind", "=", "never"),
                ("company_id", "in", [False, *self.env.companies.ids]),
            ]
        )

    @api.model
    def _find_in(self, body):
        """Phrases never said that occur in an HTML body or text.

        :return: ``cs.phrase``, the gravest first
        """
        if not body:
            return self.browse()
        checked = self._get_checked()
        pairs = [(phrase.id, phrase.text) for phrase in checked]
        found = self.browse(phrase_match.find(phrase_match.plain(str(body)), pairs))
        weight = [code for code, _label in SEVERITIES]
        return found.sorted(lambda p: -weight.index(p.severity))

    def _get_refusal(self):
        """One sentence: what may not be said, and what to say instead."""
        self.ensure_one()
        if self.replacement:
            return self.env._(
                "“%(word)s” may not be said to a customer. Please say: “%(better)s”",
                word=self.text,
                better=self.replacement,
            )
        return self.env._(
            "“%(word)s” may not be said to a customer. Please put it differently, or "
            "ask your supervisor.",
            word=self.text,
        )
