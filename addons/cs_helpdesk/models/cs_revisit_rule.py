from datetime import timedelta

from odoo import api, fields, models


class CsRevisitRule(models.Model):
    """When a call-back is planned, within how many days and what is asked (001-69).

    A rule is data; whoever owns a record registers the rules of its events.
    """

    _name = "cs.revisit.rule"
    _description = "Call-back Rule"
    _inherit = "cs.audit.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    res_model = fields.Char(string="About Records of", required=True)
    event = fields.Char(required=True, help="What happened, as the record names it.")
    days = fields.Integer(string="Within (days)", required=True, default=3)
    checklist_id = fields.Many2one("cs.checklist", string="Questions")

    _event_idx = models.Index("(res_model, event)")
    _days_positive = models.Constraint(
        "CHECK (days > 0)", "A call-back is planned within one day or more."
    )

    @api.model
    def _plan(self, event, records, at=None):
        """Plan the call-backs that rules ask for; planning twice plans once.

        The caller has checked the records.

        :param str event: what happened to the records
        :param datetime at: when (naive UTC), now if not given
        :return: ``cs.revisit`` in sudo, those planned now
        """
        at = at or fields.Datetime.now()
        # sudo: rules are no secret; call-backs are written by methods alone
        rules = self.sudo().search(
            [("res_model", "=", records._name), ("event", "=", event)]
        )
        Revisit = self.env["cs.revisit"].sudo()
        if not rules or not records:
            return Revisit
        planned = Revisit.search_fetch(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("state", "=", "planned"),
            ],
            ["res_id", "rule_id"],
        )
        known = {(revisit.res_id, revisit.rule_id) for revisit in planned}
        return Revisit.create(
            [
                rule._prepare_revisit(record, at)
                for record in records
                for rule in rules
                if (record.id, rule) not in known
                and rule.company_id.id in (False, record.company_id.id)
            ]
        )

    def _prepare_revisit(self, record, at):
        self.ensure_one()
        values = record._get_revisit_values()
        caller = self.env["res.users"].browse(values.get("user_id"))
        zone = caller.tz or self.env.user.tz
        return {
            "rule_id": self.id,
            "res_model": record._name,
            "res_id": record.id,
            "due_at": at + timedelta(days=self.days),
            "planned_date": fields.Date.context_today(self.with_context(tz=zone), at),
            "company_id": record.company_id.id,
            **values,
        }
