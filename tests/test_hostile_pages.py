"""Hostile pages, generated: each is read within seconds and a bound of memory, and a crawl over them ends with a report.

`python -m benchmarks.costs --search` looks for new ones.
"""

import gzip
import itertools
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import costs
from benchmarks.costs import PLACES, SEEDS, Response, generated
from gdfupin_spider.profiles import load
from tests.handmade import Handmade, article, links, page
from tests.sites import crawl

LARGE: dict[str, Callable[[], Response]] = {
    "a packed bomb": lambda: Response(gzip.compress(b"x<br>" * 9_000_000, 1), (("Content-Encoding", "gzip"),)),
    "breaks": lambda: Response(b"x<br>" * 500_000),
    "one attribute": lambda: costs.KNOWN["one long attribute"](9_900_000),
    "attributes": lambda: costs.KNOWN["attributes of one element"](2_000_000),
    "empty members": lambda: Response(zlib.compress(b"", 9, 31) * 40_000, (("Content-Encoding", "gzip"),)),
    "lines of text": lambda: Response(b"<pre>" + b"x\n" * 500_000),
    "blanks in a refresh": lambda: Response(f'<meta http-equiv=refresh content="0;url=a{" " * 1_000_000}b">'.encode()),
    "blocks in blocks": lambda: Response("<div>字".encode() * 200_000),
}
"""Pages of megabytes, which took hours or gigabytes."""
SECONDS, MEGABYTES = 10, 400
"""Maximum time and memory of reading a page."""


def _sample(count: int) -> list[tuple[str, str]]:
    """Combinations of places and seeds, spread evenly."""
    every = list(itertools.product(PLACES, SEEDS))
    return every[:: len(every) // count]


@pytest.mark.parametrize("name", LARGE)
def test_a_large_hostile_page_is_read_within_bounds(name: str) -> None:
    response = LARGE[name]()
    cost = costs.cost(lambda _: response, 0)
    assert cost is not None
    assert cost.seconds < SECONDS
    assert cost.megabytes < MEGABYTES


def test_what_is_cut_off_is_an_issue() -> None:
    for name in ("attributes", "empty members", "one attribute"):
        found = costs.read_all(LARGE[name](), load("general"))
        assert "too-costly" in {issue.what for issue in found.issues}, name


def test_hundreds_of_generated_pages_are_read_in_time_that_grows_with_their_size() -> None:
    slow = [(place, seed) for place, seed in _sample(250) if not _is_quick(generated(place, seed)(4_000))]
    assert not slow


def _is_quick(response: Response) -> bool:
    """Usual are some milliseconds. A collection of garbage of other tests can fall into any try, but not into each of three."""
    profile = load("gdfupin")
    for _ in range(3):
        began = time.process_time()
        costs.read_all(response, profile)
        if time.process_time() - began < 0.25:
            return True
    return False


@pytest.mark.parametrize(
    "name",
    [
        "rows with dates",
        "rows without dates",
        "functions and calls",
        "__doPostBack and inputs",
        "unclosed links over breaks",
        "bylines behind prose",
        "pictures in one cell",
    ],
)
def test_twice_the_page_takes_twice_the_time(name: str) -> None:
    """A quadratic step takes sixteen times as long for four times the page. On a busy machine one of three tries tells."""
    assert any(_grows_little(costs.KNOWN[name]) for _ in range(3))


def _grows_little(made: costs.Input) -> bool:
    small, large = (costs.cost(made, size) for size in (20_000, 80_000))
    assert small is not None and large is not None  # noqa: PT018
    return large.seconds < 9 * max(small.seconds, 0.03)


def test_a_crawl_over_hostile_pages_ends_with_a_report(tmp_path: Path) -> None:
    sample = [generated(place, seed)(5_000) for place, seed in _sample(25)]
    hostile = [*sample, LARGE["attributes"](), LARGE["breaks"]()]
    site: dict[str, object] = {f"/{n}.htm": (200, dict(each.headers), each.payload) for n, each in enumerate(hostile)}
    site["/good.htm"] = article("修路")
    site["/"] = page(links(*(f"/{n}.htm" for n in range(len(hostile))), "/good.htm"))
    with Handmade(site) as served:  # type: ignore[arg-type]
        done = crawl(tmp_path / "output", "--start-url", served.url, "--no-media", demo=False)
    assert done.answer["reason"] in ("finished", "gave-up")
    assert "Traceback" not in done.log
    assert any(line["title"] == "修路" for line in done.lines("articles"))
    assert ("too-costly", f"{served.url}{len(hostile) - 1}.htm") in done.issues("note")
