import io
import json
import logging
from contextlib import closing, contextmanager

from psycopg2 import IntegrityError, OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.table_reader import UnreadableTable, read_rows
from .ticket_import_case import CaseReader, Rejected

_logger = logging.getLogger(__name__)

STAGED = 1000  # rows per INSERT while reading
CHECKED = 1000  # rows per transaction while checking
IMPORTED = 200  # rows per transaction while importing


class CsImportJob(models.AbstractModel):
    """The job behind a ticket import: read, check, import, each in small steps."""

    _name = "cs.import.job"
    _description = "Ticket Import: Job"

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------
    @api.model
    def _cron_import(self):
        """Check and import what waits, batch by batch; called again until done."""
        cron = self.env["ir.cron"]
        for run in self.search([("state", "in", ("checking", "importing"))]):
            while run.try_lock_for_update() and (rows := run._work_or_fail()):
                if not cron._commit_progress(rows, remaining=run.total):
                    return
            cron._commit_progress(remaining=0)

    def _work_or_fail(self):
        """One batch; what nobody foresaw ends this import and none of the others."""
        try:
            rows = self._work()
            self.env.flush_all()
            return rows
        except OperationalError:  # a conflict or a lost connection: the job is repeated
            raise
        except Exception as error:
            _logger.exception("Ticket import %s", self.id)
            self.env.cr.rollback()
            self._fail(
                UserError(
                    self.env._(
                        "Unexpected error, see the log of the server: %(error)s",
                        error=error,
                    )
                )
            )
            return 0

    def _work(self):
        """One batch.

        :return: how many rows it took; 0 when this import waits or has ended
        """
        self.ensure_one()
        self.env.invalidate_all()  # memory stays flat, and somebody may have stopped it
        if self.state not in ("checking", "importing"):
            return 0
        self = self.with_context(lang=self.create_uid.lang)
        try:
            if self.state == "checking" and not self.total:
                return self._read_file()
            rows = self._next_rows("new" if self.state == "checking" else "valid")
            if rows:
                self._handle(rows)
            else:
                self._finish()
            return len(rows)
        except (UnreadableTable, UserError) as error:
            self._fail(error)
            return 0

    def _finish(self):
        self.state = "checked" if self.state == "checking" else "done"
        body = self.env._(
            "%(file)s: %(rejected)s rows rejected, %(valid)s to import, "
            "%(done)s imported.",
            file=self.name,
            rejected=self.rejected_count,
            valid=self.valid_count,
            done=self.done_count,
        )
        self.create_uid._bus_send(
            "simple_notification",
            {"type": "info", "title": self.env._("Ticket Import"), "message": body},
        )

    def _fail(self, error):
        _logger.info("Import %s failed: %s", self.id, error)
        self.write({"state": "failed", "message": self._sentence(error)})

    def _sentence(self, error):
        if not isinstance(error, UnreadableTable):
            return str(error)
        return {
            "encoding": self.env._(
                "The file is neither UTF-8 nor GB18030 text: save it as CSV UTF-8."
            ),
            "workbook": self.env._("The file is damaged or is no XLSX workbook."),
            "too_big": self.env._("The workbook is too large; save it as CSV."),
            "field": self.env._(
                "A field of the file is longer than a megabyte: a quotation mark is "
                "probably not closed."
            ),
            "empty": self.env._("The file is empty."),
        }[error.code]

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @contextmanager
    def _open_file(self):
        """The file as a stream: from the file store without loading it."""
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "file"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw or b"")

    def _read_file(self):
        """Stage the rows of the file; the first row holds the headings.

        :return: number of rows read
        """
        with self._open_file() as stream, closing(read_rows(stream)) as rows:
            header = next(rows)[1]
            columns, unused = self.format_id._match_header(header)
            staged, count = [], 0
            for line, values in rows:
                staged.append(self._stage(line, values, len(header), columns))
                if len(staged) == STAGED:
                    count += self._insert_rows(staged)
            count += self._insert_rows(staged)
        if not count:
            raise UnreadableTable("empty")
        self._mark_cases()
        message = unused and self.env._(
            "Columns that were not used: %(names)s.", names="、".join(unused)
        )
        rejected = self.env["cs.ticket.import.row"].search_count(
            [("import_id", "=", self.id), ("state", "=", "rejected")]
        )
        self.write({"total": count, "rejected_count": rejected, "message": message})
        return count

    def _stage(self, line, values, width, columns):
        cells = {
            field: values[index]
            for index, field in columns.items()
            if index < len(values) and values[index]
        }
        key = cells.get("external_ref")
        reason = None
        if len(values) > width and any(values[width:]):
            reason = self.env._(
                "The row has more cells than the heading: is a text with a comma "
                "not in quotation marks?"
            )
        elif not key:
            reason = self.env._("The number of the other system is missing.")
        state = "rejected" if reason else "new"
        return self.id, line, line, key, json.dumps(cells), state, reason

    def _insert_rows(self, staged):
        """Write and empty ``staged``.

        :return: how many rows it held
        """
        count = len(staged)
        if count:
            self.env.cr.execute_values(
                "INSERT INTO cs_ticket_import_row "
                "(import_id, line, first_line, key, values, state, reason) VALUES %s",
                staged,
                page_size=STAGED,
            )
            staged.clear()
        return count

    def _mark_cases(self):
        """Rows of one case are handled together, wherever they stand in the file."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_ticket_import_row r
                   SET first_line = c.first
                  FROM (SELECT id, min(line) OVER (PARTITION BY key) AS first
                          FROM cs_ticket_import_row
                         WHERE import_id = %(id)s AND key IS NOT NULL) c
                 WHERE r.id = c.id AND c.first != r.line
                """,
                id=self.id,
            )
        )
        self.env["cs.ticket.import.row"].invalidate_model()

    # ------------------------------------------------------------------
    # Checking and importing
    # ------------------------------------------------------------------
    def _next_rows(self, state):
        """The rows of the next cases, whole cases only."""
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, line, first_line, key, values, state, reason
                  FROM cs_ticket_import_row
                 WHERE import_id = %(id)s AND state = %(state)s
                   AND first_line <= (
                        SELECT max(first_line)
                          FROM (SELECT first_line
                                  FROM cs_ticket_import_row
                                 WHERE import_id = %(id)s AND state = %(state)s
                              ORDER BY first_line
                                 LIMIT %(limit)s) next)
              ORDER BY first_line, line
                """,
                id=self.id,
                state=state,
                limit=CHECKED if state == "new" else IMPORTED,
            )
        )

    def _handle(self, rows):
        """Check, or import, the cases of ``rows`` as the user who started it."""
        cases = {}
        for row in rows:
            cases.setdefault(row["first_line"], []).append(row)
        user_run = self._as_user()
        reader = CaseReader(user_run)
        reader.prepare(list(cases.values()))
        known = user_run._known_keys({row["key"] for row in rows})
        broken = self._broken_cases(cases) if self.state == "checking" else {}
        created = 0
        for first, case in cases.items():
            if case[0]["key"] in known:
                self._mark(case, "known")
                continue
            try:
                if first in broken:
                    raise Rejected("", broken[first])
                case, twins = self._split_twins(case)
                self._mark(
                    twins,
                    "rejected",
                    self.env._("Row %(line)s has the same number.", line=first),
                )
                values, events = reader.read_case(case)
                if self.state == "importing":
                    user_run._import_case(values, events)
                    created += 1
                self._mark(case, "valid" if self.state == "checking" else "done")
            except (Rejected, UserError, IntegrityError) as error:
                self._reject(case, error)
        self._save_rows(rows)
        if created:
            self.ticket_count += created

    def _as_user(self):
        """This import, seen and done by who started it, in its company.

        :raise AccessError: he may not import any more
        """
        run = self.with_user(self.create_uid).with_context(
            allowed_company_ids=self.company_id.ids,
            lang=self.create_uid.lang,
            tz=self.tz,
            # history tells nobody and writes no "created" notes
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            tracking_disable=True,
        )
        run.check_access("create")
        return run

    def _known_keys(self, keys):
        # the key is unique over all companies: sudo sees what the index sees
        found = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [
                    ("external_source", "=", self.source),
                    ("external_ref", "in", list(keys)),
                ],
                ["external_ref"],
            )
        )
        return {key for (key,) in found}

    def _broken_cases(self, cases):
        """{first line of a case: its row that was refused while reading}."""
        if self.kind == "ticket":
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT first_line, min(line)
                      FROM cs_ticket_import_row
                     WHERE import_id = %s AND state = 'rejected' AND first_line IN %s
                      GROUP BY first_line
                    """,
                    self.id,
                    tuple(cases),
                )
            )
        )

    def _split_twins(self, case):
        """One row makes one ticket: the first; an event log keeps all its rows."""
        return (case, []) if self.kind == "event" else (case[:1], case[1:])

    def _import_case(self, values, events):
        """Create one ticket and let it relive its events."""
        with self.env.cr.savepoint():
            values = dict(values)
            received = values.pop("received_date")
            new_partner = values.pop("new_partner", None)
            if new_partner:
                values["partner_id"] = self._new_partner(new_partner).id
            tickets = self.env["helpdesk.ticket"]
            ticket = tickets._at(received).create(values).with_env(tickets.env)
            ticket._play(events)
            ticket.flush_recordset()

    def _new_partner(self, values):
        """A customer a former row of this import has created is not created again."""
        domain = [
            ("name", "=", values["name"]),
            ("phone", "=", values["phone"]),
            ("company_id", "in", [False, self.company_id.id]),
        ]
        partner = self.env["res.partner"].search(domain, limit=1)
        return partner or partner.create({**values, "company_id": self.company_id.id})

    # ------------------------------------------------------------------
    # Outcome
    # ------------------------------------------------------------------
    def _mark(self, case, state, reason=None):
        for row in case:
            row["state"], row["reason"] = state, reason

    def _reject(self, case, error):
        line = getattr(error, "line", None)
        if isinstance(error, IntegrityError):
            reason = self.env._("This number has been imported at the same time.")
        else:
            reason = str(error)
        also = line and self.env._("Row %(line)s of this case is wrong.", line=line)
        for row in case:
            own = not line or row["line"] == line
            self._mark([row], "rejected", reason if own else also)

    def _save_rows(self, rows):
        before = "valid" if self.state == "importing" else "new"
        self.env.cr.execute_values(
            "UPDATE cs_ticket_import_row r SET state = v.state, reason = v.reason "
            "FROM (VALUES %s) AS v(id, state, reason) WHERE r.id = v.id",
            [(row["id"], row["state"], row["reason"]) for row in rows],
            template="(%s, %s, %s::varchar)",
        )
        self.env["cs.ticket.import.row"].invalidate_model(["state", "reason"])
        count = {}
        for row in rows:
            count[row["state"]] = count.get(row["state"], 0) + 1
        self.write(
            {
                "valid_count": self.valid_count
                + count.get("valid", 0)
                - (len(rows) if before == "valid" else 0),
                "known_count": self.known_count + count.get("known", 0),
                "rejected_count": self.rejected_count + count.get("rejected", 0),
                "done_count": self.done_count + count.get("done", 0),
            }
        )
