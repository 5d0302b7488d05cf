from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

COUNT_LIMIT = 1000


class CsWorkbenchLink(models.Model):
    """A list beside the ticket queues of the workbench, with what waits there (004-56).

    A row is data: which list, what of it is mine, from when on it is late, how many
    a day are asked for. Whoever owns a record adds its row.
    """

    _name = "cs.workbench.link"
    _description = "Workbench List"
    _inherit = "cs.audit.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    action_id = fields.Many2one(
        "ir.actions.act_window", string="List", required=True, ondelete="cascade"
    )
    domain = fields.Char(
        string="Waiting",
        required=True,
        default="[('user_id', '=', uid)]",
        help="Rows that wait for the person who looks; uid is that person.",
    )
    late_domain = fields.Char(
        string="Late", help="Of the rows that wait, those that make the number red."
    )
    done_domain = fields.Char(
        string="Done Today", help="With a daily goal: rows that count towards it."
    )
    goal = fields.Integer(string="Daily Goal", aggregator=None)
    group_ids = fields.Many2many(
        "res.groups", string="Shown to", help="Empty: everybody who may read the list."
    )

    @api.constrains("action_id", "domain", "late_domain", "done_domain")
    def _check_domains(self):
        for link in self:
            for name in ("domain", "late_domain", "done_domain"):
                try:
                    domain = link._get_domain(name)
                    self.env[link.action_id.res_model].search(domain, limit=1)
                except Exception as error:  # whatever is wrong with what was typed
                    raise ValidationError(
                        self.env._(
                            "%(link)s: the condition “%(field)s” cannot be used: "
                            "%(error)s",
                            link=link.name,
                            field=link._fields[name].string,
                            error=error,
                        )
                    ) from error

    def _get_domain(self, name):
        self.ensure_one()
        return Domain(safe_eval(self[name] or "[]", {"uid": self.env.uid}))

    @api.model
    @api.readonly
    def get_links(self):
        """What waits for the user elsewhere, for the bar above the ticket queues.

        :return: list of dicts: id, label, count, action (id), late; with a daily goal
            also done and goal
        """
        links = self.sudo().search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )
        mine = links.filtered(
            lambda link: not link.group_ids
            or link.group_ids & self.env.user.all_group_ids
        )
        return [
            link.sudo(False)._get_numbers(link.action_id)
            for link in mine
            if link.action_id.res_model in self.env
            and self.env[link.action_id.res_model].has_access("read")
        ]

    def _get_numbers(self, action):
        """Counts of one link, with the rights of the one who looks."""
        self.ensure_one()
        Model = self.env[action.res_model]
        domain = self._get_domain("domain")
        count = Model.search_count(domain, limit=COUNT_LIMIT)
        late = bool(count and self.late_domain) and bool(
            Model.search_count(domain & self._get_domain("late_domain"), limit=1)
        )
        numbers = {
            "id": self.id,
            "label": self.name,
            "count": count,
            "action": action.id,
            "late": late,
        }
        if self.goal:
            done = self._get_domain("done_domain")
            numbers["done"] = Model.search_count(done, limit=COUNT_LIMIT)
            numbers["goal"] = self.goal
        return numbers
