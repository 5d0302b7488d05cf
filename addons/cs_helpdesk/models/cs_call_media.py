from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class CsCallMedia(models.AbstractModel):
    """A call of the press: noted, reported at once, answered by one voice (G06)."""

    _name = "cs.call.media"
    _description = "Call: Media"

    media_unit = fields.Char(string="Media", help="Paper, station or platform.")
    media_contact = fields.Char(string="Reporter")
    media_purpose = fields.Text(string="Purpose of the Call")
    media_subjects = fields.Text(string="Questions")
    media_deadline = fields.Datetime(string="Wanted by")
    media_complaint = fields.Boolean(
        string="Contains a Complaint", help="A complaint in it is a crisis: grade 4."
    )
    media_told_at = fields.Datetime(
        string="Manager Told", readonly=True, help="At the latest after 15 minutes."
    )

    def _on_class(self, call_class):
        """The manager hears of a media call as soon as it is known to be one."""
        if call_class == "media":
            self.filtered(lambda c: not c.media_told_at)._tell_manager()

    def _tell_manager(self):
        for call in self:
            managers = call._get_spokesmen()
            body = call.env._(
                "A call of the media has come in. Nobody answers it but the spokesman."
            )
            link = call._get_html_link()
            self.env["mail.thread"].message_notify(
                partner_ids=managers.partner_id.ids,
                subject=self.env._("Media call"),
                body=Markup("<p>%s</p><p>%s</p>") % (body, link),
            )
            # sudo: the moment follows from the press
            call.sudo().media_told_at = fields.Datetime.now()

    def _get_spokesmen(self):
        """Managers of the company; who takes the return call is the spokesman."""
        # sudo: an agent may not read groups, only whom it goes to
        users = self.env.ref("cs_helpdesk.group_manager").sudo().all_user_ids
        root = self.env.ref("base.user_root")
        return users.filtered(
            lambda u: u.active
            and not u.share
            and u != root
            and self.company_id in u.company_ids
        )

    def action_media(self):
        """Report it: ticket, spokesman's return call in 2 hours, crisis if a complaint.

        :return: action that opens the ticket
        """
        self.ensure_one()
        self._check_own()
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("media_unit", "media_contact", "media_purpose")
            if not (self[name] or "").strip()
        ]
        if missing:
            raise UserError(
                self.env._(
                    "Please write down first: %(fields)s. Answer nothing yourself.",
                    fields="、".join(missing),
                )
            )
        if self.call_class != "media":
            self.call_class = "media"
        if not self.ticket_id:
            self._make_media_ticket()
            # sudo: the spokesman is a manager; the agent only arranges his call
            self.sudo()._make_callback(
                "media",
                self._get_media_deadline(),
                user=self._get_spokesmen()[:1],
            )
        return self.ticket_id._get_records_action()

    def _get_media_deadline(self):
        hours = self.env["helpdesk.ticket"]._get_parameter("media_hours", 2)
        deadline = fields.Datetime.now() + timedelta(hours=hours)
        return min(filter(None, (deadline, self.media_deadline)))

    def _make_media_ticket(self):
        self.request = self.request or self.media_purpose
        if not self.caller_name:
            self.caller_name = f"{self.media_unit} {self.media_contact}"
        vals = self._prepare_ticket()
        vals["name"] = self.env._("Media: %(unit)s", unit=self.media_unit)
        if self.media_complaint:
            # grade 4 follows by the rules of complaint grades
            vals["type_id"] = self.env.ref("cs_helpdesk.type_complaint").id
            vals["media_involved"] = True
        ticket = self.env["helpdesk.ticket"].create(vals)
        self.write({"ticket_id": ticket.id, "outcome": "ticket"})
