"""Draws docs/room-*.png: the reading room, with three epochs of the replica.

    PYTHONPATH=. python docs/room_pictures.py

Everything is really crawled, released and served; needs the extra `test`, chromium, and fonts with Chinese characters (Debian: fonts-noto-cjk). Run it again when the pages change.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from gdfupin_spider.replica import serve
from gdfupin_spider.web.library import Library
from tests.sites import crawl, run
from tests.web.rooms import room_of

HERE = Path(__file__).parent
MARKUP = "asp-tables"
PHONE = {"viewport": {"width": 390, "height": 780}}
WIDE = {"viewport": {"width": 1000, "height": 720}}


def released(output: Path) -> Path:
    """An archive of the site as it was, after its first changes, and after articles were removed and edited, with a release of each."""
    for epoch, month in ((0, 1), (1, 2), (4, 5)):
        with serve(MARKUP, epoch=epoch) as replica:
            for hour in ("03", "16"):
                clock = f"2026-0{month}-01T{hour}:00:00Z"
                crawl(output, "--full", "--recheck", "all", "--no-media", proxy=replica.proxy, clock=clock)
        run("release", "--output", str(output), clock=f"2026-0{month}-01T20:00:00Z")
    return output


def draw(output: Path, cache: Path) -> None:
    """The pictures of the newest release of an archive."""
    edition = Library(output, "latest", cache).edition
    edited = str(max(edition.edited(), key=lambda each: int(str(each["versions"])))["id"])
    texts = [each for each in edition.edits if "body" in each.fields]
    looks: list[tuple[str, str, dict[str, Any]]] = [
        ("today", "/", WIDE),
        ("search", "/search?q=扶贫&since=2015&sort=date", WIDE),
        ("edits", "/gone", WIDE),
        ("sections", "/sections", WIDE),
        ("article", f"/articles/{edited}", PHONE),
        ("compare", f"/articles/{texts[0].id}/compare?view=side", WIDE | {"color_scheme": "dark"}),
    ]
    with sync_playwright() as playwright, room_of(output, cache) as room:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, look in looks:
            page = browser.new_context(locale="zh-CN", **look).new_page()
            page.goto(room.url + path)
            page.screenshot(path=HERE / f"room-{name}.png")
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        draw(released(Path(place) / "output"), Path(place) / "cache")


if __name__ == "__main__":
    main()
