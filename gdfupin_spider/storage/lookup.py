"""Resolves the crawl that a user names, with remarks about it."""

from pathlib import Path

from .. import clock, warc
from ..errors import NoSuchCrawl, SiteForeign, SiteUnreachable
from ..messages.text import N_, enumeration
from .crawls import Crawl, by_age, crawl_at, crawls
from .lock import holder
from .report import read_crawl_report


def resolve(output: Path, asked: str | Path) -> Crawl:
    """The crawl with this name or path, or `latest`. Raises NoSuchCrawl.

    `latest` is the newest crawl that found the site and has lines; where no crawl has, the newest one.
    """
    known = crawls(output)
    if str(asked) == "latest" and known:
        in_time = by_age(known, clock.now())
        return next((crawl for crawl in reversed(in_time) if _has_lines(crawl)), in_time[-1])
    for crawl in known:
        if crawl.name == str(asked):
            return crawl
    path = Path(asked)
    if path.is_dir() and (warc.files(path) or (path / "articles.jsonl").is_file()):
        return crawl_at(path.absolute())
    raise NoSuchCrawl(output, str(asked), [crawl.name for crawl in known])


def every(output: Path) -> list[Crawl]:
    """All crawls of an output, oldest first. Raises NoSuchCrawl where there is none: the path may be mistyped."""
    if known := crawls(output):
        return known
    raise NoSuchCrawl(output, "", ())


def remarks(output: Path, asked: str | Path, crawl: Crawl) -> list[str]:
    """Remarks about a resolved crawl, a sentence each; mostly none. `asked`: what the user typed."""
    found = []
    names = [each.name for each in crawls(output)]
    newer = names[names.index(crawl.name) + 1 :] if str(asked) == "latest" and crawl.name in names else []
    if newer:
        found.append(
            N_("latest is {name}; later crawls found nothing ({newer})", name=crawl.name, newer=enumeration(newer[-3:]))
        )
    elif str(asked) == "latest" and not _has_lines(crawl):
        found.append(N_("{name} found nothing of the site; nor did any other crawl here", name=crawl.name))
    if not crawl.whole and any(crawl.path.glob("capture-*.warc.gz")):  # no other program writes reports
        holds = holder(output)
        runs = holds is not None and holds.what == crawl.name
        state = (
            N_("is under way, pid {pid}", pid=holds.pid)
            if runs and holds
            else N_("has no report.json, so it was killed")
        )
        found.append(N_("{name} {state}: its whole lines are read", name=crawl.name, state=state))
    return found


def _has_lines(crawl: Crawl) -> bool:
    report = read_crawl_report(crawl.path)
    if report is not None and report.run.exit_code in (SiteUnreachable.exit_code, SiteForeign.exit_code):
        return False
    files = (crawl.path / f"{kind}.jsonl" for kind in ("articles", "sightings", "pages"))
    return any(file.is_file() and file.stat().st_size for file in files)
