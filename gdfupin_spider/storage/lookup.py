"""Which crawl a user means, and what they should know of it."""

import json
import os
import socket
from pathlib import Path

from .. import warc
from ..errors import NoSuchCrawl, SiteForeign, SiteUnreachable
from .crawls import Crawl, crawl_at, crawls
from .report import read_crawl_report


def resolve(output: Path, asked: str | Path) -> Crawl:
    """The crawl a user means: `latest`, the name of a folder, or a path to one. Raises NoSuchCrawl.

    `latest` is the newest that found the site and has something; where none has, the newest.
    """
    there = crawls(output)
    if str(asked) == "latest" and there:
        return next((crawl for crawl in reversed(there) if _has_something(crawl)), there[-1])
    for crawl in there:
        if crawl.name == str(asked):
            return crawl
    path = Path(asked)
    if path.is_dir() and (warc.files(path) or (path / "articles.jsonl").is_file()):
        return crawl_at(path.absolute())
    raise NoSuchCrawl(output, str(asked), [crawl.name for crawl in there])


def every(output: Path) -> list[Crawl]:
    """All crawls of an output, oldest first. Raises NoSuchCrawl where there is none: it may be mistyped."""
    if there := crawls(output):
        return there
    raise NoSuchCrawl(output, "", ())


def remarks(output: Path, asked: str | Path, crawl: Crawl) -> list[str]:
    """What whoever asked for a crawl should know of the one they get, a sentence each; mostly nothing."""
    said = []
    names = [each.name for each in crawls(output)]
    newer = names[names.index(crawl.name) + 1 :] if str(asked) == "latest" and crawl.name in names else []
    if newer:
        said.append(f"latest is {crawl.name}: what began later found nothing ({', '.join(newer[-3:])})")
    elif str(asked) == "latest" and not _has_something(crawl):
        said.append(f"{crawl.name} found nothing of the site, as no crawl here did")
    if not crawl.whole:
        runs = _runs(output, crawl)
        said.append(f"{crawl.name} {runs or 'has no report.json, so it was killed'}: what is whole in it is read")
    return said


def _has_something(crawl: Crawl) -> bool:
    report = read_crawl_report(crawl.path)
    if report is not None and report.run.exit_code in (SiteUnreachable.exit_code, SiteForeign.exit_code):
        return False
    files = (crawl.path / f"{kind}.jsonl" for kind in ("articles", "sightings", "pages"))
    return any(file.is_file() and file.stat().st_size for file in files)


def _runs(output: Path, crawl: Crawl) -> str | None:
    """That a crawl is under way, as the lock of its output says; None where its process is no more."""
    try:
        said = json.loads((output / ".lock").read_bytes())
        if said["what"] != crawl.name or said["host"] != socket.gethostname():
            return None
        os.kill(said["pid"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return f"is under way, pid {said['pid']}"
