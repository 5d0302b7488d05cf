from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OWN = {"signature", "signed_name"}


class CsUndertaking(models.Model):
    """A confidentiality undertaking of one person for one year (000-48, 99; 003-10)."""

    _name = "cs.undertaking"
    _description = "Confidentiality Undertaking"
    _order = "year desc, id desc"

    user_id = fields.Many2one("res.users", required=True, readonly=True)
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    body = fields.Html(string="Text", readonly=True)
    signature = fields.Binary(copy=False, attachment=True)
    signed_name = fields.Char(copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(user_id, year)", "There is an undertaking for this year already."
    )
    _order_idx = models.Index("(year DESC, id DESC)")

    @api.depends("user_id", "year")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.user_id.name} {row.year}"

    @api.model
    def action_open_mine(self):
        """The user's undertaking of this year, made from the present text."""
        user = self.env.user
        year = fields.Date.context_today(self).year
        mine = self.search([("user_id", "=", user.id), ("year", "=", year)], limit=1)
        if not mine:
            text = self.env["cs.undertaking.text"].sudo()  # what everybody signs
            text = text.search(
                [("company_id", "in", [False, self.env.company.id])],
                order="company_id, sequence, id",
                limit=1,
            )
            if not text:
                raise UserError(
                    self.env._("There is no text to sign yet: ask your manager.")
                )
            mine = self.sudo().create(  # for the user himself, and unsigned
                {
                    "user_id": user.id,
                    "year": year,
                    "company_id": self.env.company.id,
                    "body": text.body,
                    "signed_name": user.name,
                }
            )
        action = mine.sudo(False)._get_records_action()
        action["name"] = self.env._("My Undertaking")
        return action

    def write(self, vals):
        if not self.env.su:
            if not set(vals) <= OWN:
                raise UserError(self.env._("Of an undertaking one signs, no more."))
            if any(row.user_id != self.env.user for row in self):
                raise AccessError(self.env._("Everybody signs for himself."))
            if any(row.signed_at for row in self):
                raise UserError(self.env._("What is signed is not changed any more."))
        return super().write(vals)

    def action_sign(self):
        """Sign, once; pressing twice changes nothing."""
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody signs for himself."))
        if self.signed_at:
            return False
        if not self.signature or not (self.signed_name or "").strip():
            raise UserError(self.env._("Draw your signature and write your name."))
        self.sudo().signed_at = fields.Datetime.now()  # the time is not his to choose
        return True
