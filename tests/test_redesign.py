"""A redesign: its pages are noticed, the layouts are learned again, and old captures keep the old ones."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import pages, profiles, warc
from gdfupin_spider.ledger.judge import Verdict
from gdfupin_spider.ledger.layout_fit import LayoutFitCounter
from gdfupin_spider.ledger.ledger import Ledger
from gdfupin_spider.ledger.page_facts import facts_of
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica.events import REDESIGN
from gdfupin_spider.storage.archive_info import profile_of
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.report import read_crawl_report
from tests.extract import serve, truth
from tests.sites import Crawl, crawl, expected, run

FIELDS = ("title", "date", "source", "author", "section", "body")
ALL = ("--no-media", "--full", "--recheck", "all")
BEFORE, AFTER = "2030-05-01T03:00:00Z", "2030-06-01T03:00:00Z"


@pytest.fixture(scope="module")
def redesigned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Crawl]]:
    """The site of one epoch before the redesign, crawled with learning; and of the redesign."""
    output = tmp_path_factory.mktemp("redesign")
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDFUPIN_LAYOUT_PAGES", "10")
        for epoch, clock in ((REDESIGN - 1, BEFORE), (REDESIGN, AFTER)):
            with serve("static-cms", epoch=epoch) as replica:
                found.append(crawl(output, *ALL, proxy=replica.proxy, clock=clock))
    return output, found


def current(output: Path, crawled: Crawl) -> list[dict[str, Any]]:
    """The lines of a crawl by the archive's reader."""
    assert crawled.folder is not None
    reader = pages.reader(profile_of(output))
    reading = output / "readings" / reader / crawled.folder.name / "articles.jsonl"
    path = reading if reading.exists() else crawled.folder / "articles.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {line["reader"] for line in lines} == {reader}
    return lines


def wrong(lines: list[dict[str, Any]], epoch: int) -> list[tuple[object, ...]]:
    known = {
        identity_key(address.url).lower(): expected(t, address)
        for t in truth("static-cms", epoch=epoch)
        for address in t.addresses
    }
    return [
        (line["url"], name, line[name], right)
        for line in lines
        for name in FIELDS
        if line[name] != (right := known[identity_key(line["url"]).lower()][name])
    ]


def test_a_redesign_is_counted_and_after_learning_both_designs_are_read_exactly(
    redesigned: tuple[Path, list[Crawl]],
) -> None:
    output, (first, second) = redesigned
    old = profile_of(output).layouts
    reports = [read_crawl_report(each.folder) for each in (first, second) if each.folder]
    assert [report.counts.layouts.misfits for report in reports if report] == [0, 0]
    assert reports[1] is not None
    assert reports[1].counts.layouts.pages == 0
    assert reports[1].counts.layouts.other_shapes > 100
    done = run("layouts", "--learn", "--output", str(output))
    assert done.returncode == 0, done.stderr
    new = profile_of(output).layouts
    assert {shape for each in old.all for shape in each.shapes} < {shape for each in new.all for shape in each.shapes}
    done = run("catalog", "--output", str(output))
    assert done.returncode == 0, done.stderr
    for crawled, epoch in ((first, REDESIGN - 1), (second, REDESIGN)):
        lines = current(output, crawled)
        assert len(lines) == len(truth("static-cms", epoch=epoch))
        assert wrong(lines, epoch) == []
    # Another design, other addresses: the articles moved, and nobody edited them.
    found = [json.loads(line) for line in run("diff", "--format", "jsonl", "--output", str(output)).stdout.splitlines()]
    assert {each["kind"] for each in found if each["fields"]} <= {"edited"}
    meant = {line["kind"] for line in second.lines("changes")}
    assert {each["kind"] for each in found} <= {*meant, "reread"}


def test_pages_of_a_known_address_pattern_that_fit_no_layout_are_misfits(
    redesigned: tuple[Path, list[Crawl]],
) -> None:
    output, _ = redesigned
    profile = profile_of(output)
    counter = LayoutFitCounter(profile.layouts)
    ledger = Ledger(_Nowhere(), profile)
    for capture in warc.read(crawls(output)[0].path, lambda damage: None):
        page = pages.read(capture, profile)
        if page.kind != "article" or page.structure is None or page.structure.layout is None:
            continue
        counter.add(facts_of(page))
        bare = capture.payload.replace(b"<div", b"<section").replace(b"</div", b"</section")
        bare = (
            bare.replace(b"<h1", b"<h4")
            .replace(b"</h1", b"</h4")
            .replace(b"class=", b"data-k=")
            .replace(b"id=", b"data-i=")
        )
        ledger.write(Verdict("article", facts=facts_of(pages.read(_with_payload(capture, bare), profile))))
    fit, misfit = counter.result(), ledger.counts().layouts
    assert fit.pages > 100
    assert (fit.misfits, fit.other_shapes, fit.examples) == (0, 0, ())
    assert misfit.pages > 100
    assert misfit.misfits > 0.9 * misfit.pages
    assert len(misfit.examples) == 5
    assert "no layout fits" in misfit.examples[0].evidence


def test_without_layouts_nothing_is_counted() -> None:
    profile = profiles.load("gdfupin")
    assert LayoutFitCounter(profile.layouts).result().pages == 0
    page = pages.read_page(
        "<h1>题</h1><p>加入时间:2021-1-13 来源:南方日报</p><p>文。</p>".encode(), "http://www.gdfupin.org.cn/1.html"
    )
    counter = LayoutFitCounter(profile.layouts)
    counter.add(facts_of(page))
    assert counter.result().other_shapes == 0


def _with_payload(capture: Any, payload: bytes) -> Any:
    headers = tuple(pair for pair in capture.headers if pair[0].lower() != "content-encoding")
    return replace(capture, payload=payload, headers=headers)


class _Nowhere:
    def article(self, record: object) -> None: ...
    def sighting(self, record: object) -> None: ...
    def page(self, record: object) -> None: ...
    def issue(self, record: object) -> None: ...
