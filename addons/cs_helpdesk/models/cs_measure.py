import re
from contextlib import closing
from datetime import date, datetime

from psycopg2 import Error

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, mute_logger

PARAMETERS = ("company_id", "date_from", "date_to")
ONE_QUERY = re.compile(r"^\s*(SELECT|WITH)\b", re.IGNORECASE)
SECONDS = 60


class CsMeasure(models.Model):
    """A declared figure: its name, what it means, and the query that counts it.

    The query returns one row: numerator, denominator, and the ids of the records
    counted by the denominator. It sees ``company_id``, ``date_from`` and ``date_to``
    (UTC moments, the second one excluded) and can change nothing.
    """

    _name = "cs.measure"
    _description = "Measure"
    _inherit = ["cs.audit.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    meaning = fields.Text(required=True, translate=True)
    res_model = fields.Char(
        string="Counts", required=True, help="Technical name of the records it counts."
    )
    query = fields.Text(required=True, groups="base.group_system")
    unit = fields.Selection(
        [("percent", "%"), ("ratio", "Ratio"), ("count", "Count")],
        required=True,
        default="percent",
    )

    _code_uniq = models.UniqueIndex(
        "(code)", "A measure with this code exists already."
    )
    _order_idx = models.Index("(sequence, name, id)")

    @api.constrains("query", "res_model")
    def _check_query(self):
        now = fields.Datetime.now()
        for measure in self:
            if measure.res_model not in self.env:
                raise ValidationError(
                    self.env._(
                        "Measure %(name)s: there are no records called %(model)s.",
                        name=measure.name,
                        model=measure.res_model,
                    )
                )
            measure._measure(self.env.company, now, now)

    def _get_value(self, company, date_from, date_to):
        """The figure of one company in one period, for people who may see it.

        :param datetime date_from: first moment, UTC
        :param datetime date_to: moment after the last, UTC
        :return: dict(numerator, denominator, value, ids)
        """
        self.check_access("read")
        if company not in self.env.user.company_ids and not self.env.su:
            raise AccessError(self.env._("You do not work for this company."))
        return self._measure(company, date_from, date_to)

    def _measure(self, company, date_from, date_to):
        self.ensure_one()
        self.env.flush_all()
        # sudo: the query is not for everybody, its figure is
        query = self.sudo().query
        if not ONE_QUERY.match(query) or ";" in query.rstrip().rstrip(";"):
            raise self._wrong(self.env._("it is not one SELECT"))
        values = (company.id, _moment(date_from), _moment(date_to))
        cr = self.env.cr
        try:
            # closing goes back to before: what is set for the query ends with it
            with mute_logger("odoo.sql_db"), closing(cr.savepoint(flush=False)):
                cr.execute(SQL("SET LOCAL statement_timeout = %s", f"{SECONDS}s"))
                cr.execute("SET LOCAL transaction_read_only = on")
                cr.execute(
                    query.rstrip().rstrip(";"),
                    dict(zip(PARAMETERS, values, strict=True)),
                )
                rows = cr.fetchmany(2)
        except (Error, KeyError, ValueError, TypeError) as error:
            raise self._wrong(str(error).splitlines()[0]) from None
        if len(rows) != 1 or len(rows[0]) != 3:
            raise self._wrong(
                self.env._("it gives no single row of numerator, denominator and ids")
            )
        numerator, denominator, ids = rows[0]
        return self._result(numerator or 0, denominator or 0, ids or [])

    def _result(self, numerator, denominator, ids):
        numerator, denominator = float(numerator), float(denominator)
        if self.unit == "count":
            value = numerator
        else:
            scale = 100 if self.unit == "percent" else 1
            value = scale * numerator / denominator if denominator else None
        return {
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "ids": sorted(set(ids)),
        }

    def _wrong(self, why):
        return UserError(
            self.env._(
                "Measure %(name)s cannot be counted: %(why)s.", name=self.name, why=why
            )
        )


def _moment(value):
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time())
    return value
