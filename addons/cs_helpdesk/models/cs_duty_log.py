from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, format_datetime

OPEN = {"events", "nothing", "diverted", "divert_number"}


class CsDutyLog(models.Model):
    """What happened in a shift; written even when nothing did (000-82, G14).

    One log for all who have the same shift of a day. It is done by its button, and a
    log that is not there 15 minutes after the shift is an alert.
    """

    _name = "cs.duty.log"
    _description = "Duty Log"
    _inherit = ["mail.thread", "mail.activity.mixin", "cs.audit.mixin"]
    _order = "date desc, id desc"

    company_id = fields.Many2one("res.company", required=True)
    date = fields.Date(required=True)
    kind_id = fields.Many2one(
        "cs.shift.kind", string="Shift", required=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "To Be Written"), ("done", "Done"), ("missing", "Missing")],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    nothing = fields.Boolean(string="Nothing Happened")
    events = fields.Text(help="What happened, what was done, what is still open.")
    needs_divert = fields.Boolean(related="kind_id.needs_divert")
    diverted = fields.Boolean(
        string="Telephones Go to the Duty Line",
        help="Tried by a call of one's own.",
    )
    divert_number = fields.Char(string="Diverted to")
    people = fields.Char(string="On This Shift", compute="_compute_people")
    user_id = fields.Many2one("res.users", string="Written by", readonly=True)
    done_at = fields.Datetime(string="Written", readonly=True)
    late = fields.Boolean(string="Written Late", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, date, kind_id)", "This shift has its duty log already."
    )
    _order_idx = models.Index("(date DESC, id DESC)")

    @api.depends("date", "kind_id")
    def _compute_display_name(self):
        for log in self:
            day = format_date(self.env, log.date) if log.date else ""
            log.display_name = f"{log.kind_id.name} {day}"

    @api.depends("date", "kind_id", "company_id")
    def _compute_people(self):
        """Who had the shift, with the times they signed in and out: one query."""
        # sudo: whoever may read the log may know who had the shift
        shifts = (
            self.env["cs.shift"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("date", "in", [log.date for log in self if log.date]),
                    ("kind_id", "in", self.kind_id.ids),
                    ("state", "=", "published"),
                ]
            )
        )
        found = shifts.grouped(lambda s: (s.company_id, s.date, s.kind_id))
        for log in self:
            zone = log.company_id.service_calendar_id.tz or "UTC"
            mine = found.get((log.company_id, log.date, log.kind_id), shifts.browse())
            log.people = "、".join(log._say_presence(shift, zone) for shift in mine)

    def _say_presence(self, shift, zone):
        times = [
            format_datetime(self.env, at, tz=zone, dt_format="HH:mm") if at else "—"
            for at in (shift.signed_in_at, shift.signed_out_at)
        ]
        return f"{shift.user_id.name} {'–'.join(times)}"

    @api.model
    def _get_or_begin(self, company, day, kind):
        """The log of a shift, in sudo; two people at once get the same one."""
        # sudo: logs begin by themselves, nobody creates one by hand
        Log = self.sudo()
        domain = [
            ("company_id", "=", company.id),
            ("date", "=", day),
            ("kind_id", "=", kind.id),
        ]
        log = Log.search(domain)
        if log:
            return log
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_duty_log
                       (company_id, date, kind_id, state, create_uid, create_date,
                        write_uid, write_date)
                VALUES (%(company)s, %(day)s, %(kind)s, 'draft', %(uid)s, %(now)s,
                        %(uid)s, %(now)s)
                ON CONFLICT (company_id, date, kind_id) DO NOTHING
                """,
                company=company.id,
                day=day,
                kind=kind.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        return Log.search(domain)

    def write(self, vals):
        if not self.env.su:
            if vals.keys() - OPEN - {"message_follower_ids", "activity_ids"}:
                raise AccessError(
                    self.env._("A duty log is begun and done by its buttons.")
                )
            if any(log.state == "done" for log in self):
                raise UserError(
                    self.env._("This log is done: write a note under it instead.")
                )
            self._check_on_shift()
        return super().write(vals)

    def _check_on_shift(self):
        """Whoever had the shift writes its log, or a supervisor.

        :raise AccessError: somebody else
        """
        if self.env.user.has_group("cs_helpdesk.group_supervisor"):
            return
        for log in self:
            # sudo: only whether the user had this shift
            mine = (
                self.env["cs.shift"]
                .sudo()
                .search_count(
                    [
                        ("company_id", "=", log.company_id.id),
                        ("date", "=", log.date),
                        ("kind_id", "=", log.kind_id.id),
                        ("user_id", "=", self.env.uid),
                        ("state", "=", "published"),
                    ],
                    limit=1,
                )
            )
            if not mine:
                raise AccessError(
                    self.env._("The duty log is written by whoever had the shift.")
                )

    def action_done(self):
        """The log is complete; a second press changes nothing.

        :raise UserError: empty, or the telephones were not diverted
        """
        self.ensure_one()
        self.check_access("read")
        self._check_on_shift()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        if self.state == "done":
            return
        if not (self.nothing or (self.events or "").strip()):
            raise UserError(
                self.env._("Write what happened, or tick “Nothing Happened”.")
            )
        if self.needs_divert and not self.diverted:
            raise UserError(
                self.env._(
                    "Divert the telephones to the duty line, try it by a call, and "
                    "tick it here."
                )
            )
        # sudo: checked above; the rest of a log is closed to writing by hand
        log = self.sudo()
        log.write(
            {
                "late": log.state == "missing",
                "state": "done",
                "user_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )
        log.activity_ids.action_feedback()

    def _get_register_events(self):
        """值班记录: what happened, or 无."""
        return (self.events or "").strip() or ("无" if self.nothing else "")

    def _mark_missing(self):
        """Alert the supervisors, once."""
        self.ensure_one()
        self.state = "missing"
        Shift = self.env["cs.shift"]
        sentence = self.env._("The duty log %(log)s is missing.", log=self.display_name)
        Shift._tell_supervisors(self.company_id, sentence, self)
        for supervisor in Shift._get_supervisors(self.company_id)[:1]:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=sentence,
                user_id=supervisor.id,
            )
