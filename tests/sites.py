"""Real crawls of the replica, in processes of their own: Twisted's reactor starts only once in each."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gdfupin_spider
from gdfupin_spider.replica import Address, Faults, Replica, Truth, serve
from tests import forked


@dataclass(frozen=True)
class Crawl:
    """What a crawl left."""

    exit_code: int
    folder: Path | None
    answer: Mapping[str, Any]
    """The JSON summary of `gdfupin crawl --json`."""
    log: str

    def lines(self, kind: str) -> list[dict[str, Any]]:
        assert self.folder is not None, self.log
        return [json.loads(line) for line in (self.folder / f"{kind}.jsonl").read_text("utf-8").splitlines()]

    def issues(self, level: str | None = None) -> set[tuple[str, str]]:
        """(what, url) of the issues of a level."""
        return {(issue["what"], issue["url"]) for issue in self.lines("issues") if level in (None, issue["level"])}


OWN = ("HOME", "LANGUAGE", "PATH", "TERM", "TZ", "GDFUPIN_", "LC_", "PYTHON", "TMP", "XDG_")
"""Beginnings of the names of variables that commands of tests get. Scrapy looks through all there are at each request."""


def environment(proxy: str | None, *, demo: bool = True) -> dict[str, str]:
    """What commands need of this process's environment, and this proxy. `demo`: it is that of a replica.

    Crawls learn no layouts unless GDFUPIN_LAYOUT_PAGES is set: most tests are about one crawl, which reads each page once.
    """
    clean = {name: value for name, value in os.environ.items() if name.startswith(OWN)}
    root = str(Path(gdfupin_spider.__file__).parents[1])
    return {
        "GDFUPIN_LAYOUT_PAGES": "0",
        **clean,
        "PYTHONUTF8": "1",
        "PYTHONPATH": root,
        **({"http_proxy": proxy, "GDFUPIN_DEMO": str(int(demo))} if proxy else {}),
    }


def run(
    *arguments: str, proxy: str | None = None, timeout: float = 120, clock: str | None = None, demo: bool = True
) -> subprocess.CompletedProcess[str]:
    """`gdfupin …` in a process of its own, whose clock begins at `clock`."""
    known = environment(proxy, demo=demo) | ({"GDFUPIN_CLOCK": clock} if clock else {})
    return forked.run(forked.GDFUPIN, arguments, environment=known, timeout=timeout)


def scrapy(*arguments: str, proxy: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command of Scrapy's own, as anybody who knows Scrapy would type it."""
    known = {**environment(proxy), "SCRAPY_SETTINGS_MODULE": "gdfupin_spider.settings"}
    return forked.run(forked.SCRAPY, arguments, environment=known, folder=folder, timeout=240)


def crawl(
    output: Path,
    *arguments: str,
    proxy: str | None = None,
    timeout: float = 240,
    clock: str | None = None,
    demo: bool = True,
    check_clock: bool = False,
) -> Crawl:
    """`gdfupin crawl` into `output`, at full speed unless the arguments say otherwise.

    `check_clock`: the server has the time of `clock`, so that the crawl may compare them.
    """
    if clock and not check_clock:
        arguments = ("--clock-ok", *arguments)
    done = run(
        "crawl", "--output", str(output), "--json", "--delay", "0", "--concurrency", "4", *arguments,
        proxy=proxy, timeout=timeout, clock=clock, demo=demo,
    )  # fmt: skip
    answer = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    folder = Path(answer["folder"]) if answer.get("folder") else None
    return Crawl(done.returncode, folder, answer, done.stderr)


def crawl_replica(
    output: Path, markup: str, *arguments: str, faults: Faults | None = None, extract: bool = False
) -> tuple[Crawl, Replica]:
    """A crawl of the replica as a proxy under the site's own name. `extract`: of a third of its articles."""
    with serve(markup, faults=faults, extract=extract) as replica:
        return crawl(output, *arguments, proxy=replica.proxy), replica


def expected(truth: Truth, address: Address) -> dict[str, Any]:
    """The fields of an article line that the replica's truth fixes, as found under one of its addresses."""
    return {
        "url": address.url,
        "title": truth.title,
        "date": truth.date,
        "source": truth.source,
        "author": truth.author,
        "section": address.section,
        "breadcrumb": list(address.breadcrumb),
        "info_line": truth.info_line,
        "body": truth.body,
        "images": [{"url": image.url, "caption": image.caption} for image in truth.images],
        "attachments": [{"url": file.url, "name": file.name} for file in truth.attachments],
        "encoding": truth.encoding,
        "content_sha256": truth.content_sha256(address.section),
    }
