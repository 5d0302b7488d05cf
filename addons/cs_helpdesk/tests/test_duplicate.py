from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .collab_common import DeskMixin


@tagged("post_install", "-at_install")
class TestDuplicate(DeskMixin, TransactionCase):
    """The same matter twice (P9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_desk()

    def _unknown(self, phone, **vals):
        return self._make_ticket(partner_id=False, customer_phone=phone, **vals)

    def test_phone_digits(self):
        """P9: a number is the same however it was typed."""
        key = self.env["helpdesk.ticket"]._phone_to_digits
        for typed in ("13800138000", "+86 138 0013 8000", "0086-138-0013-8000"):
            self.assertEqual(key(typed), "13800138000")
        for typed in ("0571-88886666", "+86 571 8888 6666", "(0571)88886666"):
            self.assertEqual(key(typed), "57188886666")
        for typed in (False, "", "无", "110"):
            self.assertFalse(key(typed))

    def test_same_phone(self):
        """P9: open tickets of the same phone are shown with a link, others not."""
        first = self._unknown("138 0013 9999", name="抽屉卡住")
        second = self._unknown("+8613800139999")
        other = self._unknown("13700137000")
        self.assertEqual(second.similar_count, 1)
        self.assertIn(f"/odoo/helpdesk.ticket/{first.id}", second.similar_hint)
        self.assertIn("抽屉卡住", second.similar_hint)
        self.assertFalse(other.similar_count)
        self.assertFalse(other.similar_hint)

    def test_same_customer(self):
        """P9: tickets of another contact of the same company are shown too."""
        company = self.env["res.partner"].create({"name": "经销商", "is_company": True})
        one, two = self.env["res.partner"].create(
            [
                {"name": "店长", "parent_id": company.id},
                {"name": "店员", "parent_id": company.id},
            ]
        )
        first = self._make_ticket(partner_id=one.id)
        second = self._make_ticket(partner_id=two.id)
        self.assertIn(first.number, second.similar_hint)

    def test_closed_old_archived(self):
        """P9: closed, archived and month-old tickets do not disturb."""
        closed = self._unknown("13800139999")
        closed.sudo().stage_id = self._stage("cancelled")
        self._unknown("13800139999").active = False
        old = self._unknown("13800139999")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=31), old.id),
        )
        self.assertFalse(self._unknown("13800139999").similar_count)

    def test_hint_while_typing(self):
        """P9: the hint appears before the second ticket is saved."""
        first = self._make_ticket()
        with Form(self.env["helpdesk.ticket"].with_user(self.agent)) as form:
            form.name = "再次来电"
            form.description = "<p>同一件事</p>"
            form.team_id = self.team
            self.assertFalse(form.similar_count)
            form.partner_id = self.partner
            self.assertEqual(form.similar_count, 1)
            self.assertIn(first.number, form.similar_hint)

    def test_no_content_of_other_teams(self):
        """P9: of tickets one may not read only the number of them is told."""
        hidden = self._make_ticket(name="别组的事", user_id=False)
        team = self.team.copy({"user_ids": self.outsider.ids, "name": "别的组"})
        own = self._make_ticket(team_id=team.id, user_id=self.outsider.id)
        seen = own.with_user(self.outsider)
        self.assertEqual(seen.similar_count, 1)
        self.assertNotIn("别组的事", seen.similar_hint)
        self.assertNotIn(hidden.number, seen.similar_hint)

    def test_list_costs_one_query(self):
        """P9: eighty rows cost as many queries as one."""
        tickets = self.env["helpdesk.ticket"].concat(
            *[self._unknown(f"138001380{n:02}") for n in range(20)] * 1
        )
        tickets += self._unknown("13800138001")
        self.env.invalidate_all()
        tickets.mapped("number")
        with self.assertQueryCount(1):
            tickets._similar_tickets()

    def test_exact_duplicate_is_refused(self):
        """P9: the same message of the same channel makes one ticket."""
        twin = {"external_source": "wechat", "external_ref": "msg-1"}
        self._make_ticket(**twin)
        self._make_ticket(external_source="weibo", external_ref="msg-1")
        self._make_ticket()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._make_ticket(**twin)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._make_ticket(external_ref="msg-2")

    def test_copy_has_no_reference(self):
        """P9: a copied ticket is another one, not the same message."""
        ticket = self._make_ticket(external_source="wechat", external_ref="msg-1")
        self.assertFalse(ticket.copy().external_ref)
