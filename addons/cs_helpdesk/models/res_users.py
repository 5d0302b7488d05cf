from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    deputy_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', id)]",
        help="Takes over what is due while this user is absent or archived (P6).",
    )
    absent_from = fields.Date()
    absent_until = fields.Date()

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + [
            "deputy_id",
            "absent_from",
            "absent_until",
        ]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + [
            "deputy_id",
            "absent_from",
            "absent_until",
        ]

    def _is_present(self):
        """Active and not on leave today, in the user's own time zone."""
        self.ensure_one()
        today = fields.Date.context_today(self.with_context(tz=self.tz))
        away = self.absent_until and (
            (self.absent_from or today) <= today <= self.absent_until
        )
        return self.active and not away

    def _get_stand_in(self):
        """This user if present, else his deputy if present, else nobody."""
        for user in (self, self.deputy_id):
            if user and user._is_present():
                return user
        return self.browse()
