"""Each rule of reading is needed: without it, the pages that it names read differently."""

import ast
import contextlib
import json
import runpy

import pytest

from gdfupin_spider.pages.rule import LimitRule, PatternRule, Rule, WordRule
from tests.papers import ROOT

from .corpus import CORPUS, reading

REFERENCE = runpy.run_path(str(ROOT / "docs" / "rules.py"))
RULES: tuple[Rule, ...] = REFERENCE["rules"]()
PAGES = ROOT / "gdfupin_spider" / "pages"
_NO_RULES = {
    "article/byline.py": "_CLAIMS _TIME_OF_DAY",
    "article/labels.py": "CJK _COLON",
    "article/headings.py": "_UNCOMPARED",
    "article/line_class.py": "_DIVIDERS",
    "dom/bounds.py": "_LONG _QUOTED",
    "dom/datastore.py": "_ANSWER _RECORD _NEXT_GROUP _TOTAL _CDATA _NEXT_LINK _XML_SCRIPT",
    "dom/file_types.py": "MEDIA_PATH",
    "dom/hiding.py": "_CUT _COMMENT _RULE _SIMPLE _SCRIPT_HIDES _WRITTEN_OPENING _WRITTEN_CLOSING",
    "dom/js_calls.py": "_TERM _CALL _ARGUMENT _FUNCTION",
    "dom/lines.py": "_DRESS _CLOSING",
    "dom/noscript.py": "_OPENS _TAG _MARKUP",
    "dom/scripts.py": "_PIECE _ESCAPE _TAG _LINK",
    "links/extract.py": "_STRING",
    "links/requisites.py": "_IN_STYLE _FILE",
    "links/urls.py": "_UNSAFE _HIGH _SURROGATE _HOST _ORIGIN _HIGH_BYTES _SIMPLE",
    "listing/pager.py": "_CURRENT _STEM _SUFFIX _DIGITS",
    "listing/rows.py": "_DIGIT",
    "listing/title_match.py": "_LEAD _TAIL _ELLIPSIS _SIGNS",
    "text/compared.py": "_DIGITS _SPACE",
    "text/dates.py": "_DIGIT _LETTERS _SLASHED _NUMERAL_MONTH _PRINTED",
    "text/decode.py": "_HIGH _CHARSET_OF_HEADER _CONTROL _RUN _ODD _JOINER_NAME",
    "words.py": "_LETTER",
}
"""Expressions that are no rules: syntax of HTML, scripts, dates and addresses; quick tests; and those of the boilerplate check."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_pages_of_a_rule_read_differently_without_it(rule: Rule) -> None:
    assert rule.pages, "no page needs this rule: name one, or delete the rule"
    for page in rule.pages:
        expected = json.loads((CORPUS / page / "expected.json").read_text("utf-8"))
        with rule.off():
            assert reading(CORPUS / page) != expected, page
        assert reading(CORPUS / page) == expected, page


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_name_and_a_sentence(rule: Rule) -> None:
    assert rule.name == rule.name.lower().replace(" ", "-").replace("_", "-")
    assert len(rule.sentence) > 20
    assert rule.sentence[-1] in ".`"


def test_a_rule_that_is_off_never_matches_and_is_on_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdfupin_spider.pages.rule._REGISTRY", {})
    pattern = PatternRule("test-pattern", "A pattern of this test, not of any page.", "甲", pages="a/b")
    words = WordRule("test-words", "Words of this test, not of any page.", "甲 乙")
    limit = LimitRule("test-limit", "A limit of this test, not of any page.", 3, 1000)
    for rule in (pattern, words, limit):
        with rule.off():
            assert not rule.on
            assert pattern.search("甲") is None or rule is not pattern
            assert "甲" not in words or rule is not words
            assert limit.value == (1000 if rule is limit else 3)
        assert rule.on
    with contextlib.suppress(ZeroDivisionError), pattern.off():
        raise ZeroDivisionError
    assert pattern.search("甲乙")
    assert "乙" in words
    assert limit.value == 3
    assert pattern.pages == ("a/b",)
    assert pattern.module == __name__
    with pytest.raises(ValueError, match="two rules have the name 'test-limit'"):
        Rule("test-limit", "Another rule of the same name.")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reference_of_the_rules_is_up_to_date(language: str) -> None:
    """Otherwise run `python docs/rules.py`."""
    assert REFERENCE["FILES"][language].read_text("utf-8") == REFERENCE["as_markdown"](language)


def test_every_other_expression_is_known_to_be_no_rule() -> None:
    """Layouts and learning judge by counting, not by words; their expressions are not looked at."""
    found: dict[str, str] = {}
    for file in sorted(PAGES.rglob("*.py")):
        name = file.relative_to(PAGES).as_posix()
        if not name.startswith(("layouts/", "learning/", "rule.py")):
            expressions = [
                ast.unparse(node.targets[0])
                for node in ast.parse(file.read_text("utf-8")).body
                if isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and ast.unparse(node.value.func) == "re.compile"
            ]
            found |= {name: " ".join(expressions)} if expressions else {}
    assert found == _NO_RULES
