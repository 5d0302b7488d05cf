from odoo import models
from odoo.exceptions import AccessError, LockError, UserError

# what Odoo itself writes when people talk about a record
TALK = ("message_", "activity_", "website_message_")


class CsPressMixin(models.AbstractModel):
    """Records moved by buttons: locked while one is pressed, not written by hand."""

    _name = "cs.press.mixin"
    _description = "Moved by Buttons"

    _by_hand = frozenset()  # fields people write; all others have their buttons

    def _lock(self):
        """Let nobody else act on these until the transaction ends; read them afresh.

        :raise UserError: somebody else is acting on one of them
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on this right now: please try again in "
                    "a moment."
                )
            ) from error
        self.invalidate_recordset(["state"] if "state" in self._fields else None)

    def _get_by_hand(self):
        """Names of the fields the current user may write by hand."""
        return self._by_hand

    def _check_by_hand(self, vals):
        """Return the names written by hand; empty when the system writes.

        :raise AccessError: one of them has its button
        """
        if self.env.su:
            return set()
        names = {name for name in vals if not name.startswith(TALK)}
        guarded = names - self._get_by_hand()
        if guarded:
            label = self._fields[min(guarded)].get_description(self.env, ["string"])
            raise AccessError(
                self.env._(
                    "“%(field)s” cannot be written directly: use its button.",
                    field=label["string"],
                )
            )
        return names
