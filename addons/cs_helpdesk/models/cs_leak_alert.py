from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

GROUP_SUPERVISION = "cs_helpdesk.group_supervision"


class CsLeakAlert(models.Model):
    """Somebody uncovers many values, or at odd hours: looked at by people (000-119)."""

    _name = "cs.leak.alert"
    _description = "Alert on Uncovered Values"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, index=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        [("mass", "Many Values"), ("odd", "Odd Hour")], required=True, readonly=True
    )
    state = fields.Selection(
        [("open", "To Be Looked At"), ("explained", "Explained"), ("leak", "Leak")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
    )
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    reveal_count = fields.Integer(
        string="Uncovered Values", readonly=True, aggregator=None
    )
    explanation = fields.Text(tracking=True)

    _time_idx = models.Index("(create_date DESC, id DESC)")
    _open_uniq = models.UniqueIndex(
        "(user_id, kind) WHERE state = 'open'",
        "There is an open alert of this kind on this person already.",
    )

    # ------------------------------------------------------------------
    # Raised by a reveal
    # ------------------------------------------------------------------
    @api.model
    def _get_alert_count(self):
        """Return from how many reveals an hour on somebody looks at it."""
        # sudo: the measure is a setting, applied to everybody
        get = self.env["ir.config_parameter"].sudo().get_param
        return int(get("cs_helpdesk.reveal_alert_count", 10))

    @api.model
    def _check_reveal(self, log):
        """Raise or extend the alerts that a new reveal gives reason for.

        :param log: ``cs.reveal.log`` just written
        """
        hour = timedelta(hours=1)
        [count] = log._count_since(hour)
        many = self._get_alert_count()
        if many and count >= many:
            self._raise_alert(log, "mass", log.create_date - hour, count)
        if log.odd_hour:
            self._raise_alert(log, "odd", log.create_date, 1)

    @api.model
    def _raise_alert(self, log, kind, since, count):
        # sudo: alerts are written by the measure, not by who is measured
        alerts = self.sudo()
        alert = alerts.search(
            [
                ("user_id", "=", log.user_id.id),
                ("kind", "=", kind),
                ("state", "=", "open"),
            ]
        )
        if alert:
            more = 1 if kind == "odd" else max(count - alert.reveal_count, 0)
            alert.write(
                {
                    "until": log.create_date,
                    "reveal_count": alert.reveal_count + more,
                }
            )
            return alert
        alert = alerts.create(
            {
                "user_id": log.user_id.id,
                "company_id": log.company_id.id,
                "kind": kind,
                "since": since,
                "until": log.create_date,
                "reveal_count": count,
            }
        )
        alert._notify_watchers()
        return alert

    def _get_watchers(self):
        """Return the users who look at an alert: the leaders and the supervision."""
        self.ensure_one()
        teams = self.env["helpdesk.ticket.team"].search(
            [("user_ids", "in", self.user_id.ids)]
        )
        supervision = self.env.ref(GROUP_SUPERVISION).all_user_ids
        watchers = (teams.user_id | supervision) - self.user_id
        return watchers.filtered(
            lambda u: u.active and self.company_id in u.company_ids
        )

    def _notify_watchers(self):
        summary = self.env._(
            "%(name)s has uncovered many values", name=self.user_id.name
        )
        if self.kind == "odd":
            summary = self.env._(
                "%(name)s has uncovered a value at an odd hour", name=self.user_id.name
            )
        for user in self._get_watchers():
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=summary
            )

    # ------------------------------------------------------------------
    # Looked at
    # ------------------------------------------------------------------
    def action_explained(self):
        """Close alerts that have a good reason, which has been written down."""
        return self._close("explained")

    def action_leak(self):
        """Open the form of a leak report on the person of this alert."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report a Leak"),
            "res_model": "cs.leak.report",
            "views": [(False, "form")],
            "context": {
                "default_user_id": self.user_id.id,
                "default_alert_id": self.id,
            },
        }

    def _check_closer(self, state):
        if self.user_id == self.env.user:
            raise UserError(
                self.env._("An alert on yourself is looked at by somebody else.")
            )
        if state == "explained" and not (self.explanation or "").strip():
            raise UserError(
                self.env._("Write down the explanation before you close this alert.")
            )

    def _close(self, state):
        self.check_access("write")
        for alert in self:
            alert._check_closer(state)
        self.lock_for_update()
        self.write({"state": state})
        # activities of all watchers: one has looked, the others need not
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True
