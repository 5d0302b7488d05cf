from odoo import models
from odoo.exceptions import UserError


class CsRevealMixin(models.AbstractModel):
    """Fields shown masked, which one may uncover with a reason (000-06, 003-10)."""

    _name = "cs.reveal.mixin"
    _description = "Masked Fields with Reveal"

    def _get_reveal_map(self):
        """Return {shown field: field that holds the value}; extended by themes."""
        return {}

    def _get_reveal_value(self, field_name):
        """Return the whole value behind a shown field, after all checks."""
        # sudo: the checks and the log are done by the caller
        return self.sudo()[self._get_reveal_map()[field_name]]

    def _check_reveal(self, field_name):
        """Hook: refuse, by one sentence, what may not be uncovered by this user."""

    def action_reveal(self, field_name, reason):
        """Return the whole value of a masked field; logged with the reason.

        :param field_name: name of the masked field, e.g. ``cs_phone``
        :param reason: why the user needs it, in his words
        """
        self.ensure_one()
        self.check_access("read")
        if field_name not in self._get_reveal_map():
            raise UserError(
                self.env._(
                    "The field %(name)s has nothing to uncover.", name=field_name
                )
            )
        self._check_field_access(self._fields[field_name], "read")
        self._check_reveal(field_name)
        self.env["cs.reveal.log"]._register_reveal(self, field_name, reason)
        return self._get_reveal_value(field_name) or ""
