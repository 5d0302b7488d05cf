import hashlib

from odoo import api, fields, models, tools

from ..lib.chinese_words import words_of


class CsSearchWord(models.Model):
    """A word of the trade, and how else people call the same thing.

    Articles are cut into words when they are saved, questions when they are asked:
    a word added here stays whole, and its synonyms find each other.
    """

    _name = "cs.search.word"
    _description = "Search Word"
    _inherit = ["cs.cached.policy"]
    _order = "name, id"

    name = fields.Char(string="Word", required=True)
    synonyms = fields.Char(help="Other words for the same, parted by commas.")
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "This word is in the list already.")

    @api.model
    @tools.ormcache()
    def _get_groups(self):
        """:return: tuple of tuples of words that mean the same"""
        return tuple(
            (row.name, *(row.synonyms or "").replace("，", ",").split(","))
            for row in self.sudo().search([])  # the list is no secret
        )

    @api.model
    @tools.ormcache()
    def _get_token(self):
        """What tells two lists of words apart."""
        return hashlib.sha256(repr(self._get_groups()).encode()).hexdigest()[:16]

    @api.model
    def _words(self):
        return words_of(self._get_groups())

    @api.model_create_multi
    def create(self, vals_list):
        words = super().create(vals_list)
        self.env["cs.article"]._rebuild_later()
        return words

    def write(self, vals):
        result = super().write(vals)
        self.env["cs.article"]._rebuild_later()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["cs.article"]._rebuild_later()
        return result
