"""Article pages with what they say: real ones of other sites where one has them, and our own."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gdfupin_spider import replica

from .site import Site

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"


@dataclass(frozen=True)
class Sample:
    """One page."""

    name: str
    site: str
    payload: bytes
    charset: str
    """What the bytes really are, for those who cannot find out."""
    truth: Mapping[str, Any] | None = None
    """`title`, `date`, `source`, `body`; None where nobody wrote it down."""

    @property
    def text(self) -> str:
        """The page, decoded."""
        return self.payload.decode(self.charset, "replace")


def real(folder: Path) -> Iterator[Sample]:
    """All pages that `manifest.jsonl` of a folder names, one line a page: file, charset, truth or null."""
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        one = json.loads(line)
        charset = one["charset"].partition("~")[0].replace("-bom", "").replace("utf-8", "utf-8-sig")
        payload = (folder / one["file"]).read_bytes()
        yield Sample(one["file"], Path(one["file"]).parts[1], payload, charset, one.get("truth"))


def corpus() -> Iterator[Sample]:
    """The articles of one page in tests/corpus. They show oddities, one each."""
    for path in sorted(CORPUS.glob("*/*/expected.json")):
        article = json.loads(path.read_text("utf-8")).get("article")
        if article and len(article["captures"]) == 1:
            payload = (path.parent / "page.html").read_bytes()
            yield Sample(path.parent.name, "corpus", payload, article["encoding"], article)


def copies() -> Iterator[Sample]:
    """The articles of one page of our replica, in every markup."""
    for markup in replica.MARKUPS:
        with replica.serve(markup) as site:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": site.proxy}))
            for truth in replica.truth(markup):
                if truth.pages == 1:
                    with opener.open(truth.url, timeout=20) as answer:
                        payload = answer.read()
                    result = {"title": truth.title, "date": truth.date, "source": truth.source, "body": truth.body}
                    yield Sample(truth.url, f"replica {markup}", payload, truth.encoding, result)


def generated(count: int = 20) -> Iterator[Sample]:
    """Pages of 28 KB of the generated site, to measure speed on."""
    site = Site(5000)
    for number in range(count):
        page = site.page(f"/shownews.asp?id={number}")
        assert page is not None
        yield Sample(f"generated {number}", "generated", page, "gb18030")
