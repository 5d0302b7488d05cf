from odoo import fields, models
from odoo.exceptions import UserError


class CsMacro(models.Model):
    """Several actions on a ticket in one click (P13).

    Runs as the user, with his rights, in one transaction: all of it or nothing.
    """

    _name = "cs.macro"
    _description = "Macro"
    _inherit = "cs.audit.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    type_ids = fields.Many2many(
        "cs.ticket.type", string="Ticket Types", help="Empty: every ticket."
    )
    line_ids = fields.One2many("cs.macro.line", "macro_id", string="Actions", copy=True)

    _order_idx = models.Index("(sequence, id)")

    def _run(self, ticket):
        """Do all actions on a ticket, in order.

        :raise UserError: the macro is empty or not for this kind of ticket
        """
        self.ensure_one()
        self.check_access("read")
        ticket.ensure_one()
        ticket.check_access("write")
        ticket._lock()
        if not self.line_ids:
            raise UserError(self.env._("This macro does nothing yet."))
        if self.type_ids and ticket.type_id not in self.type_ids:
            raise UserError(
                self.env._(
                    "“%(macro)s” is not meant for tickets of this type.",
                    macro=self.name,
                )
            )
        for line in self.line_ids:
            getattr(line, f"_do_{line.action}")(ticket)
