from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """003-61: every export of anything is logged, with fields and size."""
        result = super().export_data(fields_to_export)
        names = ["/".join(f) if isinstance(f, list) else f for f in fields_to_export]
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
