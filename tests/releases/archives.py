"""Small archives on the disk, of lines made by hand, and releases of them."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import pages, profiles
from gdfupin_spider.releases import publish
from gdfupin_spider.releases.formats import read_lines
from tests.catalog import lines
from tests.catalog.lines import HOME, Crawl, at

PROFILE = profiles.load("gdfupin")
SECTIONS = ("扶贫要闻", "部门动态", "地市联播")


def url(number: int) -> str:
    return f"{HOME}shownews.asp?id={number}"


def body(number: int, words: str = "") -> str:
    """A text that shares no line with another."""
    return f"第{number}村的道路今年修通了，全村{number * 7 + 3}户都走上了水泥路。{words}\n=村民第{number}代表说：路通了，日子就好了。"


def crawl(day: float, numbers: range | list[int] = range(12), words: str = "", **of_all: Any) -> Crawl:
    """A crawl that read these articles; `words` stand in each body."""
    made = Crawl(day)
    for number in numbers:
        values = {
            "title": f"第{number}村修路记",
            "date": f"{2010 + number % 5}-0{1 + number % 9}-13",
            "section": SECTIONS[number % 3],
            **of_all,
        }
        made.read(url(number), values.pop("body", body(number, words)), **values)
    return made


def write(output: Path, *made: Crawl) -> Path:
    """These crawls as folders, whole, as if today's reader had read them."""
    reader = pages.reader(PROFILE)
    for each in made:
        folder = output / "crawls" / each.name
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("articles", "sightings", "pages", "media", "issues"):
            data = b"".join(each.files.get(kind, ()))
            (folder / f"{kind}.jsonl").write_bytes(data.replace(lines.READER.encode(), reader.encode()))
        (folder / "report.json").write_text(json.dumps({"versions": {"reader": reader}}))
    return output


def released(output: Path, **options: Any) -> Path:
    """The folder of the release that is made of it now, or was made of the same."""
    return publish.make(output, PROFILE, **options).folder


def records(folder: Path, name: str = "articles.jsonl.gz") -> list[dict[str, Any]]:
    return [json.loads(line) for line in read_lines(folder / name)]


def need_r() -> None:
    """Skips where there is no R; CI must have it."""
    if shutil.which("Rscript") is None:
        assert "GDFUPIN_CI" not in os.environ, ".ci/run installs r-base-core and r-cran-jsonlite"
        pytest.skip("there is no Rscript here: apt-get install r-base-core r-cran-jsonlite (.ci/run does)")


def day_of(day: float) -> str:
    """The name of a release whose newest crawl is of that day."""
    return at(day)[:10].replace("-", ".")
