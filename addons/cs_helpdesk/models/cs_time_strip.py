from collections import defaultdict

from odoo import api, fields, models

from ..lib.strip import split_age


class CsTimeStrip(models.AbstractModel):
    """Who used the time of a record: shares that add up to its age (N28)."""

    _name = "cs.time.strip"
    _description = "Time Strip"

    time_strip = fields.Json(
        compute="_compute_time_strip", export_string_translation=False
    )

    def _get_age_end(self):
        """When the record stopped ageing, or False while it is open."""
        self.ensure_one()
        return False

    def _get_age_begin(self):
        self.ensure_one()
        return self.create_date

    @api.depends("clock_ids.state", "clock_ids.overdue")
    @api.depends_context("lang")
    def _compute_time_strip(self):
        facts = self.env["cs.clock.fact"].sudo()  # a share of the record's own time
        if self.ids:
            facts = facts.search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("event", "in", ("hold", "pause", "resume", "stop", "cancel")),
                ]
            )
        by_record = defaultdict(facts.browse)
        for fact in facts:
            by_record[fact.res_id] |= fact
        for record in self:
            record.time_strip = record.id and record._get_time_strip(
                by_record[record.id]
            )

    def _get_time_strip(self, facts):
        """:return: dict for the strip widget: age in seconds and shares of it"""
        begin = self._get_age_begin()
        end = self._get_age_end() or fields.Datetime.now()
        if not begin or end <= begin:
            return {"age": 0, "shares": []}
        company = self.env["res.company"].browse(self._get_clock_owner()["company_id"])
        calendar = company.sudo().service_calendar_id
        holds = [
            (fact.at, self._get_holder(fact)) for fact in facts if fact.event == "hold"
        ]
        shares = split_age(
            begin, end, holds, self._get_waits(facts), calendar._worktime_between
        )
        parties = dict(
            self.env["cs.clock.reason"]
            ._fields["party"]
            ._description_selection(self.env)
        )
        labels = {
            "hold": lambda who: (who and who[1]) or self.env._("Nobody yet"),
            "wait": lambda who: parties.get(who),
            "closed": lambda who: self.env._("Closed Hours"),
        }
        return {
            "age": (end - begin).total_seconds(),
            "shares": [
                {
                    "kind": kind,
                    "party": who if kind == "wait" else None,
                    "label": labels[kind](who),
                    "seconds": seconds,
                }
                for kind, who, seconds in shares
            ],
        }

    def _get_holder(self, fact):
        """Who has the record from a fact on: (what tells him apart, his name)."""
        step = fact.step_id
        if step:
            owner = step.group_id or step.user_id or step.partner_id
            return (f"{owner._name}-{owner.id}", owner.sudo().display_name)
        return (fact.team_id.id, fact.team_id.name)

    @api.model
    def _get_waits(self, facts):
        """Pauses as (from, to, party): from the first clock that waits to the last."""
        waits, waiting, since, party = [], set(), None, None
        for fact in facts.sorted(lambda f: (f.at, f.id)):
            if fact.event == "pause":
                if not waiting:
                    since, party = fact.at, fact.reason_id.party
                waiting.add(fact.clock_id.id)
            elif fact.clock_id.id in waiting:
                waiting.discard(fact.clock_id.id)
                if not waiting:
                    waits.append((since, fact.at, party))
        if waiting:
            waits.append((since, None, party))
        return waits
