"""The readings of one crawl: its own lines, and those below `readings/` that later readers made of the same captures."""

from dataclasses import dataclass
from pathlib import Path

from .. import pages
from ..storage.crawls import Crawl
from ..storage.report import read_crawl_report, read_reading_report
from .sources import reader_of


@dataclass(frozen=True, slots=True)
class CrawlReading:
    """The lines of one crawl by one reader."""

    folder: str
    """Below the output."""
    reader: str
    read_at: str
    """When they were complete; UTC. Empty for a killed crawl."""
    whole: bool
    interim: bool
    """Lines that the crawl itself read again before it ended."""


def readings_of(output: Path, crawl: Crawl, current: str) -> list[CrawlReading]:
    """All readings of a crawl up to the folder `current`, oldest first, each by another reader than the one before."""
    report = read_crawl_report(crawl.path)
    again = report.after.read_again if report is not None else None
    folder = f"crawls/{crawl.name}"
    finished = report.run.finished if report is not None else ""
    interim = again is not None and current != folder
    own = CrawlReading(folder, reader_of(crawl) or "", finished, crawl.whole, interim)
    found = [own]
    for path in sorted((output / "readings").glob(f"*/{crawl.name}")):
        reading = read_reading_report(path)
        if reading is not None:
            reader = reading.versions.reader if reading.versions is not None else path.parent.name
            folder = path.relative_to(output).as_posix()
            found.append(CrawlReading(folder, reader or path.parent.name, reading.finished, True, False))
    last = next((each for each in found if each.folder == current), None)
    if last is None:
        return []
    # A crawl that was read again finished after that reading, but its own lines are the older ones.
    older = [each for each in found if each is not last and (each.interim or each.read_at <= last.read_at)]
    chain: list[CrawlReading] = []
    for each in [*sorted(older, key=lambda each: (not each.interim, each.read_at)), last]:
        if each.reader and not (chain and pages.same_reader(chain[-1].reader) == pages.same_reader(each.reader)):
            chain.append(each)
    return chain
