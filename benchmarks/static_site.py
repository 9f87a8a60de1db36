"""How big a static site is and how fast its search: python -m benchmarks.static_site [articles]

Of generated articles: the time to write the site, its size by part, and what the first search of a reader takes who has nothing of it yet,
in Chromium, from a plain server of files that compresses nothing, over a line of 10 Mbit/s with 40 ms to the server. The word that is nearly
everywhere has the longest lists. Wanted, for 20,000 articles: 1.5 s and 1 MB at most.
"""

import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .fold import vocabulary
from .release import made

BYTES_A_SECOND = 10_000_000 / 8
LATENCY = 40
"""Milliseconds there and back."""


def writing(release: Path, to: Path, cache: Path) -> None:
    """In a process of its own: prints seconds, CPU seconds, pages, and bytes by part."""
    from gdfupin_spider.releases.search_index import index_of
    from gdfupin_spider.web.site import write_site

    index_of(release, cache)
    began, spent = time.perf_counter(), time.process_time()
    made = write_site(release, str(release), to, cache)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    sizes: Counter[str] = Counter()
    for path in to.rglob("*"):
        if path.is_file():
            part = path.relative_to(to).parts[0]
            sizes[part if part in ("search", "files") else "pages"] += path.stat().st_size
    print(json.dumps({"seconds": seconds, "cpu": cpu, "pages": made.pages, "files": made.files, "bytes": sizes}))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def first_search(browser: Any, address: str, query: str) -> tuple[float, int, str]:
    """(seconds until hits are seen, bytes transferred, the number of hits as shown) in a browser that has nothing yet."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    sizes: list[int] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    began = time.perf_counter()
    page.goto(f"{address}search.html?{urlencode({'q': query})}", wait_until="commit")
    page.locator("form + div > .found").wait_for()  # not what the page has before its script
    seconds = time.perf_counter() - began
    answer = page.inner_text("p[role=status]")
    page.wait_for_load_state("networkidle")
    context.close()
    return seconds, sum(sizes), answer.partition(" · ")[0]


def report(release: Path, place: Path, cache: Path) -> None:
    """Prints the figures."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "benchmarks.static_site", "--write", str(release), str(place), str(cache)]
    figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    counts = json.loads((release / "manifest.json").read_text("utf-8"))["counts"]
    sizes = figures["bytes"]
    print(
        f"{counts['articles']:,} articles: {figures['pages']:,} pages and {figures['files']:,} files in {figures['seconds']:.0f} s "
        f"({figures['cpu']:.0f} s of CPU); pages {sizes['pages'] / 1e6:,.0f} MB, search {sizes['search'] / 1e6:,.0f} MB, files of the "
        f"release {sizes['files'] / 1e6:,.0f} MB.\n"
    )
    twos, longer = ([word for word in vocabulary() if test(len(word))] for test in (lambda n: n == 2, lambda n: n > 3))
    queries = {"nearly everywhere": twos[0], "nearly everywhere, four characters": longer[0], "two words without a third": f"{twos[0]} {twos[1]} -{twos[2]}",
               "rare": twos[-1], "rare, four characters": longer[-1], "nowhere": "abc"}  # fmt: skip
    print("| first search | found | seconds | transferred | of the index |\n|---|---|---|---|---|")
    with served(place) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, query in queries.items():
            seconds, size, answer = first_search(browser, address, query)
            print(
                f"| {name} | {answer} | {seconds:.2f} | {size / 1e3:,.0f} kB | {size / sizes['search']:.2%} |",
                flush=True,
            )
        browser.close()


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made(folder, count)
        report(folder / "releases" / "latest", folder / "site", folder / "cache")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--write", release, to, cache]:
            writing(Path(release), Path(to), Path(cache))
        case ["--release", release, to, cache]:
            report(Path(release), Path(to), Path(cache))
        case [count]:
            main(int(count))
        case _:
            main(20_000)
