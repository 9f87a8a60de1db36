"""An archive of a small site with an article that was edited and one that went, for tests of single articles."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import handmade
from tests.shared import once
from tests.sites import crawl, run

SHOW = "/show.asp?id="
ROWS = "<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p>"


def site(titles: dict[int, str], more: str = "") -> dict[str, bytes]:
    """A home page, a listing and these articles."""
    rows = "".join(f"<p><a href='{SHOW}{n}'>{title}</a> 2021-1-{n}</p>" for n, title in titles.items())
    pages = {
        "/": handmade.page("<p><a href='/list.asp'>扶贫要闻</a></p>" + rows),
        "/list.asp": handmade.page(ROWS + rows),
    }
    return pages | {f"{SHOW}{n}": handmade.article(title, more if n == 1 else "") for n, title in titles.items()}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Four crawls: article 1 is edited, article 2 goes; and the URL of the site."""

    def make(folder: Path) -> tuple[Path, str]:
        pages = site({n: f"修路的消息第{n}号" for n in range(1, 13)})
        served: dict[str, Any] = dict(pages)
        with handmade.Handmade(served) as running:
            for day in (1, 2, 4, 6):
                if day == 2:
                    text = "今年的路修得更长，一直通到了山那边的村子，乡亲们都来看。"
                    served[f"{SHOW}1"] = handmade.article("修路的消息第1号", body=text)
                if day == 4:
                    served[f"{SHOW}2"] = (404, {}, b"<p>404</p>")
                crawl(
                    folder / "output", "--full", "--recheck", "all", "--start-url", running.url,
                    clock=f"2030-01-0{day}T03:00:00Z", demo=False,
                )  # fmt: skip
            return folder / "output", running.url

    return once(tmp_path_factory, "dossier-of-a-site", make)


def history(output: Path, name: str) -> dict[str, Any]:
    done = run("history", name, "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]
