import json

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import SQL, format_datetime, html2plaintext

BUFFER = "cs_helpdesk.audit"
CREATED = "cs_helpdesk.audit_created"
TEXT_MAX = 500  # characters kept of a value
YEARS = 3  # 003-61, 000-117
READERS_OF_CONTENT = "cs_helpdesk.group_manager,cs_helpdesk.group_supervision"


class CsAuditLog(models.Model):
    """Who did what and when; written once, kept for three years, never changed.

    Rows come from ``cs.audit.mixin`` and from the few hooks for logins, exports and
    settings. They are inserted by SQL, so there is no way to make one up over RPC;
    a trigger refuses every change, also of an administrator with sudo.
    """

    _name = "cs.audit.log"
    _description = "Audit Log"
    _order = "id desc"
    _rec_name = "res_name"
    _log_access = False

    date = fields.Datetime(string="When", required=True)
    uid = fields.Integer(string="User ID", aggregator=None)
    login = fields.Char()
    user_name = fields.Char(string="User")
    ip = fields.Char(
        string="IP Address",
        groups="cs_helpdesk.group_system_admin,cs_helpdesk.group_supervision",
    )
    event = fields.Selection(
        [
            ("create", "Created"),
            ("write", "Changed"),
            ("archive", "Archived"),
            ("unarchive", "Restored"),
            ("unlink", "Deleted"),
            ("export", "Exported"),
            ("login", "Logged In"),
            ("login_failed", "Login Failed"),
            ("settings", "Settings Saved"),
            ("phone_search", "Telephone Number Searched"),
        ],
        required=True,
    )
    res_model = fields.Char(string="Model")
    model_name = fields.Char(string="Kind of Record", compute="_compute_model_name")
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", aggregator=None
    )
    res_name = fields.Char(string="Record")
    changes = fields.Json(groups="cs_helpdesk.group_supervision")
    summary = fields.Text(compute="_compute_summary", string="What")
    # no user or record can disappear under a row; a company with a past stays
    company_id = fields.Many2one("res.company", ondelete="restrict")

    _date_idx = models.Index("USING brin (date)")
    _model_idx = models.Index("(res_model, id DESC)")
    _record_idx = models.Index("(res_id, res_model)")
    _login_idx = models.Index("(login, id DESC)")

    # ------------------------------------------------------------------
    # Never changed
    # ------------------------------------------------------------------
    def init(self):
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION cs_audit_log_guard() RETURNS trigger AS $$
                BEGIN
                    IF TG_OP = 'DELETE' THEN
                        IF OLD.date < now() AT TIME ZONE 'utc' - interval %(age)s THEN
                            RETURN OLD;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The audit log is append-only'
                        USING ERRCODE = 'insufficient_privilege';
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS cs_audit_log_rows ON cs_audit_log;
                CREATE TRIGGER cs_audit_log_rows BEFORE UPDATE OR DELETE
                    ON cs_audit_log FOR EACH ROW EXECUTE FUNCTION cs_audit_log_guard();
                DROP TRIGGER IF EXISTS cs_audit_log_all ON cs_audit_log;
                CREATE TRIGGER cs_audit_log_all BEFORE TRUNCATE
                    ON cs_audit_log EXECUTE FUNCTION cs_audit_log_guard();
                """,
                age=f"{YEARS} years",
            )
        )

    def _refuse(self):
        raise AccessError(self.env._("The audit log cannot be changed by anybody."))

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        if self:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_anything(self):
        self._refuse()

    @api.autovacuum
    def _gc_audit_log(self, limit=50_000):
        """Forget what is older than three years; only this, and only that."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cs_audit_log WHERE id IN (
                    SELECT id FROM cs_audit_log
                     WHERE date < now() AT TIME ZONE 'utc' - interval %s
                     LIMIT %s)""",
                f"{YEARS} years",
                limit,
            )
        )
        done = self.env.cr.rowcount
        return done, done == limit

    # ------------------------------------------------------------------
    # Noting: collected until the end of the transaction, one INSERT for all
    # ------------------------------------------------------------------
    @api.model
    def _actor(self):
        """The person at the other end, also where a controller acts as the system."""
        uid = self.env.uid
        if uid in (None, SUPERUSER_ID) and request and request.session.uid:
            return request.session.uid
        return uid

    @api.model
    def _buffer(self):
        data = self.env.cr.precommit.data
        if BUFFER not in data:
            data[BUFFER] = {"rows": {}, "actors": {}}
            self.env.cr.precommit.add(self.sudo()._insert_buffer)
        return data[BUFFER]

    @api.model
    def _created_here(self):
        """Keys of records made in this transaction: their first values are no news."""
        return self.env.cr.precommit.data.setdefault(CREATED, set())

    @api.model
    def _is_noting(self):
        # data files of an installation are nobody's doing
        return self.env.registry.ready

    @api.model
    def _note(self, event, record, name, company_id, changes=None):
        """Add to the row of a record in this transaction, or start it."""
        buffer = self._buffer()
        key = (record._name, record.id)
        row = buffer["rows"].setdefault(
            (*key, event == "unlink"),
            {
                "event": event,
                "uid": buffer["actors"].get(key) or self._actor(),
                "res_model": record._name,
                "res_id": record.id,
                "res_name": name,
                "company_id": company_id,
                "changes": {},
            },
        )
        for field_name, (old, new) in (changes or {}).items():
            before = row["changes"].get(field_name, [old])[0]
            row["changes"][field_name] = [before, new]

    @api.model
    def _insert_buffer(self):
        buffer = self.env.cr.precommit.data.pop(BUFFER)
        rows = []
        for row in buffer["rows"].values():
            if row["changes"]:
                row["changes"] = self._readable(row)
                active = row["changes"].get("active")
                if active and row["event"] == "write":
                    row["event"] = "unarchive" if active[1] else "archive"
            if row["changes"] or row["event"] != "write":
                rows.append(row)
        self._append(rows)

    @api.model
    def _append(self, rows):
        """Insert rows now, by one statement.

        :param list[dict] rows: event and, as far as known, uid, login, res_model,
            res_id, res_name, company_id, changes
        """
        if not rows:
            return
        if self.env.cr.readonly:
            # a read that is logged: the server takes the request up again and writes
            raise ReadOnlySqlTransaction(
                "cannot execute INSERT in a read-only transaction"
            )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_audit_log (date, ip, uid, login, user_name, event,
                    res_model, res_id, res_name, company_id, changes)
                SELECT %(now)s, %(ip)s, new.uid, COALESCE(u.login, new.login), p.name,
                       new.event, new.res_model, new.res_id, new.res_name,
                       new.company_id, new.changes
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(
                       uid int, login text, event text, res_model text, res_id int,
                       res_name text, company_id int, changes jsonb)
                  LEFT JOIN res_users u ON u.id = new.uid
                  LEFT JOIN res_partner p ON p.id = u.partner_id""",
                now=fields.Datetime.now(),
                ip=request.httprequest.remote_addr if request else None,
                rows=json.dumps(rows, default=str),
            )
        )

    @api.model
    def _append_apart(self, row):
        """Insert a row that survives the rollback of what it tells about."""
        with self.env.registry.cursor() as cr:
            self.with_env(self.env(cr=cr))._append([row])

    # ------------------------------------------------------------------
    # From columns to words
    # ------------------------------------------------------------------
    @api.model
    def _readable(self, row):
        """Return the changes of a row as words, without what did not change."""
        Model = self.env[row["res_model"]]
        words = {}
        for name, (old, new) in row["changes"].items():
            if (old or None) == (new or None):
                continue
            pair = [self._value_words(Model, row, name, value) for value in (old, new)]
            if isinstance(old, (set, frozenset)):
                pair = self._set_words(Model, name, old, new)
            words[name] = pair
        return words

    @api.model
    def _value_words(self, Model, row, name, value):
        field = Model._fields.get(name)
        if value in (None, False, "") or isinstance(value, (set, frozenset)):
            return False
        if field and field.type == "many2one":
            # sudo: the log keeps the name whoever may see the record
            value = self.env[field.comodel_name].sudo().browse(value).exists()
            return value.display_name or False
        if field and field.type == "html":
            value = html2plaintext(value)
        if isinstance(value, str):
            value = value.strip()[:TEXT_MAX]
        return Model._audit_masked(name, row["res_name"], value)

    @api.model
    def _set_words(self, Model, name, old, new):
        # sudo: as above
        Comodel = self.env[Model._fields[name].comodel_name].sudo()
        gone, come = (Comodel.browse(ids).exists() for ids in (old - new, new - old))
        return [
            "、".join(records.mapped("display_name")) or False
            for records in (gone, come)
        ]

    def _compute_model_name(self):
        for log in self:
            model = self.env["ir.model"]._get(log.res_model) if log.res_model else None
            log.model_name = model.name if model else log.res_model

    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        """003-03: who keeps the system sees that a ticket changed, not what it says."""
        sees_content = self.env.user.has_groups(READERS_OF_CONTENT)
        for log in self:
            # sudo: `changes` is for the supervision group, this is what others see
            changes = log.sudo().changes or {}
            Model = self.env.get(log.res_model) if log.res_model else None
            if log.event == "export":
                log.summary = log._export_words(Model, changes)
                continue
            hidden = getattr(Model, "_audit_content", False) and not sees_content
            log.summary = "\n".join(
                log._change_words(Model, name, values, hidden)
                for name, values in changes.items()
            )

    def _export_words(self, Model, changes):
        names = changes.get("fields", [])
        return self.env._(
            "%(n)s records: %(fields)s",
            n=changes.get("count", 0),
            fields="、".join(self._field_label(Model, name) for name in names),
        )

    def _change_words(self, Model, name, values, hidden):
        label = self._field_label(Model, name)
        if hidden:
            return label
        field = Model._fields.get(name) if Model is not None else None
        words = {None: "", False: "", True: self.env._("Yes")}
        if field is not None and field.type == "boolean":
            words[False] = self.env._("No")
        elif field is not None and field.type == "selection":
            words.update(field._description_selection(self.env))
        elif field is not None and field.type == "datetime":
            moments = map(fields.Datetime.to_datetime, filter(None, values))
            words.update((str(at), format_datetime(self.env, at)) for at in moments)
        old, new = (words.get(value, value) for value in values)
        return f"{label}: {old} → {new}"

    @api.model
    def _field_label(self, Model, name):
        field = Model._fields.get(name) if Model is not None else None
        return field.get_description(self.env, ["string"])["string"] if field else name

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
