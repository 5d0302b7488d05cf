import re

from markupsafe import Markup

from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, html2plaintext

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    def write(self, vals):
        res = super().write(vals)
        if vals.get("livechat_end_dt"):
            self._livechat_to_ticket()
        return res

    def execute_command_ticket(self, **kwargs):
        """The operator types /ticket: the ticket of this chat, now (003-02)."""
        self.ensure_one()
        if not self.env.user.has_group("cs_helpdesk.group_agent"):
            raise AccessError(self.env._("Only agents make tickets of a chat."))
        self.check_access("read")
        ticket = self._livechat_to_ticket().with_user(self.env.user)
        text = self.env._("The customer has not written anything yet.")
        if ticket:
            text = self.env._("Ticket of this chat: %s", ticket.sudo()._get_html_link())
        self.env.user._bus_send_transient_message(self, text)

    def _livechat_to_ticket(self):
        """One session is one ticket with its transcript, however often it ends.

        A session in which the visitor wrote nothing makes none.

        :return: the tickets, as the system user
        """
        # as the system: the one who ends a chat is often the visitor
        channels = self.with_user(SUPERUSER_ID).filtered(
            lambda c: c.channel_type == "livechat"
        )
        tickets = self.env["helpdesk.ticket"].with_user(SUPERUSER_ID)
        if not channels:
            return tickets
        # two endings at once: the second is repeated by the server and finds the ticket
        self.env.cr.execute(
            SQL(
                "UPDATE discuss_channel SET write_date = write_date WHERE id IN %s",
                tuple(channels.ids),
            )
        )
        known = tickets.with_context(active_test=False).search(
            [("livechat_id", "in", channels.ids)]
        )
        known = {ticket.livechat_id: ticket for ticket in known}
        for channel in channels:
            ticket = known.get(channel)
            if ticket:
                ticket.livechat_transcript = channel._get_channel_history()
            elif channel.livechat_channel_id.ticket_team_id:
                said = channel._livechat_visitor_texts()
                ticket = said and tickets.create(channel._prepare_livechat_ticket(said))
            tickets += ticket or tickets.browse()
        return tickets

    def _livechat_visitor_texts(self):
        visitors = self.livechat_customer_partner_ids
        said = self.message_ids.filtered(
            lambda m: m.message_type == "comment"
            and (m.author_guest_id or m.author_id in visitors)
        )
        return [
            text for m in said.sorted("id") if (text := html2plaintext(m.body).strip())
        ]

    def _prepare_livechat_ticket(self, said):
        """Values of a new ticket of this session.

        :param list said: what the visitor wrote, plain text
        """
        team = self.livechat_channel_id.ticket_team_id
        public = self.env.ref("base.public_partner")
        partner = (self.livechat_customer_partner_ids - public)[:1]
        guest = self.livechat_customer_guest_ids[:1]
        # sudo: the ticket keeps the number, as hidden as there
        phone = partner.sudo().phone or (MOBILE.findall(" ".join(said)) or [False])[0]
        operator = self.livechat_operator_id.user_ids & team.user_ids
        return {
            "name": said[0][:80],
            "description": Markup("<br/>").join(said),
            "livechat_id": self.id,
            "livechat_transcript": self._get_channel_history(),
            "channel_id": self.env.ref("cs_helpdesk.channel_livechat").id,
            "team_id": team.id,
            "company_id": team.company_id.id or self.env.company.id,
            "user_id": operator[:1].id,
            "partner_id": partner.id,
            "partner_name": partner.name or guest.name,
            "partner_email": partner.email or guest.email,
            "customer_phone": phone,
        }
