"""Words of Chinese text, to find what means the same in other words.

Knows nothing about Odoo. Text is cut by dictionary alone (no guessing from context),
so that a word is cut in the same way in a question and in an article. Long words
give their parts as well: 衣柜门 is found by 柜门.
"""

import functools
import logging
import re
import unicodedata

import jieba

jieba.setLogLevel(logging.WARNING)  # it greets on the error output

# what stands in every question and tells nothing
STOP_WORDS = frozenset(
    """
    的 了 吗 呢 吧 啊 呀 哦 嗯 么 嘛 我 你 您 他 她 它 我们 你们 他们 咱们 是 不是 就
    就是 都 也 还 又 再 和 与 及 或 或者 跟 在 有 没 没有 不 不要 要 会 能 可以 可
    能不能 可不可以 想 想要 请 请问 怎么 怎么办 怎样 怎么样 如何 什么 啥 哪 哪里 哪儿
    哪个 哪些 为什么 为何 多少 几 这 那 这个 那个 这样 那样 一个 一下 一点 一直 一些
    个 只 把 被 让 给 从 到 对 对于 关于 按 上 下 里 中 后 前 时 时候 之后 之前 以后
    以前 如果 因为 所以 但是 但 而 而且 并 很 太 非常 比较 已经 刚 刚刚 现在 今天 昨天
    明天 然后 应该 需要 是否 有没有 办 做 弄 说 问 问题 情况 一 二 两 三 们 谢谢 你好
    您好 麻烦 老是 总是 家里 家 自己 觉得 知道 出现 进行 处理 客户 用户 我家 咱家 别人
    东西 其 a an and are be can do does for how i in is it my not of on or the this to
    was what when where why with you your
    """.split()
)
CHINESE = re.compile(r"[㐀-䶿一-鿿]+")
TOKEN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")
LONGEST = 40  # characters of one word
MOST_WORDS = 24  # of a question; more of them tell nothing new


@functools.cache
def _word_list():
    """jieba's own words, read once a process: (frequencies, their total).

    Read from the package, never from jieba's cache file: a file in a shared folder
    that is read as code is none of ours.
    """
    reader = jieba.Tokenizer()
    return reader.gen_pfdict(reader.get_dict_file())


@functools.lru_cache(maxsize=8)
def words_of(groups):
    """The same dictionary for the same groups, made once a process.

    :param groups: tuple of tuples of str, see :class:`Words`
    """
    return Words(groups)


def plain(text):
    """Full-width letters to half-width, capitals to small ones."""
    return unicodedata.normalize("NFKC", text or "").lower()


class Words:
    """A dictionary with the words of a trade, and which of them mean the same."""

    def __init__(self, groups=()):
        """:param groups: iterables of words that mean the same, the usual one first"""
        self._groups = {}
        self._cutter = jieba.Tokenizer()
        self._terms = set()
        for group in groups:
            words = tuple(dict.fromkeys(filter(None, map(self._term, group))))
            for word in words:
                known = self._groups.get(word, ())
                self._groups[word] = tuple(dict.fromkeys((*known, *words)))
            self._terms.update(words)

    @staticmethod
    def _term(word):
        return "".join(TOKEN.findall(plain(word)))[:LONGEST]

    def _initialize(self):
        """Take jieba's word list and the trade's own, when the first text comes."""
        cutter = self._cutter
        if cutter.initialized:
            return
        known, total = _word_list()
        cutter.FREQ, cutter.total, cutter.initialized = dict(known), total, True
        for word in sorted(self._terms):
            if CHINESE.fullmatch(word):
                cutter.add_word(word)

    def cut(self, text):
        """All words of a text in its order, repeated ones too, stop words left out.

        :param str text: anything; what is neither Chinese, letter nor digit parts words
        :return: list of str; each consists of letters, digits or Chinese characters
        """
        words = []
        for token in TOKEN.findall(plain(text)):
            if CHINESE.match(token):
                self._initialize()
                found = self._cutter.cut_for_search(token, HMM=False)
            else:
                found = [token[:LONGEST]]
            words += [word for word in found if word not in STOP_WORDS]
        return words

    def index(self, text):
        """What is kept of a text to be found by: its words, parted by blanks."""
        return " ".join(self.cut(text))

    def question(self, text):
        """The words of a question, each with those that mean the same.

        :return: list of tuples of str, in the question's order, none twice
        """
        asked, seen = [], set()
        for word in self.cut(text):
            if word in seen:
                continue
            group = self._groups.get(word, (word,))
            seen.update(group)
            asked.append((word, *(other for other in group if other != word)))
        return asked[:MOST_WORDS]
