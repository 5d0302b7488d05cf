from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# written in the steps of the flow
FINDINGS = {"review", "benefit", "evaluation", "responsible_id", "result"}


class CsSuggestion(models.Model):
    """What a customer or a colleague would do better: collected, reviewed, evaluated,
    put into practice (000-25, 000-57, 001-40)."""

    _name = "cs.suggestion"
    _description = "Suggestion"
    _inherit = ["cs.flow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Suggestion", required=True, tracking=True)
    description = fields.Text(string="In Detail")
    kind = fields.Selection(
        [
            ("product", "Product"),
            ("service", "Service"),
            ("process", "Our Own Work"),
            ("other", "Other"),
        ],
        required=True,
        default="product",
    )
    source = fields.Selection(
        [("customer", "Customer"), ("staff", "Colleague")],
        required=True,
        default="staff",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Put In by",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null"
    )
    ticket_id = fields.Many2one("helpdesk.ticket", index="btree_not_null", copy=False)
    # What was found
    review = fields.Text(tracking=True, help="What the reviewer makes of it.")
    benefit = fields.Selection(
        [("high", "High"), ("middle", "Middle"), ("low", "Low")],
        string="Expected Benefit",
        tracking=True,
    )
    evaluation = fields.Text(tracking=True, help="Is it worth doing, and what for.")
    responsible_id = fields.Many2one(
        "res.users",
        string="Puts It Into Practice",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    result = fields.Text(tracking=True, help="What was changed, and what it brought.")
    outcome = fields.Selection(
        [("adopted", "Adopted"), ("refused", "Not Adopted")],
        readonly=True,
        copy=False,
        tracking=True,
    )

    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL",
        "This ticket is a suggestion already.",
    )

    # ------------------------------------------------------------------
    # Flow
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_giver(vals)
        suggestions = super().create(vals_list)
        suggestions._flow_start()
        return suggestions

    def write(self, vals):
        self._check_giver(vals)
        if FINDINGS & vals.keys() and not self.env.su:
            for suggestion in self:
                suggestion._check_may_find()
        return super().write(vals)

    def _check_giver(self, vals):
        if not self.env.su and vals.get("user_id", self.env.uid) != self.env.uid:
            raise AccessError(self.env._("Everybody puts in his own suggestions."))

    def _check_may_find(self):
        """Findings are written by whoever has the open step, not by the giver."""
        step = self.sudo().current_step_id  # whose it is, is no secret here
        if not step:
            raise AccessError(self.env._("This suggestion is closed."))
        step._check_actor(self.env.user)

    def _get_flow_requester(self):
        return self.user_id

    def _flow_owner_responsible(self, stage):
        return {"user_id": self.responsible_id.id, "group_id": stage.group_id.id}

    def _gate_suggestion_reviewed(self, step):
        self._require("review", self.env._("Write first what you make of it (Review)."))

    def _gate_suggestion_evaluated(self, step):
        self._require("evaluation", self.env._("Write the evaluation first."))
        self._require("benefit", self.env._("Say first what benefit you expect."))
        self._require(
            "responsible_id",
            self.env._("Choose first who puts the suggestion into practice."),
        )

    def _gate_suggestion_implemented(self, step):
        self._require("result", self.env._("Write first what was changed (Result)."))

    def _require(self, name, sentence):
        if not self[name]:
            raise UserError(sentence)

    def _on_flow_done(self):
        self.outcome = "adopted"
        self._tell_giver(self.env._("Your suggestion was put into practice."))

    def _on_flow_refused(self, step):
        self.outcome = "refused"
        self._tell_giver(
            self.env._("Your suggestion was not adopted: %(why)s", why=step.note)
        )

    def _tell_giver(self, body):
        self.message_post(body=body, partner_ids=self.user_id.partner_id.ids)
