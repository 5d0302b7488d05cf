from odoo import fields, models


class CsUserCall(models.AbstractModel):
    """The telephone of an agent."""

    _name = "cs.user.call"
    _description = "User: Telephone"

    phone_extension = fields.Char(
        string="Telephone Extension",
        index="btree_not_null",
        help="What the telephone system calls this agent's telephone.",
    )
