from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.masking import mask_phone, mask_word

# what a customer may have changed by asking, and how its values are told
MASKS = {"cs_phone": mask_phone, "cs_wechat": mask_word}


class CsPartnerChange(models.Model):
    """A change of a customer's file somebody has asked for (004-07).

    Creating one makes the change; the row tells what, who asked and by which way.
    """

    _name = "cs.partner.change"
    _description = "Change of a Customer File"
    _order = "create_date desc, id desc"
    _rec_name = "field_name"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    field_name = fields.Selection(
        [
            ("name", "Name"),
            ("cs_phone", "Telephone"),
            ("cs_wechat", "WeChat"),
            ("email", "Email"),
            ("street", "Street"),
            ("street2", "Street 2"),
            ("city", "City"),
            ("zip", "Postcode"),
            ("function", "Job Position"),
            ("requested_service", "Requested Service"),
        ],
        string="What",
        required=True,
    )
    old_value = fields.Char(string="Before", readonly=True)
    new_value = fields.Char(required=True)
    asked_by = fields.Char(required=True, help="Who asked for it, by name.")
    asked_on = fields.Datetime(default=fields.Datetime.now, required=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", required=True)
    identity_checked = fields.Boolean(
        help="Asked back, or known for sure: a number proves no identity."
    )

    _time_idx = models.Index("(create_date DESC, id DESC)")

    @api.model_create_multi
    def create(self, vals_list):
        """Make the changes as the user, then keep what they were."""
        rows = []
        for vals in vals_list:
            vals = dict(vals)
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            partner.check_access("write")
            partner.lock_for_update()
            name, new = vals.get("field_name"), (vals.get("new_value") or "").strip()
            if name not in self._get_changeable():
                raise UserError(self.env._("Choose what is to be changed."))
            mask = MASKS.get(name, str)
            # sudo: the row keeps the mask of what was
            vals["old_value"] = mask(partner.sudo()[self._get_raw(name)] or "")
            partner[name] = new
            vals["new_value"] = mask(new) or new
            rows.append(vals)
        return super().create(rows)

    @api.model
    def _get_changeable(self):
        return dict(self._fields["field_name"].selection)

    @api.model
    def _get_raw(self, name):
        return self.env["res.partner"]._get_reveal_map().get(name, name)

    def write(self, vals):
        if self:
            raise UserError(
                self.env._("A change that was made stays: ask for another one.")
            )
        return super().write(vals)
