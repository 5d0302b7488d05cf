from odoo import api, fields, models


class CsPhraseScenario(models.Model):
    """A situation with a customer, and what one says in it (004-20 to 47, N37)."""

    _name = "cs.phrase.scenario"
    _description = "Phrase Scenario"
    _inherit = "cs.audit.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="By which call forms find the scenario.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    note = fields.Char(
        string="Hint", translate=True, help="Waiting times, or what may not be done."
    )
    # When its card comes first; empty: it is offered, but not first
    type_ids = fields.Many2many("cs.ticket.type", string="Ticket Types")
    channel_ids = fields.Many2many("helpdesk.ticket.channel", string="Channels")
    min_grade = fields.Integer(
        string="From Complaint Grade", aggregator=None, help="0: any grade."
    )
    phrase_ids = fields.One2many("cs.phrase", "scenario_id", string="Phrases")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A scenario with this code exists already."
    )

    @api.model
    @api.readonly
    def get_cards(self, type_id=False, channel_id=False, grade_level=0):
        """Cards for the panel beside the composer and the call form (N37).

        :param int type_id: ticket type, :param int channel_id: channel of the ticket
        :param int grade_level: complaint grade, 0 for none
        :return: list of dicts (id, code, name, note, say, never, step), the most
            fitting first; say and step are lists of texts, never of dicts (text,
            replacement, severity)
        """
        scenarios = self.search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )
        scored = [
            (scenario._get_fit(type_id, channel_id, int(grade_level or 0)), scenario)
            for scenario in scenarios
        ]
        scored.sort(key=lambda pair: -pair[0])
        return [scenario._get_card() for _fit, scenario in scored]

    def _get_fit(self, type_id, channel_id, grade_level):
        """How many conditions name just this ticket; -1 if one excludes it."""
        self.ensure_one()
        fit = 0
        for ids, value in (
            (self.type_ids.ids, type_id),
            (self.channel_ids.ids, channel_id),
        ):
            if ids and value in ids:
                fit += 2
            elif ids:
                return -1
        if self.min_grade:
            if grade_level < self.min_grade:
                return -1
            fit += 3 + self.min_grade
        return fit

    def _get_card(self):
        self.ensure_one()
        by_kind = self.phrase_ids.grouped("kind")
        empty = self.env["cs.phrase"]
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "note": self.note or "",
            "say": by_kind.get("say", empty).mapped("text"),
            "step": by_kind.get("step", empty).mapped("text"),
            "never": [
                {
                    "text": phrase.text,
                    "replacement": phrase.replacement or "",
                    "severity": phrase.severity,
                }
                for phrase in by_kind.get("never", empty)
            ],
        }
