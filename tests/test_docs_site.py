"""`make docs`: the papers as a site, without a warning, with a search of both languages, and nothing from other hosts."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.papers import DOCS, IN_CHINESE, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("myst_parser", reason="needs the extra `docs`")
    [typed] = re.findall(r"^docs: .*\n\t@\$\(BIN\)/python (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    folder = tmp_path_factory.mktemp("docs")
    words = typed.replace("build/", f"{folder}/").split()
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder / "docs"


def test_each_paper_is_a_page_in_its_language(site: Path) -> None:
    for folder, language in ((DOCS, "en"), (IN_CHINESE, "zh-CN")):
        for paper in folder.glob("*.md"):
            page = (site / paper.relative_to(ROOT)).with_suffix(".html").read_text("utf-8")
            assert f'<html class="no-js" lang="{language}"' in page
    assert "README.html" in (site / "index.html").read_text("utf-8")


def test_the_index_has_words_of_both_languages(site: Path) -> None:
    index = json.loads((site / "searchindex.js").read_text("utf-8").removeprefix("Search.setIndex(").removesuffix(")"))

    def found(term: str) -> set[str]:
        """Pages that have a term in their text or in a heading: one number, or a list of them."""
        numbers = [index[place].get(term, []) for place in ("terms", "titleterms")]
        return {index["docnames"][one] for each in numbers for one in ([each] if isinstance(each, int) else each)}

    assert {"docs/operating", "docs/catalog"} <= found("crawl")
    assert {"docs/zh/operating", "docs/zh/catalog"} <= found("采集")


def test_a_page_asks_no_other_host_and_the_search_finds_both_languages(site: Path, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for query, title in (("迁移", "运维"), ("pywb collections", "Look at the site as it was")):
        page.goto(f"{(site / 'search.html').as_uri()}?q={query}")
        page.locator("#search-results").get_by_role("link", name=title, exact=True).wait_for(timeout=10_000)
    page.goto((site / "docs" / "zh" / "reading-room.html").as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.context.close()
