from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

SIGN_IN_BEFORE = timedelta(hours=2)
ROSTER = ("user_id", "date", "kind_id", "company_id")
# written by the buttons of the person, never by hand
SIGNED = {"signed_in_at", "signed_out_at", "published_at", "publish_reason", "state"}


class CsShift(models.Model):
    """One person's shift of one day (000-82, G14)."""

    _name = "cs.shift"
    _description = "Shift"
    _inherit = ["cs.shift.rules", "cs.shift.after", "cs.audit.mixin"]
    _order = "start_at, id"
    _rec_names_search = ["user_id.name", "kind_id.name"]

    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        index=True,
        domain="[('share', '=', False)]",
    )
    date = fields.Date(required=True)
    kind_id = fields.Many2one(
        "cs.shift.kind", string="Shift", required=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        "cs.line", string="Telephone Line", index="btree_not_null", help="Empty: any."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    color = fields.Integer(related="kind_id.color")
    start_at = fields.Datetime(
        string="Begins", compute="_compute_span", store=True, precompute=True
    )
    end_at = fields.Datetime(
        string="Ends", compute="_compute_span", store=True, precompute=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        default="draft",
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    publish_reason = fields.Char(
        string="Why Published Late or with Gaps", readonly=True, copy=False
    )
    # Presence (000-61, 000-70)
    signed_in_at = fields.Datetime(string="Signed In", readonly=True, copy=False)
    signed_out_at = fields.Datetime(string="Signed Out", readonly=True, copy=False)
    late_minutes = fields.Integer(
        string="Late (min)", compute="_compute_late_minutes", store=True
    )
    early_minutes = fields.Integer(
        string="Left Early (min)", compute="_compute_late_minutes", store=True
    )
    note = fields.Char()
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _no_clash = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&,"
        " tsrange(start_at, end_at) WITH &&) DEFERRABLE",
        "This person has another shift at that time.",
    )
    _order_idx = models.Index("(start_at, id)")
    _day_idx = models.Index("(company_id, date, kind_id)")
    _presence_idx = models.Index("(user_id, start_at) WHERE state = 'published'")
    _end_idx = models.Index("(end_at) WHERE state = 'published'")

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("date", "kind_id", "company_id")
    def _compute_span(self):
        for shift in self:
            if shift.date and shift.kind_id:
                span = shift.kind_id._get_span(shift.company_id, shift.date)
                shift.start_at, shift.end_at = span
            else:
                shift.start_at = shift.end_at = False

    @api.depends("signed_in_at", "signed_out_at", "start_at", "end_at")
    def _compute_late_minutes(self):
        for shift in self:
            came, left = shift.signed_in_at, shift.signed_out_at
            late = came and (came - shift.start_at).total_seconds() or 0
            early = left and (shift.end_at - left).total_seconds() or 0
            shift.late_minutes = max(int(late // 60), 0)
            shift.early_minutes = max(int(early // 60), 0)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for shift in self:
            shift.is_mine = shift.user_id == self.env.user

    @api.depends("user_id", "kind_id", "date")
    def _compute_display_name(self):
        for shift in self:
            day = format_date(self.env, shift.date) if shift.date else ""
            shift.display_name = f"{shift.user_id.name} · {shift.kind_id.name} {day}"

    # ------------------------------------------------------------------
    # Create, write, delete
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(SIGNED & vals.keys() for vals in vals_list):
            raise AccessError(self._only_buttons())
        self._check_clash(vals_list)
        shifts = super().create(vals_list)
        shifts._check_rules()
        return shifts

    def write(self, vals):
        if not self.env.su and SIGNED & vals.keys():
            raise AccessError(self._only_buttons())
        moving = any(name in vals for name in ROSTER)
        if moving:
            self._check_not_begun()
            self._check_clash([shift._as_vals() | vals for shift in self], self)
        result = super().write(vals)
        if moving:
            self._check_rules()
            self._tell_people(self.filtered(lambda s: s.state == "published"))
        return result

    def _only_buttons(self):
        return self.env._("Publishing and signing in or out have buttons of their own.")

    def _check_not_begun(self):
        if not self.env.su and any(shift.signed_in_at for shift in self):
            raise UserError(
                self.env._("Somebody has signed in to this shift: it stays as it was.")
            )

    def _as_vals(self):
        self.ensure_one()
        return {
            "user_id": self.user_id.id,
            "date": self.date,
            "kind_id": self.kind_id.id,
            "company_id": self.company_id.id,
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(shift.state == "published" for shift in self):
            raise UserError(
                self.env._(
                    "A published shift is not deleted: give it to somebody else or "
                    "take it back first."
                )
            )

    # ------------------------------------------------------------------
    # Publishing
    # ------------------------------------------------------------------
    def action_publish(self):
        """Publish these shifts; the wizard asks when something is not as it should."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish the Roster"),
            "res_model": "cs.roster.publish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_shift_ids": self.ids},
        }

    def _publish(self, reason=None):
        """Publish drafts, all or none; publishing twice changes nothing.

        :param str reason: why late, or in spite of lines without a certified agent
        :raise AccessError: not a supervisor
        :raise UserError: late or with gaps, and no reason
        """
        self._check_supervisor()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        drafts = self.filtered(lambda s: s.state == "draft")
        drafts._check_rules()
        faults = drafts._get_publish_faults()
        if faults and not (reason or "").strip():
            raise UserError(
                "\n".join([*faults, self.env._("Write the reason to publish anyway.")])
            )
        # sudo: checked above; the state is closed to writing by hand
        drafts.sudo().write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "publish_reason": bool(faults) and reason.strip(),
            }
        )
        self._tell_people(drafts)
        return drafts

    def action_take_back(self):
        """Make published shifts that have not begun drafts again."""
        self._check_supervisor()
        self.check_access("write")
        self.lock_for_update()
        begun = self.filtered(lambda s: s.start_at <= fields.Datetime.now())
        if begun or self.filtered("signed_in_at"):
            raise UserError(self.env._("A shift that has begun is not taken back."))
        published = self.filtered(lambda s: s.state == "published")
        published.sudo().state = "draft"  # sudo: checked above
        self._tell_people(published)

    def _check_supervisor(self):
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(self.env._("Only a supervisor makes the roster."))

    def _tell_people(self, shifts):
        """One word to each person whose published roster changed."""
        for user, mine in shifts.grouped("user_id").items():
            if user == self.env.user:
                continue
            env = self.with_context(lang=user.lang).env
            user._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "title": env._("Roster"),
                    "message": env._(
                        "%(count)s of your shifts from %(first)s to %(last)s were "
                        "published or changed.",
                        count=len(mine),
                        first=format_date(env, min(mine.mapped("date"))),
                        last=format_date(env, max(mine.mapped("date"))),
                    ),
                },
            )

    # ------------------------------------------------------------------
    # Signing in and out (000-61, 000-70)
    # ------------------------------------------------------------------
    def _begin_own(self):
        """Lock the own published shift; nobody signs for another.

        :return: the shift in sudo
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody signs in and out himself."))
        if self.state != "published":
            raise UserError(self.env._("This shift is not published yet."))
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        return self.sudo()  # checked above; the times are closed to writing by hand

    def action_sign_in(self):
        """I am here; a second press changes nothing."""
        shift, now = self._begin_own(), fields.Datetime.now()
        if shift.signed_in_at:
            return
        if not shift.start_at - SIGN_IN_BEFORE <= now < shift.end_at:
            raise UserError(
                self.env._(
                    "This shift runs from %(start)s to %(end)s: sign in then.",
                    start=format_datetime(self.env, shift.start_at),
                    end=format_datetime(self.env, shift.end_at),
                )
            )
        shift.signed_in_at = now
        self.env["cs.route.desk"]._wake()

    def action_sign_out(self):
        """I go; where a duty log is asked for, it is written first (000-69)."""
        shift = self._begin_own()
        if shift.signed_out_at:
            return None
        if not shift.signed_in_at:
            raise UserError(self.env._("You have not signed in to this shift."))
        log = shift._get_log()
        if shift.kind_id.needs_log and log.state != "done":
            return shift.sudo(False).action_open_log()
        shift.signed_out_at = fields.Datetime.now()
        return None

    @api.model
    def _get_current(self, user=None, at=None):
        """The published shift a person has now, else the next one within 12 hours."""
        user, at = user or self.env.user, at or fields.Datetime.now()
        return self.search(
            Domain("user_id", "=", user.id)
            & Domain("state", "=", "published")
            & Domain("end_at", ">", at)
            & Domain("start_at", "<", at + timedelta(hours=12)),
            limit=1,
        )

    @api.constrains("line_id", "company_id")
    def _check_line_company(self):
        for shift in self:
            if shift.line_id and shift.line_id.company_id != shift.company_id:
                raise ValidationError(
                    self.env._(
                        "The line %(line)s belongs to another company.",
                        line=shift.line_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------------
    def action_hand_over(self):
        """Everything open of this shift on one list (N31)."""
        self.ensure_one()
        self.check_access("read")
        supervisor = self.env.user.has_group("cs_helpdesk.group_supervisor")
        if self.user_id != self.env.user and not supervisor:
            raise AccessError(self.env._("Everybody hands over his own shift."))
        if self.state != "published":
            raise UserError(self.env._("This shift is not published yet."))
        return self.env["cs.handover"]._open_for_shift(self)
