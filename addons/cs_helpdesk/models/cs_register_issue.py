import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.register_period import lock_date
from .register_reader import today_in


class CsRegisterIssue(models.Model):
    """One issued copy of a register: its rows, its file, its hash, who signed it.

    Its time is its punctuality, its hash against a later recount its truth (N36).
    """

    _name = "cs.register.issue"
    _description = "Issued Copy"
    _inherit = [
        "cs.audit.mixin",
        "cs.register.job",
        "cs.register.recount",
        "cs.register.paper",
        "mail.thread",
    ]
    _order = "date_from desc, id desc"
    _audit_exclude = frozenset({"message_main_attachment_id", "spec", "figures"})
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    register_id = fields.Many2one(
        "cs.register", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    parent_id = fields.Many2one(
        "cs.register.issue",
        string="Whole",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    child_ids = fields.One2many("cs.register.issue", "parent_id", string="Files")
    split_key = fields.Char(default="", readonly=True)
    split_label = fields.Char(string="For", readonly=True)
    group_id = fields.Many2one(related="register_id.group_id")

    # What period
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    begin_at = fields.Datetime(required=True, readonly=True)
    end_at = fields.Datetime(required=True, readonly=True)

    # How it stands
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Issued"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        tracking=True,
    )
    message = fields.Text(string="Why", readonly=True)
    issued_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    on_time = fields.Boolean(compute="_compute_on_time")
    issued_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    issued_as_id = fields.Many2one(
        "res.users",
        string="With the Rights of",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )

    # What it holds
    spec = fields.Json(readonly=True)
    row_count = fields.Integer(string="Rows", readonly=True, aggregator=None)
    figures = fields.Json(string="Figures as Data", readonly=True)
    figure_text = fields.Text(string="Figures", compute="_compute_figure_text")
    hidden_columns = fields.Char(string="Columns Left Empty", readonly=True)
    digest = fields.Char(string="SHA-256", readonly=True)
    file = fields.Binary(attachment=True, copy=False, groups=fields.NO_ACCESS)
    rows_file = fields.Binary(attachment=True, copy=False, groups=fields.NO_ACCESS)

    # How long
    lock_date = fields.Date(string="Locked From", required=True, readonly=True)
    locked = fields.Boolean(compute="_compute_locked")
    keep_until = fields.Date(required=True, readonly=True)
    correction_number = fields.Integer(
        string="Correction", default=0, readonly=True, aggregator=None
    )
    corrects_id = fields.Many2one(
        "cs.register.issue", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    correction_reason = fields.Char(readonly=True)
    signature_ids = fields.One2many("cs.register.signature", "issue_id")

    _once = models.UniqueIndex(
        "(register_id, company_id, begin_at, end_at, split_key, correction_number)",
        "This period has been issued already.",
    )
    _order_idx = models.Index("(date_from DESC, id DESC)")
    _waiting_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")
    _keep_idx = models.Index("(keep_until)")

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("issued_at", "due_at")
    def _compute_on_time(self):
        for issue in self:
            late = issue.due_at and (issue.issued_at or fields.Datetime.now())
            issue.on_time = not late or late <= fields.Datetime.add(
                issue.due_at, hours=1
            )

    @api.depends("lock_date", "signature_ids.signed_at")
    def _compute_locked(self):
        today = today_in(self.env["cs.register"]._get_zone())
        for issue in self:
            signatures = issue.signature_ids
            signed = signatures and all(signatures.mapped("signed_at"))
            issue.locked = bool(signed or issue.lock_date <= today)

    @api.depends("figures")
    def _compute_figure_text(self):
        for issue in self:
            issue.figure_text = "\n".join(
                f"{figure['name']}: {figure['text']}" for figure in issue.figures or []
            )

    # ------------------------------------------------------------------
    # Made
    # ------------------------------------------------------------------
    @api.model
    def _prepare_issue(self, register, company, window, due_at=None, user=None):
        """Return the copy of this period, made now if there is none.

        :param window: first day, last day, begin, end
        """
        first, last, begin, end = window
        # sudo: one copy a period, whoever may see it; who may issue is checked before
        Issue = self.sudo().with_context(tracking_disable=True)
        found = Issue.search(
            [
                ("register_id", "=", register.id),
                ("company_id", "=", company.id),
                ("begin_at", "=", begin),
                ("end_at", "=", end),
                ("split_key", "=", ""),
            ],
            order="correction_number DESC",
            limit=1,
        )
        if found:
            return found
        user = user or register.responsible_id
        return Issue.create(
            {
                "name": self._get_title(register, first, last),
                "register_id": register.id,
                "company_id": company.id,
                "date_from": first,
                "date_to": last,
                "begin_at": begin,
                "end_at": end,
                "due_at": due_at,
                "issued_by_id": self.env.uid,
                "issued_as_id": user.id,
                "lock_date": lock_date(last, register.lock_day),
                "keep_until": fields.Date.add(last, years=register.retention_years),
                "signature_ids": register._prepare_signatures(),
            }
        )

    @api.model
    def _get_title(self, register, first, last):
        name = register.with_context(lang=self.env.lang or "zh_CN").name
        days = str(first) if first == last else f"{first} – {last}"
        return f"{name} {days}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["paper_token"] = secrets.token_urlsafe(18)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_after_retention(self):
        today = fields.Date.context_today(self)
        kept = self.filtered(lambda issue: issue.keep_until >= today)
        if kept:
            raise UserError(
                self.env._(
                    "%(name)s is kept until %(date)s and cannot be deleted before.",
                    name=kept[0].name,
                    date=kept[0].keep_until,
                )
            )

    @api.autovacuum
    def _gc_after_retention(self, limit=100):
        """G22: copies older than their retention, and only these."""
        today = fields.Date.context_today(self)
        old = self.search(
            [("keep_until", "<", today), ("parent_id", "=", False)],
            limit=limit,
            order="keep_until",
        )
        count = len(old)
        (old | old.child_ids).unlink()
        return count, count == limit

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def _check_issuer(self, register):
        """Copies are issued by those who may read them."""
        if register.group_id not in self.env.user.all_group_ids:
            raise AccessError(
                self.env._(
                    "Copies of %(name)s are issued by members of “%(group)s”.",
                    name=register.name,
                    group=register.group_id.name,
                )
            )

    def _check_reader(self):
        """Nobody gets a file with a column he may not read.

        :raise AccessError: with the sentence that says what to do
        """
        self.ensure_one()
        self.check_access("read")
        filled = self._get_hidden(self.env.user) - set(
            (self.hidden_columns or "").split("、")
        )
        if filled:
            raise AccessError(
                self.env._(
                    "This copy holds columns you may not read (%(columns)s): please "
                    "open the register on screen, it shows yours.",
                    columns="、".join(sorted(filled)),
                )
            )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_download(self):
        self.ensure_one()
        self._check_reader()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs/register/{self.id}/xlsx",
            "target": "download",
        }

    def action_reissue(self):
        """Write the file anew, with what the records say now."""
        for issue in self:
            issue._check_issuer(issue.register_id)
            issue.check_access("read")
            issue = issue.sudo()  # after the check: copies are written by methods only
            issue.lock_for_update()
            issue._check_open()
            issue._start(self.env.user)

    def _check_open(self):
        if self.parent_id:
            raise UserError(
                self.env._("Please issue %(name)s anew.", name=self.parent_id.name)
            )
        if self.locked and self.state == "done":
            raise UserError(
                self.env._(
                    "%(name)s is locked: a manager may issue a correction with a "
                    "reason.",
                    name=self.name,
                )
            )
        if any(self.signature_ids.mapped("signed_at")):
            raise UserError(
                self.env._(
                    "%(name)s carries a signature: a manager may issue a correction "
                    "with a reason.",
                    name=self.name,
                )
            )

    def _correct(self, reason):
        """Issue a correction beside the locked copy (G22).

        :return: the new copy
        """
        self.ensure_one()
        self._check_issuer(self.register_id)
        if not self.env.user.has_group("cs_helpdesk.group_manager"):
            raise AccessError(self.env._("Corrections are issued by a manager."))
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the copy has to be corrected."))
        if self.parent_id or self.state != "done":
            raise UserError(
                self.env._("Only a whole copy that has been issued is corrected.")
            )
        origin = self.sudo()  # after the checks: copies are written by methods only
        origin.lock_for_update()
        number = max(
            self.sudo()
            .search(
                [
                    ("register_id", "=", self.register_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("begin_at", "=", self.begin_at),
                    ("end_at", "=", self.end_at),
                ]
            )
            .mapped("correction_number")
        )
        copy = origin.copy(
            {
                "name": self.env._(
                    "%(name)s, correction %(number)s",
                    name=self._get_title(
                        self.register_id, self.date_from, self.date_to
                    ),
                    number=number + 1,
                ),
                "correction_number": number + 1,
                "corrects_id": self.id,
                "correction_reason": reason.strip(),
                "signature_ids": self.register_id._prepare_signatures(),
                **self._get_blank(),
            }
        )
        copy._start(self.env.user)
        return copy.with_env(self.env)
