import base64
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

REQUIRED = {
    "ticket": ("external_ref", "created_at"),
    "event": ("external_ref", "activity", "at"),
}


class CsTicketImportFormat(models.Model):
    """How the columns and words of a file become tickets: a mapping, not a program."""

    _name = "cs.ticket.import.format"
    _description = "Ticket Import Format"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("ticket", "One Row per Ticket"), ("event", "Event Log")],
        required=True,
        default="ticket",
        help="An event log has one row per event: case, activity, time.",
    )
    note = fields.Text(translate=True)
    line_ids = fields.One2many("cs.ticket.import.format.line", "format_id", copy=True)
    template_file = fields.Binary(compute="_compute_template_file")

    def action_download_template(self):
        """A workbook with the columns and accepted words of this format."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template_file/"
            f"template-{self.kind}.xlsx?download=true",
            "target": "download",
        }

    def _compute_template_file(self):
        for form in self:
            buffer = io.BytesIO()
            with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
                form._write_template(book)
            form.template_file = base64.b64encode(buffer.getvalue())

    def _write_template(self, book):
        bold = book.add_format({"bold": True})
        labels = dict(self.line_ids._fields["field"]._description_selection(self.env))
        sheet = book.add_worksheet(self.env._("Data"))
        words = book.add_worksheet(self.env._("Columns"))
        words.write_row(
            0,
            0,
            [
                self.env._("Column"),
                self.env._("Meaning"),
                self.env._("Required"),
                self.env._("Other Headings"),
                self.env._("Accepted Words"),
            ],
            bold,
        )
        values = self._values()
        for index, (field, headings) in enumerate(self._headings().items()):
            required = field in REQUIRED[self.kind]
            sheet.write_string(0, index, headings[0], bold if required else None)
            row = [
                headings[0],
                labels[field],
                self.env._("yes") if required else "",
                "、".join(headings[1:]),
                "、".join(values.get(field, ())),
            ]
            words.write_row(index + 1, 0, row)
        sheet.set_column(0, index, 20)
        words.set_column(0, 4, 28)

    def _headings(self):
        """{field: [heading, …]} in the order of the lines."""
        found = {}
        for line in self.line_ids:
            if line.kind == "heading":
                found.setdefault(line.field, []).append(line.source)
        return found

    def _values(self):
        """{field: {word in the file, folded: value}}."""
        found = {}
        for line in self.line_ids:
            if line.kind == "value":
                found.setdefault(line.field, {})[line.source.casefold()] = line.target
        return found

    def _match_header(self, header):
        """Which column is which field.

        :param header: list of headings of a file
        :return: ({column index: field}, [headings without a field])
        :raise ValidationError: a required column is missing, or one comes twice
        """
        known = {
            heading.casefold(): field
            for field, headings in self._headings().items()
            for heading in headings
        }
        columns, unused = {}, []
        for index, heading in enumerate(header):
            field = known.get(heading.casefold())
            if not field:
                if heading:
                    unused.append(heading)
            elif field in columns.values():
                raise ValidationError(
                    self.env._(
                        "The column %(name)s comes twice in the file.", name=heading
                    )
                )
            else:
                columns[index] = field
        missing = [f for f in REQUIRED[self.kind] if f not in columns.values()]
        if missing:
            headings = self._headings()
            raise ValidationError(
                self.env._(
                    "The file has no column %(names)s; download the template to see "
                    "the columns of this format.",
                    names="、".join(headings[field][0] for field in missing),
                )
            )
        return columns, unused

    @api.constrains("kind", "line_ids")
    def _check_required_headings(self):
        for form in self:
            missing = set(REQUIRED[form.kind]) - set(form._headings())
            if missing:
                raise ValidationError(
                    self.env._(
                        "The format %(name)s needs a heading for: %(fields)s.",
                        name=form.name,
                        fields=", ".join(sorted(missing)),
                    )
                )


class CsTicketImportFormatLine(models.Model):
    """One heading, or one word of a column with what it means here."""

    _name = "cs.ticket.import.format.line"
    _description = "Ticket Import Format Line"
    _order = "format_id, sequence, id"

    format_id = fields.Many2one(
        "cs.ticket.import.format", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("heading", "Heading"), ("value", "Word")], required=True, default="heading"
    )
    field = fields.Selection(
        [
            ("external_ref", "Number in the other system"),
            ("name", "Subject"),
            ("description", "Description"),
            ("partner", "Customer"),
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("type", "Ticket type"),
            ("urgency", "Urgency"),
            ("channel", "Channel"),
            ("team", "Team"),
            ("user", "Assigned user (login or name)"),
            ("created_at", "Created at"),
            ("taken_at", "Taken in charge at"),
            ("resolved_at", "Answered at"),
            ("closed_at", "Closed at"),
            ("state", "State"),
            ("result", "Result"),
            ("activity", "Activity of an event"),
            ("at", "Time of an event"),
        ],
        required=True,
    )
    source = fields.Char(
        string="In the File", required=True, help="Capital and small letters are equal."
    )
    target = fields.Char(
        string="Meaning", help="Code of the type, urgency, channel, state or activity."
    )

    _source_uniq = models.UniqueIndex(
        "(format_id, kind, (CASE WHEN kind = 'value' THEN field END), lower(source))",
        "This heading or word is mapped already.",
    )
    _value_target = models.Constraint(
        "CHECK (kind != 'value' OR target IS NOT NULL)",
        "A word needs its meaning.",
    )
