from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CsUserFitness(models.AbstractModel):
    """Who may be rostered and get tickets, and who has signed (000-80, 81, 48)."""

    _name = "cs.user.fitness"
    _description = "User: Fitness"

    certificate_ids = fields.One2many("cs.certificate", "user_id")

    def _get_unfit(self, users=None, kind=None):
        """Those of these users who may neither be rostered nor get tickets."""
        return (self if users is None else users)._find_unfit(kind)

    def _find_unfit(self, kind=None):
        """Those who lack a required certificate and have no leave to work without.

        One query whatever the number of users; none where nothing is enforced.

        :param kind: only what this kind of work needs (`cs.qualification.kind`)
        :return: ``res.users``
        """
        rows = [
            (qualification, company, group)
            for qualification, its_kind, company, groups in self.env[
                "cs.qualification"
            ]._get_required()
            if kind in (None, its_kind)
            for group in groups
        ]
        if not self or not rows:
            return self.browse()
        needed = SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in rows)
        for model, names in (
            ("cs.certificate", ["user_id", "qualification_id", "state", "expiry_date"]),
            ("cs.fitness.override", ["user_id", "qualification_id", "until"]),
            ("res.users", ["company_id", "group_ids"]),
        ):
            self.env[model].flush_model(names)
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT u.id
                  FROM res_users u
                  JOIN res_groups_users_rel member ON member.uid = u.id
                  JOIN (VALUES %s) AS need (qualification_id, company_id, group_id)
                    ON need.group_id = member.gid AND need.company_id = u.company_id
                 WHERE u.id IN %s
                   AND NOT EXISTS (
                       SELECT FROM cs_certificate c
                        WHERE c.user_id = u.id AND c.state = 'valid'
                          AND c.qualification_id = need.qualification_id
                          AND c.expiry_date >= %s)
                   AND NOT EXISTS (
                       SELECT FROM cs_fitness_override o
                        WHERE o.user_id = u.id AND o.until > %s
                          AND COALESCE(o.qualification_id, need.qualification_id)
                              = need.qualification_id)
                """,
                needed,
                tuple(self.ids),
                fields.Date.context_today(self),
                fields.Datetime.now(),
            )
        )
        return self.browse([row[0] for row in found])

    def _is_fit(self, kind=None):
        """Whether all these users may do the work; see ``_find_unfit``."""
        return not self._find_unfit(kind)

    def _has_undertaking(self):
        """Whether this user has signed this year's confidentiality undertaking."""
        self.ensure_one()
        year = fields.Date.context_today(self).year
        # sudo: whether, not what
        return bool(
            self.env["cs.undertaking"]
            .sudo()
            .search_count(
                [
                    ("user_id", "=", self.id),
                    ("year", "=", year),
                    ("signed_at", "!=", False),
                ],
                limit=1,
            )
        )

    def _check_undertaking(self):
        """:raise UserError: this year's undertaking is not signed (003-10)"""
        if not self._has_undertaking():
            raise UserError(
                self.env._(
                    "Sign this year's confidentiality undertaking first: Training → "
                    "My Undertaking."
                )
            )
