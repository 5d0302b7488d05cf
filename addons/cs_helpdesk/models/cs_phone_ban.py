from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.masking import mask_phone
from .cs_call_event import PHONE_GROUPS

MAX_DAYS = 180


class CsPhoneBan(models.Model):
    """A number on the blacklist for a while: why, by whom, until when (G08).

    The number itself stands in Odoo's own ``phone.blacklist``; this is its period.
    """

    _name = "cs.phone.ban"
    _description = "Blacklisted Number"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    number = fields.Char(string="Caller's Number", required=True, groups=PHONE_GROUPS)
    number_digits = fields.Char(
        required=True, groups=PHONE_GROUPS, export_string_translation=False
    )
    phone_masked = fields.Char(
        string="Phone", compute="_compute_phone_masked", compute_sudo=True
    )
    blacklist_id = fields.Many2one("phone.blacklist", readonly=True)
    was_listed = fields.Boolean(
        readonly=True, help="The number was on Odoo's blacklist for another reason."
    )
    call_id = fields.Many2one("cs.call", string="Last Call", readonly=True)
    reason = fields.Text(required=True, tracking=True)
    evidence = fields.Text(required=True, tracking=True)
    date_from = fields.Date(
        string="Banned from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    renewals = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    active = fields.Boolean(default=True, tracking=True)

    _once = models.UniqueIndex(
        "(company_id, number_digits) WHERE active IS TRUE",
        "This number is on the blacklist already: renew it there.",
    )
    _order_idx = models.Index("(date_to DESC, id DESC)")
    _expiry_idx = models.Index("(date_to) WHERE active IS TRUE")

    @api.depends("number")
    @api.depends_context("uid")
    def _compute_phone_masked(self):
        reader = self.env.user.has_group(PHONE_GROUPS)
        for ban in self:
            ban.phone_masked = ban.number if reader else mask_phone(ban.number)

    @api.depends("phone_masked", "date_to")
    def _compute_display_name(self):
        for ban in self:
            ban.display_name = f"{ban.phone_masked or ''} → {ban.date_to or ''}"

    @api.model
    def _is_banned(self, digits, company):
        return bool(
            self.sudo().search_count(
                [
                    ("number_digits", "=", digits),
                    ("company_id", "=", company.id),
                    ("date_to", ">=", "today"),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------------
    # By a supervisor
    # ------------------------------------------------------------------
    @api.model
    def _check_days(self, days):
        if not 1 <= days <= MAX_DAYS:
            raise UserError(
                self.env._(
                    "A number is banned for 1 to %(days)s days; renew the ban when it "
                    "is over.",
                    days=MAX_DAYS,
                )
            )

    @api.model
    def _check_supervisor(self):
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("Only a supervisor may put a number on the blacklist.")
            )

    @api.model
    def _ban(self, call, days, reason, evidence):
        """Ban the number of a call.

        :raise AccessError: not a supervisor
        :raise UserError: too few calls, too many days
        """
        self._check_supervisor()
        self._check_days(days)
        call.check_access("read")
        caller = call.sudo()  # checked above; a supervisor decides about the number
        if not caller.may_ban:
            raise UserError(
                self.env._(
                    "Three nuisance calls in seven days, or a threat, are needed: this "
                    "number has %(count)s.",
                    count=caller.nuisance_count,
                )
            )
        today = fields.Date.context_today(self)
        known = self.sudo().search(
            [
                ("number_digits", "=", caller.number_digits),
                ("company_id", "=", caller.company_id.id),
            ]
        )
        if known:
            known.sudo(False).action_renew(days)
            return known.sudo(False)
        # sudo: phone.blacklist is the marketing people's; the check is above
        Blacklist = self.env["phone.blacklist"].sudo()
        number = f"+86{caller.number_digits}"
        listed = bool(Blacklist.search_count([("number", "=", number)], limit=1))
        entry = Blacklist.add(number, message=reason)
        return (
            self.sudo()
            .create(
                {
                    "company_id": caller.company_id.id,
                    "number": caller.number,
                    "number_digits": caller.number_digits,
                    "blacklist_id": entry.id,
                    "was_listed": listed,
                    "call_id": call.id,
                    "reason": reason,
                    "evidence": evidence,
                    "date_from": today,
                    "date_to": fields.Date.add(today, days=days),
                    "user_id": self.env.uid,
                }
            )
            .sudo(False)
        )

    def action_renew(self, days=30):
        """Prolong from today on, never for more than 180 days at a time."""
        self._check_supervisor()
        self._check_days(days)
        self.check_access("read")
        self.lock_for_update()
        today = fields.Date.context_today(self)
        for ban in self.sudo():  # the checks are above
            if not ban.active:
                ban.blacklist_id.add(ban.blacklist_id.number)
            ban.write(
                {
                    "date_to": fields.Date.add(today, days=days),
                    "renewals": ban.renewals + 1,
                    "active": True,
                    "user_id": self.env.uid,
                }
            )

    def action_lift(self):
        """The number may call again."""
        self._check_supervisor()
        self.check_access("read")
        self.lock_for_update()
        self.sudo()._lift()  # the checks are above

    def _lift(self):
        for ban in self.filtered("active"):
            ban.active = False
            if not ban.was_listed and ban.blacklist_id.active:
                ban.blacklist_id._remove([ban.blacklist_id.number])

    @api.model
    def _cron_expire(self):
        self.search([("date_to", "<", "today")])._lift()
