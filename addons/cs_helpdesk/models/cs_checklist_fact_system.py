import os
import shutil
from datetime import timedelta

from odoo import fields, models
from odoo.tools import config


class CsChecklistFactSystem(models.AbstractModel):
    """State of the server, as the daily check of 003-70 asks for it."""

    _name = "cs.checklist.fact.system"
    _description = "Figures about the System"

    def _fact_server(self, run):
        self.env.cr.execute(
            "SELECT now() - pg_postmaster_start_time(),"
            " current_setting('server_version')"
        )
        uptime, version = self.env.cr.fetchone()
        return {
            "fact_text": self.env._(
                "Odoo answers; PostgreSQL %(version)s, up for %(days)s days",
                version=version.split()[0],
                days=uptime.days,
            )
        }

    def _fact_server_load(self, run):
        load = os.getloadavg()[2] / (os.cpu_count() or 1)
        return {
            "number_value": round(load, 2),
            "fact_text": self.env._("%(cores)s cores", cores=os.cpu_count()),
        }

    def _disk(self):
        return shutil.disk_usage(config["data_dir"])

    def _fact_disk_free(self, run):
        disk = self._disk()
        return {
            "number_value": round(disk.free / disk.total * 100, 1),
            "fact_text": self.env._(
                "%(free)s of %(total)s GB free",
                free=round(disk.free / 2**30, 1),
                total=round(disk.total / 2**30, 1),
            ),
        }

    def _fact_disk_used(self, run):
        return {"fact_text": self._fact_disk_free(run)["fact_text"]}

    def _fact_database_size(self, run):
        self.env.cr.execute("SELECT pg_database_size(current_database())")
        size = self.env.cr.fetchone()[0]
        return {"number_value": round(size / 2**20, 1)}

    def _fact_cron_failures(self, run):
        crons = self.env["ir.cron"].with_context(active_test=False)
        failed = crons.search(
            ["|", ("failure_count", ">", 0), ("first_failure_date", "!=", False)]
        )
        return {
            "number_value": len(failed),
            "fact_text": "、".join(failed[:5].mapped("name")),
        }

    def _fact_mail_failures(self, run):
        count = self.env["mail.mail"].search_count(
            [
                ("state", "=", "exception"),
                ("write_date", ">", fields.Datetime.now() - timedelta(days=1)),
            ]
        )
        return {"number_value": count}

    def _fact_log_errors(self, run):
        if not config["log_db"]:
            return {
                "fact_text": self.env._(
                    "The log is kept in a file: please look there (option logfile)."
                )
            }
        count = self.env["ir.logging"].search_count(
            [
                ("level", "in", ("ERROR", "CRITICAL")),
                ("create_date", ">", fields.Datetime.now() - timedelta(days=1)),
            ]
        )
        return {"fact_text": self.env._("%(count)s errors in 24 hours", count=count)}

    def _fact_backup_age(self, run):
        age = self.env["cs.backup.log"]._get_age_hours()
        if age is None:
            return {"fact_text": self.env._("No backup was ever logged.")}
        last = self.env["cs.backup.log"]._get_last_good()
        return {
            "number_value": age,
            "fact_text": self.env._(
                "%(run)s, %(size)s MB", run=last.run_key, size=round(last.size_mb, 1)
            ),
        }

    def _fact_restore_age(self, run):
        age = self.env["cs.backup.log"]._get_age_hours("restore_test")
        if age is None:
            return {"fact_text": self.env._("No restore test was ever logged.")}
        return {"number_value": round(age / 24, 1)}
