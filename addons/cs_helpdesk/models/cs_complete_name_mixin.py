from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

OPERATORS = ("=ilike", "=like", "ilike", "in", "like")


class CsCompleteNameMixin(models.AbstractModel):
    """Search the full path of a tree by one query, in the reader's language.

    For models with ``parent_path``, ``name`` and a computed ``complete_name``.
    """

    _name = "cs.complete.name.mixin"
    _description = "Search by Full Path"

    @api.model
    def _search_complete_name(self, operator, value):
        if operator not in OPERATORS:
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s",
                model._complete_name_sql(alias),
                model._complete_name_match_sql(operator, value),
            )
        )

    def _complete_name_sql(self, alias):
        return SQL(
            """(SELECT string_agg(%(name)s, ' / ' ORDER BY step.depth)
                  FROM unnest(
                      string_to_array(trim(%(path)s, '/'), '/')::int[]
                  ) WITH ORDINALITY AS step(id, depth)
                  JOIN %(table)s up ON up.id = step.id)""",
            name=self._field_to_sql("up", "name"),
            path=self._field_to_sql(alias, "parent_path"),
            table=SQL.identifier(self._table),
        )

    def _complete_name_match_sql(self, operator, value):
        if operator == "in":
            return SQL("= ANY(%s)", [name for name in value if name])
        pattern = value if operator.startswith("=") else f"%{value}%"
        return SQL("%s %s", SQL("ILIKE" if "ilike" in operator else "LIKE"), pattern)
