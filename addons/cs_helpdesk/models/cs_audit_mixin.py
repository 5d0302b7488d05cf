from psycopg2.extras import Json

from odoo import api, models, tools
from odoo.tools import SQL

LOG_COLUMNS = {"create_date", "create_uid", "id", "write_date", "write_uid"}


class CsAuditMixin(models.AbstractModel):
    """Creations, changes and deletions of these records go to ``cs.audit.log``.

    Changes are read where the database is written, so that what a compute changes is
    seen as well (004-83). Put it before the model it extends in ``_inherit``.
    """

    _name = "cs.audit.mixin"
    _description = "Leaves Traces in the Audit Log"

    _audit_content = False  # values are for the service centre alone
    _audit_exclude = frozenset()  # columns that tell nothing of what a person did
    _audit_mask = frozenset()  # fields whose values are not repeated in full
    _audit_name = None  # stored field that names the record in the log
    _audit_relations = ()  # x2many fields that matter: members, groups

    @api.model
    @tools.ormcache(cache="stable")
    def _get_audit_fields(self):
        """Return the names of the columns to watch: all that a person can change."""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and field.type != "binary"
            and not (field.compute and field.readonly)
            and name not in LOG_COLUMNS
            and name not in self._audit_exclude
        )

    @api.model
    @tools.ormcache(cache="stable")
    def _get_audit_name_field(self):
        for name in (self._audit_name, self._rec_name, "name", "id"):
            field = self._fields.get(name)
            if field and field.store and field.column_type:
                return name

    @api.model
    def _audit_masked(self, field_name, record_name, value):
        """Return a value as the log may repeat it: 138****5678."""
        if field_name not in self._audit_mask:
            return value
        text = str(value)
        if len(text) < 8:
            return "********"
        return f"{text[:3]}****{text[-4:]}"

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        Log = self.env["cs.audit.log"]
        if Log._is_noting():
            name_field = self._get_audit_name_field()
            by_company = "company_id" in self._fields
            for record in records.sudo():
                company = record.company_id.id if by_company else None
                Log._note("create", record, record[name_field], company or None)
            Log._created_here().update((self._name, id_) for id_ in records._ids)
        return records

    def write(self, vals):
        Log = self.env["cs.audit.log"]
        if not all(self._ids) or not self or not Log._is_noting():
            return super().write(vals)
        actor, actors = Log._actor(), Log._buffer()["actors"]
        actors.update(dict.fromkeys(((self._name, id_) for id_ in self._ids), actor))
        watched = [name for name in self._audit_relations if name in vals]
        before = self._audit_members(watched)
        result = super().write(vals)
        if watched:
            after = self._audit_members(watched)
            for record, name, company, _old in self._audit_old(()):
                changes = {
                    n: (before[record.id][n], after[record.id][n]) for n in watched
                }
                Log._note("write", record, name, company, changes)
        return result

    def _write_multi(self, vals_list):
        if self.env["cs.audit.log"]._is_noting():
            self._audit_columns(vals_list)
        return super()._write_multi(vals_list)

    @api.ondelete(at_uninstall=False)
    def _audit_deletion(self):
        Log = self.env["cs.audit.log"]
        if Log._is_noting():
            self.flush_recordset()
            for record, name, company, _old in self._audit_old(()):
                Log._note("unlink", record, name, company)

    # ------------------------------------------------------------------
    # Reading what was
    # ------------------------------------------------------------------
    def _audit_members(self, names):
        """Return {id: {field name: ids of its members}}."""
        # sudo: the log compares all members, not those the writer may see
        return {
            record.id: {name: frozenset(record[name].ids) for name in names}
            for record in self.sudo()
            if names
        }

    def _audit_old(self, names):
        """Yield (record, its name, its company id, {column: value in the database})."""
        company = SQL("company_id" if "company_id" in self._fields else "NULL")
        if self._name == "res.company":
            company = SQL("id")
        name_field = self._get_audit_name_field()
        columns = [SQL.identifier(name) for name in names]
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE id IN %s",
                SQL(", ").join(
                    [SQL("id"), SQL.identifier(name_field), company, *columns]
                ),
                SQL.identifier(self._table),
                self._ids,
            )
        )
        for id_, label, company_id, *values in rows:
            if isinstance(label, dict):  # translated
                label = label.get(self.env.lang) or label.get("en_US")
            yield (
                self.browse(id_),
                label,
                company_id,
                dict(zip(names, values, strict=True)),
            )

    def _audit_columns(self, vals_list):
        """Note what an UPDATE is about to change; one query for the old values."""
        Log = self.env["cs.audit.log"]
        created = Log._created_here()
        news = {
            id_: vals
            for id_, vals in zip(self._ids, vals_list, strict=True)
            if (self._name, id_) not in created
        }
        names = self._get_audit_fields().intersection(*[set().union(*news.values())])
        if not names:
            return
        for record, name, company, old in self.browse(news)._audit_old(sorted(names)):
            changes = {}
            for column in names & news[record.id].keys():
                pair = _changed(old[column], news[record.id][column])
                if pair:
                    changes[column] = pair
            if changes:
                Log._note("write", record, name, company, changes)


def _changed(old, new):
    """Return (old, new) as told in the log, or None when the column keeps its value.

    Of a translated or company-dependent column only the given keys are written.
    """
    if isinstance(new, Json):
        new = new.adapted
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key, value in new.items() if old.get(key) != value]
        return (old.get(keys[0]), new[keys[0]]) if keys else None
    if isinstance(new, dict) and not old:
        return (None, next(iter(new.values()), None))
    return None if (old or None) == (new or None) else (old, new)
