import io

from openpyxl import load_workbook

from odoo.fields import Command

from .common_desk import DeskCase


class RegisterCase(DeskCase):
    """A register of complaints of its own, with text, number and time columns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls._register()
        cls.window = cls.register._get_window()

    @classmethod
    def _register(cls, columns=None, **vals):
        columns = columns or [
            ("Number", "number"),
            ("Received", "received_date"),
            ("Subject", "name"),
            ("Customer", "partner_id.name"),
            ("Phone", "cs_phone", "phone"),
        ]
        values = {
            "name": "Complaints",
            "code": "test_complaints",
            "model_id": cls.env["ir.model"]._get_id("helpdesk.ticket"),
            "domain": f"[('team_id', '=', {cls.team.id})]",
            "date_field": "received_date",
            "period": "month",
            "signature_labels": "Made by、Checked by",
            "column_ids": [
                Command.create(
                    {
                        "heading": column[0],
                        "path": column[1],
                        "kind": column[2] if len(column) > 2 else "auto",
                        "sequence": number,
                    }
                )
                for number, column in enumerate(columns)
            ],
            **vals,
        }
        return cls.env["cs.register"].create(values)

    def _issue(self, register=None, user=None, **vals):
        """The copy of this month, issued on screen by ``user``."""
        preview = (
            self.env["cs.register.preview"]
            .with_user(user or self.manager)
            .with_context(default_register_id=(register or self.register).id)
            .create(vals)
        )
        action = preview.action_issue()
        return self.env["cs.register.issue"].browse(action["res_id"])

    def _sheet(self, issue):
        """Rows of the workbook of a copy, heading first."""
        book = load_workbook(io.BytesIO(issue._get_file("file")))
        rows = list(book.active.iter_rows())
        top = next(i for i, row in enumerate(rows) if row[0].font.b and i)
        return book.active, rows[top:]
