from odoo import api, fields, models

from .cs_complaint_grade import ROLE_GROUPS, ROLES


class CsTicketPeople(models.AbstractModel):
    """Who stands behind a role on a ticket, and how they are told."""

    _name = "cs.ticket.people"
    _description = "Ticket: People by Role"

    @api.model
    def _get_parameter(self, name, default):
        """A number of the settings, ``cs_helpdesk.<name>``; `default` if unusable."""
        value = self.env["ir.config_parameter"].sudo().get_param(f"cs_helpdesk.{name}")
        return int(value) if (value or "").isdecimal() else default

    @api.model
    def _is_supervisor(self):
        return self.env.user.has_group(ROLE_GROUPS["supervisor"])

    def _get_role_users(self, role):
        """Who is to be told when a role is: the team's own, else all of that role.

        Roles include those below them; who holds a higher one is left alone as long
        as somebody holds just this one. Nobody at all: the role below is asked.

        :param role: ``agent``, ``supervisor``, ``manager`` or ``leader``
        :return: ``res.users``, the team's leader first; empty if nobody holds any
        """
        self.ensure_one()
        ladder = [name for name, _label in ROLES]
        for name in reversed(ladder[: ladder.index(role) + 1]):
            holders = self._get_holders(name)
            above = ladder[ladder.index(name) + 1 :]
            users = holders - self._get_holders(above[0]) if above else holders
            users = users or holders
            team = self.team_id.sudo()
            own = (team.user_id | team.user_ids) & users
            if own or users:
                return own or users
        return self.env["res.users"]

    def _get_holders(self, role):
        # sudo: an agent may not read groups, only whom the ticket goes to
        users = self.env.ref(ROLE_GROUPS[role]).sudo().all_user_ids
        return users.filtered(
            lambda u: u.active and not u.share and self.company_id in u.company_ids
        )

    def _add_lead(self, role):
        """Put the first of a role in charge unless the lead holds that role already.

        :return: the lead, ``res.users``
        """
        self.ensure_one()
        if self.lead_id not in self._get_holders(role):
            # sudo: the lead follows from the rules, nobody writes it
            self.sudo().lead_id = self._get_role_users(role)[:1] or self.lead_id
        return self.lead_id

    def _tell_users(self, users, subject, body):
        """Notify users at once and leave each of them an activity on the ticket."""
        self.ensure_one()
        self.message_subscribe(partner_ids=users.partner_id.ids)
        self.message_notify(
            partner_ids=users.partner_id.ids, subject=subject, body=body
        )
        for user in users:
            local = self.with_context(tz=user.tz or self.env.user.tz)
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(local),
                summary=subject,
                note=body,
                user_id=user.id,
            )
