from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

LOST_AFTER = 55  # seconds without a sign of life; browsers give one every 25


class CsViewer(models.Model):
    """One browser tab that has a ticket open right now; gone when it goes silent."""

    _name = "cs.viewer"
    _description = "Ticket Viewer"
    _log_access = False

    # no foreign key: looking at a ticket must never wait for a lock on it
    ticket_id = fields.Integer(required=True)
    user_id = fields.Integer(required=True)
    tab = fields.Char(required=True)
    editing = fields.Boolean()
    seen_at = fields.Datetime(required=True)

    _tab_uniq = models.UniqueIndex("(ticket_id, user_id, tab)")

    @api.model
    def _beat(self, ticket_id, tab, editing):
        """Note a sign of life of this user's tab.

        :return: whether others have something new to see
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH known AS (
                    SELECT id, editing FROM cs_viewer
                     WHERE ticket_id = %(ticket)s AND user_id = %(user)s
                       AND tab = %(tab)s AND seen_at > %(now)s - %(lost)s
                ), beat AS (
                    INSERT INTO cs_viewer
                           (ticket_id, user_id, tab, editing, seen_at)
                    VALUES (%(ticket)s, %(user)s, %(tab)s, %(editing)s, %(now)s)
                    ON CONFLICT (ticket_id, user_id, tab) DO UPDATE
                       SET editing = EXCLUDED.editing, seen_at = EXCLUDED.seen_at
                )
                SELECT editing FROM known
                """,
                ticket=ticket_id,
                user=self.env.uid,
                tab=tab,
                editing=editing,
                now=fields.Datetime.now(),
                lost=timedelta(seconds=LOST_AFTER),
            )
        )
        return not rows or rows[0][0] != editing

    @api.model
    def _leave(self, ticket_id, tab):
        """Forget this user's tab.

        :return: whether it was there
        """
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    DELETE FROM cs_viewer
                     WHERE ticket_id = %s AND user_id = %s AND tab = %s
                    RETURNING id
                    """,
                    ticket_id,
                    self.env.uid,
                    tab,
                )
            )
        )

    @api.model
    def _present(self, ticket_id):
        """Who looks at a ticket, one row a person.

        :return: list of ``{"id", "name", "editing", "age"}``, age in seconds
        """
        now = fields.Datetime.now()
        return [
            {"id": uid, "name": name, "editing": editing, "age": int(age)}
            for uid, name, editing, age in self.env.execute_query(
                SQL(
                    """
                    SELECT v.user_id, p.name, bool_or(v.editing),
                           EXTRACT(EPOCH FROM %(now)s - max(v.seen_at))
                      FROM cs_viewer v
                      JOIN res_users u ON u.id = v.user_id
                      JOIN res_partner p ON p.id = u.partner_id
                     WHERE v.ticket_id = %(ticket)s AND v.seen_at > %(now)s - %(lost)s
                  GROUP BY v.user_id, p.name
                  ORDER BY min(v.id)
                    """,
                    now=now,
                    ticket=ticket_id,
                    lost=timedelta(seconds=LOST_AFTER),
                )
            )
        ]

    @api.autovacuum
    def _gc_silent(self):
        self.env.execute_query(
            SQL(
                "DELETE FROM cs_viewer WHERE seen_at < %s RETURNING id",
                fields.Datetime.now() - timedelta(hours=1),
            )
        )
