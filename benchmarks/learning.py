"""What learning layouts costs, and reading with them: python -m benchmarks.learning [articles]

On the generated site of `benchmarks.site`: pages of 28 KB. Reading with a known layout is compared with decoding and
parsing the same page. Every round reads many pages in turn, so that nothing that is remembered of the texts and links of
one page is left when it is read again: only what the pages of a site share is read faster than on the first page.
"""

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from lxml import html

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.pages.learning.lessons import Lessons
from gdfupin_spider.profiles import Profile, load, with_layouts

from .site import Site

HOST = "http://site.example"
ROUNDS = 7
TIMED = 200
"""Pages of a round. They have some 10,000 different lines and links, more than any cache of the reader holds."""
WANTED, SLOWEST, WANTED_MB = 3.0, 6.0, 300


def captures(site: Site) -> Iterator[Capture]:
    """All listings and articles of the generated site."""
    for section in range(5):
        for page in range(1, site.listings + 1):
            yield capture(site, f"/list.asp?class={section}&page={page}")
    for number in range(site.articles):
        yield capture(site, f"/shownews.asp?id={number}")


def capture(site: Site, target: str) -> Capture:
    """One page of the site."""
    payload = site.page(target)
    assert payload is not None
    headers = (("Content-Type", "text/html; charset=gb2312"),)
    return Capture(HOST + target, "2026-11-29T00:00:00Z", 200, headers, payload, Proof("", 0, target))


def ratios(profile: Profile, site: Site) -> list[float]:
    """Processor time to read a page with its layout, to its record, as a multiple of decoding and parsing it alone: for each page the
    best of several rounds over all pages."""
    numbers = range(0, site.articles, max(1, site.articles // TIMED))
    timed = [capture(site, f"/shownews.asp?id={number}") for number in numbers]
    read, parsed = [float("inf")] * len(timed), [float("inf")] * len(timed)
    for _ in range(ROUNDS):
        for number, page in enumerate(timed):
            began = time.thread_time()
            _parse(page)
            middle = time.thread_time()
            _read(page, profile)
            read[number] = min(read[number], time.thread_time() - middle)
            parsed[number] = min(parsed[number], middle - began)
    return [one / other for one, other in zip(read, parsed, strict=True)]


def _parse(capture: Capture) -> object:
    return html.document_fromstring(capture.payload.decode("gb18030", "replace"))


def _read(capture: Capture, profile: Profile) -> object:
    page = pages.read(capture, profile)
    assert page.structure is not None
    assert page.structure.layout is not None
    return pages.article((page,))


def report(articles: int) -> Iterator[str]:
    """What was measured, as Markdown."""
    site = Site(articles)
    profile = replace(load("general"), hosts=("site.example",), start_urls=(f"{HOST}/",))
    lessons, began, count, size = Lessons(profile), time.process_time(), 0, 0
    for page in captures(site):
        lessons.add(page)
        count, size = count + 1, size + len(page.payload)
    read = time.process_time() - began
    layouts = lessons.layouts()
    took = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"- Learning from {count:,} pages of {size / count / 1024:.0f} KB: {took:.0f} s of CPU, of these {took - read:.1f} s after "
        f"the last page; {peak:.0f} MB (wanted: below {WANTED_MB}); {len(layouts.all)} layout"
    )
    times = ratios(with_layouts(profile, layouts), site)
    slow = statistics.quantiles(times, n=20)[-1]
    yield (
        f"- Reading a page with its layout: {statistics.median(times):.1f} times decoding and parsing (median; 95 % below "
        f"{slow:.1f}; wanted: {WANTED:.0f} and {SLOWEST:.0f})"
    )


if __name__ == "__main__":
    for line in report(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000):
        print(line, flush=True)
