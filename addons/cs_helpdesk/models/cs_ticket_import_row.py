from odoo import fields, models


class CsTicketImportRow(models.Model):
    """One row of a file under import: what it says and what became of it."""

    _name = "cs.ticket.import.row"
    _description = "Ticket Import Row"
    _order = "import_id, line"
    _log_access = False  # written by the thousand
    _rec_name = "line"

    import_id = fields.Many2one(
        "cs.ticket.import", required=True, ondelete="cascade", index=True
    )
    line = fields.Integer(string="Row", required=True, aggregator=None)
    first_line = fields.Integer(
        export_string_translation=False,
        aggregator=None,
        help="First row of the same case: a case is handled as one.",
    )
    key = fields.Char(string="External Reference")
    values = fields.Json()
    state = fields.Selection(
        [
            ("new", "Read"),
            ("valid", "Valid"),
            ("known", "Imported Before"),
            ("rejected", "Rejected"),
            ("done", "Imported"),
        ],
        required=True,
    )
    reason = fields.Char()

    _work_idx = models.Index("(import_id, state, first_line, line)")
    _key_idx = models.Index("(import_id, key)")
