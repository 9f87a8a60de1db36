"""How fast WARC files are read again: python -m benchmarks.replaying [pages] [rounds]

Pages of 28 KB of the generated site (`benchmarks.site`) with a learned layout. Compared with FastWARC, decoding and parsing
alone, in one process, and with two workers; each figure is the best of the rounds.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from lxml import html

from gdfupin_spider.pages.learning.lessons import Lessons
from gdfupin_spider.profiles import Profile, load, with_layouts
from gdfupin_spider.replay.page_readers import LocalReaders
from gdfupin_spider.replay.replayer import replay
from gdfupin_spider.storage.crawls import crawl_at
from gdfupin_spider.warc import Exchange, WarcWriter

from .learning import HOST, captures
from .site import Site

WANTED_SHARE, WANTED_WORKERS = 0.25, 1.7


def written(folder: Path, site: Site) -> int:
    """Writes all pages of the site into a WARC file and returns their number."""
    writer = WarcWriter(folder, folder.name, {})
    count = 0
    for page in captures(site):
        count += 1
        headers = tuple((name.encode(), value.encode()) for name, value in page.headers)
        writer.write(Exchange(page.url, page.captured_at, page.status, headers, page.payload))
    writer.close()
    return count


def parsed(folder: Path) -> int:
    """FastWARC, decoding and parsing: what nobody can do without."""
    count = 0
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response):
                html.document_fromstring(record.reader.read().decode("gb18030", "replace"))
                count += 1
    return count


def taught(site: Site) -> Profile:
    """The profile of the site with its layout."""
    profile = replace(load("general"), hosts=("site.example",), start_urls=(f"{HOST}/",))
    lessons = Lessons(profile)
    for page in captures(site):
        lessons.add(page)
    return with_layouts(profile, lessons.layouts())


def best(call: Callable[[], object], rounds: int) -> float:
    """Seconds of the fastest of several calls."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def report(pages: int, rounds: int) -> Iterator[str]:
    """What was measured, as Markdown."""
    site = Site(pages)
    profile = taught(Site(600))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "crawls", "20260101T000000Z-live")
        folder.mkdir(parents=True)
        count = written(folder, site)
        crawl, output = crawl_at(folder), Path(place)
        alone = best(lambda: parsed(folder), rounds)
        one = best(lambda: replay(crawl, profile, output), rounds)
        with LocalReaders(profile, 2) as readers:
            replay(crawl, profile, output, readers)  # the processes start
            two = best(lambda: replay(crawl, profile, output, readers), rounds)
    yield (
        f"- One process reads {count:,} pages of 28 KB again at {count / one:,.0f} a second, {alone / one:.2f} of FastWARC, decoding "
        f"and parsing alone (wanted: {WANTED_SHARE})"
    )
    yield f"- Two workers are {one / two:.2f} times as fast as one process (wanted: {WANTED_WORKERS})"


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    for line in report(numbers[0] if numbers else 2000, numbers[1] if len(numbers) > 1 else 3):
        print(line, flush=True)
