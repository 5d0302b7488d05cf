from odoo import fields, models


class CsJournalFact(models.Model):
    """One figure of a journal, as the records gave it."""

    _name = "cs.journal.fact"
    _description = "Figure of a Journal"
    _order = "journal_id, sequence, id"

    journal_id = fields.Many2one("cs.journal", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="journal_id.company_id")
    sequence = fields.Integer()
    code = fields.Char(required=True)
    name = fields.Char(string="Figure", required=True)
    value = fields.Float(aggregator="sum", digits=(16, 2))
    text = fields.Char(string="Remark")

    _order_idx = models.Index("(journal_id, sequence, id)")
