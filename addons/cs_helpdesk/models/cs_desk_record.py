from odoo import models
from odoo.exceptions import LockError, UserError, ValidationError


class CsDeskRecord(models.AbstractModel):
    """What records share that only their own methods write: promises, assists..."""

    _name = "cs.desk.record"
    _description = "Record Written by Its Own Buttons"

    def _begin_act(self):
        """Check that the user sees the record, and let nobody else act meanwhile.

        :return: the record in sudo, for its own method to write
        :raise UserError: somebody else is acting on it
        """
        self.check_access("read")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on this right now: "
                    "please try again in a moment."
                )
            ) from error
        self.invalidate_recordset()
        # sudo: writing is closed to everybody; each method checks who may call it
        return self.sudo()

    def _need_text(self, text, sentence):
        """:raise ValidationError: `sentence`, if there are no words in `text`"""
        if not (text or "").strip():
            raise ValidationError(sentence)
        return text.strip()
