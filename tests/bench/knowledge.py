"""Search in 50,000 articles, against the bare SQL on the same index.

Both look for the same words in the same table. The bare one asks the index and ranks
with PostgreSQL's own ``ts_rank_cd``; ours ranks by rarity and title, obeys the
reader's record rules and reads title and text of what it shows.
"""

import random

from odoo.tools import SQL

from .filling import _copy, people
from .report import median_ms, ratio, say, timed

ARTICLES = 50_000
ROUNDS = 30
GOAL = 2.0
PRODUCTS = "衣柜 橱柜 书柜 鞋柜 酒柜 浴室柜 电视柜 榻榻米 沙发 餐桌 床架 玄关柜".split()
PARTS = (
    "门板 铰链 抽屉 滑轨 拉手 层板 背板 台面 水槽 灯带 柜锁 气撑 拉篮 踢脚线".split()
)
FAULTS = "开裂 下垂 异响 色差 划痕 变形 发霉 松动 脱落 生锈 受潮 缺件 起泡 漏水".split()
WORDS = (
    "检查 调节 更换 螺丝 润滑 清洁 通风 打胶 拍照 登记 补板 派工 质保 收费 厂家 现场 "
    "测量 复核 报价 确认 签字 发货 物流 客户 说明 合同 日期 主管 审批 预约"
).split()
QUESTIONS = (
    "衣柜合页吱吱响怎么办",
    "橱柜台面裂了一条缝能免费换吗",
    "抽屉拉到一半卡住",
    "浴室柜门板发霉鼓包",
    "新沙发味道很大刺鼻",
    "过了质保期修一下多少钱",
    "柜灯一闪一闪的不亮了",
)


def fill(env):
    """Fill the database; return an agent's id."""
    agent = people(env)[0]
    article = env["cs.article"].create(
        {"name": "衣柜门板", "problem": "<p>x</p>", "steps": "<p>y</p>"}
    )
    article._publish()
    env.flush_all()
    chance = random.Random(7)
    words = env["cs.search.word"]._words()

    def rows(proto):
        for i in range(ARTICLES):
            name = "".join(map(chance.choice, (PRODUCTS, PARTS, FAULTS)))
            steps = "，".join(chance.choices(WORDS, k=40))
            title = words.index(name)
            yield {
                **proto,
                "id": proto["id"] + 1 + i,
                "name": f"{name}{i}",
                "steps": f"<p>{steps}</p>",
                "title_words": f" {title} ",
                "search_words": f" {title} {' '.join(words.cut(steps))} ",
            }

    _copy(env, "cs_article", article.id, rows)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return agent.id


def bare(env, question):
    """The same words by the index, ranked by PostgreSQL."""
    groups = env["cs.search.word"]._words().question(question)
    asked = " | ".join(f"'{word}'" for group in groups for word in group)
    return env.execute_query(
        SQL(
            "SELECT id FROM cs_article"
            " WHERE to_tsvector('simple', search_words)"
            "    @@ to_tsquery('simple', %(asked)s)"
            " ORDER BY ts_rank_cd(to_tsvector('simple', search_words),"
            "    to_tsquery('simple', %(asked)s)) DESC LIMIT 5",
            asked=asked,
        )
    )


def run(databases):
    """Measure; return a list of {name, value, unit, goal, met}."""
    say(f"filling {ARTICLES:,} articles")
    name = databases.suite("knowledge")
    with databases.env(name) as env:
        agent = fill(env)
    ours, base = [], []
    for number in range(ROUNDS):
        with databases.env(name) as env:
            env = env(user=agent)
            question = QUESTIONS[number % len(QUESTIONS)]
            warm = number < len(QUESTIONS)
            env.invalidate_all()
            with timed([] if warm else ours):
                found = env["cs.article"].find_similar(question)
            with timed([] if warm else base):
                plain = bare(env, question)
            if len(found) < 5 or len(plain) < 5:
                raise AssertionError(f"nothing found for {question}")
    row = ratio("knowledge: search in 50,000 articles against SQL", ours, base, GOAL)
    return [
        row,
        median_ms("knowledge: search in 50,000 articles", ours),
        median_ms("knowledge: the bare SQL", base),
    ]
