"""What the replica says."""

import subprocess
import sys
from collections import Counter
from importlib import resources

import pytest

from gdfupin_spider.replica import LAST, MARKUPS, Truth, truth
from gdfupin_spider.replica.content import SECTIONS, stories


def test_some_three_hundred_articles_fill_all_sections_and_years() -> None:
    assert 290 <= len(stories()) <= 330
    assert {section for story in stories() for section in story.sections} == set(SECTIONS)
    assert {story.online.year for story in stories()} == set(range(2009, 2022))


def test_no_two_articles_share_body_or_title_except_on_purpose() -> None:
    bodies = Counter(story.body for story in stories())
    assert [count for body, count in bodies.items() if count > 1 and body] == [2]
    titles = Counter(story.heading for story in stories())
    assert [title for title, count in titles.items() if count > 1] == ["协会简讯"]


def test_lengths_go_from_notices_to_long_reports() -> None:
    lengths = sorted(len(story.body) for story in stories())
    assert lengths[0] == 0  # pictures only
    assert sum(30 <= length < 200 for length in lengths) > 20
    assert sum(length >= 3500 for length in lengths) > 8


def test_the_seed_article_stands_there_to_the_letter() -> None:
    (seed,) = [story for story in stories() if story.case == "seed"]
    text = resources.files("gdfupin_spider.replica").joinpath("seed-article.txt").read_text("utf-8")
    assert seed.body == text.rstrip("\n")
    assert (seed.heading, seed.date) == ("社保扶贫:兜底保障,筑牢幸福“底线”", "2021-01-13")
    assert (seed.source, seed.sections) == ("中国组织人事报", ("扶贫要闻",))


def test_an_impossible_date_is_no_date() -> None:
    (story,) = [story for story in stories() if story.case == "a date that no calendar has"]
    assert story.day == (2013, 2, 30)
    assert story.date is None


def test_slots_of_the_grammar_are_all_filled() -> None:
    assert not [story.heading for story in stories() if "{" in story.heading + story.body]


@pytest.mark.parametrize("epoch", range(LAST + 1))
def test_every_markup_says_the_same(epoch: int) -> None:
    def content(record: Truth) -> tuple[object, ...]:
        captions = tuple(image.caption for image in record.images)
        names = tuple(file.name for file in record.attachments)
        return (record.number, record.title, record.date, record.source, record.author, record.body, captions, names)

    first, *others = ([content(record) for record in truth(markup, epoch=epoch)] for markup in MARKUPS)
    assert all(other == first for other in others)


def test_truth_is_the_same_in_every_process() -> None:
    program = (
        "import hashlib; from gdfupin_spider.replica import MARKUPS, truth; "
        "print(hashlib.sha256(repr([truth(markup) for markup in MARKUPS]).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
