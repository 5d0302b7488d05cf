import io

from odoo import fields, models
from odoo.exceptions import UserError

from ..lib.register_rows import differences, kept

SHOWN = 1000  # differences kept; more are counted


class CsRegisterRecount(models.AbstractModel):
    """N36: what would the same copy say today, and who has changed what since?"""

    _name = "cs.register.recount"
    _description = "Issued Copy: Recount"

    recount_state = fields.Selection(
        [("same", "Unchanged"), ("changed", "Changed Since")], readonly=True
    )
    recount_at = fields.Datetime(string="Recounted", readonly=True)
    difference_count = fields.Integer(
        string="Differences", readonly=True, aggregator=None
    )
    difference_ids = fields.One2many(
        "cs.register.difference", "issue_id", string="What Has Changed"
    )

    def action_recount(self):
        """Read the records again as the same person and compare row by row."""
        for issue in self:
            issue._check_issuer(issue.register_id)
            issue._check_reader()
            issue = issue.sudo()  # after the checks: copies are written by methods only
            issue.lock_for_update()
            if issue.state != "done":
                raise UserError(
                    self.env._("%(name)s is not issued yet.", name=issue.name)
                )
            for one in issue.child_ids or issue:
                one._recount()
            if issue.child_ids:
                issue._sum_up()

    def _recount(self):
        reader = self._get_reader()
        records = reader.search(self._get_domain(reader))
        before = io.BytesIO(self._get_file("rows_file"))
        found = list(differences(kept(before), reader.rows(records)))
        self.difference_ids.unlink()
        self._note_differences(reader, found)
        self.write(
            {
                "recount_at": fields.Datetime.now(),
                "recount_state": "changed" if found else "same",
                "difference_count": len(found),
            }
        )

    def _sum_up(self):
        changed = self.child_ids.filtered(lambda c: c.recount_state == "changed")
        self.write(
            {
                "recount_at": fields.Datetime.now(),
                "recount_state": "changed" if changed else "same",
                "difference_count": sum(changed.mapped("difference_count")),
            }
        )

    def _note_differences(self, reader, found):
        found = found[:SHOWN]
        who = self._who_changed({row_id for row_id, *_rest in found}, reader)
        model = reader.spec["model"]
        self.env["cs.register.difference"].create(
            [
                {
                    "issue_id": self.id,
                    "res_model": model,
                    "res_id": row_id,
                    "heading": reader.cells[index].heading
                    if index is not None
                    else "、".join(cell.heading for cell in reader.cells),
                    "kind": self._kind_of(index, old),
                    "old": self._words(old),
                    "new": self._words(new),
                    "who": who.get(row_id),
                }
                for row_id, index, old, new in found
            ]
        )

    def _kind_of(self, index, old):
        if index is not None:
            return "changed"
        return "added" if old is None else "gone"

    def _words(self, value):
        if isinstance(value, list):
            return " | ".join(map(str, value))
        return "" if value is None else str(value)

    def _who_changed(self, ids, reader):
        """{record id: who touched it since the copy was issued, newest first}."""
        # the log is for supervision; who issued a copy learns who, when and what kind
        logs = (
            self.env["cs.audit.log"]
            .sudo()
            .search(
                [
                    ("res_model", "=", reader.spec["model"]),
                    ("res_id", "in", list(ids)),
                    ("date", ">=", self.issued_at),
                ]
            )
        )
        lines = {}
        for log in logs:
            names = "、".join(
                log._field_label(reader.Model, name) for name in log.changes or {}
            )
            moment = fields.Datetime.context_timestamp(self, log.date)
            lines.setdefault(log.res_id, []).append(
                f"{moment:%Y-%m-%d %H:%M} {log.user_name or log.login or ''} {names}"
            )
        return {res_id: "\n".join(texts[:20]) for res_id, texts in lines.items()}
