"""What reading and `probe` say of a page is Chinese, whatever page of the corpus it is."""

import re

import pytest

from gdfupin_spider.messages.record_words import word
from gdfupin_spider.messages.recorded import recorded
from gdfupin_spider.messages.text import MessageText, translated
from gdfupin_spider.pages import Page, read
from gdfupin_spider.pages.kinds import ladder
from gdfupin_spider.probe.field_evidence import in_words
from gdfupin_spider.probe.inspection import Inspection, inspect
from gdfupin_spider.profiles import load
from tests.foreign_words import CHINESE
from tests.pages.corpus import captures, folders


@pytest.fixture(scope="module")
def corpus() -> list[list[Page]]:
    """All pages that are known, each with its further pages."""
    profiles = {name: load(name) for name in ("gdfupin", "general")}
    return [[read(each, profiles[folder.parent.name]) for each in captures(folder)] for folder in folders()]


ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")


def is_chinese(text: str, page: Page) -> bool:
    """Whether nothing but texts of the page itself is English in a sentence."""
    texts = (page.capture.payload.decode("latin-1"), *(line.text for line in page.lines))
    shown, printed = translated(text), "\n".join(texts).lower()
    is_translated = shown != text or not isinstance(text, MessageText)
    return is_translated and all(each.lower() in printed for each in ENGLISH.findall(shown))


def test_whatever_reading_says_is_chinese_even_when_it_was_read_back_from_a_file(
    corpus: list[list[Page]], in_chinese: None
) -> None:
    answer: dict[str, str] = {}
    english: list[str] = []
    for parts in corpus:
        found = inspect(parts)
        for text in (parts[0].why, *parts[0].encoding.evidence, *(issue.evidence for issue in found.issues)):
            answer[str(text)] = text
            if not is_chinese(text, parts[0]):
                english.append(text)
        assert all(is_word(issue.what) and is_word(issue.level) for issue in found.issues)
    assert english == []
    assert [text for record, text in answer.items() if recorded(record) != translated(text)] == []


def test_whatever_probe_says_of_a_page_is_chinese(corpus: list[list[Page]], in_chinese: None) -> None:
    for parts in corpus:
        found = inspect(parts)
        assert [text for text in sentences(found) if not is_chinese(text, found.page)] == []
        names = {role.rstrip("?") for role in found.roles if role} | {link.role for link in found.page.links}
        names |= {one.name for one in found.landmarks} | {one.name for one in found.doubts} | {found.page.kind}
        assert [name for name in names if not is_word(name)] == []


def is_word(name: str) -> bool:
    return CHINESE.search(translated(word(name))) is not None


def sentences(found: Inspection) -> list[str]:
    """Each sentence that reading and `probe` give for a page."""
    texts = [found.page.why, found.layout.sentence, *found.remarks, *(rung.rule.sentence for rung in ladder(None))]
    texts += [text for one in found.landmarks for text in (one.matched, one.how)] + [
        one.why for one in found.suggestions
    ]
    texts += [in_words(one) for one in found.fields] + [one.evidence for one in found.doubts]
    return texts
