"""Rebuilt, folded bit by bit, in any order of arrival: the same catalog."""

import dataclasses
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.catalog import Rules, fold
from gdfupin_spider.items import Origin
from tests.catalog.lines import BODY, HOME, NAMING, OTHER, READER, Crawl, at, dumped

ADDRESSES = tuple(f"{HOME}{name}.asp" for name in "abcd")
INDEX = f"{HOME}index.asp"
BODIES = (BODY, f"{BODY}欢迎监督。", f"欢迎监督。{BODY}", OTHER)
RULES = Rules(mass_floor=2, mass_share=0.3, mass_crawls=2, mass_days=1)  # so that few looks reach every rule

Step = tuple[str, ...]
Plan = list[tuple[Origin, int, list[Step]]]

_read = st.tuples(
    st.just("read"), st.sampled_from(BODIES), st.sampled_from("甲甲甲乙"), st.sampled_from(["要闻", "动态", None]),
    st.sampled_from([None, "1", "2"]),
)  # fmt: skip
_missing = st.just(("missing",))
_gone = st.tuples(st.just("gone"), st.sampled_from([404, 404, 410, 200]))
_other = st.one_of(
    st.sampled_from([("not_modified",), ("blocked",), ("unreadable",), ("unseen",), ("listing",)]),
    st.tuples(st.sampled_from(["moved", "again"]), st.sampled_from((*ADDRESSES, INDEX))),
)
_look = st.one_of(_read, _read, _missing, _missing, _missing, _gone, _gone, _other)
_home = st.sampled_from([*[("unseen",)] * 7, ("home",), ("home",), ("foreign",)])
# Of each crawl what it saw at each address, then at the home page and at another that may be one.
_crawl = st.tuples(
    st.sampled_from(["live", "live", "live", "wayback", "wayback", "commoncrawl"]),
    st.integers(0, 8),
    st.tuples(*[_look] * len(ADDRESSES), _home, _home).map(list),
)
plans = st.lists(_crawl, min_size=2, max_size=8)


def made(plan: Plan, arrival: Sequence[int] | None = None) -> list[Crawl]:
    """The crawls of a plan; half a day lies between two live ones, and archives' captures lie anywhere among them and after.

    `arrival`: by which numbers the imports are named; then no two captures are of one second, whose order their names decide.
    """
    found = []
    for number, (origin, day, steps) in enumerate(plan):
        archived = origin != "live"
        name = f"crawl-{day}-{number}" if arrival is None or not archived else f"import-{arrival[number]}"
        crawl = Crawl(number / 2, origin, name=name)
        for place, (url, (kind, *more)) in enumerate(zip((*ADDRESSES, HOME, INDEX), steps, strict=True)):
            second = 100 + 10 * number + place if arrival is not None else place % 2
            when = at((day * 7 + place * 3) % 9 * 5, second) if archived else None
            match kind:
                case "read":
                    body, title, section, etag = more
                    crawl.read(url, body, title=title, section=section, etag=etag, when=when)
                case "again":
                    crawl.again(url, more[0])
                case "moved":
                    crawl.look(url, "moved", when, to=more[0])
                case "gone" if when is not None:
                    crawl.gone(url, when, more[0])
                case "gone":
                    crawl.missing(url)
                case "home" | "foreign":
                    crawl.page(url, kind, when)
                case "listing":
                    crawl.page(f"{HOME}list.asp", "listing", when, section="要闻", page_number=1, article_links=(url,))
                case "unseen":
                    pass
                case _:
                    crawl.look(url, kind, when)
        found.append(crawl)
    return found


def cut(crawl: Crawl, share: float) -> Crawl:
    """The crawl as it was when only so much of each of its files was written."""
    files = {kind: lines[: round(len(lines) * share)] for kind, lines in crawl.files.items()}
    return dataclasses.replace(crawl, files=files)


def catalog(path: Path, *steps: list[Crawl]) -> None:
    path.mkdir()
    for step in steps:
        fold(path / "catalog.sqlite", step, READER, NAMING, RULES)


@settings(max_examples=60, deadline=None)
@given(plans, st.integers())
def test_the_catalog_is_the_same_however_its_lines_arrive(plan: Plan, seed: int) -> None:
    chance = random.Random(seed)
    whole = made(plan)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        catalog(path / "at-once", whole)

        steps: list[list[Crawl]] = []
        shares: dict[str, float] = {}
        for _ in range(4):
            for crawl in chance.sample(whole, chance.randint(0, len(whole))):
                shares[crawl.name] = max(shares.get(crawl.name, 0), chance.random())
            steps.append([cut(crawl, shares[crawl.name]) for crawl in whole if crawl.name in shares])
        catalog(path / "bit-by-bit", *steps, whole, whole)
        assert dumped(path / "bit-by-bit") == dumped(path / "at-once")

        for crawl in whole:
            for lines in crawl.files.values():
                chance.shuffle(lines)
        catalog(path / "shuffled", *([crawl for crawl in whole if chance.random() < 0.5] for _ in range(1)))
        fold(path / "shuffled" / "catalog.sqlite", whole, READER, NAMING, RULES)
        assert dumped(path / "shuffled", lines=False) == dumped(path / "at-once", lines=False)

        fold(path / "bit-by-bit" / "catalog.sqlite", made(plan), READER, NAMING, RULES, rebuild=True)
        assert dumped(path / "bit-by-bit") == dumped(path / "at-once")


@settings(max_examples=30, deadline=None)
@given(plans, st.integers())
def test_articles_and_what_happened_to_them_do_not_depend_on_the_order_of_imports(plan: Plan, seed: int) -> None:
    numbers = list(range(len(plan)))
    random.Random(seed).shuffle(numbers)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first", Path(folder) / "second"
        catalog(first, made(plan, range(len(plan))))
        catalog(second, made(plan, numbers))
        assert without_crawls(first) == without_crawls(second)


def without_crawls(path: Path) -> list[str]:
    """The rows of articles, versions and events, without names of crawls and places in their files."""
    rows = [row for row in map(json.loads, dumped(path)) if row[0] in ("article", "version", "event")]
    left_out = {"article": (4, 5, 6), "version": (5, 6, 10, 11, 12), "event": (4, 5, 6)}
    return sorted(json.dumps([cell for at, cell in enumerate(row) if at not in left_out[row[0]]]) for row in rows)


def equal_by_steps(tmp_path: Path, *steps: list[Crawl]) -> None:
    """That folding by steps gives what folding the last of them at once does."""
    catalog(tmp_path / "by-steps", *steps)
    catalog(tmp_path / "at-once", steps[-1])
    assert dumped(tmp_path / "by-steps") == dumped(tmp_path / "at-once")


def test_a_second_address_may_be_folded_before_the_line_it_refers_to(tmp_path: Path) -> None:
    whole = Crawl(0).read(ADDRESSES[0]).again(ADDRESSES[1], same_as=ADDRESSES[0])
    without = dataclasses.replace(whole, files={"sightings": whole.files["sightings"]})
    equal_by_steps(tmp_path, [without], [whole])


def test_a_redirect_may_be_folded_before_what_it_leads_to(tmp_path: Path) -> None:
    before = Crawl(0).read(ADDRESSES[0])
    whole = Crawl(1).moved(ADDRESSES[0], INDEX).page(INDEX, "home")
    without = dataclasses.replace(whole, files={"sightings": whole.files["sightings"]})
    equal_by_steps(tmp_path, [before, without], [before, whole])


def test_what_a_crawl_says_later_of_other_articles_may_change_what_is_taken_from_it(tmp_path: Path) -> None:
    urls = [f"{HOME}{number}.asp" for number in range(12)]
    before, after = Crawl(0), Crawl(1)
    for number, url in enumerate(urls):
        before.read(url, title=f"第{number}则")
    doubted = after.missing(*urls[:3])
    few = dataclasses.replace(doubted, files={kind: list(lines) for kind, lines in doubted.files.items()})
    for number, url in enumerate(urls[3:], 3):
        after.read(url, title=f"第{number}则")
    equal_by_steps(tmp_path, [before, few], [before, after])
    assert any('"suspected"' in row for row in dumped(tmp_path / "at-once"))
