from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError


class CsCtiKey(models.TransientModel):
    """Make the key with which a telephone system reports calls; shown once."""

    _name = "cs.cti.key"
    _description = "Key of a Telephone System"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    name = fields.Char(
        string="Telephone System", required=True, help="What the key is for."
    )
    days = fields.Integer(string="Valid (Days)", default=365, required=True)
    key = fields.Char(readonly=True, copy=False)

    def action_make(self):
        """Make the user of the telephone system if there is none, and a key for him.

        :raise AccessError: not the system administrator
        """
        self.ensure_one()
        if not self.env.user.has_group("cs_helpdesk.group_system_admin"):
            raise AccessError(self.env._("Only a system administrator makes keys."))
        if not 1 <= self.days <= 3650:
            raise UserError(self.env._("A key is valid for 1 to 3650 days."))
        user = self._get_cti_user()
        until = fields.Datetime.now() + timedelta(days=self.days)
        # sudo: the checks are above; the user is nobody who could log in for it
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        self.key = keys._generate("rpc", self.name, until)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of the Telephone System"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_cti_user(self):
        group = self.env.ref("cs_helpdesk.group_cti")
        users = self.env["res.users"].sudo()  # the administrator is checked above
        login = f"cti.{self.company_id.id}"
        user = users.search([("login", "=", login)], limit=1)
        return user or users.with_context(no_reset_password=True).create(
            {
                "name": self.env._("Telephone System"),
                "login": login,
                "company_id": self.company_id.id,
                "company_ids": [Command.set(self.company_id.ids)],
                "group_ids": [Command.set(group.ids)],
            }
        )

    @api.autovacuum
    def _gc_keys(self):
        """A key shown is not kept: what is shown is shown once."""
        self.sudo().search(
            [("create_date", "<", fields.Datetime.now() - timedelta(hours=1))]
        ).unlink()
