"""A farm of small sites behind one proxy on loopback, each under a name of its own: python -m tests.farm [sites] [seed] [--command crawl]

The script lets a fleet crawl all of them, kills processes while it runs, and says whether anything was lost.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from gdfupin_spider.catalog import Catalog
from gdfupin_spider.catalog.sources import CATALOG
from tests.handmade import Handmade, article, links, page
from tests.sites import environment

PROFILE = 'name = "{name}"\ntitle = "第{number}县扶贫网"\nhosts = ["{host}"]\nstart_urls = ["http://{host}/"]\n'


@dataclass
class Farm:
    """What was asked of the sites, and how to reach them."""

    proxy: str
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Host to times of requests, robots.txt included, in seconds of the monotonic clock."""
    dead: set[str] = field(default_factory=set)
    """Hosts that answer nothing but 503."""

    def shortest_pause(self) -> float:
        """Seconds between requests to one host: the mean of three in a row, as a busy machine notes a request late."""
        windows = (zip(times, times[3:], strict=False) for times in map(sorted, self.asked.values()))
        return min((later - earlier) / 3 for pairs in windows for earlier, later in pairs)


def host(number: int) -> str:
    """The name of a site."""
    return f"county{number:03}.example.org"


@contextmanager
def served(articles: int = 3) -> Iterator[Farm]:
    """Any number of sites, each with so many articles."""
    home = page(links(*(f"/a{n}.htm" for n in range(articles))))

    class Sites(dict):  # type: ignore[type-arg]
        def get(self, asked: str, default: object = None) -> object:
            return lambda _: answer(asked)

    def answer(asked: str) -> object:
        parts = urlsplit(asked)
        with lock:
            farm.asked[parts.netloc].append(time.monotonic())
        if parts.netloc in farm.dead:
            return 503, {}, b""
        if parts.path == "/":
            return home
        number = parts.path.removeprefix("/a").removesuffix(".htm")
        return article(f"{parts.netloc}的第{number}村修路") if number.isdigit() else (404, {}, b"")

    lock = threading.Lock()
    with Handmade(Sites()) as site:
        farm = Farm(site.url)
        yield farm


def write_profiles(folder: Path, count: int) -> None:
    """The profiles of the first sites of a farm."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        text = PROFILE.format(name=f"county{number:03}", number=number, host=host(number))
        (folder / f"county{number:03}.toml").write_text(text, "utf-8")


def titles(archive: Path) -> set[str]:
    """Titles of all articles of an archive, those that were read again from the captures of a killed crawl included."""
    if not (archive / CATALOG).exists():
        return set()
    with Catalog(archive / CATALOG) as catalog:
        return {each.title for each in catalog.articles()}


def expected(number: int, articles: int = 3) -> set[str]:
    """The same of a site."""
    return {f"{host(number)}的第{n}村修路" for n in range(articles)}


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", type=int, nargs="?", default=200)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--command", default="daily", help="crawl or daily")
    asked = parser.parse_args()
    random.seed(asked.seed)
    with tempfile.TemporaryDirectory() as place, served() as farm:
        folder = Path(place) / "sites"
        write_profiles(folder, asked.sites)
        pace = ["--stagger", "0", "--at-once", "6", "--command", asked.command]
        command = [sys.executable, "-m", "gdfupin_spider", "fleet", str(folder), *pace]
        known = environment(farm.proxy, demo=False) | {"GDFUPIN_CRAWL_DELAY": "0.3"}
        begin = time.monotonic()
        killed = 0
        with subprocess.Popen(command, env=known) as fleet:
            while fleet.poll() is None:
                time.sleep(1)
                crawls = _children(fleet.pid)
                if crawls and random.random() < 0.05:
                    os.kill(random.choice(crawls), signal.SIGKILL)
                    killed += 1
        first = fleet.returncode
        again = subprocess.run(command, env=known, check=False).returncode
        lost = [n for n in range(asked.sites) if titles(folder / f"county{n:03}") != expected(n)]
        print(
            f"{asked.sites} sites in {time.monotonic() - begin:.0f} s, {killed} crawls killed (exit {first}); "
            f"after another run (exit {again}) {len(lost)} sites incomplete; "
            f"shortest pause of a host {farm.shortest_pause():.2f} s"
        )
        sys.exit(bool(lost) or farm.shortest_pause() < 0.25)


def _children(pid: int) -> list[int]:
    """The processes that a process started, from any of its threads."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(each) for each in task.read_text().split()]
    return found


if __name__ == "__main__":
    main()
