from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_desk import DeskCase


@tagged("post_install", "-at_install")
class TestCustomerFile(DeskCase):
    def _file(self, **vals):
        return (
            self.env["res.partner"]
            .with_user(self.agent)
            .create({"name": "Wang", "customer_class": "dealer", **vals})
        )

    def test_archive_number(self):
        """000-113, 000-51: given at the first save by the desk, once, or in batch."""
        one, two = self._file(), self._file(customer_class="store")
        self.assertRegex(one.archive_number, r"^KHD\d{6}$")
        self.assertRegex(two.archive_number, r"^KHS\d{6}$")
        self.assertNotEqual(one.archive_number[3:], two.archive_number[3:])
        contact = self._file(parent_id=one.id)
        self.assertFalse(contact.archive_number)
        self.assertFalse(self.customer.archive_number)
        (self.customer + one).with_user(self.agent).action_archive_number()
        self.assertRegex(self.customer.archive_number, r"^KHX\d{6}$")
        number = one.archive_number
        one.action_archive_number()
        self.assertEqual(one.archive_number, number)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.stranger).action_archive_number()

    def test_voices(self):
        """000-18: needs, opinions and suggestions counted by class, contacts too."""
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        for kind, partner in (
            ("inquiry", self.customer),
            ("query", contact),
            ("complaint", contact),
            ("suggestion", self.customer),
            ("suggestion", self.customer),
        ):
            self._ticket(kind, partner_id=partner.id)
        self.env.flush_all()
        found = self.customer
        self.assertEqual(
            (found.need_count, found.opinion_count, found.suggestion_count), (2, 1, 2)
        )
        domain = found.action_open_voices()["domain"]
        self.assertEqual(self.env["helpdesk.ticket"].search_count(domain), 5)

    def test_review(self):
        """003-21, 000-113: looked through every twelve months."""
        file = self._file()
        today = fields.Date.today()
        self.assertEqual(file.review_due, today + relativedelta(months=12))
        file.last_reviewed = today - relativedelta(months=13)
        self.assertLess(file.review_due, today)
        file.action_reviewed()
        self.assertEqual(file.review_due, today + relativedelta(months=12))
        self.assertEqual(file.reviewed_by_id, self.agent)

    def test_content(self):
        """001-61, 003-20, 000-05: what a file says, and how complete it is."""
        file = self._file(customer_class=False)
        before = file.file_complete
        file.write(
            {
                "cs_phone": "13511112222",
                "region_zone": "local",
                "customer_class": "store",
                "file_source": "store",
                "street": "1 Road",
                "requested_service": "Visit on Saturday",
            }
        )
        self.assertLess(before, file.file_complete)
        self.assertEqual(file.file_complete, 100)
        labels = dict(self.env["res.partner"]._fields["file_source"].selection)
        self.assertEqual(len(labels), 7)

    def test_wechat(self):
        """000-06: a WeChat name is hidden like a number."""
        self._sign_undertaking(self.agent)
        self.customer.wechat = "wang_home_88"
        as_agent = self.customer.with_user(self.agent)
        self.assertEqual(as_agent.cs_wechat, "wa****88")
        with self.assertRaises(AccessError):
            as_agent.read(["wechat"])
        with self.assertRaises(AccessError):
            as_agent.search([("wechat", "like", "wang")])
        as_agent.cs_wechat = "wa****88"
        self.assertEqual(self.customer.wechat, "wang_home_88")
        self.assertEqual(as_agent.action_reveal("cs_wechat", "加微信"), "wang_home_88")

    def test_change(self):
        """004-07: changed as asked for, by whom and by which way; old value masked."""
        change = (
            self.env["cs.partner.change"]
            .with_user(self.agent)
            .create(
                {
                    "partner_id": self.customer.id,
                    "field_name": "cs_phone",
                    "new_value": "13699998888",
                    "asked_by": "Mrs Wang",
                    "channel_id": self.env.ref("cs_helpdesk.channel_phone_400").id,
                }
            )
        )
        self.assertEqual(self.customer.phone, "13699998888")
        self.assertEqual(
            (change.old_value, change.new_value), ("138****5678", "136****8888")
        )
        with self.assertRaises(UserError):
            change.asked_by = "x"
        with self.assertRaises(AccessError):
            change.with_user(self.stranger).copy()

    def test_abnormal(self):
        """000-63, 000-05: the queue of files to mend, and out of it at once."""
        good = self._file(cs_phone="13500000001")
        silent = self._file()
        twins = self._file(cs_phone="135-0000-0002") + self._file(
            cs_phone="13500000002"
        )
        late = self._file(cs_phone="13500000003")
        late.last_reviewed = fields.Date.today() - relativedelta(months=13)
        bounced = self._file(cs_phone="13500000004", email="gone@example.com")
        files = good + silent + twins + late + bounced
        self.env.flush_all()
        self.env["res.partner"]._cron_abnormal_files()
        self.assertEqual(
            files.mapped("abnormal"),
            [False, "no_phone", "duplicate", "duplicate", "overdue", False],
        )
        self.assertTrue(silent.abnormal_words)
        bounced.sudo()._message_receive_bounce("gone@example.com", bounced)
        self.assertEqual(bounced.abnormal, "bounced")
        silent.cs_phone = "13500000005"
        late.action_reviewed()
        twins[0].cs_phone = "13500000006"
        self.assertFalse((silent + late + twins[0]).filtered("abnormal"))

    def test_sensitivity(self):
        """000-114: each field has its level; what is masked stays sensitive."""
        levels = self.env["cs.field.sensitivity"]._get_levels("res.partner")
        self.assertEqual(
            [levels[n] for n in ("region_zone", "requested_service", "phone")],
            ["1_common", "2_internal", "3_sensitive"],
        )
        row = self.env.ref("cs_helpdesk.sensitivity_partner_phone")
        with self.assertRaises(ValidationError):
            row.with_user(self.manager).level = "1_common"
        for name, level in levels.items():
            if name in self.env["cs.field.sensitivity"]._get_enforced("res.partner"):
                self.assertEqual(level, "3_sensitive")
