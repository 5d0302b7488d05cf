import json
import logging
from tempfile import TemporaryFile

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..lib.register_rows import RowLog, plain
from ..lib.register_sheet import Column, Workbook
from .register_reader import RegisterReader

_logger = logging.getLogger(__name__)

AT_ONCE = 5000  # rows a person waits for; more are written by the job
SHEET_KINDS = ("date", "datetime", "integer", "money", "number")


class CsRegisterJob(models.AbstractModel):
    """How the file of a copy is written: now if it is small, else by the job."""

    _name = "cs.register.job"
    _description = "Issued Copy: Job"

    # ------------------------------------------------------------------
    # Started
    # ------------------------------------------------------------------
    def _get_blank(self):
        """Values of a copy whose file is still to be written."""
        return {
            "state": "waiting",
            "message": False,
            "issued_at": False,
            "digest": False,
            "row_count": 0,
            "figures": False,
            "hidden_columns": False,
            "recount_state": False,
            "recount_at": False,
            "spec": False,
        }

    def _start(self, user):
        """Write the files of these copies (sudo records) with the rights of ``user``.

        Small ones at once, so that a person sees them; large ones by the job.
        """
        for issue in self:
            values = {**self._get_blank(), "issued_as_id": user.id}
            issue.write({**values, "issued_by_id": self.env.uid})
            if not issue._is_small():
                self.env.ref("cs_helpdesk.cron_register")._trigger()
                continue
            with self.env.cr.savepoint():
                issue._write_file()

    def _is_small(self):
        """Few rows: a person can wait for it."""
        reader = self._get_reader()
        found = reader.search(self._get_domain(reader), limit=AT_ONCE + 1)
        return len(found) <= AT_ONCE

    @api.model
    def _run_waiting(self):
        """Write what waits; a copy whose writer has died is written again."""
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "in", ("waiting", "running"))], order="id")
        for issue in waiting:
            issue = issue[0]
            if issue.try_lock_for_update():
                issue._run_or_fail()
            if not cron._commit_progress(1):
                return

    def _run_or_fail(self):
        """Write one file; what goes wrong is told on this copy and stops no other."""
        try:
            with self.env.cr.savepoint():
                self._write_file()
                if self.due_at:  # by the schedule; who presses a button has it
                    self._send()
        except OperationalError:  # a conflict or a lost connection: it is done again
            raise
        except Exception as error:
            known = isinstance(error, UserError)
            if not known:
                _logger.exception("Register copy %s", self.id)
            why = (
                str(error)
                if known
                else self.env._("Unexpected error: %(error)s", error=error)
            )
            self.write({"state": "failed", "message": why})

    # ------------------------------------------------------------------
    # Written
    # ------------------------------------------------------------------
    def _get_reader(self, user=None):
        """Reader of this copy's definition, as the person it is issued with."""
        user = user or self.issued_as_id
        env = self.env(
            user=user,
            su=False,
            context={
                "lang": user.lang or self.env.lang,
                "tz": user.tz,
                "allowed_company_ids": self.company_id.ids,
            },
        )
        register = self.register_id.with_context(lang=env.context["lang"])
        return RegisterReader(env, self.spec or register._get_spec())

    def _get_hidden(self, user):
        """Headings of the columns ``user`` may not read; none once a field is gone."""
        try:
            return set(self._get_reader(user).hidden())
        except UserError:
            return set()

    def _get_domain(self, reader):
        split = None
        if self.split_key:
            split = reader.spec["split_field"], json.loads(self.split_key)
        return reader.domain(self.begin_at, self.end_at, self.company_id, split)

    def _write_file(self):
        """Read the rows as the responsible person, write the file and its hash."""
        self.ensure_one()
        self.difference_ids.unlink()
        self.write({**self._get_blank(), "state": "running"})
        reader = self._get_reader()
        if reader.spec["split_field"] and not self.split_key:
            return self._split(reader)
        records = reader.search(self._get_domain(reader))
        with TemporaryFile() as book_file, TemporaryFile() as row_file:
            log = RowLog(row_file)
            book = self._get_book(book_file, reader)
            book.write_rows(self._logged(reader.rows(records), log))
            book.close()
            digest = log.close()
            self._keep("file", f"{self.name}.xlsx", book_file)
            self._keep("rows_file", f"{self.name}.rows.gz", row_file)
        self._finish(reader, log.count, digest)

    @api.model
    def _logged(self, rows, log):
        for row_id, values in rows:
            log.add(row_id, values)
            yield values

    def _get_book(self, stream, reader):
        columns = [
            Column(
                cell.heading, cell.kind if cell.kind in SHEET_KINDS else "text", width
            )
            for cell, width in zip(
                reader.cells,
                [column["width"] for column in reader.spec["columns"]],
                strict=True,
            )
        ]
        hidden = reader.hidden()
        notes = [
            self.register_id.form_number,
            self.split_label,
            hidden and self.env._("Left empty: %(columns)s", columns="、".join(hidden)),
        ]
        return Workbook(stream, self.name, columns, notes)

    def _keep(self, field, name, stream):
        """Store a file of this copy; replaces the one before."""
        Attachment = self.env["ir.attachment"]
        Attachment.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", field),
            ]
        ).unlink()
        stream.seek(0)
        Attachment.create(
            {
                "name": name,
                "raw": stream.read(),
                "res_model": self._name,
                "res_id": self.id,
                "res_field": field,
            }
        )

    def _finish(self, reader, count, digest):
        self.write(
            {
                "state": "done",
                "message": False,
                "spec": reader.spec,
                "row_count": count,
                "digest": digest,
                "hidden_columns": "、".join(reader.hidden()) or False,
                "issued_at": fields.Datetime.now(),
                "figures": self._get_figures(),
            }
        )

    def _get_figures(self):
        """Declared figures of the period, as they are now."""
        found = []
        for measure in self.register_id.measure_ids:
            figure = measure._measure(self.company_id, self.begin_at, self.end_at)
            value = figure["value"]
            text = "–" if value is None else f"{value:.2f}"
            if measure.unit == "percent" and value is not None:
                text += "%"
            if measure.unit != "count":
                text += f" ({figure['numerator']:g}/{figure['denominator']:g})"
            found.append({"code": measure.code, "name": measure.name, "text": text})
        return found

    # ------------------------------------------------------------------
    # One file each
    # ------------------------------------------------------------------
    def _split(self, reader):
        """A copy for each value of the split field; this one is their whole."""
        name = reader.spec["split_field"]
        groups = reader.Model._read_group(
            self._get_domain(reader), [name], ["__count"], order=name
        )
        kept = {child.split_key: child for child in self.child_ids}
        field, words = reader.Model._fields[name], {}
        if field.type == "selection":
            words = dict(field._description_selection(reader.env))
        total, digests = 0, []
        for value, count in groups:
            record = isinstance(value, models.BaseModel)
            key = json.dumps((value.id or False) if record else plain(value) or False)
            label = value.display_name if record else words.get(value, value)
            child = kept.get(key) or self._prepare_child(key, str(label or "–"))
            child._write_file()
            kept.pop(key, None)
            total += count
            digests.append(child.digest)
        for child in kept.values():  # nothing is left of these
            child._write_file()
        self._finish(reader, total, RowLog.digest_of(digests))

    def _prepare_child(self, key, label):
        return self.create(
            {
                "name": f"{self.name} {label}",
                "parent_id": self.id,
                "split_key": key,
                "split_label": label,
                "signature_ids": self.register_id._prepare_signatures(),
                **{
                    name: self[name].id
                    for name in (
                        "company_id",
                        "issued_as_id",
                        "issued_by_id",
                        "register_id",
                    )
                },
                **{
                    name: self[name]
                    for name in (
                        "begin_at",
                        "correction_number",
                        "date_from",
                        "date_to",
                        "due_at",
                        "end_at",
                        "keep_until",
                        "lock_date",
                    )
                },
            }
        )

    # ------------------------------------------------------------------
    # Sent
    # ------------------------------------------------------------------
    def _send(self):
        """Mail the files to the recipients who may read them; name the others."""
        register = self.register_id
        refused = self.env["res.users"]
        files = self.child_ids or self
        for user in register.recipient_ids.filtered("active"):
            member = register.group_id in user.all_group_ids
            hidden = set().union(*(f._get_hidden(user) for f in files))
            hidden -= set((self.hidden_columns or "").split("、"))
            if not member or hidden or self.company_id not in user.company_ids:
                refused |= user
                continue
            self._mail(user, files)
        if refused:
            self.message_post(
                body=self.env._(
                    "Not sent to %(names)s: they may not read this register.",
                    names="、".join(refused.mapped("name")),
                )
            )

    def _mail(self, user, files):
        link = f"{self.get_base_url()}/odoo/register-copies/{self.id}"
        attachments = [
            Command.create(
                {
                    "name": f"{one.name}.xlsx",
                    "raw": one.with_context(bin_size=False)._get_file("file"),
                    "res_model": "mail.mail",
                    "res_id": 0,
                }
            )
            for one in files
            if one.state == "done"
        ]
        self.env["mail.mail"].create(
            {
                "subject": self.name,
                "email_to": user.email_formatted,
                "recipient_ids": [Command.link(user.partner_id.id)],
                "body_html": Markup("<p>%s</p><p><a href='%s'>%s</a></p>")
                % (
                    self.env._("Rows: %(count)s", count=self.row_count),
                    link,
                    self.name,
                ),
                "auto_delete": True,
                "attachment_ids": attachments,
            }
        )

    def _get_file(self, field):
        """Bytes of a file of this copy (sudo records, after the check)."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", field),
            ],
            limit=1,
        )
        return attachment.raw
