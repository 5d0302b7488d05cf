from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..lib.office_hours import is_odd_hour

REASON_MIN = 2  # characters of a reason: 回访 is one


class CsRevealLog(models.Model):
    """Who uncovered which masked value of whom, when and why (000-06, 000-117).

    Written by ``action_reveal`` alone, never changed.
    """

    _name = "cs.reveal.log"
    _description = "Reveal of a Masked Value"
    _order = "create_date desc, id desc"
    _rec_name = "res_name"

    user_id = fields.Many2one("res.users", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True)
    res_model = fields.Char(required=True, string="Model")
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, aggregator=None
    )
    res_name = fields.Char(string="Record")
    field_name = fields.Char(required=True)
    field_label = fields.Char(compute="_compute_field_label", string="What")
    reason = fields.Char(required=True)
    odd_hour = fields.Boolean(help="Outside of the hours in the settings.")

    _time_idx = models.Index("(create_date DESC, id DESC)")
    _user_idx = models.Index("(user_id, create_date)")
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for log in self:
            Model = self.env.get(log.res_model)
            field = Model._fields.get(log.field_name) if Model is not None else None
            log.field_label = (
                field.get_description(self.env, ["string"])["string"]
                if field
                else log.field_name
            )

    # ------------------------------------------------------------------
    # Written once
    # ------------------------------------------------------------------
    def write(self, vals):
        if self:
            raise AccessError(
                self.env._("The log of uncovered values cannot be changed by anybody.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_anything(self):
        raise AccessError(
            self.env._("The log of uncovered values cannot be changed by anybody.")
        )

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------
    @api.model
    def _get_limits(self):
        """Return (reveals an hour, reveals a day) of one person; 0 = no limit."""
        # sudo: limits are settings; everybody's reveal is measured by them
        get = self.env["ir.config_parameter"].sudo().get_param
        return (
            int(get("cs_helpdesk.reveal_hour_limit", 20)),
            int(get("cs_helpdesk.reveal_day_limit", 60)),
        )

    @api.model
    def _register_reveal(self, record, field_name, reason):
        """Log one reveal, or refuse it by one sentence.

        :raise UserError: no reason, too many, or no undertaking signed this year
        """
        reason = (reason or "").strip()
        if len(reason) < REASON_MIN:
            raise UserError(
                self.env._("Say why you need it: a reveal is logged with its reason.")
            )
        self._check_undertaking()
        self._check_limits()
        now = fields.Datetime.now()
        # sudo: nobody writes this log by himself
        log = self.sudo().create(
            {
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "res_model": record._name,
                "res_id": record.id,
                "res_name": record.display_name,
                "field_name": field_name,
                "reason": reason[:500],
                "odd_hour": is_odd_hour(
                    fields.Datetime.context_timestamp(
                        self.with_context(tz=self.env.user.tz or "Asia/Shanghai"), now
                    ).time(),
                    *self._get_office_hours(),
                ),
            }
        )
        self.env["cs.leak.alert"]._check_reveal(log)
        return log

    @api.model
    def _get_office_hours(self):
        """Return (from, to) in hours of the day in which a reveal is no surprise."""
        # sudo: as above
        get = self.env["ir.config_parameter"].sudo().get_param
        return (
            float(get("cs_helpdesk.reveal_hour_from", 7)),
            float(get("cs_helpdesk.reveal_hour_to", 22)),
        )

    @api.model
    def _check_undertaking(self):
        """000-99, 003-10: no reveal without this year's confidentiality undertaking."""
        if not self.env.user._is_superuser():
            self.env.user._check_undertaking()

    @api.model
    def _check_limits(self):
        hour_limit, day_limit = self._get_limits()
        # two reveals at once must not both be the last one allowed
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                self.env.uid,
            )
        )
        hour, day = self._count_since(timedelta(hours=1), timedelta(days=1))
        if hour_limit and hour >= hour_limit or day_limit and day >= day_limit:
            raise UserError(
                self.env._(
                    "You have uncovered as many values as allowed (%(hour)s an hour, "
                    "%(day)s a day). Ask your supervisor.",
                    hour=hour_limit,
                    day=day_limit,
                )
            )

    @api.model
    def _count_since(self, *ages):
        """Return how many values the user has uncovered within each age."""
        now = fields.Datetime.now()
        self.flush_model(["user_id", "create_date"])
        [counts] = self.env.execute_query(
            SQL(
                "SELECT %s FROM cs_reveal_log WHERE user_id = %s AND create_date > %s",
                SQL(", ").join(
                    SQL("count(*) FILTER (WHERE create_date > %s)", now - age)
                    for age in ages
                ),
                self.env.uid,
                now - max(ages),
            )
        )
        return counts
