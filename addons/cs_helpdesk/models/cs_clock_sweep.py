from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SWEEP_BATCH = 500


class CsClockSweep(models.AbstractModel):
    """What happens to clocks while nobody touches them."""

    _name = "cs.clock.sweep"
    _description = "Sweep of Clocks"

    @api.model
    def _get_sweep_domain(self, now):
        return Domain("state", "=", "running") & Domain("next_event_at", "<=", now)

    @api.model
    def _cron_sweep(self):
        """Warn, mark late, escalate: touches what is due, not what is open.

        Safe to run by several workers at once: rows are locked, and a threshold is
        announced once by a unique index.
        """
        now = fields.Datetime.now()
        domain = self._get_sweep_domain(now)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain, limit=100_000))
        while clocks := self._lock_due(domain):
            clocks._pass_thresholds(now)
            if not cron._commit_progress(len(clocks)):
                break
        cron._commit_progress()  # what is to be sent is looked up afresh
        self.env["cs.clock.notice"]._send_due()
        cron._commit_progress()
        self.env["cs.flow.step"]._escalate_due()

    @api.model
    def _lock_due(self, domain):
        """Take a batch that nobody else is working on.

        Found and locked by one statement: what another worker or a person changed a
        moment ago is then neither waited for nor stumbled over.
        """
        query = self._search(domain, order="next_event_at, id", limit=SWEEP_BATCH)
        rows = self.env.execute_query(
            SQL("%s FOR UPDATE OF cs_clock SKIP LOCKED", query.select())
        )
        return self.browse(row[0] for row in rows)

    def _pass_thresholds(self, now):
        notices = []
        for clock in self:
            coming = clock._get_thresholds()
            passed = [threshold for threshold in coming if threshold[2] <= now]
            if passed:
                # after an outage only the gravest threshold is news
                percent, level, _when = passed[-1]
                notices.append((clock.id, percent, level, now))
                clock.announced_percent = percent
            if not clock.advisory and clock.deadline and clock.deadline <= now:
                clock.overdue = True
            rest = coming[len(passed) :]
            clock.next_event_at = rest[0][2] if rest else False
        self.env["cs.clock.notice"]._announce(notices)

    @api.model
    def _cron_recalculate(self):
        """Recompute running clocks whose calendar has changed since."""
        cron = self.env["ir.cron"]
        query = """
            SELECT clock.id
              FROM cs_clock clock
              JOIN resource_calendar calendar ON calendar.id = clock.calendar_id
             WHERE clock.state = 'running'
               AND clock.calendar_token IS DISTINCT FROM calendar.worktime_token
             ORDER BY clock.id
             LIMIT %s
        """
        self.env["resource.calendar"].flush_model(["worktime_token"])
        self.flush_model(["calendar_token", "state"])
        while True:
            self.env.cr.execute(query, (SWEEP_BATCH,))
            found = self.browse(row[0] for row in self.env.cr.fetchall())
            clocks = found.try_lock_for_update()
            if not clocks:
                break
            clocks._do_recalculate(fields.Datetime.now(), {})
            if not cron._commit_progress(len(clocks)):
                break

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------
    def _get_recipients(self, level):
        """Whom to tell: the one meant, his stand-in or the next above; never nobody."""
        self.ensure_one()
        chain = {
            "owner": [self.user_id, self.team_id.user_id],
            "supervisor": [self.team_id.user_id],
            "manager": [],
        }[level]
        for user in chain:
            stand_in = user._get_stand_in()
            if stand_in:
                return stand_in
        groups = [self.group_id] if level == "owner" else []
        if level != "manager":
            groups.append(self.env.ref("cs_helpdesk.group_supervisor"))
        groups.append(self.env.ref("cs_helpdesk.group_manager"))
        for group in groups:
            users = group.all_user_ids.filtered(
                lambda u: u.active
                and not u.share
                and self.company_id in u.company_ids
                and u.id != self.env.ref("base.user_root").id
            )
            present = users.filtered(lambda u: u._get_stand_in() == u)
            if present or users:
                return present or users
        return self.env.ref("base.user_admin")
