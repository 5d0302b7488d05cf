from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .article_common import ArticleCase


@tagged("post_install", "-at_install")
class TestArticle(ArticleCase):
    def test_fields_and_html(self):
        """003-40: problem, steps and cases are kept; a script is taken out."""
        article = self._draft(
            problem="<p>Falls</p><script>alert(1)</script>",
            steps='<p onclick="x()">Turn</p><img src="x" onerror="alert(1)"/>',
            cases="<p>T-1</p>",
        )
        self.assertEqual(article.problem, "<p>Falls</p>")
        self.assertNotIn("onerror", article.steps)
        self.assertNotIn("onclick", article.steps)
        self.assertIn("T-1", article.cases)

    def test_review_by_another(self):
        """003-43: draft, review, published; the author approves nothing of his own."""
        article = self._draft(user=self.supervisor)
        article.action_submit()
        self.assertEqual(article.state, "review")
        with self.assertRaises(UserError):
            self._press(article, self.supervisor)
        self.assertEqual(article.state, "review")
        with self.assertRaises(UserError):
            self._press(article, self.agent2)
        self._press(article, self.supervisor2)
        self.assertEqual(article.state, "review", "reviewed, not yet published")
        self._press(article, self.supervisor2)
        self.assertEqual(article.state, "published")
        self.assertEqual(article.published_by_id, self.supervisor2)
        self.assertTrue(article.review_date > fields.Date.today() + timedelta(days=360))

    def test_second_press_and_send_back(self):
        """003-43: pressing twice changes nothing; what is sent back is a draft."""
        article = self._draft()
        article.action_submit()
        self.assertFalse(article.action_submit())
        step = article.sudo().current_step_id
        step.with_user(self.supervisor)._send_back("Too short")
        self.assertEqual(article.state, "draft")
        article.with_user(self.agent).steps = "<p>Longer</p>"
        article.action_submit()
        self.assertEqual(article.state, "review")

    def test_empty_article_is_not_reviewed(self):
        """003-40, 003-43: without a solution it goes nowhere, and nothing is lost."""
        article = self._draft(steps="<p><br></p>")
        with self.assertRaisesRegex(UserError, "needs a problem and a solution"):
            article.action_submit()
        self.assertEqual(article.state, "draft")

    def test_nobody_publishes_by_hand(self):
        """003-43: state and edition are no fields to write, nor published words."""
        article = self._draft()
        for vals in ({"state": "published"}, {"edition_number": 9}):
            with self.assertRaises(UserError):
                article.write(vals)
            with self.assertRaises(UserError):
                self._draft(**vals)
        published = self._published()
        for user in (self.agent, self.supervisor, self.manager):
            with self.assertRaises(UserError):
                published.with_user(user).write({"steps": "<p>Other</p>"})
        with self.assertRaises(UserError):
            published.with_user(self.supervisor).unlink()

    def test_next_edition(self):
        """003-41, 000-04: the old edition stays in use until the next is published."""
        article = self._published()
        action = article.with_user(self.agent2).action_revise()
        draft = self.env["cs.article"].browse(action["res_id"])
        draft.with_user(self.agent2).steps = "<p>New way</p>"
        draft.with_user(self.agent2).action_submit()
        self.assertIn("螺丝刀", article.steps)
        self._press(draft, self.supervisor)
        self._press(draft, self.supervisor)
        article.invalidate_recordset()
        self.assertEqual((article.state, article.edition_number), ("published", 2))
        self.assertIn("New way", article.steps)
        self.assertEqual((draft.state, draft.edition_number), ("archived", 1))
        self.assertIn("螺丝刀", draft.steps)

    def test_one_next_edition_at_a_time(self):
        """003-41: a second draft of the same article is not begun."""
        article = self._published()
        first = article.with_user(self.agent2).action_revise()
        again = article.with_user(self.agent2).action_revise()
        self.assertEqual(first["res_id"], again["res_id"])
        with self.assertRaisesRegex(UserError, "writing the next edition already"):
            article.with_user(self.agent).action_revise()

    def test_yearly_review_and_obsolete(self):
        """003-41: after a year a review opens; what is obsolete is archived."""
        article = self._published()
        article.sudo().review_date = fields.Date.today() - timedelta(days=1)
        cron = self.env.ref("cs_helpdesk.cron_article_review")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        drafts = article.sudo().edition_ids.filtered(lambda a: a.state == "draft")
        self.assertEqual(len(drafts), 1)
        self.assertEqual(drafts.author_id, self.agent)
        self.assertTrue(drafts.activity_ids)
        with self.assertRaises(AccessError):
            article.with_user(self.agent).action_retire()
        article.with_user(self.supervisor).action_retire()
        self.assertEqual(article.state, "archived")
        self.assertFalse(article.with_user(self.agent2)._rank("柜门下垂"))

    def test_policy_in_force(self):
        """000-01, 000-26: a policy has an edition date and is in force when set."""
        policy = self._published(kind="policy", name="客户服务标准")
        self.assertEqual(policy.edition_date, fields.Date.today())
        self.assertFalse(policy.in_force)
        self.assertNotIn(policy.id, [r[0] for r in policy._rank("客户服务标准")])
        policy.with_user(self.supervisor).in_force_date = fields.Date.today()
        self.assertTrue(policy.in_force)
        self.assertIn(policy.id, [r[0] for r in policy._rank("客户服务标准")])

    def test_read_confirmation(self):
        """000-39, 000-04: each person confirms an edition once; who lacks is seen."""
        policy = self._published(kind="policy")
        mine = policy.with_user(self.agent)
        mine.action_confirm_read()
        mine.action_confirm_read()
        self.assertEqual(policy.sudo().reading_ids.user_id, self.agent)
        self.assertEqual(len(policy.sudo().reading_ids), 1)
        missing = policy.sudo()._get_missing_readers()
        self.assertIn(self.agent2, missing)
        self.assertNotIn(self.agent, missing)
        policy.with_user(self.supervisor).action_remind_readers()
        self.assertIn(self.agent2, policy.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            self.env["cs.article.reading"].with_user(self.agent).create(
                {
                    "article_id": policy.id,
                    "edition_number": 1,
                    "user_id": self.agent2.id,
                    "company_id": policy.company_id.id,
                }
            )

    def test_who_reads_what(self):
        """000-20, 002-05: peers' files stay with own staff, drafts with the author."""
        peer = self._published(kind="peer", name="同行资料")
        draft = self._draft(user=self.agent)
        leaders = self._published(audience="supervisor", name="主管手册")
        shared = self._published(audience="all", name="外包手册")
        sees = {
            self.agent2: peer + shared,
            self.provider: shared,
            self.supervisor: peer + shared + leaders + draft,
        }
        every = peer + draft + leaders + shared
        for user, expected in sees.items():
            found = (
                self.env["cs.article"].with_user(user).search([("id", "in", every.ids)])
            )
            self.assertEqual(set(found.ids), set(expected.ids), user.login)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertFalse(peer.with_user(self.provider).has_access("read"))

    def test_other_company(self):
        """000-04: another company's articles are not seen."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        article = self._published()
        article.sudo().company_id = other
        self.assertFalse(article.with_user(self.supervisor).has_access("read"))


@tagged("post_install", "-at_install")
class TestArticlePortal(ArticleCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inside = cls._published(name="内部资料", cases="<p>SECRETCASE</p>")
        cls.customers = cls._published(
            name="柜门调节教程", portal_visible=True, cases="<p>SECRETCASE</p>"
        )
        cls.everybody = cls._published(
            name="保养教程",
            problem="<p>木皮怎么护理</p>",
            steps="<p>半年打蜡一次</p>",
            portal_visible=True,
            public_visible=True,
        )
        cls.draft = cls._draft(name="未审核教程", portal_visible=True)
        cls.portal.password = "desk_portal"

    def _titles(self, path):
        text = self.url_open(path).text
        names = (a.name for a in (self.inside, self.customers, self.everybody))
        return {name for name in (*names, self.draft.name) if name in text}

    def test_customers_see_what_is_for_them(self):
        """003-42: help pages show what is published for customers, nothing else."""
        self.authenticate("desk_portal", "desk_portal")
        self.assertEqual(self._titles("/help"), {"柜门调节教程", "保养教程"})
        self.assertEqual(self._titles("/help?search=柜门歪了"), {"柜门调节教程"})
        page = self.url_open(f"/help/{self.customers.id}")
        self.assertIn("螺丝刀", page.text)
        self.assertNotIn("SECRETCASE", page.text)
        for article in (self.inside, self.draft):
            self.assertEqual(self.url_open(f"/help/{article.id}").status_code, 404)

    def test_visitors_see_what_is_for_everybody(self):
        """003-42: without signing in only what is flagged for everybody."""
        self.authenticate(None, None)
        self.assertEqual(self._titles("/help"), {"保养教程"})
        response = self.url_open(f"/help/{self.customers.id}")
        self.assertEqual(response.status_code, 404)

    def test_portal_has_no_right_on_articles(self):
        """003-42: over RPC a portal user reads no article at all."""
        Article = self.env["cs.article"].with_user(self.portal)
        with self.assertRaises(AccessError):
            Article.search([])
        with self.assertRaises(AccessError):
            Article.find_similar("柜门")
        with self.assertRaises(AccessError):
            self.customers.with_user(self.portal).read(["steps"])
