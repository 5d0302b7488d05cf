from odoo import api, fields, models


class CsRouteDecision(models.Model):
    """Why a ticket went to a person, or to nobody yet; append-only."""

    _name = "cs.route.decision"
    _description = "Routing Decision"
    _order = "id desc"
    _log_access = False

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    at = fields.Datetime(string="When", required=True)
    occasion = fields.Selection(
        [
            ("new", "Automatic"),
            ("button", "Button"),
            ("unaccepted", "Not Accepted in Time"),
            ("unopened", "Not Opened in Time"),
        ],
        required=True,
    )
    by_id = fields.Many2one("res.users", string="Pressed by")
    from_user_id = fields.Many2one("res.users", string="Before")
    user_id = fields.Many2one("res.users", string="Given to")
    details = fields.Json(required=True, export_string_translation=False)
    explanation = fields.Text(string="Why", compute="_compute_explanation")

    @api.depends("details", "user_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for decision in self:
            decision.explanation = "\n".join(decision._explain())

    def _explain(self):
        """Sentences in the reader's language: who was considered, and why this one."""
        self.ensure_one()
        details = self.details or {}
        lines = [
            self.env._(
                "%(members)s in the team: %(absent)s absent, %(off)s off shift, "
                "%(unfit)s not qualified, %(paused)s take no new tickets; "
                "%(pool)s could take it.",
                **{
                    name: details.get(name, 0)
                    for name in ("members", "absent", "off", "unfit", "paused", "pool")
                },
            )
        ]
        names = self._get_rule_names()
        for rule, name, before, after, outcome in details.get("rules", ()):
            lines.append(
                self._explain_rule(names.get(rule, name), before, after, outcome)
            )
        lines.append(self._explain_result(details))
        return lines

    def _get_rule_names(self):
        ids = [row[0] for row in (self.details or {}).get("rules", ())]
        # sudo: the name of a rule is what the reader is told
        rules = self.env["cs.route"].sudo().with_context(active_test=False)
        return {rule.id: rule.name for rule in rules.browse(ids).exists()}

    def _explain_rule(self, name, before, after, outcome):
        if outcome == "kept":
            return self.env._(
                "“%(rule)s”: %(after)s of %(before)s remain.",
                rule=name,
                after=after,
                before=before,
            )
        if outcome == "must":
            return self.env._(
                "“%(rule)s” must be met, and none of %(before)s meets it.",
                rule=name,
                before=before,
            )
        return self.env._(
            "“%(rule)s”: nobody who meets it has room, passed over.", rule=name
        )

    def _explain_result(self, details):
        reason = details.get("reason")
        if self.user_id:
            return self.env._(
                "%(user)s carries the least of %(room)s with room: %(load)s of "
                "%(capacity)s.",
                user=self.sudo().user_id.name,
                room=details.get("room", 0),
                load=f"{details.get('load', 0):g}",
                capacity=f"{details.get('capacity', 0):g}",
            )
        return {
            "nobody": self.env._("Waiting: nobody is there who could take it."),
            "barred": self.env._("Everybody there has let it lie already."),
            "rule": self.env._("Waiting for somebody who meets the rule."),
            "full": self.env._("Waiting: everybody is at his limit."),
        }.get(reason, "")
