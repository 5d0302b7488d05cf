from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.modules.registry import Registry
from odoo.tests import (
    BaseCase,
    Form,
    HttpCase,
    TransactionCase,
    freeze_time,
    get_db_name,
    tagged,
)

from odoo.addons.mail.tests.common import MailCommon

from .collab_common import DeskMixin

DOCUMENTS = {
    "mail.message": ("model", "res_id"),
    "ir.attachment": ("res_model", "res_id"),
    "mail.activity": ("res_model", "res_id"),
    "cs.clock": ("res_model", "res_id"),
}


class MergeMixin(DeskMixin):
    @classmethod
    def _make_full(cls, name, **vals):
        """A ticket with messages, files, an activity, a tag and a follower."""
        ticket = cls._make_ticket(name=name, **vals)
        for text in ("客户来电", "再次来电"):
            ticket.message_post(
                body=f"{name}{text}",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[(f"{name}{text}.txt", b"photo")],
            )
        ticket.activity_schedule(
            "mail.mail_activity_data_todo", summary=name, user_id=cls.agent.id
        )
        ticket.tag_ids = cls.env["helpdesk.ticket.tag"].create({"name": name})
        ticket.message_subscribe(
            cls.env["res.partner"].create({"name": f"{name}关注者"}).ids
        )
        cls.env.flush_all()
        return ticket

    def _count(self, tickets):
        """How many documents of each kind hang on these tickets."""
        return {
            model: self.env[model]
            .with_context(active_test=False)
            .search_count([(name, "=", "helpdesk.ticket"), (key, "in", tickets.ids)])
            for model, (name, key) in DOCUMENTS.items()
        }


@tagged("post_install", "-at_install")
class TestMerge(MergeMixin, TransactionCase):
    """Several tickets about one matter become one (P8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        cls.target = cls._make_full("柜门变形")
        cls.source = cls._make_full("柜门关不上")
        cls.third = cls._make_full("还是柜门")

    def _merge(self, user=None):
        tickets = self.source + self.third
        tickets.with_user(user or self.agent)._merge_into(self.target)
        self.env.flush_all()

    def test_nothing_is_lost(self):
        """P8: messages, files, activities and clocks: as many after as before."""
        everything = self.target + self.source + self.third
        before = self._count(everything)
        self._merge()
        after = self._count(everything)
        # a note each on the merged ones, and as many on the one that goes on
        self.assertEqual(after.pop("mail.message"), before.pop("mail.message") + 4)
        self.assertEqual(after, before)
        gone_on = self._count(self.target)
        self.assertEqual(gone_on["ir.attachment"], 6)
        self.assertEqual(gone_on["mail.activity"], 3)
        self.assertEqual(gone_on["cs.clock"], before["cs.clock"])
        left = self._count(self.source + self.third)
        self.assertFalse(left["ir.attachment"] + left["mail.activity"])
        self.assertFalse(left["cs.clock"])
        files = self.target.message_ids.attachment_ids
        self.assertEqual(set(files.mapped("res_id")), {self.target.id})

    def test_tags_and_followers(self):
        """P8: tags and followers are united."""
        self._merge()
        self.assertEqual(
            set(self.target.tag_ids.mapped("name")),
            {"柜门变形", "柜门关不上", "还是柜门"},
        )
        followers = self.target.message_partner_ids.mapped("name")
        self.assertIn("柜门关不上关注者", followers)
        self.assertIn("还是柜门关注者", followers)

    def test_merged_ticket(self):
        """P8: a merged ticket is closed, archived, kept, and points to its target."""
        self._merge()
        self.assertEqual(self.source.merged_into_id, self.target)
        self.assertFalse(self.source.active)
        self.assertTrue(self.source.closed)
        self.assertEqual(self.target.merged_ids, self.third + self.source)
        self.assertFalse(self.target.closed)
        self.assertIn(
            self.source.number, "".join(self.target.message_ids.mapped("body"))
        )

    def test_one_clock_a_kind(self):
        """P8: of two running clocks of one kind the target's runs on."""
        running = self.target._clocks()
        self.assertTrue(running)
        self._merge()
        self.assertEqual(self.target._clocks(), running)
        self.assertFalse(self.source._clocks())

    def test_pressing_twice(self):
        """P8: merging again what is merged does nothing, and says nothing."""
        self._merge()
        before = self._count(self.target)
        self._merge()
        self.assertEqual(self._count(self.target), before)
        logs = self.env["cs.ticket.merge.log"].search(
            [("target_id", "=", self.target.id)]
        )
        self.assertEqual(len(logs), 2)

    def test_undo(self):
        """P8: undo gives back messages, files, activities, tags and clocks."""
        before = {
            t: (self._count(t), t.tag_ids, t.message_partner_ids, t.stage_id)
            for t in (self.target, self.source, self.third)
        }
        clocks = {
            t: {c.id: (c.state, c.deadline, c.running_since) for c in t._clocks()}
            for t in before
        }
        self._merge()
        # what happens on the target afterwards stays there
        self.target.message_post(body="合并之后", message_type="comment")
        for ticket in (self.source, self.third):
            ticket.with_user(self.agent).action_undo_merge()
        for ticket, (count, tags, followers, stage) in before.items():
            now = self._count(ticket)
            # notes of merging and undoing; one more word on the target
            extra = 5 if ticket == self.target else 2
            self.assertEqual(now.pop("mail.message"), count.pop("mail.message") + extra)
            self.assertEqual(now, count)
            self.assertEqual(ticket.tag_ids, tags)
            self.assertEqual(ticket.message_partner_ids, followers)
            self.assertEqual(ticket.stage_id, stage)
            self.assertEqual(
                {
                    c.id: (c.state, c.deadline, c.running_since)
                    for c in ticket._clocks()
                },
                clocks[ticket],
            )
        self.assertTrue(self.source.active)
        self.assertFalse(self.source.merged_into_id)

    def test_undo_in_time_only(self):
        """P8: after 24 hours a merge stays."""
        with freeze_time(fields.Datetime.now() - timedelta(hours=25)):
            self._merge()
        self.env.invalidate_all()
        self.assertFalse(self.source.can_undo_merge)
        with self.assertRaises(UserError):
            self.source.action_undo_merge()

    def test_other_customer(self):
        """P8: tickets of two customers are merged by a supervisor who confirms."""
        self.source.partner_id = self.env["res.partner"].create({"name": "别人"})
        with self.assertRaises(UserError):
            self._merge()
        with self.assertRaises(UserError):
            self._merge(user=self.supervisor)
        with self.assertRaises(UserError):
            self.source.with_user(self.agent)._merge_into(self.target, confirmed=True)
        self.source.with_user(self.supervisor)._merge_into(self.target, confirmed=True)
        self.assertEqual(self.source.merged_into_id, self.target)

    def test_other_company(self):
        """P8: tickets of two companies are not merged by an agent."""
        company = self.env["res.company"].create({"name": "分公司"})
        self.agent.company_ids += company
        self.source.company_id = company
        with self.assertRaises(UserError):
            self._merge()

    def test_target_must_be_open(self):
        """P8: nothing is merged into a ticket that is closed or merged itself."""
        self.third.with_user(self.agent)._merge_into(self.target)
        with self.assertRaises(UserError):
            self.source.with_user(self.agent)._merge_into(self.third)
        self.target.sudo().stage_id = self._stage("cancelled")
        with self.assertRaises(UserError):
            self.source.with_user(self.agent)._merge_into(self.target)

    def test_rights(self):
        """P8: one merges and undoes only tickets one may write, by no other way."""
        with self.assertRaises(AccessError):
            self._merge(user=self.outsider)
        with self.assertRaises(AccessError):
            self.source.with_user(self.agent).merged_into_id = self.target
        self._merge()
        with self.assertRaises(AccessError):
            self.source.with_user(self.outsider).action_undo_merge()

    def test_locked(self):
        """P8: while somebody changes a ticket, merging says so in one sentence."""
        with (
            patch.object(
                self.registry["helpdesk.ticket"],
                "lock_for_update",
                side_effect=LockError(""),
            ),
            self.assertRaisesRegex(UserError, "try again"),
        ):
            self._merge()

    def test_post_to_a_merged_ticket(self):
        """P8: whatever is posted to a merged ticket lands where the matter goes on."""
        self.source.with_user(self.agent)._merge_into(self.third)
        self.third.with_user(self.agent)._merge_into(self.target)
        message = self.source.with_user(self.agent).message_post(
            body="迟到的回复", message_type="comment"
        )
        self.assertEqual(message.res_id, self.target.id)

    def test_straggler(self):
        """P8: a message that slipped in during the merge follows it."""
        self._merge()
        late = self.env["mail.message"].create(
            {
                "model": "helpdesk.ticket",
                "res_id": self.source.id,
                "message_type": "comment",
                "body": "同一秒",
            }
        )
        self.env.flush_all()
        self.source._gc_merge_stragglers()
        late.invalidate_recordset()
        self.assertEqual(late.res_id, self.target.id)

    def test_wizard(self):
        """P8: the oldest open ticket goes on unless another is chosen."""
        form = Form(
            self.env["cs.ticket.merge.wizard"]
            .with_user(self.agent)
            .with_context(
                active_model="helpdesk.ticket",
                active_ids=(self.third + self.target + self.source).ids,
            )
        )
        self.assertEqual(form.target_id, self.target)
        self.assertFalse(form.obstacle)
        form.save().action_merge()
        self.assertEqual((self.source + self.third).merged_into_id, self.target)


@tagged("post_install", "-at_install")
class TestMergeMail(MergeMixin, MailCommon):
    """Replies after a merge, through a real alias."""

    def test_reply_lands_on_target(self):
        """P8: the customer answers a mail of the merged ticket; the target gets it."""
        self._make_desk()
        target = self._make_ticket(name="柜门变形")
        source = self._make_ticket(name="柜门关不上")
        sent = source.with_user(self.agent).message_post(
            body="请发照片", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        source.with_user(self.agent)._merge_into(target)
        self.team.alias_name = "merge-desk"
        with self.mock_mail_gateway():
            self.format_and_process(
                "Return-Path: <{email_from}>\nTo: {to}\nFrom: {email_from}\n"
                "Subject: {subject}\nMessage-Id: {msg_id}\nIn-Reply-To: {extra}\n"
                "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
                "照片来了\n",
                self.partner.email,
                f"merge-desk@{self.alias_domain}",
                subject="Re: 柜门关不上",
                extra=sent.message_id,
                target_model="helpdesk.ticket",
            )
        reply = self.env["mail.message"].search(
            [("model", "=", "helpdesk.ticket"), ("body", "ilike", "照片来了")]
        )
        self.assertEqual(reply.res_id, target.id)


@tagged("post_install", "-at_install")
class TestMergePortal(MergeMixin, HttpCase):
    def test_link_leads_on(self):
        """P8: the customer's old link opens the ticket that goes on; others' do not."""
        self._make_desk()
        target = self._make_ticket(name="抽屉轨道")
        source = self._make_ticket(name="柜门关不上")
        link = source.get_portal_url()
        source.with_user(self.supervisor)._merge_into(target)
        response = self.url_open(link)
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"/my/ticket/{target.id}", response.url)
        target.partner_id = self.env["res.partner"].create({"name": "别人"})
        self.env.flush_all()
        response = self.url_open(link)
        self.assertNotIn(f"/my/ticket/{target.id}?", response.url)
        self.assertNotIn("抽屉轨道", response.text)


@tagged("post_install", "-at_install")
class TestMergeTwoUsers(BaseCase):
    """Two people press Merge in the same second, on two real connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            values = {"name": "并发", "description": "并发", "active": True}
            tickets = env["helpdesk.ticket"].create([dict(values) for _n in range(2)])
            tickets[1].message_post(body="一", message_type="comment")
            self.ids = tickets.ids
        self.addCleanup(self._remove)

    def _remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env["helpdesk.ticket"].browse(self.ids)
            tickets.write({"merged_into_id": False})
            tickets.unlink()

    def _merge(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        target, source = env["helpdesk.ticket"].browse(self.ids)
        source._merge_into(target)
        env.flush_all()

    def test_two_at_once(self):
        """P8: the second is told to try again, and then finds it done: one merge."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._merge(first)
            with self.assertRaisesRegex(UserError, "try again"):
                self._merge(second)
            second.rollback()
            first.commit()
            self._merge(second)
            second.commit()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            target, source = env["helpdesk.ticket"].browse(self.ids)
            self.assertEqual(source.merged_into_id, target)
            logs = env["cs.ticket.merge.log"].search([("source_id", "=", source.id)])
            self.assertEqual(len(logs), 1)
            self.assertEqual(
                len(target.message_ids.filtered(lambda m: "一" in m.body)), 1
            )


@tagged("post_install", "-at_install")
class TestSplit(MergeMixin, TransactionCase):
    """One ticket about two matters becomes two (P8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()
        with freeze_time("2026-03-02 02:00:00"):
            cls.ticket = cls._make_full("柜门和抽屉")
        cls.messages = cls.ticket.message_ids.filtered(
            lambda m: m.message_type == "comment"
        )

    def _wizard(self, **vals):
        return (
            self.env["cs.ticket.split.wizard"]
            .with_user(self.agent)
            .with_context(active_id=self.ticket.id)
            .create({"name": "抽屉", "message_ids": self.messages[0].ids, **vals})
        )

    def test_moved(self):
        """P8: chosen messages move with their files, and nothing else."""
        before = self._count(self.ticket)
        wizard = self._wizard()
        wizard.action_split()
        new = wizard.new_ticket_id
        self.assertEqual(self.messages[0].res_id, new.id)
        self.assertEqual(self.messages[0].attachment_ids.res_id, new.id)
        self.assertEqual(self.messages[1].res_id, self.ticket.id)
        both = self._count(self.ticket + new)
        self.assertEqual(both["ir.attachment"], before["ir.attachment"])
        self.assertEqual(self._count(new)["ir.attachment"], 1)
        self.assertEqual(new.partner_id, self.partner)
        self.assertEqual(new.split_from_id, self.ticket)
        self.assertEqual(self.ticket.split_ids, new)

    def test_copied(self):
        """P8: copied messages stay here too, each with a file of its own."""
        before = self._count(self.ticket)
        wizard = self._wizard(copy_messages=True)
        wizard.action_split()
        new = wizard.new_ticket_id
        after = self._count(self.ticket)
        self.assertEqual(after["ir.attachment"], before["ir.attachment"])
        self.assertEqual(after["mail.message"], before["mail.message"] + 1)  # the note
        copied = new.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(copied.body, self.messages[0].body)
        self.assertEqual(copied.date, self.messages[0].date)
        self.assertNotEqual(copied.message_id, self.messages[0].message_id)
        self.assertEqual(copied.attachment_ids.res_id, new.id)

    def test_clocks_start_now(self):
        """P8: the new ticket's clocks start at its creation; the old date is shown."""
        now = fields.Datetime.now()
        wizard = self._wizard()
        wizard.action_split()
        new = wizard.new_ticket_id
        self.assertTrue(new._clocks())
        for clock in new._clocks():
            self.assertGreaterEqual(clock.started_at, now.replace(microsecond=0))
        self.assertEqual(new.split_from_date, self.ticket.received_date)

    def test_pressing_twice(self):
        """P8: a second press opens the ticket of the first."""
        wizard = self._wizard()
        first = wizard.action_split()
        self.assertEqual(wizard.action_split()["res_id"], first["res_id"])
        self.assertEqual(len(self.ticket.split_ids), 1)

    def test_foreign_messages(self):
        """P8: messages of another ticket, or of one not readable, do not move."""
        other = self._make_full("别的事", user_id=False)
        with self.assertRaises(UserError):
            self._wizard(message_ids=other.message_ids[0].ids).action_split()
        team = self.team.copy({"user_ids": self.outsider.ids, "name": "别的组"})
        hidden = self._make_full("别组的事", team_id=team.id, user_id=False)
        with self.assertRaises(UserError):
            self._wizard(message_ids=hidden.message_ids[0].ids).action_split()

    def test_rights(self):
        """P8: who may not write a ticket cannot split it."""
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.outsider)._split_off(
                {"name": "x"}, self.messages
            )
