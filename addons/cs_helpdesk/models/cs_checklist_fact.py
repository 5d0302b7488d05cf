from odoo import api, models


class CsChecklistFact(models.AbstractModel):
    """Figures the system reads itself, so that nobody copies them by hand.

    A figure ``disk_free`` is a method ``_fact_disk_free(run)`` that returns values of
    a line (``answer``, ``number_value``, ``text_value``, ``fact_text``). Other addons
    add methods.
    """

    _name = "cs.checklist.fact"
    _description = "Figures for Checklists"
    _inherit = [
        "cs.checklist.fact.system",
        "cs.checklist.fact.security",
        "cs.checklist.fact.day",
    ]

    @api.model
    def _knows(self, code):
        """Whether there is a figure of this key."""
        return code.isidentifier() and callable(getattr(self, f"_fact_{code}", None))

    @api.model
    def _read_fact(self, code, run):
        """Values for a line; empty when the figure is not known any more."""
        if not self._knows(code):
            return {"fact_text": self.env._("The system does not know this figure.")}
        # sudo: figures of the whole system, shown to who has to do the checklist
        return getattr(self.sudo(), f"_fact_{code}")(run.sudo())
