from odoo import models
from odoo.exceptions import UserError


class Base(models.AbstractModel):
    _inherit = "base"

    _cs_customer_data = False  # leaves the system by a granted extraction only

    def export_data(self, fields_to_export):
        """003-61: every export of anything is logged, with fields and size."""
        names = ["/".join(f) if isinstance(f, list) else f for f in fields_to_export]
        self._check_customer_export(names)
        result = super().export_data(fields_to_export)
        Log = self.env["cs.audit.log"]
        Log._append(
            [
                {
                    "event": "export",
                    "uid": Log._actor(),
                    "res_model": self._name,
                    "company_id": self.env.company.id,
                    "changes": {"fields": names, "count": len(self)},
                }
            ]
        )
        return result

    def _check_customer_export(self, paths=()):
        """N24, G26: nobody exports customers' data, whatever his rights are.

        The name of a customer beside a record of something else may go; what else the
        customer's record holds may not.

        :param paths: what is exported, as ``partner_id/phone``
        :raise UserError: with the way to ask for them
        """
        if self.env.su:  # code of the system: what it does is not an export
            return
        if self._cs_customer_data or any(map(self._reaches_customer_data, paths)):
            raise UserError(
                self.env._(
                    "Customers' data leave the system by an approved data extraction "
                    "only: please hand in a request."
                )
            )

    def _reaches_customer_data(self, path):
        Model = self
        for name in path.replace(".id", "id").split("/"):
            if Model._cs_customer_data and name not in ("id", "display_name"):
                return True
            field = Model._fields.get(name)
            if field is None or not field.relational:
                return False
            Model = self.env[field.comodel_name]
        return False
