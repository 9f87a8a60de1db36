"""Rebuilt, folded bit by bit, in any order of arrival: the same catalog."""

import dataclasses
import random
import tempfile
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
_other = st.one_of(
    st.sampled_from([("not_modified",), ("blocked",), ("unreadable",), ("unseen",), ("listing",)]),
    st.tuples(st.sampled_from(["moved", "again"]), st.sampled_from((*ADDRESSES, INDEX))),
)
_look = st.one_of(_read, _read, _missing, _missing, _missing, _other)
_home = st.sampled_from([*[("unseen",)] * 7, ("home",), ("home",), ("foreign",)])
# Of each crawl what it saw at each address, then at the home page and at another that may be one.
_crawl = st.tuples(
    st.sampled_from(["live", "live", "live", "wayback"]),
    st.integers(0, 8),
    st.tuples(*[_look] * len(ADDRESSES), _home, _home).map(list),
)
plans = st.lists(_crawl, min_size=2, max_size=8)


def made(plan: Plan) -> list[Crawl]:
    """The crawls of a plan; half a day lies between two live ones, and archives' captures lie anywhere among them."""
    found = []
    for number, (origin, day, steps) in enumerate(plan):
        crawl = Crawl(number / 2, origin, name=f"crawl-{day}-{number}")
        for place, (url, (kind, *more)) in enumerate(zip((*ADDRESSES, HOME, INDEX), steps, strict=True)):
            when = at((day * 7 + place * 3) % 9 / 2, place % 2) if origin == "wayback" else None
            match kind:
                case "read":
                    body, title, section, etag = more
                    crawl.read(url, body, title=title, section=section, etag=etag, when=when)
                case "again":
                    crawl.again(url, more[0])
                case "moved":
                    crawl.look(url, "moved", when, to=more[0])
                case "home" | "foreign":
                    crawl.page(url, kind)
                case "listing":
                    crawl.page(f"{HOME}list.asp", "listing", section="要闻", page_number=1, article_links=(url,))
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
