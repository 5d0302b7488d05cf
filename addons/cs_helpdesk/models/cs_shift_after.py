from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

GRACE = timedelta(minutes=15)  # G15
BACK = timedelta(days=2)  # what is older than this is no news


class CsShiftAfter(models.AbstractModel):
    """What has to be there when a shift is over: its duty log and its handover."""

    _name = "cs.shift.after"
    _description = "End of a Shift"

    after_checked = fields.Boolean(
        copy=False, readonly=True, export_string_translation=False
    )

    _after_idx = models.Index(
        "(end_at) WHERE state = 'published' AND after_checked IS NOT TRUE"
    )

    # ------------------------------------------------------------------
    # Duty log
    # ------------------------------------------------------------------
    def _get_log(self):
        """The duty log of this shift, begun if it is not there yet; in sudo."""
        self.ensure_one()
        return self.env["cs.duty.log"]._get_or_begin(
            self.company_id, self.date, self.kind_id
        )

    def action_open_log(self):
        self.ensure_one()
        self.check_access("read")
        return (
            self._get_log()
            .sudo(False)
            ._get_records_action(name=self.env._("Duty Log"), view_mode="form")
        )

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    @api.model
    def _get_supervisors(self, company):
        """Supervisors of a company; nobody is one: the managers."""
        people = self.env["res.users"]
        for role in ("supervisor", "manager"):
            # sudo: whom an alert goes to, whoever caused it
            group = self.env.ref(f"cs_helpdesk.group_{role}").sudo()
            people = group.all_user_ids.filtered(
                lambda u: u.active
                and not u.share
                and company in u.company_ids
                and u.id != self.env.ref("base.user_root").id
            )
            if role == "supervisor":
                above = self.env.ref("cs_helpdesk.group_manager").sudo().all_user_ids
                people = people - above or people
            if people:
                break
        return people

    @api.model
    def _tell_supervisors(self, company, sentence, record=None):
        """One notification to the supervisors of a company."""
        supervisors = self._get_supervisors(company)
        if not supervisors:
            return
        thread = record if record and "message_ids" in record._fields else None
        if thread is None:
            thread = self.env["mail.thread"]
        thread.sudo().message_notify(
            partner_ids=supervisors.partner_id.ids,
            subject=sentence,
            body=sentence,
        )

    # ------------------------------------------------------------------
    # The check
    # ------------------------------------------------------------------
    @api.model
    def _cron_after_shift(self):
        """15 minutes after a shift: is the log written, are the matters handed over?

        Each shift is looked at once; supervisors get one alert for what is missing.
        """
        now = fields.Datetime.now()
        domain = (
            Domain("state", "=", "published")
            & Domain("after_checked", "=", False)
            & Domain("end_at", "<=", now - GRACE)
            & Domain("end_at", ">", now - BACK)
        )
        ended = self.search(domain, limit=500).try_lock_for_update(
            allow_referencing=True
        )
        for company, shifts in ended.grouped("company_id").items():
            shifts._check_logs(company)
            shifts._check_handovers(company)
        ended.after_checked = True

    def _check_logs(self, company):
        Log = self.env["cs.duty.log"].sudo()
        for (day, kind), _shifts in self.grouped(lambda s: (s.date, s.kind_id)).items():
            if not kind.needs_log:
                continue
            log = Log._get_or_begin(company, day, kind)
            if log.state == "draft":
                log._mark_missing()

    def _check_handovers(self, company):
        """People who left open matters behind without a handover."""
        leaving = self.filtered("kind_id.needs_handover")
        if not leaving:
            return
        handed = (
            self.env["cs.handover"]
            .sudo()
            .search(
                [("shift_id", "in", leaving.ids), ("flow_state", "!=", "cancelled")]
            )
        )
        silent = leaving - handed.shift_id
        rows = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [("user_id", "in", silent.user_id.ids), ("closed", "=", False)],
                ["user_id"],
                ["__count"],
            )
        )
        for user, count in rows:
            self._tell_supervisors(
                company,
                self.env._(
                    "%(user)s left the shift without a handover; %(count)s tickets "
                    "are open.",
                    user=user.name,
                    count=count,
                ),
            )
