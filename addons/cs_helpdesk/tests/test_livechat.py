from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .collab_common import DeskMixin


@tagged("post_install", "-at_install")
class TestLivechat(DeskMixin, HttpCase):
    """One online chat is one ticket with its transcript (003-02)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        cls.agent.group_ids += cls.env.ref("im_livechat.im_livechat_group_user")
        cls.env["mail.presence"]._update_presence(cls.agent)
        cls.livechat = cls.env["im_livechat.channel"].create(
            {
                "name": "官网",
                "user_ids": [Command.link(cls.agent.id)],
                "ticket_team_id": cls.team.id,
            }
        )

    def _chat(self, *said, login=None):
        """A visitor opens a chat and writes; the operator answers."""
        self.authenticate(login, login)
        data = self.make_jsonrpc_request(
            "/im_livechat/get_session",
            {"channel_id": self.livechat.id, "persisted": True},
        )
        self.env.invalidate_all()
        channel = self.env["discuss.channel"].browse(data["channel_id"])
        for text in said:
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "discuss.channel",
                    "thread_id": channel.id,
                    "post_data": {
                        "body": text,
                        "message_type": "comment",
                        "subtype_xmlid": "mail.mt_comment",
                    },
                },
            )
            self.env.invalidate_all()
            channel.with_user(self.agent).message_post(
                body="您好，请稍等",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return channel

    def _tickets(self, channel):
        return self.env["helpdesk.ticket"].search([("livechat_id", "=", channel.id)])

    def test_ended_by_visitor(self):
        """003-02: the visitor leaves, and a ticket with the whole talk is there."""
        channel = self._chat("衣柜门关不上", "我的电话 13912345678")
        self.assertFalse(self._tickets(channel))
        self.make_jsonrpc_request(
            "/im_livechat/visitor_leave_session", {"channel_id": channel.id}
        )
        self.env.invalidate_all()
        ticket = self._tickets(channel)
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.channel_id.code, "livechat")
        self.assertEqual(ticket.name, "衣柜门关不上")
        self.assertIn("13912345678", ticket.description)
        self.assertNotIn("请稍等", ticket.description)
        self.assertIn("请稍等", ticket.livechat_transcript)
        self.assertEqual(ticket.customer_phone, "13912345678")
        self.assertEqual(ticket.user_id, self.agent)
        self.assertEqual(ticket.type_id, self.type_inquiry)
        self.assertFalse(ticket.partner_id)

    def test_never_twice(self):
        """003-02: command, end and end again leave one ticket, the talk complete."""
        channel = self._chat("衣柜门关不上")
        channel.with_user(self.agent).execute_command_ticket(body="/ticket")
        ticket = self._tickets(channel)
        self.assertEqual(len(ticket), 1)
        channel.with_user(self.agent).message_post(
            body="已安排师傅", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        for _time in range(2):
            channel.livechat_end_dt = self.env.cr.now()
        self.assertEqual(self._tickets(channel), ticket)
        self.assertIn("已安排师傅", ticket.livechat_transcript)

    def test_known_customer(self):
        """003-02: a customer who is logged in is the customer of the ticket."""
        portal = new_test_user(
            self.env, "desk_portal", "base.group_portal", name="王女士"
        )
        portal.partner_id.phone = "13700137000"
        channel = self._chat("查一下订单", login="desk_portal")
        channel.livechat_end_dt = self.env.cr.now()
        ticket = self._tickets(channel)
        self.assertEqual(ticket.partner_id, portal.partner_id)
        self.assertEqual(ticket.customer_phone, "13700137000")

    def test_silent_visitor(self):
        """003-02: who opened the window and wrote nothing makes no ticket."""
        channel = self._chat()
        channel.livechat_end_dt = self.env.cr.now()
        self.assertFalse(self._tickets(channel))

    def test_words_of_a_visitor_are_text(self):
        """003-02: what a visitor types cannot become markup on the agent's screen."""
        channel = self._chat("<img src=x onerror=alert(1)>门坏了")
        channel.livechat_end_dt = self.env.cr.now()
        ticket = self._tickets(channel)
        self.assertNotIn("<img", ticket.description)
        self.assertNotIn("<img", ticket.livechat_transcript)

    def test_command_is_for_agents(self):
        """003-02: only an agent who is in the chat can make its ticket."""
        channel = self._chat("衣柜门关不上")
        portal = new_test_user(self.env, "desk_portal", "base.group_portal")
        for user in (portal, self.outsider):
            with self.assertRaises(AccessError):
                channel.with_user(user).execute_command_ticket(body="/ticket")

    def test_channel_without_team(self):
        """003-02: a chat channel that belongs to no desk makes no tickets."""
        self.livechat.ticket_team_id = False
        channel = self._chat("你好")
        channel.livechat_end_dt = self.env.cr.now()
        self.assertFalse(self._tickets(channel))
