from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

DIGEST_LINES = 50


class CsClockNotice(models.Model):
    """One announcement of one threshold of one clock: once, by the unique index."""

    _name = "cs.clock.notice"
    _description = "Clock Notice"
    _log_access = False
    _order = "id"

    clock_id = fields.Many2one(
        "cs.clock", required=True, index=True, ondelete="cascade"
    )
    percent = fields.Integer(required=True)
    level = fields.Selection(
        [("owner", "Owner"), ("supervisor", "Supervisor"), ("manager", "Manager")],
        required=True,
    )
    at = fields.Datetime(required=True)
    sent_at = fields.Datetime()

    _once = models.UniqueIndex("(clock_id, percent)")
    _unsent_idx = models.Index("(id) WHERE sent_at IS NULL")

    @api.model
    def _announce(self, rows):
        """Note thresholds passed: rows of (clock id, percent, level, at)."""
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO cs_clock_notice (clock_id, percent, level, at) "
                    "VALUES %s ON CONFLICT DO NOTHING",
                    SQL(", ").join(SQL("%s", tuple(row)) for row in rows),
                )
            )

    @api.model
    def _send_due(self):
        """Tell people what is due: one message a person, however much piled up."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM cs_clock_notice WHERE sent_at IS NULL"
                " ORDER BY id FOR UPDATE SKIP LOCKED"
            )
        )
        notices = self.browse(row[0] for row in rows)
        by_user = defaultdict(self.browse)
        for notice in notices:
            for user in notice.clock_id._get_recipients(notice.level):
                by_user[user] |= notice
        for user, own in by_user.items():
            own.with_context(lang=user.lang)._send_to(user)
        notices.sent_at = fields.Datetime.now()
        return len(by_user)

    def _send_to(self, user):
        clocks = self.clock_id.sorted(lambda c: (c.deadline or c.started_at, c.id))
        lines = [
            Markup("<li>%s %s：%s</li>")
            % (
                clock._get_told()._get_html_link(),
                clock._get_kind_label(),
                clock._get_left_text(),
            )
            for clock in clocks[:DIGEST_LINES]
        ]
        rest = len(clocks) - len(lines)
        if rest > 0:
            lines.append(
                Markup("<li>%s</li>") % self.env._("and %(count)s more", count=rest)
            )
        if len(clocks) == 1:
            subject = self.env._(
                "Time limit: %(record)s", record=clocks._get_told().display_name
            )
        else:
            subject = self.env._("%(count)s time limits are due", count=len(clocks))
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul>") % Markup("").join(lines),
        )
