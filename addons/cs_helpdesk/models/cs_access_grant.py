from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from .res_partner import CUSTOMER_CLASSES

READER = "cs_helpdesk.group_grant_reader"


class CsAccessGrant(models.Model):
    """What a person may see for a time, and because of which request (000-115, G25).

    Made by an approved request alone; ends by itself, or the day its holder leaves.
    """

    _name = "cs.access.grant"
    _description = "Access Grant"
    _inherit = ["cs.audit.mixin"]
    _order = "date_to desc, id desc"

    request_id = fields.Many2one(
        "cs.request", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="Granted to", required=True)
    company_id = fields.Many2one("res.company", required=True)
    scope = fields.Selection(
        [
            ("partner", "Customer"),
            ("class", "Customer Class"),
            ("ticket", "Ticket"),
        ],
        required=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="cascade"
    )
    customer_class = fields.Selection(CUSTOMER_CLASSES)
    ticket_id = fields.Many2one(
        "helpdesk.ticket", index="btree_not_null", ondelete="cascade"
    )
    date_from = fields.Datetime(string="From", required=True)
    date_to = fields.Datetime(string="Until", required=True)
    closed_at = fields.Datetime(string="Closed")
    state = fields.Selection(
        [("coming", "Not Yet"), ("running", "Valid"), ("ended", "Ended")],
        compute="_compute_state",
    )

    _running_idx = models.Index("(user_id, date_to) WHERE closed_at IS NULL")
    _order_idx = models.Index("(date_to DESC, id DESC)")
    _once = models.UniqueIndex(
        "(request_id, user_id, COALESCE(partner_id, 0), COALESCE(ticket_id, 0),"
        " COALESCE(customer_class, ''))",
        "This was granted already.",
    )

    @api.depends("date_from", "date_to", "closed_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for grant in self:
            if grant.closed_at or not grant.date_to or grant.date_to < now:
                grant.state = "ended"
            else:
                grant.state = "running" if grant.date_from <= now else "coming"

    @api.depends("user_id", "scope", "partner_id", "customer_class", "ticket_id")
    def _compute_display_name(self):
        classes = dict(self._fields["customer_class"]._description_selection(self.env))
        for grant in self:
            what = grant.partner_id.display_name or grant.ticket_id.display_name
            what = what or classes.get(grant.customer_class)
            grant.display_name = f"{grant.user_id.name}: {what}"

    @api.model
    def _get_running(self, user):
        """Grants of a person that are valid at this moment."""
        now = fields.Datetime.now()
        return self.sudo().search(  # asked for one's own grants
            [
                ("user_id", "=", user.id),
                ("closed_at", "=", False),
                ("date_from", "<=", now),
                ("date_to", ">=", now),
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        grants = super().create(vals_list)
        # sudo: an approved request gives the right; dates and scope are in the rule
        reader = self.env.ref(READER).sudo()
        for user in grants.user_id.sudo():
            user.group_ids = [Command.link(reader.id)]
        return grants

    def action_close(self):
        """End grants before their time: by the holder or whoever might approve."""
        self.check_access("read")
        others = self.user_id - self.env.user
        if others and not self.env.user.has_groups(
            "cs_helpdesk.group_supervisor,cs_helpdesk.group_system_admin"
        ):
            raise AccessError(
                self.env._("Only a supervisor ends what was granted to somebody else.")
            )
        self.sudo()._close()  # nobody writes grants himself; checked above

    def _close(self):
        open_grants = self.filtered(lambda g: not g.closed_at)
        open_grants.closed_at = fields.Datetime.now()
        self._leave_readers(open_grants.user_id)

    @api.model
    def _close_for_leavers(self, users):
        """Whoever leaves keeps nothing, nor what he has asked for (G25)."""
        self.search([("user_id", "in", users.ids), ("closed_at", "=", False)])._close()
        running = self.env["cs.request"].search(
            [("user_id", "in", users.ids), ("flow_state", "=", "running")]
        )
        running._flow_cancel(self.env._("The one who asked has left."))

    @api.model
    def _leave_readers(self, users):
        """Take the group of readers from those who hold no valid grant any more."""
        holders = self.search(
            [
                ("user_id", "in", users.ids),
                ("closed_at", "=", False),
                ("date_to", ">=", fields.Datetime.now()),
            ]
        ).user_id
        reader = self.env.ref(READER)
        for user in users - holders:
            user.group_ids = [Command.unlink(reader.id)]

    @api.model
    def _cron_expire(self):
        """Tidy up after grants that have ended; the rules end them by themselves."""
        over = Domain("closed_at", "=", False) & Domain(
            "date_to", "<", fields.Datetime.now()
        )
        self.search(over)._close()
