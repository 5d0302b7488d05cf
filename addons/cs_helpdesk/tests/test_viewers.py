from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, freeze_time, new_test_user, tagged

from odoo.addons.bus.models import ir_websocket as bus_ir_websocket
from odoo.addons.bus.models.bus import channel_with_db

from .collab_common import DeskMixin


class _Session:
    uid = True


class _Request:
    session = _Session()


@tagged("post_install", "-at_install")
class TestViewers(DeskMixin, TransactionCase):
    """Somebody else is looking at this ticket (P9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        cls.ticket = cls._make_ticket()

    def _channels(self, user, *channels):
        with patch.object(bus_ir_websocket, "request", _Request()):
            built = (
                self.env["ir.websocket"]
                .with_user(user)
                ._build_bus_channel_list(list(channels))
            )
        return [channel_with_db(self.env.cr.dbname, channel) for channel in built]

    def _names(self, present):
        return [(viewer["name"], viewer["editing"]) for viewer in present]

    def test_present_company(self):
        """P9: both agents see each other, with what each is doing, until they leave."""
        one = self.ticket.with_user(self.agent)
        two = self.ticket.with_user(self.agent2)
        self.assertEqual(self._names(one.viewer_beat("tab-1")), [("张敏", False)])
        self.assertEqual(
            self._names(two.viewer_beat("tab-2", True)),
            [("张敏", False), ("李娜", True)],
        )
        two.viewer_leave("tab-2")
        self.assertEqual(self._names(one.viewer_beat("tab-1")), [("张敏", False)])

    def test_two_tabs_are_one_person(self):
        """P9: a person with two tabs is one person, who edits if one tab does."""
        one = self.ticket.with_user(self.agent)
        one.viewer_beat("tab-1")
        present = one.viewer_beat("tab-2", True)
        self.assertEqual(self._names(present), [("张敏", True)])
        one.viewer_leave("tab-1")
        self.assertEqual(self._names(one.viewer_beat("tab-2")), [("张敏", False)])

    def test_silent_tab_is_gone_within_a_minute(self):
        """P9: a tab that crashed disappears within 60 s, and is cleared away."""
        with freeze_time("2026-03-02 10:00:00"):
            self.ticket.with_user(self.agent).viewer_beat("tab-1")
        with freeze_time("2026-03-02 10:00:50"):
            present = self.ticket.with_user(self.agent2).viewer_beat("tab-2")
            self.assertEqual(
                [(viewer["name"], viewer["age"]) for viewer in present],
                [("张敏", 50), ("李娜", 0)],
            )
        with freeze_time("2026-03-02 10:01:00"):
            present = self.ticket.with_user(self.agent2).viewer_beat("tab-2")
            self.assertEqual(self._names(present), [("李娜", False)])
        with freeze_time("2026-03-02 12:00:00"):
            self.env["cs.viewer"]._gc_silent()
            self.assertFalse(
                self.env["cs.viewer"].search_count([("ticket_id", "=", self.ticket.id)])
            )

    def test_only_changes_are_pushed(self):
        """P9: a sign of life without news sends nothing; joining and editing do."""
        with patch.object(
            self.registry["helpdesk.ticket"], "_send_viewers", autospec=True
        ) as sent:
            one = self.ticket.with_user(self.agent)
            one.viewer_beat("tab-1")
            self.assertEqual(sent.call_count, 1)
            one.viewer_beat("tab-1")
            self.assertEqual(sent.call_count, 1)
            one.viewer_beat("tab-1", True)
            self.assertEqual(sent.call_count, 2)
            one.viewer_leave("tab-1")
            self.assertEqual(sent.call_count, 3)

    def test_beat_is_cheap(self):
        """P9: a sign of life costs three queries once rights are known."""
        one = self.ticket.with_user(self.agent)
        one.viewer_beat("tab-1")
        self.env.flush_all()
        with self.assertQueryCount(3):
            one.viewer_beat("tab-1")

    def test_subscription_needs_read_access(self):
        """P9: who may not read a ticket cannot join its channel, nor can customers."""
        channel = f"cs_helpdesk.viewers_{self.ticket.id}"
        target = (self.env.cr.dbname, "helpdesk.ticket", self.ticket.id, "viewers")
        self.assertIn(target, self._channels(self.agent, channel))
        self.assertNotIn(target, self._channels(self.outsider, channel))
        portal = new_test_user(self.env, "desk_portal", "base.group_portal")
        self.ticket.partner_id = portal.partner_id
        self.assertNotIn(target, self._channels(portal, channel))
        self.assertNotIn(
            target, self._channels(self.env.ref("base.public_user"), channel)
        )

    def test_odd_channels_do_no_harm(self):
        """P9: a missing ticket or a crooked name is left out, others are kept."""
        channels = self._channels(
            self.agent,
            "cs_helpdesk.viewers_999999999",
            "cs_helpdesk.viewers_x",
            "other",
        )
        database = self.env.cr.dbname
        self.assertIn((database, "other"), channels)
        self.assertNotIn((database, "cs_helpdesk.viewers_999999999"), channels)
        self.assertFalse([channel for channel in channels if channel[-1] == "viewers"])

    def test_beat_needs_read_access(self):
        """P9: neither a colleague without access nor a customer learns who looks."""
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.outsider).viewer_beat("tab-1")
        portal = new_test_user(self.env, "desk_portal", "base.group_portal")
        self.ticket.partner_id = portal.partner_id
        with self.assertRaises(AccessError):
            self.ticket.with_user(portal).viewer_beat("tab-1")


@tagged("post_install", "-at_install")
class TestViewersBar(DeskMixin, HttpCase):
    """The bar on the form, in a browser."""

    def test_bar_on_the_form(self):
        """P9: the form tells that a colleague is editing, and forgets her at once."""
        self._make_desk()
        ticket = self._make_ticket()
        ticket.with_user(self.agent2).viewer_beat("tab-2", True)
        self.browser_js(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            """
            const until = async (what, test) => {
                for (let i = 0; i < 100; i++) {
                    if (test()) { return; }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                throw new Error(what);
            };
            const bar = () => document.querySelector(".o_cs_viewers");
            const text = () => bar()?.textContent || "";
            (async () => {
                await until("no colleague is shown", () => text().includes("李娜"));
                if (!bar().querySelector(".fa-pencil")) {
                    throw new Error("the colleague should be shown as editing");
                }
                if (text().includes("张敏")) {
                    throw new Error("nobody needs to be told about himself");
                }
                window.dispatchEvent(new Event("pagehide")); // what closing a tab does
                await new Promise((resolve) => setTimeout(resolve, 1000));
                console.log("test successful");
            })();
            """,
            login=self.agent.login,
        )
        names = [row["name"] for row in self.env["cs.viewer"]._present(ticket.id)]
        self.assertEqual(names, ["李娜"], "closing the tab takes its viewer away")
