import functools
import os
from configparser import Error as ConfigError
from configparser import RawConfigParser
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, config

from ..lib import secret_box
from ..lib.masking import STARS, is_masked, mask_word

BATCH = 500  # values locked anew in one transaction
_boxes = {}  # path: (time of change of the file, box)


@functools.cache
def named_in_conf(conf):
    """Return the key file a configuration names in its section cs_helpdesk, or None."""
    parser = RawConfigParser()
    try:
        parser.read([conf] if conf else [], encoding="utf-8")
    except ConfigError:
        return None  # Odoo itself has read it in its own way
    return parser.get("cs_helpdesk", "secret_key_file", fallback=None)


class CsSecretMixin(models.AbstractModel):
    """Fields locked with a key outside of the database (003-23, 003-63).

    A heir names them in ``_secret_fields`` and declares three columns each::

        member_card = fields.Char(
            compute="_compute_secrets", inverse="_inverse_secrets",
            search="_search_member_card", compute_sudo=True)
        member_card_locked = fields.Char(groups=fields.NO_ACCESS, copy=False)
        member_card_print = fields.Char(groups=..., index="btree_not_null", copy=False)

    The field itself is shown masked, found by its whole value, uncovered with a reason.
    """

    _name = "cs.secret.mixin"
    _description = "Locked Fields"
    _inherit = "cs.reveal.mixin"

    _secret_fields = ()

    # ------------------------------------------------------------------
    # The key
    # ------------------------------------------------------------------
    @api.model
    def _get_key_path(self):
        """Return the path of the key file: environment, odoo.conf, else development."""
        named = os.environ.get("CS_SECRET_KEY_FILE") or named_in_conf(config["config"])
        if named:
            return Path(named)
        # nobody has named a file: a development machine, which makes its own
        path = Path(config["data_dir"]) / "cs_secret.key"
        secret_box.make_keys(path)
        return path

    @api.model
    def _get_secret_box(self):
        """Return the box with the present keys; the file is read when it changes.

        :raise UserError: there is no key
        """
        path = self._get_key_path()
        try:
            changed = path.stat().st_mtime_ns
            known = _boxes.get(path)
            if not known or known[0] != changed:
                keys = secret_box.read_keys(path)
                known = _boxes[path] = (changed, secret_box.SecretBox(keys))
        except (OSError, secret_box.KeyMissing) as error:
            raise UserError(self._get_key_sentence(path)) from error
        return known[1]

    @api.model
    def _get_key_sentence(self, path):
        return self.env._(
            "The key file %(path)s of secret values is missing or has no key. Ask the "
            "system administrator to put it back from its own backup.",
            path=path,
        )

    def _unlock(self, token):
        try:
            return self._get_secret_box().unlock(token)
        except secret_box.WrongKey as error:
            raise UserError(
                self.env._(
                    "This value was locked with a key that is not in the key file. Ask "
                    "the system administrator to put the former key back into it."
                )
            ) from error

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------
    def _mask_secret(self, field_name, text):
        """Return what everybody sees of a secret; a text is hidden altogether."""
        return mask_word(text) if self._fields[field_name].type == "char" else STARS

    @api.depends(lambda self: [f"{name}_locked" for name in self._secret_fields])
    def _compute_secrets(self):
        for record in self:
            for name in record._secret_fields:
                token = record[f"{name}_locked"]
                record[name] = token and record._mask_token(name, token)

    def _mask_token(self, field_name, token):
        try:
            return self._mask_secret(field_name, self._unlock(token))
        except UserError:
            return STARS  # a form opens without the key; to uncover says what is wrong

    def _inverse_secrets(self):
        for record in self:
            record._lock_secrets(
                {
                    name: (record[name] or "").strip()
                    for name in record._secret_fields
                    if not is_masked(record[name])
                }
            )

    def _lock_secrets(self, texts):
        """Lock texts by field name; an empty one takes the value away."""
        values = {}
        for name, text in texts.items():
            box = text and self._get_secret_box()
            values[f"{name}_locked"] = box.lock(text) if box else False
            values[f"{name}_print"] = box.prints(text)[0] if box else False
        if values:
            # sudo: the columns are closed to everybody; who may write the record gives
            # the value
            self.sudo().write(values)

    @api.model
    def _search_secret(self, field_name, operator, value):
        """Return the domain of records with a whole value; parts are refused."""
        if operator == "not in":
            return NotImplemented
        if operator != "in":
            raise UserError(
                self.env._(
                    "A secret value is found by the whole of it, not by a part: type "
                    "it in full."
                )
            )
        column = f"{field_name}_print"
        texts = [text for text in value if text]
        prints = [p for text in texts for p in self._get_secret_box().prints(text)]
        # sudo: the print is closed; a whole value finds its record
        closed = self.sudo().with_context(active_test=False)
        found = Domain("id", "in", closed._search([(column, "in", prints)]))
        if len(texts) < len(value):
            found |= Domain("id", "in", closed._search([(column, "=", False)]))
        return found

    # ------------------------------------------------------------------
    # Reveal
    # ------------------------------------------------------------------
    def _get_reveal_map(self):
        return {
            **super()._get_reveal_map(),
            **{name: f"{name}_locked" for name in self._secret_fields},
        }

    def _get_reveal_value(self, field_name):
        value = super()._get_reveal_value(field_name)
        if field_name in self._secret_fields:
            return value and self._unlock(value)
        return value

    # ------------------------------------------------------------------
    # A new key
    # ------------------------------------------------------------------
    @api.model
    def _rotate_secrets(self, after_batch=None):
        """Lock everything with the first key that is not so already.

        :param after_batch: called after each batch, by the command to keep it
        :return: number of values locked anew
        """
        total = 0
        for model_name in self.env.registry.descendants([self._name], "_inherit"):
            Model = self.env[model_name]
            if Model._auto and not Model._abstract:
                for name in Model._secret_fields:
                    total += Model._rotate_field(name, after_batch)
        return total

    @api.model
    def _rotate_field(self, name, after_batch):
        box, done, last = self._get_secret_box(), 0, 0
        self.flush_model()
        while rows := self.env.execute_query(
            SQL(
                "SELECT id, %(locked)s FROM %(table)s WHERE id > %(last)s AND "
                "%(locked)s IS NOT NULL ORDER BY id LIMIT %(batch)s FOR UPDATE",
                locked=SQL.identifier(f"{name}_locked"),
                table=SQL.identifier(self._table),
                last=last,
                batch=BATCH,
            )
        ):
            last = rows[-1][0]
            for id_, token in rows:
                if not box.is_current(token):
                    self._rotate_value(name, id_, self._unlock(token))
                    done += 1
            if after_batch:
                after_batch()
        self.invalidate_model()
        return done

    @api.model
    def _rotate_value(self, name, id_, text):
        # SQL: nobody has changed anything, so no trace and no date of change
        box = self._get_secret_box()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s, %s = %s WHERE id = %s",
                SQL.identifier(self._table),
                SQL.identifier(f"{name}_locked"),
                box.lock(text),
                SQL.identifier(f"{name}_print"),
                box.prints(text)[0],
                id_,
            )
        )
