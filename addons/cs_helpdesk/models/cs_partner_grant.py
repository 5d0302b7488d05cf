from odoo import fields, models
from odoo.fields import Domain


class CsPartnerGrant(models.AbstractModel):
    """Customers whose files the reader was granted for a time (000-115, 003-06)."""

    _name = "cs.partner.grant"
    _description = "Customer File Under a Grant"

    is_granted = fields.Boolean(
        string="Granted to Me",
        compute="_compute_is_granted",
        search="_search_is_granted",
        help="The reader was granted this customer's file for a time.",
    )

    def _compute_is_granted(self):
        granted = self.sudo().search(  # his own grants decide, not the rules
            Domain("id", "in", self.ids) & self._get_granted_domain()
        )
        for partner in self:
            partner.is_granted = partner in granted

    def _search_is_granted(self, operator, value):
        if operator != "in":
            return NotImplemented
        if True in value and False in value:
            return Domain.TRUE
        granted = self._get_granted_domain()
        return granted if True in value else ~granted

    def _get_granted_domain(self):
        """Customers the user is granted at this moment, read afresh each time."""
        grants = self.env["cs.access.grant"]._get_running(self.env.user)
        classes = [grant.customer_class for grant in grants if grant.customer_class]
        partners = (grants.partner_id | grants.ticket_id.partner_id).ids
        domain = Domain.FALSE
        if partners:
            domain |= Domain("id", "child_of", partners)
        if classes:
            domain |= Domain("customer_class", "in", classes)
        return domain
