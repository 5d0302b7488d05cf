from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.masking import is_masked, mask_phone, phone_digits

READER = "cs_helpdesk.group_phone_reader"
FULL_NUMBER = 7  # digits of the shortest number that is searched for


class CsPhoneMixin(models.AbstractModel):
    """A telephone number everybody may see masked, and few in full.

    The number itself is in the field ``_phone_field``, which has ``groups=`` so that it
    is neither read, searched, sorted, grouped nor exported outside of that group. What
    is shown is ``cs_phone``.
    """

    _name = "cs.phone.mixin"
    _description = "Masked Telephone Number"
    _inherit = "cs.reveal.mixin"

    _phone_field = "phone"

    cs_phone = fields.Char(
        string="Telephone",
        compute="_compute_cs_phone",
        compute_sudo=True,
        inverse="_inverse_cs_phone",
        search="_search_cs_phone",
        help="In full while you have an open ticket or call of this customer, or a "
        "grant; search it by the whole number.",
    )

    # ------------------------------------------------------------------
    # Who sees it in full
    # ------------------------------------------------------------------
    @api.model
    def _is_phone_reader(self):
        user = self.env.user
        return user._is_superuser() or user.has_group(READER)

    def _get_phone_plain_ids(self):
        """Return the ids of self whose number the user sees in full; no reader."""
        return set()

    @api.depends(lambda self: (self._phone_field,))
    @api.depends_context("uid")
    def _compute_cs_phone(self):
        reader = self._is_phone_reader()
        plain = set() if reader else self._origin._get_phone_plain_ids()
        for record in self:
            number = record[self._phone_field]
            origin = record._origin
            known = record.id in plain or (
                # a form that is being edited: only the number he saw before
                origin.id in plain and number == origin[self._phone_field]
            )
            record.cs_phone = number if reader or known else mask_phone(number)

    # ------------------------------------------------------------------
    # Writing: a new number in full, never a mask
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._unmask_vals(vals) for vals in vals_list])

    @api.model
    def _unmask_vals(self, vals):
        """Return values for create with a typed number where it belongs."""
        if "cs_phone" not in vals:
            return vals
        vals = dict(vals)
        typed = (vals.pop("cs_phone") or "").strip()
        if typed and not is_masked(typed):
            vals[self._phone_field] = typed
        return vals

    def write(self, vals):
        name = self._phone_field
        if name not in vals or self._has_field_access(self._fields[name], "read"):
            return super().write(vals)
        self.check_access("write")
        vals = dict(vals)
        # sudo: Odoo compares a new number with the old, which the writer may not read
        self.sudo().write({name: vals.pop(name)})
        return super().write(vals)

    def _inverse_cs_phone(self):
        for record in self:
            typed = (record.cs_phone or "").strip()
            if not is_masked(typed):
                # sudo: the record may be written, which is checked before the inverse;
                # a number may be given by who may not read it
                record.sudo()[self._phone_field] = typed or False

    def _has_field_access(self, field, operation):
        # a number may be told by who may not read it
        return super()._has_field_access(field, operation) or (
            operation == "write" and field.name == self._phone_field
        )

    def copy_data(self, default=None):
        default = dict(default or {})
        if self._phone_field in default or self._is_phone_reader():
            return super().copy_data(default=default)
        vals_list = []
        for record in self:
            # sudo: the copy carries the number, which stays as hidden there
            number = record.sudo()[self._phone_field]
            vals_list += super(CsPhoneMixin, record).copy_data(
                default={self._phone_field: number, **default}
            )
        return vals_list

    # ------------------------------------------------------------------
    # Finding a customer by his number: by the whole of it
    # ------------------------------------------------------------------
    @api.model
    def _search_cs_phone(self, operator, value):
        if operator in ("any", "not any", "any!", "not any!") or operator == "not in":
            return NotImplemented
        if operator != "in":
            raise UserError(self._get_phone_part_sentence())
        numbers = [text for text in value if text]
        found = Domain.FALSE
        if numbers:
            found |= self._search_phone_numbers(numbers)
        if len(numbers) < len(value):  # without a number
            # sudo: tells only whether there is one; the rules apply to the outer search
            empty = self.sudo().with_context(active_test=False)
            found |= Domain(
                "id", "in", empty._search([(self._phone_field, "=", False)])
            )
        return found

    @api.model
    def _get_phone_part_sentence(self):
        return self.env._(
            "A customer is found by his whole telephone number, not by a part of it. "
            "Type all digits of the number."
        )

    @api.model
    def _search_phone_numbers(self, numbers):
        """Return the domain of records with one of these whole numbers; logged."""
        cores = {phone_digits(str(number)).removeprefix("0") for number in numbers}
        if any(is_masked(str(n)) for n in numbers) or any(
            len(core) < FULL_NUMBER for core in cores
        ):
            raise UserError(self._get_phone_part_sentence())
        self._log_phone_search(numbers)
        return Domain("id", "in", self._get_phone_query(cores))

    @api.model
    def _get_phone_query(self, cores):
        """Return SQL of the ids of records with one of these numbers (digits only)."""
        forms = [f"{head}{core}" for core in cores for head in ("", "0", "86", "0086")]
        column = SQL.identifier(self._table, self._phone_field)
        return SQL(
            r"(SELECT id FROM %s WHERE regexp_replace(%s, '\D', '', 'g') IN %s)",
            SQL.identifier(self._table),
            column,
            tuple(forms),
            to_flush=self._fields[self._phone_field],
        )

    @api.model
    def _log_phone_search(self, numbers):
        if self.env.user._is_superuser():
            return
        self.env["cs.audit.log"]._append(
            [
                {
                    "event": "phone_search",
                    "uid": self.env.uid,
                    "res_model": self._name,
                    "res_name": mask_phone(str(number)),
                    "company_id": self.env.company.id,
                }
                for number in numbers
            ]
        )

    def _search_phone_mobile_search(self, operator, value):
        # Odoo checks the groups of fields in columns, not in what a search method does
        self._check_field_access(self._fields["phone_mobile_search"], "read")
        return super()._search_phone_mobile_search(operator, value)

    # ------------------------------------------------------------------
    # Reveal
    # ------------------------------------------------------------------
    def _get_reveal_map(self):
        return {**super()._get_reveal_map(), "cs_phone": self._phone_field}
