from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# their rows are written once and never changed, not by a merge either
KEPT = {"cs.audit.log"}


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge two files of a customer: tickets, clocks and rights move (000-05).

        The portal account of one never gets to see the records of the other.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        self._check_portal_accounts(partners)
        if dst_partner not in partners:
            dst_partner = self._get_ordered_partner(partners.ids)[-1]
        number = self._take_archive_number(partners - dst_partner, dst_partner)
        result = super()._merge(partners.ids, dst_partner, extra_checks)
        if number:
            dst_partner.message_post(
                body=self.env._("Merged with the files %(numbers)s.", numbers=number)
            )
        dst_partner._find_abnormal(dst_partner.ids)
        return result

    def _check_portal_accounts(self, partners):
        """Refuse by one sentence: an account would see what is another one's."""
        # sudo: accounts and tickets of others are only asked for
        files = partners.sudo().with_context(active_test=False)
        with_account = files.filtered(lambda p: any(u.share for u in p.user_ids))
        others = files - with_account
        if not with_account:
            return
        tickets = self.env["helpdesk.ticket"].sudo()
        if len(with_account) > 1 or tickets.with_context(
            active_test=False
        ).search_count([("partner_id", "child_of", others.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(name)s has a portal account, which would see the other file's "
                    "tickets. Take the portal access away first and grant it again "
                    "after the merge.",
                    name=with_account[0].name,
                )
            )

    def _take_archive_number(self, sources, target):
        """Keep one number for the file that stays; return those that go."""
        # sudo: numbers follow from the rule, nobody types them
        numbers = [p.archive_number for p in sources.sudo() if p.archive_number]
        sources.sudo().archive_number = False
        if numbers and not target.sudo().archive_number:
            sources.flush_recordset(["archive_number"])
            target.sudo().archive_number = numbers.pop(0)
        return ", ".join(numbers)

    def _update_values(self, src_partners, dst_partner):
        # sudo: whoever may merge files merges closed fields too, without reading them
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())

    def _update_reference_fields(self, src_partners, dst_partner):
        """Records that name a customer by model and id move as well: clocks, logs."""
        result = super()._update_reference_fields(src_partners, dst_partner)
        self.env.flush_all()
        for Model in self.env.values():
            if Model._abstract or not Model._auto or Model._name in KEPT:
                continue
            for field in Model._fields.values():
                if (
                    field.type == "many2one_reference"
                    and field.store
                    and Model._name.startswith("cs.")
                ):
                    self._move_references(Model, field, src_partners, dst_partner)
        self.env.invalidate_all()
        return result

    def _move_references(self, Model, field, src_partners, dst_partner):
        # SQL: logs are closed to the ORM, and moving them changes no fact in them
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE %s = 'res.partner' AND %s IN %s",
                SQL.identifier(Model._table),
                SQL.identifier(field.name),
                dst_partner.id,
                SQL.identifier(field.model_field),
                SQL.identifier(field.name),
                tuple(src_partners.ids),
            )
        )
