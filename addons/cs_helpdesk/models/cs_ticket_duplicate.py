from odoo import fields, models


class CsTicketDuplicate(models.AbstractModel):
    """The same matter twice: refused when exact, shown when likely (P9)."""

    _name = "cs.ticket.duplicate"
    _description = "Ticket: Duplicates"

    external_source = fields.Char(
        copy=False,
        help="System or channel a ticket was taken over from.",
    )
    external_ref = fields.Char(
        string="External Reference",
        copy=False,
        index="btree_not_null",
        help="Number of the message or record there; the same one arrives once only.",
    )

    _external_uniq = models.UniqueIndex(
        "(external_source, external_ref) WHERE external_ref IS NOT NULL",
        "A ticket with this source and external reference exists already.",
    )
    _external_source_given = models.Constraint(
        "CHECK (external_ref IS NULL OR external_source IS NOT NULL)",
        "An external reference needs its source.",
    )
