from odoo import fields, models
from odoo.exceptions import AccessDenied


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = [
        "cs.audit.mixin",
        "cs.user.call",
        "cs.user.fitness",
        "cs.user.provider",
        "cs.user.shift",
        "res.users",
    ]

    # what Odoo keeps about a user by itself
    _audit_exclude = frozenset(
        {
            "karma",
            "next_rank_id",
            "odoobot_failed",
            "odoobot_state",
            "rank_id",
            "signature",
            "tour_enabled",
        }
    )
    _audit_mask = frozenset({"password"})
    _audit_name = "login"
    _audit_relations = ("company_ids", "group_ids")

    # as the user: a search through sudo would not ask for the groups of the number
    phone = fields.Char(related_sudo=False)
    deputy_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', id)]",
        help="Takes over what is due while this user is absent or archived.",
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

    # ------------------------------------------------------------------
    # Audit
    # ------------------------------------------------------------------
    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False or "group_ids" in vals:
            # sudo: whoever may change a user need not see the steps he leaves behind
            self.env["cs.flow.step"].sudo()._mend_owners()
        if vals.get("active") is False:
            # sudo: as above; what a leaver was granted ends with him (000-115)
            self.env["cs.access.grant"].sudo()._close_for_leavers(self)
        Log = self.env["cs.audit.log"]
        if vals.get("password") and Log._is_noting():
            for user in self:
                changes = {"password": ("old", "new")}  # masked
                Log._note("write", user, user.login, user.company_id.id, changes)
        return result

    def _login(self, credential, user_agent_env):
        """003-61: logins, and refused ones, which outlive the refusal."""
        Log = self.env["cs.audit.log"]
        try:
            info = super()._login(credential, user_agent_env)
        except AccessDenied:
            login = str(credential.get("login"))[:200]
            Log._append_apart({"event": "login_failed", "login": login})
            raise
        Log._append([{"event": "login", "uid": info["uid"]}])
        return info

    # ------------------------------------------------------------------
    # Presence
    # ------------------------------------------------------------------
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
