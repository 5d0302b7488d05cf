from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsUserShift(models.AbstractModel):
    """Whether people are on shift; and what they leave behind when they go."""

    _name = "cs.user.shift"
    _description = "User: Shifts"

    def _is_on_shift(self, at=None):
        """Whether these people's published shifts run at a moment, in one query.

        :param datetime at: naive UTC, default now
        :return: {user id: bool}; who has signed out is not on shift any more
        """
        at = at or fields.Datetime.now()
        if not self:
            return {}
        self.env["cs.shift"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT user_id FROM cs_shift
                 WHERE user_id IN %s AND state = 'published'
                   AND start_at <= %s AND end_at > %s AND signed_out_at IS NULL
                """,
                tuple(self.ids),
                at,
                at,
            )
        )
        found = {row[0] for row in rows}
        return {user.id: user.id in found for user in self}

    def write(self, vals):
        # locking an account in an emergency (sudo) waits for no handover
        if vals.get("active") is False and not self.env.su:
            self.filtered("active")._check_nothing_left()
        return super().write(vals)

    def _check_nothing_left(self):
        """G15: who leaves hands everything over first; administrators are warned.

        :raise UserError: open tickets, and no handover of somebody who leaves
        """
        left = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [("user_id", "in", self.ids), ("closed", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        for user, count in left:
            sentence = self.env._(
                "%(user)s still has %(count)s open tickets: make a handover of "
                "somebody who leaves first.",
                user=user.name,
                count=count,
            )
            if not self.env.user.has_group("base.group_system"):
                raise UserError(sentence)
            self.env["cs.shift"]._tell_supervisors(user.company_id, sentence)
