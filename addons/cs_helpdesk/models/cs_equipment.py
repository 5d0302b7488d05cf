from odoo import api, fields, models


class CsEquipment(models.Model):
    """What stands at a seat: register, who uses it, and its faults."""

    _name = "cs.equipment"
    _description = "Seat Equipment"
    _inherit = ["cs.audit.mixin", "mail.thread"]
    _order = "code, id"

    name = fields.Char(required=True)
    code = fields.Char(string="Number", required=True)
    kind = fields.Selection(
        [
            ("computer", "Computer"),
            ("screen", "Screen"),
            ("phone", "Telephone"),
            ("headset", "Headset"),
            ("printer", "Printer"),
            ("network", "Network"),
            ("furniture", "Furniture"),
            ("other", "Other"),
        ],
        required=True,
        default="computer",
    )
    seat = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Used by", index=True, domain="[('share', '=', False)]"
    )
    serial = fields.Char(string="Serial Number")
    bought_on = fields.Date()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    active = fields.Boolean(default=True)
    note = fields.Text()
    ticket_ids = fields.One2many("helpdesk.ticket", "equipment_id", "Faults")
    open_faults = fields.Integer(compute="_compute_open_faults")
    fault_count = fields.Integer(compute="_compute_open_faults")

    _order_idx = models.Index("(code, id)")
    _code_uniq = models.UniqueIndex(
        "(code, company_id)", "This equipment number is in use already."
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.depends("code", "name")
    def _compute_display_name(self):
        for thing in self:
            thing.display_name = f"{thing.code or ''} {thing.name or ''}".strip()

    def _compute_open_faults(self):
        # sudo: that a thing is broken is no secret; the tickets stay closed
        counts = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._read_group(
                [("equipment_id", "in", self.ids)],
                ["equipment_id", "closed"],
                ["__count"],
            )
        )
        open_counts = {thing.id: n for thing, closed, n in counts if not closed}
        all_counts = {}
        for thing, _closed, count in counts:
            all_counts[thing.id] = all_counts.get(thing.id, 0) + count
        for thing in self:
            thing.open_faults = open_counts.get(thing.id, 0)
            thing.fault_count = all_counts.get(thing.id, 0)

    def action_report_fault(self):
        """Report a fault of it: users report, they do not mend (003-14)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_helpdesk.cs_fault_wizard_action"
        )
        return dict(action, context={"default_equipment_id": self.id})
