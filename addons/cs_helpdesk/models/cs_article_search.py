from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

SHOWN = 5
TITLE_WEIGHT = 2.0
EXCERPT = 120  # characters
BATCH = 500


class CsArticleSearch(models.AbstractModel):
    """Articles are found by the words of a question, as a ticket is typed (003-42)."""

    _name = "cs.article.search"
    _description = "Article: Search"

    # with a blank at both ends, so that every word stands between blanks
    title_words = fields.Text(
        compute="_compute_search_words", store=True, export_string_translation=False
    )
    search_words = fields.Text(
        compute="_compute_search_words", store=True, export_string_translation=False
    )
    words_token = fields.Char(
        compute="_compute_search_words", store=True, export_string_translation=False
    )
    question = fields.Char(
        string="Found by Words",
        compute="_compute_question",
        search="_search_question",
        help="Type it as the customer says it.",
    )

    _search_idx = models.Index("USING gin (to_tsvector('simple', search_words))")

    @api.depends("name", "product", "problem", "steps", "cases")
    def _compute_search_words(self):
        words = self.env["cs.search.word"]._words()
        token = self.env["cs.search.word"]._get_token()
        for article in self:
            title = words.index(f"{article.name or ''} {article.product or ''}")
            rest = " ".join(
                html2plaintext(text or "", include_references=False)
                for text in (article.problem, article.steps, article.cases)
            )
            article.title_words = f" {title} "
            article.search_words = f" {title} {words.index(rest)} "
            article.words_token = token

    def _compute_question(self):
        self.question = False  # there to be searched by

    def _search_question(self, operator, value):
        if operator not in ("in", "ilike", "="):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        found = [row[0] for text in texts if text for row in self._rank(text, 80)]
        return Domain("id", "in", found)

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------
    def _get_usable_domain(self):
        """Articles that may be told to a customer today."""
        today = fields.Date.context_today(self)
        return Domain("state", "=", "published") & (
            Domain("kind", "!=", "policy") | Domain("in_force_date", "<=", today)
        )

    @api.model
    def _rank(self, text, limit=SHOWN, domain=None):
        """The articles that answer a question best, of those the user may read.

        A word counts the more the fewer articles have it, in the title more than
        below; words that mean the same count as one.

        :param str text: question in Chinese, however it was typed
        :return: list of (article id, score), best first
        """
        groups = self.env["cs.search.word"]._words().question(text)
        if not groups:
            return []
        query = self._search(self._get_usable_domain() if domain is None else domain)
        alias = self._table
        body = self._field_to_sql(alias, "search_words", query)
        title = self._field_to_sql(alias, "title_words", query)
        asked = " | ".join(f"'{word}'" for group in groups for word in group)
        query.add_where(
            SQL(
                "to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
                body,
                asked,
            )
        )
        numbers = range(len(groups))
        hits = SQL(", ").join(
            SQL(
                "(%s)::int AS %s, (%s)::int AS %s",
                self._stands_in(body, group),
                SQL.identifier(f"b{i}"),
                self._stands_in(title, group),
                SQL.identifier(f"t{i}"),
            )
            for i, group in zip(numbers, groups, strict=True)
        )
        weights = SQL(", ").join(
            SQL(
                "ln(1 + count(*)::float / (1 + coalesce(sum(%s), 0))) AS %s",
                SQL.identifier(f"b{i}"),
                SQL.identifier(f"w{i}"),
            )
            for i in numbers
        )
        score = SQL(" + ").join(
            SQL(
                "%s * (%s + %s * %s)",
                SQL.identifier(f"w{i}"),
                SQL.identifier(f"b{i}"),
                TITLE_WEIGHT,
                SQL.identifier(f"t{i}"),
            )
            for i in numbers
        )
        return self.env.execute_query(
            SQL(
                "WITH hit AS MATERIALIZED (%s), weight AS (SELECT %s FROM hit)"
                " SELECT id, %s AS score FROM hit, weight"
                " ORDER BY score DESC, id LIMIT %s",
                query.select(SQL("%s AS id, %s", SQL.identifier(alias, "id"), hits)),
                weights,
                score,
                limit,
            )
        )

    @staticmethod
    def _stands_in(column, group):
        return SQL(" OR ").join(
            SQL("strpos(%s, %s) > 0", column, f" {word} ") for word in group
        )

    @api.model
    @api.readonly
    def find_similar(self, text, limit=SHOWN):
        """Articles for what is being typed, best first (003-42).

        :param str text: title and description of a ticket; HTML is taken off
        :param int limit: at most this many, never more than 20
        :return: list of {id, name, excerpt}
        """
        text = html2plaintext(text or "", include_references=False)[:2000]
        rows = self._rank(text, min(max(int(limit), 1), 20))
        articles = self.browse([row[0] for row in rows])
        return [
            {
                "id": article.id,
                "name": article.name,
                "excerpt": html2plaintext(
                    article.steps or article.problem or "", include_references=False
                ).strip()[:EXCERPT],
            }
            for article in articles
        ]

    # ------------------------------------------------------------------
    # After the word list has changed
    # ------------------------------------------------------------------
    @api.model
    def _rebuild_later(self):
        """Cut all articles anew, after this transaction."""
        cron = self.env.ref("cs_helpdesk.cron_article_words", raise_if_not_found=False)
        if cron:
            cron._trigger()

    @api.model
    def _cron_rebuild_words(self):
        """Cut articles anew that were cut by an older list of words."""
        token = self.env["cs.search.word"]._get_token()
        domain = [("words_token", "!=", token)]
        articles = self.with_context(active_test=False)
        progress = self.env["ir.cron"]._commit_progress
        left = progress(remaining=articles.search_count(domain))
        while left and (batch := articles.search(domain, limit=BATCH, order="id")):
            batch._compute_search_words()
            batch.flush_recordset()
            left = progress(len(batch))
