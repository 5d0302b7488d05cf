from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPhraseLibrary(TransactionCase):
    """The sentences of the documents are there, as their card shows them."""

    def _texts(self, code, kind):
        scenario = self.env.ref(f"cs_helpdesk.scenario_{code}")
        return scenario.phrase_ids.filtered(lambda p: p.kind == kind).mapped("text")

    def test_hearing_each_other(self):
        """004-25, 004-26, 004-27, 004-28: what is said when words do not come over."""
        self.assertIn("不可以转换成用户的方言", self._texts("dialect", "never"))
        again = "麻烦您将刚才反映的问题再复述一遍，好吗？"
        self.assertIn(again, self._texts("repeat", "say"))
        self.assertIn("麻烦您记录一下，好吗？", self._texts("long_information", "say"))
        self.assertTrue(self._texts("extension", "say")[0].endswith("联系好吗？"))

    def test_blame(self):
        """004-31, 004-32, 004-38: no excuse, no flat refusal."""
        self.assertIn("不好意思，我是新手啦！", self._texts("blamed", "never"))
        self.assertIn("刚才的电话不是我接的呀！", self._texts("attitude", "never"))
        self.assertIn("这超出我们的服务范围", self._texts("unreasonable", "say"))

    def test_waiting(self):
        """004-35, 004-36, 004-40: asked to wait, and called back."""
        self.assertIn("让您久等了", self._texts("looking_up", "say"))
        self.assertIn("或记下联系方式，恢复后回电", self._texts("system_down", "step"))
        self.assertIn("随意回答或自以为是", self._texts("inquiry_later", "never"))

    def test_kind_words(self):
        """004-37, 004-39, 004-41, 004-42: thanks, praise, questions, the end."""
        self.assertIn("没有感谢或赞扬", self._texts("suggestion", "never"))
        self.assertIn("这是我们应该做的", self._texts("thanks", "say"))
        self.assertIn("喂，听懂了吧？", self._texts("understood", "never"))
        self.assertIn("没事了吧，您挂电话吧！", self._texts("ending", "never"))

    def test_shop(self):
        """004-45, 004-46, 000-102: the sets of the shop; all scenarios have words."""
        self.assertIn("介绍三种订购方式", self._texts("inquiry_set", "step"))
        self.assertIn(
            "复述商品、货号、数量、单价、总额", self._texts("order_set", "step")
        )
        scenarios = self.env["cs.phrase.scenario"].search([("company_id", "=", False)])
        self.assertGreaterEqual(len(scenarios), 30)
        self.assertTrue(all(scenario.phrase_ids for scenario in scenarios))
