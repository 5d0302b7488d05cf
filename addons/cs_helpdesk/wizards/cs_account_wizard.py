from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

# 003-04: what a supervisor may give; nothing above his own desk
ROLES = {
    "agent": "cs_helpdesk.group_agent",
    "second_line": "cs_helpdesk.group_second_line",
    "provider": "cs_helpdesk.group_provider_agent",
}


class CsAccountWizard(models.TransientModel):
    """A supervisor opens an account at the desk, or changes the role of one (003-04).

    Only desk roles, only for people whose account holds nothing else.
    """

    _name = "cs.account.wizard"
    _description = "Agent Account"

    user_id = fields.Many2one(
        "res.users",
        string="Existing Account",
        domain="[('id', 'in', allowed_user_ids)]",
        help="Empty: a new account is opened.",
    )
    allowed_user_ids = fields.Many2many(
        "res.users", compute="_compute_allowed_user_ids"
    )
    name = fields.Char(compute="_compute_user", store=True, readonly=False)
    login = fields.Char(compute="_compute_user", store=True, readonly=False)
    role = fields.Selection(
        [
            ("agent", "Agent"),
            ("second_line", "Second Line"),
            ("provider", "Provider Agent"),
        ],
        default="agent",
        required=True,
    )
    team_ids = fields.Many2many(
        "helpdesk.ticket.team",
        string="Teams",
        compute="_compute_user",
        store=True,
        readonly=False,
        domain="[('service_desk', '=', True)]",
    )

    @api.model
    def _get_manageable_users(self):
        """Accounts that hold a desk role and nothing a supervisor cannot give."""
        # sudo: a supervisor may not read groups, only whom he may manage
        groups = self.env["res.groups"].sudo()
        for xmlid in ROLES.values():
            groups |= self.env.ref(xmlid).sudo()
        given = groups | groups.all_implied_ids | self.env.ref("base.group_user").sudo()
        given |= self.env.ref("base.group_user").sudo().all_implied_ids
        return groups.user_ids.filtered(
            lambda user: not user.all_group_ids - given
            and user.company_id in self.env.companies
        ).sudo(False)

    @api.depends_context("uid")
    def _compute_allowed_user_ids(self):
        self.allowed_user_ids = self._get_manageable_users()

    @api.depends("user_id")
    def _compute_user(self):
        for wizard in self.filtered("user_id"):
            user = wizard.user_id.sudo()
            wizard.name, wizard.login = user.name, user.login
            wizard.team_ids = self.env["helpdesk.ticket.team"].search(
                [("user_ids", "in", user.ids), ("service_desk", "=", True)]
            )

    def action_apply(self):
        """Open the account or change it; a second press finds it done already.

        :raise AccessError: not a supervisor, or an account that is not the desk's
        """
        self.ensure_one()
        if not self.env.user.has_group("cs_helpdesk.group_supervisor"):
            raise AccessError(
                self.env._("Only a supervisor may manage accounts of the desk.")
            )
        user = self.user_id
        if user and user not in self._get_manageable_users():
            raise AccessError(
                self.env._(
                    "%(name)s has other rights as well: please ask the system "
                    "administrator.",
                    name=user.name,
                )
            )
        if user == self.env.user:
            raise UserError(self.env._("You cannot change your own account."))
        if not user:
            user = self._open_account()
        self._set_role(user)
        teams = self.env["helpdesk.ticket.team"].search([("service_desk", "=", True)])
        (teams - self.team_ids).write({"user_ids": [Command.unlink(user.id)]})
        self.team_ids.write({"user_ids": [Command.link(user.id)]})
        self.user_id = user
        return {"type": "ir.actions.act_window_close"}

    def _open_account(self):
        login = (self.login or "").strip()
        if not login or not (self.name or "").strip():
            raise ValidationError(self.env._("Please give the name and the login."))
        # sudo: checked above; the login of an archived account is taken as well
        Users = self.env["res.users"].sudo().with_context(active_test=False)
        if Users.search_count([("login", "=", login)], limit=1):
            raise ValidationError(
                self.env._(
                    "The login %(login)s is in use already: choose another.",
                    login=login,
                )
            )
        return Users.create(self._prepare_user(login)).sudo(False)

    def _prepare_user(self, login):
        return {
            "name": self.name.strip(),
            "login": login,
            "email": login if "@" in login else False,
            "lang": self.env.user.lang,
            "tz": self.env.user.tz,
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
            "group_ids": [Command.set(self.env.ref(ROLES[self.role]).ids)],
        }

    def _set_role(self, user):
        wanted = self.env.ref(ROLES[self.role])
        others = [self.env.ref(xmlid) for xmlid in ROLES.values()]
        commands = [Command.unlink(group.id) for group in others if group != wanted]
        # sudo: checked above; only the three roles of the desk are touched
        user.sudo().group_ids = [*commands, Command.link(wanted.id)]

    def action_archive_account(self):
        """Close an account of the desk, when somebody leaves."""
        self.ensure_one()
        if (
            not self.env.user.has_group("cs_helpdesk.group_supervisor")
            or self.user_id not in self._get_manageable_users() - self.env.user
        ):
            raise AccessError(self.env._("You may not close this account."))
        account = self.user_id.sudo()  # sudo: checked above
        account._check_nothing_left()
        account.action_archive()
        return {"type": "ir.actions.act_window_close"}
