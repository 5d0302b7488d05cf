"""The pure parts of the gates: what they find, and what they leave alone."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import polib
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

acl = importlib.import_module("acl")
catalogue = importlib.import_module("catalogue")
labels = importlib.import_module("labels")


def script(name):
    """Import a script that has no suffix."""
    loader = importlib.machinery.SourceFileLoader(f"gate_{name}", str(SCRIPTS / name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(loader.name, loader)
    )
    loader.exec_module(module)
    return module


check_log = script("check_log")
lint = script("lint")
spec = script("spec")
upstream_tests = script("upstream_tests")

MODELS = """
class Clock(models.Model):
    _name = "cs.clock"
    _code_uniq = models.UniqueIndex("(code)", "There is one.")

class Ask(models.TransientModel):
    _name = "cs.ask"

class Ticket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "cs.clock.mixin"]

class Team(models.Model):
    _inherit = "helpdesk.ticket.team"

class Mixin(models.AbstractModel):
    _name = "cs.clock.mixin"

class Shape(models.Model):
    _name = "cs.shape"
    _abstract = True
"""


def row(group, **perms):
    return {"id": "a", "model_id:id": "model_cs_clock", "group_id:id": group, **perms}


def test_models_with_a_table_or_a_wizard_need_rows():
    assert acl.declared_models(MODELS) == {"cs.clock", "cs.ask"}


def test_rows_cover_models_of_any_addon():
    rows = [
        row("base.group_user"),
        {"model_id:id": "helpdesk_mgmt.model_helpdesk_ticket"},
    ]
    assert acl.covered_models(rows) == {"cs_clock", "helpdesk_ticket"}


@pytest.mark.parametrize(
    ("group", "perms", "fails"),
    [
        ("base.group_public", {"perm_read": "1"}, False),
        ("base.group_public", {"perm_write": "1"}, True),
        ("base.group_public", {"perm_unlink": "1"}, True),
        ("base.group_portal", {"perm_write": "1"}, False),
        ("", {"perm_read": "1"}, True),
    ],
)
def test_the_public_may_at_most_read(group, perms, fails):
    assert bool(acl.row_findings([row(group, **perms)], "here")) is fails


def test_an_addon_without_rows_is_reported(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "clock.py").write_text(MODELS)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "fake.py").write_text(MODELS.replace("cs.ask", "cs.fake"))
    findings = acl.check_addon(tmp_path)
    assert [line.rpartition(": ")[2] for line in findings] == [
        "cs.ask has no row",
        "cs.clock has no row",
    ]


def test_a_tool_that_fails_in_silence_is_a_finding(monkeypatch):
    monkeypatch.setattr(lint, "run", lambda command: (1, "\n"))
    assert lint.finding("ruff", ["x.py"]) == "ruff failed with code 1"
    monkeypatch.setattr(lint, "run", lambda command: (0, "all well"))
    assert not lint.finding("ruff", ["x.py"])


LOG = """\
2026-01-05 09:00:00,000 1 INFO db odoo.modules: cs_helpdesk loaded
2026-01-05 09:00:00,001 1 WARNING db odoo.modules: deprecated field
  File "addons/cs_helpdesk/models/x.py", line 3
2026-01-05 09:00:00,002 1 WARNING cs_helpdesk py.warnings: PyPDF2 is deprecated.
2026-01-05 09:00:00,003 1 ERROR db odoo.sql: no such table
<string>:38: (ERROR/3) Unexpected indentation.
2026-01-05 09:00:00,004 1 WARNING db odoo.orm: field cs.clock.x is unknown
"""


def test_a_log_fails_on_ours_and_on_the_unexplained():
    reasons = {
        reason
        for reason, _text in check_log.findings(LOG.splitlines(), ["cs_helpdesk"])
    }
    assert reasons == {"names cs_helpdesk", "not explained", "names cs.clock.x"}


def test_the_name_of_the_database_is_not_ours():
    line = "2026-01-05 09:00:00,002 1 WARNING cs_helpdesk x: PyPDF2 is deprecated"
    assert not check_log.findings([line], ["cs_helpdesk"])


def test_no_allowance_covers_our_own_files():
    line = "2026-01-05 09:00:00,002 1 WARNING db x: PyPDF2 is deprecated, cs_vip"
    assert check_log.findings([line], ["cs_vip"])


def entry(msgid, msgstr="", **extra):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **extra)


def po(*entries):
    result = polib.POFile()
    result.extend(entries)
    return result


@pytest.mark.parametrize(
    ("msgid", "msgstr"),
    [
        ("Late by %(hours)s h", "超时 %(hour)s 小时"),
        ("%s of %s", "共 %s"),
        ("Ref {{object.number}}", "编号 {{object.name}}"),
        ("<b>Stage</b>", "阶段"),
        ('Hello <t t-out="a"/>', '您好 <t t-out="b"/>'),
    ],
)
def test_placeholders_and_tags_must_agree(msgid, msgstr):
    found = catalogue.check_translation(
        po(entry(msgid, msgstr)), po(entry(msgid)), "zh_CN"
    )
    assert len(found) == 1 and "placeholders" in found[0]


def test_a_per_cent_sign_in_a_text_is_no_placeholder():
    assert not catalogue.placeholders("80 % of the time, 100%")


def test_a_translation_must_be_whole():
    template = po(entry("Ticket"), entry("Team"), entry("Stage"), entry("投诉"))
    translation = po(
        entry("Ticket", "工单"),
        entry("Team", "Team"),
        entry("Stage", "阶段", flags=["fuzzy"]),
        entry("投诉", "投诉"),
        entry("Gone", "没有了"),
    )
    assert catalogue.check_translation(translation, template, "x") == [
        "x: not in the template 'Gone'",
        "x: fuzzy 'Stage'",
        "x: not translated 'Team'",
    ]


def test_a_template_differs_by_terms_and_by_references():
    old = po(entry("A", occurrences=[("m:x", "")]), entry("B"))
    new = po(entry("A", occurrences=[("m:y", "")]), entry("C"))
    assert catalogue.compare(old, new, "pot") == [
        "pot: new term 'C'",
        "pot: term gone 'B'",
        "pot: other references for 'A'",
    ]


def test_merging_keeps_what_is_translated_and_fills_the_rest():
    template = po(entry("Ticket"), entry("Team"), entry("投诉"))
    mine = po(entry("Ticket", "工单"), entry("Gone", "没有了"))
    other = po(entry("Ticket", "票"), entry("Team", "服务组"))
    merged = catalogue.merge(template, [mine, other], "cs_helpdesk")
    assert {e.msgid: e.msgstr for e in merged} == {
        "Ticket": "工单",
        "Team": "服务组",
        "投诉": "投诉",
    }


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("您好：<b>工单</b> {{ object.number }}", True),
        ("Supervise (督办)", False),
        ("Stage", False),
        ("QQ", False),
    ],
)
def test_what_is_chinese_already(text, chinese):
    assert catalogue.is_chinese(text) is chinese


def test_labels_that_a_view_shows():
    arch = """
        <form>
            <field name="name" position="after"><field name="code" /></field>
            <field name="color" nolabel="1" /><field name="key" invisible="1" />
            <field name="kind" string="Sort" />
            <field name="line_ids"><list><field name="amount" /></list></field>
        </form>
    """
    assert list(labels.shown_fields(arch)) == [
        ["code"],
        ["line_ids"],
        ["line_ids", "amount"],
    ]


TABLES = """
| id | quote | meaning | addon | st |
|---|---|---|---|---|
| 009-01 | x | y | H,K | e |

| id | scenario | say | st |
|---|---|---|---|
| 009-02 | x | y | e |
"""


def test_the_letters_of_a_requirement_are_read_by_column(monkeypatch):
    monkeypatch.setattr(spec, "ID", spec.re.compile(r"009-\d+"))
    assert spec.read_requirements(TABLES) == {"009-01": "H,K", "009-02": "H,K"}


def test_the_report_counts_by_the_owning_addon():
    named = spec.named_ids(["tests/test_a.py:009-1", "tests/test_b.py:009-1"])
    letters = {"009-1": "H,K", "009-2": "K,H", "009-10": "H"}
    lines = spec.report(letters, {"009-2": "gloss"}, named, None)
    assert lines[:3] == [
        "cs_helpdesk: 1 of 2 named by a test",
        "  + 009-1   test_a.py test_b.py",
        "  - 009-10",
    ]
    assert lines[-1] == "  - 009-2 gloss"


def test_the_committed_list_is_whole():
    rows = spec.read_committed(spec.COMMITTED.read_text(encoding="utf-8"))
    assert len(rows) == 356
    assert all(letters[0] in spec.ADDONS and gloss for letters, gloss in rows.values())


def test_the_outcome_of_pytest_is_read():
    assert upstream_tests.count("1 failed, 34 passed in 3s") == {
        "failed": 1,
        "passed": 34,
    }
