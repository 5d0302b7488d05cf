from datetime import timedelta

from odoo import api, fields, models

LIMIT_HOURS = 26


class CsBackupLog(models.Model):
    """One run of the backup, or that there was none; written by `scripts/backup`."""

    _name = "cs.backup.log"
    _description = "Backup Log"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "started_at desc, id desc"
    _rec_name = "run_key"

    run_key = fields.Char(string="Run", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("backup", "Backup"),
            ("verify", "Verification"),
            ("restore_test", "Restore Test"),
        ],
        required=True,
        readonly=True,
        default="backup",
    )
    state = fields.Selection(
        [("ok", "Good"), ("failed", "Failed"), ("missing", "Missing")],
        required=True,
        readonly=True,
    )
    started_at = fields.Datetime(required=True, readonly=True)
    finished_at = fields.Datetime(readonly=True)
    duration = fields.Float(
        string="Minutes", compute="_compute_duration", store=True, aggregator="avg"
    )
    database = fields.Char(readonly=True)
    host = fields.Char(readonly=True)
    place = fields.Char(readonly=True, help="Folder of the backup on that host.")
    size_mb = fields.Float(string="Size (MB)", readonly=True, aggregator="avg")
    file_count = fields.Integer(string="Files", readonly=True, aggregator=None)
    checksum = fields.Char(readonly=True, help="SHA-256 of the database dump.")
    verified = fields.Boolean(readonly=True)
    off_site = fields.Boolean(string="Copied off Site", readonly=True)
    message = fields.Text(readonly=True)

    _order_idx = models.Index("(started_at DESC, id DESC)")
    _last_good_idx = models.Index("(kind, finished_at DESC) WHERE state = 'ok'")
    _run_uniq = models.UniqueIndex("(run_key, kind)", "This run is logged already.")

    @api.depends("started_at", "finished_at")
    def _compute_duration(self):
        for log in self:
            span = (log.finished_at or log.started_at) - log.started_at
            log.duration = round(span.total_seconds() / 60, 2)

    @api.model
    def _record_run(self, vals):
        """Log a run; called by `scripts/backup` through ``odoo shell``.

        Logging the same run again changes nothing.

        :param dict vals: values of this model, dates as ISO text in UTC
        """
        known = self.search(
            [("run_key", "=", vals["run_key"]), ("kind", "=", vals["kind"])]
        )
        if known:
            return known
        log = self.create(vals)
        if log.state == "ok" and log.kind == "backup":
            missing = self.search([("state", "=", "missing")], limit=50)
            missing.activity_ids.action_feedback(
                feedback=self.env._("A good backup is there again.")
            )
        elif log.state == "failed":
            log._alert(self.env._("The backup failed: %(why)s", why=log.message or ""))
        return log

    @api.model
    def _get_last_good(self, kind="backup"):
        """The newest good run of a kind, or nothing."""
        return self.search(
            [("kind", "=", kind), ("state", "=", "ok")],
            order="finished_at desc",
            limit=1,
        )

    @api.model
    def _get_age_hours(self, kind="backup"):
        """Hours since the last good run; None if there was none at all."""
        last = self._get_last_good(kind)
        if not last:
            return None
        age = fields.Datetime.now() - (last.finished_at or last.started_at)
        return round(age.total_seconds() / 3600, 1)

    @api.model
    def _cron_check_missing(self):
        """000-118: no good backup for 26 hours: an entry, and an alert, once a day."""
        now = fields.Datetime.now()
        age = self._get_age_hours()
        if age is None:
            # since this addon came; before that nobody could log one
            since = self.env.ref("cs_helpdesk.cron_backup_missing").create_date
            age = (now - since).total_seconds() / 3600
        if age <= LIMIT_HOURS:
            return self.browse()
        key = f"missing-{now:%Y-%m-%d}"
        if self.search_count([("run_key", "=", key)], limit=1):
            return self.browse()
        text = self.env._(
            "No good backup for %(hours)s hours: please look at scripts/backup.",
            hours=int(age),
        )
        log = self.create(
            {
                "run_key": key,
                "kind": "backup",
                "state": "missing",
                "started_at": now - timedelta(hours=age),
                "message": text,
            }
        )
        log._alert(text)
        return log

    def _alert(self, text):
        """An activity for each system administrator, and a message at once."""
        self.ensure_one()
        group = self.env.ref("cs_helpdesk.group_system_admin")
        users = group.all_user_ids.filtered("active") - self.env.ref("base.user_root")
        for user in users or self.env.ref("base.user_admin"):
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=text[:200], user_id=user.id
            )
        self.message_notify(
            partner_ids=users.partner_id.ids, subject=text[:200], body=text
        )
