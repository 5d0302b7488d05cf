from datetime import timedelta

from odoo import fields, models

MONTH = timedelta(days=31)
IDLE = timedelta(days=90)
ACCESS_MODELS = ("res.users", "res.groups", "ir.rule", "ir.model.access")


class CsChecklistFactSecurity(models.AbstractModel):
    """Accounts, rights, exports and leavers, for the security check (G27)."""

    _name = "cs.checklist.fact.security"
    _description = "Figures about Security"

    def _staff(self, active=True):
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("share", "=", False), ("active", "=", active)])

    def _fact_accounts(self, run):
        return {
            "fact_text": self.env._(
                "%(count)s active accounts of staff", count=len(self._staff())
            )
        }

    def _fact_idle_accounts(self, run):
        since = fields.Datetime.now() - IDLE
        idle = self._staff().filtered(
            lambda u: (u.login_date or u.create_date) < since
            and u != self.env.ref("base.user_root")
        )
        return {
            "number_value": len(idle),
            "fact_text": "、".join(idle[:10].mapped("login")),
        }

    def _fact_administrators(self, run):
        admins = self.env.ref("base.group_system").all_user_ids.filtered("active")
        admins -= self.env.ref("base.user_root")
        return {
            "number_value": len(admins),
            "fact_text": "、".join(admins[:10].mapped("login")),
        }

    def _count_logged(self, domain):
        since = fields.Datetime.now() - MONTH
        return self.env["cs.audit.log"].search_count([("date", ">", since), *domain])

    def _logged(self, domain):
        return {
            "fact_text": self.env._(
                "%(count)s in the last 31 days", count=self._count_logged(domain)
            )
        }

    def _fact_rights_changes(self, run):
        return self._logged(
            [
                ("res_model", "in", ACCESS_MODELS),
                ("event", "in", ("create", "write", "unlink")),
            ]
        )

    def _fact_exports(self, run):
        return self._logged([("event", "=", "export")])

    def _fact_reveals(self, run):
        return self._logged([("event", "=", "reveal")])

    def _fact_failed_logins(self, run):
        return self._logged([("event", "=", "login_failed")])

    def _fact_leavers(self, run):
        since = fields.Datetime.now() - MONTH
        left = self._staff(active=False).filtered(lambda u: u.write_date > since)
        return {
            "fact_text": self.env._(
                "Closed lately: %(names)s",
                names="、".join(left[:10].mapped("login")) or "–",
            )
        }

    def _fact_security_checks(self, run):
        checks = self.env["cs.checklist.run"].search(
            [
                ("company_id", "=", run.company_id.id),
                ("checklist_id.code", "=", "security_monthly"),
                ("date", ">", run.date - timedelta(days=92)),
            ]
        )
        done = checks.filtered(lambda r: r.state == "done")
        still = done.finding_ids.filtered(lambda f: f.state != "closed")
        return {
            "fact_text": self.env._(
                "%(done)s of %(all)s done, %(open)s findings open",
                done=len(done),
                all=len(checks),
                open=len(still),
            )
        }
