from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError


class CsTicketGate(models.AbstractModel):
    """What a ticket refuses: stages entered too early, facts written by hand."""

    _name = "cs.ticket.gate"
    _description = "Gates of a Ticket"

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------
    def _check_stage_gates(self, stage):
        """Refuse to enter `stage` while something it needs is missing.

        Binds tickets of service desks only. Extend with ``super()`` in a theme listed
        before this one.

        :raise ValidationError: one sentence that says what to fill in
        """
        if stage.role not in ("intake", "cancelled"):
            self._gate_mandatory()

    def _gate_mandatory(self):
        """003-30: customer, description, problem type and urgency."""
        for ticket in self:
            missing = [
                ticket._fields[name].get_description(self.env, ["string"])["string"]
                for name in ("partner_id", "type_id", "urgency", "description")
                if not ticket[name]
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "Ticket %(number)s: please fill in %(fields)s first.",
                        number=ticket.number,
                        fields="、".join(missing),
                    )
                )

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------
    @api.model
    def _guarded_fields(self):
        """Names of fields that only the ticket's own methods write (in sudo)."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        given = {name for vals in vals_list for name in vals}
        # a client may send defaults in the context as well
        given.update(
            key.removeprefix("default_")
            for key in self.env.context
            if key.startswith("default_")
        )
        self._check_guarded(given)
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        return super().write(vals)

    def _check_guarded(self, names):
        """:raise AccessError: a field that has its own button is written by hand"""
        if self.env.su:
            return
        guarded = self._guarded_fields().intersection(names)
        if guarded:
            label = self._fields[min(guarded)].get_description(self.env, ["string"])
            raise AccessError(
                self.env._(
                    "“%(field)s” cannot be written directly: use its button.",
                    field=label["string"],
                )
            )

    def _lock(self):
        """Let nobody else act on these tickets until the transaction ends.

        :raise UserError: somebody else is acting on one of them
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on this ticket right now: "
                    "please try again in a moment."
                )
            ) from error
