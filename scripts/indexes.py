"""Which columns the indexes of a database begin with."""


def index_columns(env):
    """Return {table: set of column tuples} of all indexes."""
    env.cr.execute(
        """
        SELECT t.relname, array_agg(coalesce(a.attname::text, '') ORDER BY k.place)
          FROM pg_index i
          JOIN pg_class t ON t.oid = i.indrelid
          JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) ON TRUE
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
         WHERE t.relnamespace = 'public'::regnamespace
      GROUP BY t.relname, i.indexrelid
        """
    )
    tables = {}
    for table, columns in env.cr.fetchall():
        tables.setdefault(table, set()).add(tuple(columns))
    return tables


def is_covered(env, indexes, field):
    """Return whether an index serves a search by a relational field.

    A reference to any record is found by its pair (model, id): an index on the id
    alone would serve nobody.
    """
    wanted = (field.name,)
    if field.type == "many2one_reference":
        wanted = (field.model_field, field.name)
    table = indexes.get(env[field.model_name]._table, ())
    return any(columns[: len(wanted)] == wanted for columns in table)
