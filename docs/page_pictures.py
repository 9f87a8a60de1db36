"""Draws docs/release-page*.png and docs/changes-page*.png: the pages that `gdfupin release` and `gdfupin diff --format html` write.

    PYTHONPATH=. python docs/page_pictures.py

Everything is really crawled and released, as for the pictures of the reading room; needs the same. Run it again when the pages change.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from room_pictures import released

from tests.sites import run

HERE = Path(__file__).parent
WIDE: dict[str, Any] = {"viewport": {"width": 1000, "height": 1150}}
DARK = WIDE | {"color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 1150}}
_EDITED = "section:has(> article del) > article[data-kind=edited]"
LOOKS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("release-page", "release", "h2:has-text('数量')", WIDE),
    ("release-page-dark", "release", "h2:has-text('数量')", DARK),
    ("release-page-phone", "release", "h2:has-text('数量')", PHONE),
    ("changes-page", "changes", "main", WIDE),
    ("changes-page-dark", "changes", _EDITED, DARK),
    ("changes-page-phone", "changes", _EDITED, PHONE),
)
"""Of each picture: its name, its page, what is at its top, how it is looked at."""


def draw(pages: dict[str, Path]) -> None:
    """The pictures of these pages, by name; the proofs of edits are open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, of, top, options in LOOKS:
            page = browser.new_context(locale="zh-CN", **options).new_page()
            page.goto(pages[of].as_uri())
            page.locator(f"{_EDITED} .proof").evaluate_all("some => some.forEach(each => { each.open = true; })")
            page.locator(top).first.evaluate("each => each.scrollIntoView()")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        output, changes = released(Path(place) / "output"), Path(place) / "changes.html"
        run("diff", "2026-01-15", "2026-06-01", "--format", "html", "--to", str(changes), "--output", str(output))
        draw({"release": output / "releases" / "latest" / "index.html", "changes": changes})


if __name__ == "__main__":
    main()
