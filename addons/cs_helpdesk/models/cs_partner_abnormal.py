from odoo import api, fields, models
from odoo.tools import SQL

WATCHED = {"phone", "email", "active", "last_reviewed", "archive_number", "parent_id"}


class CsPartnerAbnormal(models.AbstractModel):
    """Files with something wrong, found set by set (000-63)."""

    _name = "cs.partner.abnormal"
    _description = "Customer: Abnormal File"

    abnormal = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        export_string_translation=False,
        help="Codes of what is wrong with the file; looked for every night.",
    )
    abnormal_words = fields.Char(string="To Mend", compute="_compute_abnormal_words")

    @api.model
    def _get_abnormal_words(self):
        return {
            "no_phone": self.env._("No telephone"),
            "duplicate": self.env._("Duplicate"),
            "bounced": self.env._("Mail came back"),
            "overdue": self.env._("Review overdue"),
        }

    @api.depends("abnormal")
    @api.depends_context("lang")
    def _compute_abnormal_words(self):
        words = self._get_abnormal_words()
        for partner in self:
            codes = (partner.abnormal or "").split(",")
            partner.abnormal_words = ", ".join(words[c] for c in codes if c in words)

    @api.model
    def _cron_abnormal_files(self):
        """Look through all files, by one statement."""
        self._find_abnormal()

    def _find_abnormal(self, ids=None):
        """Write down what is wrong with files: of all, or of these ids.

        A duplicate is a file with the digits of another file's number.
        """
        # flush: the statement reads the columns themselves
        self.env["res.partner"].flush_model()
        only = SQL("AND p.id IN %s", tuple(ids)) if ids else SQL("")
        digits = SQL(r"regexp_replace(%s, '\D', '', 'g')", SQL("p.phone"))
        twin = SQL(r"regexp_replace(%s, '\D', '', 'g')", SQL("o.phone"))
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner t SET abnormal = found.codes
                  FROM (
                    SELECT p.id, CASE WHEN p.active AND p.archive_number IS NOT NULL
                    THEN NULLIF(concat_ws(',',
                        CASE WHEN COALESCE(p.phone, '') = '' THEN 'no_phone' END,
                        CASE WHEN p.phone IS NOT NULL AND EXISTS (
                            SELECT 1 FROM res_partner o
                             WHERE o.phone IS NOT NULL AND %(twin)s = %(digits)s
                               AND o.id != p.id AND o.active
                               AND o.archive_number IS NOT NULL
                        ) THEN 'duplicate' END,
                        CASE WHEN p.message_bounce > 0 THEN 'bounced' END,
                        CASE WHEN p.review_due < %(today)s THEN 'overdue' END
                    ), '') END AS codes
                      FROM res_partner p
                     WHERE (p.archive_number IS NOT NULL OR p.abnormal IS NOT NULL)
                       %(only)s
                  ) found
                 WHERE t.id = found.id AND t.abnormal IS DISTINCT FROM found.codes
                """,
                twin=twin,
                digits=digits,
                today=fields.Date.context_today(self),
                only=only,
            )
        )
        self.env["res.partner"].invalidate_model(["abnormal"])

    def write(self, vals):
        result = super().write(vals)
        if WATCHED & vals.keys():
            listed = self.sudo().filtered("abnormal")  # sudo: only whether it is listed
            if listed:
                listed._find_abnormal(listed.ids)
        return result

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        filed = partner.sudo().filtered("archive_number")  # sudo: only marks the file
        if filed:
            filed._find_abnormal(filed.ids)
        return result
