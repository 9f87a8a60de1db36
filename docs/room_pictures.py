"""Draws docs/room/*.png and writes docs/walks.md: each page of the reading room in three looks, and each step of the walks.

    PYTHONPATH=. python docs/room_pictures.py

Everything is really crawled, released and served: three epochs of the replica, and the small site of the walks. Needs the extra `test`, chromium,
pngquant (fewer colours, a quarter of the size), and fonts with Chinese characters (Debian: chromium, pngquant, fonts-noto-cjk). Run it again when
the pages change, and look at each picture.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from gdfupin_spider import clock
from gdfupin_spider.replica import serve
from gdfupin_spider.web.library import Library
from tests.sites import crawl, run
from tests.web import walks
from tests.web.rooms import room_of

DOCS = Path(__file__).parent
PICTURES = DOCS / "room"
MARKUP = "asp-tables"
COLOURS = "32"
WIDE: dict[str, Any] = {"viewport": {"width": 1000, "height": 720}, "reduced_motion": "reduce", "locale": "zh-CN"}
LOOKS: dict[str, dict[str, Any]] = {
    "light": WIDE,
    "dark": WIDE | {"color_scheme": "dark"},
    "phone": WIDE | {"viewport": {"width": 390, "height": 780}},
}
TODAY = "2026-05-02T03:00:00Z"


def released(output: Path) -> Path:
    """An archive of the site as it was, after its first changes, and after articles were removed and edited, with a release of each."""
    for epoch, month in ((0, 1), (1, 2), (4, 5)):
        with serve(MARKUP, epoch=epoch) as replica:
            for hour in ("03", "16"):
                at = f"2026-0{month}-01T{hour}:00:00Z"
                crawl(output, "--full", "--recheck", "all", proxy=replica.proxy, clock=at)
        run("release", "--output", str(output), clock=f"2026-0{month}-01T20:00:00Z")
    return output


def addresses(output: Path, cache: Path) -> dict[str, str]:
    """By the name of its pictures: the address of each page."""
    edition = Library(output, "latest", cache).edition
    texts = [each for each in edition.edits if "body" in each.fields]
    edited = max(texts, key=lambda each: each.version).id
    return {
        "today": "/",
        "search": "/search?q=扶贫&since=2015&sort=date",
        "trends": "/trends?q=产业%0A电商",
        "edits": "/gone",
        "gone": "/gone?what=gone",
        "article": f"/articles/{edited}",
        "article-gone": f"/articles/{edition.not_live()[0]['id']}",
        "compare": f"/articles/{texts[0].id}/compare?view=side",
        "cite": f"/articles/{edited}/cite",
        "reprints": "/reprints",
        "sections": "/sections",
        "section": "/sections/扶贫要闻",
        "data": "/data",
        "api": "/api",
        "lookup": f"/lookup?q={edited}",
        "status": "/status",
    }


@contextmanager
def at(time: str) -> Iterator[None]:
    """The clock of this process, which serves the pages, is set to a time."""
    os.environ[clock.VARIABLE] = time
    try:
        yield
    finally:
        del os.environ[clock.VARIABLE]


def draw_pages(browser: Any, output: Path, cache: Path) -> None:
    """Every page in every look, and an article as it is printed."""
    pages = addresses(output, cache)
    with at(TODAY), room_of(output, cache) as room, room_of(output, cache, with_status=True) as of_operator:
        for style, options in LOOKS.items():
            page = browser.new_context(**options).new_page()
            for name, path in pages.items():
                page.goto((of_operator if name == "status" else room).url + path, wait_until="networkidle")
                page.screenshot(path=PICTURES / f"{name}-{style}.png")
        page = browser.new_context(**WIDE | {"viewport": {"width": 794, "height": 1123}}).new_page()  # A4
        page.emulate_media(media="print")
        page.goto(room.url + pages["article"], wait_until="networkidle")
        page.screenshot(path=PICTURES / "article-print.png")


def draw_walks(browser: Any, output: Path, cache: Path) -> None:
    """What is seen behind each step."""
    with at(walks.clock(9)), room_of(output, cache) as room:
        for walk in walks.WALKS:
            page = browser.new_context(**WIDE).new_page()
            for number, step in enumerate(walk.steps, 1):
                walks.taken(page, step, room.url)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=PICTURES / walks.picture(walk, number))


def main(place: Path) -> None:
    """`place`: where archives are kept, and taken from where they are there already."""
    one, other = place / "replica", place / "walks"
    if not one.exists():
        released(one)
    if not other.exists():
        walks.walked(other)
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        draw_walks(browser, other, place / "cache")
        draw_pages(browser, one, place / "cache")
        browser.close()
    drawn = sorted(PICTURES.glob("*.png"))
    subprocess.run(
        ["pngquant", "--speed", "1", "--strip", "--nofs", "--force", "--ext", ".png", COLOURS, *drawn], check=True
    )
    (DOCS / "walks.md").write_text(walks.paper(), "utf-8")
    print(f"{len(drawn)} pictures, {sum(each.stat().st_size for each in drawn):,} bytes")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder))
