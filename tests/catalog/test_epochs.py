"""Six epochs of the replica, each looked at whole and once more 13 hours later: every change is found, and no other."""

import dataclasses
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog, as_of, changes
from gdfupin_spider.items import Article, Proof, as_line
from gdfupin_spider.replica import MARKUPS, Truth, epochs
from tests import extract
from tests.catalog.lines import READER, Crawl, at, folded, id_of

LAST = 6
LATER = 13 / 24


class Observer:
    """What crawls with `--full --recheck all` would write, made from the truth: every address there is or ever was."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._known: dict[str, None] = {}

    def crawl(self, epoch: int, day: float, *, backwards: bool = False) -> Crawl:
        """`backwards`: the site is walked from the other end, so that other addresses of an article come first."""
        crawl = Crawl(day)
        there = extract.truth(self._markup, epoch=epoch)
        pages = [(truth, address) for truth in there for address in truth.addresses]
        read: dict[int, str] = {}
        for truth, address in reversed(pages) if backwards else pages:
            self._known[address.url] = None
            if truth.number in read:
                crawl.again(address.url, same_as=read[truth.number])
            else:
                read[truth.number] = address.url
                _read(crawl, truth, address.url, address.section)
        urls = {address.url for _, address in pages}
        return crawl.missing(*(url for url in self._known if url not in urls))


def _read(crawl: Crawl, truth: Truth, url: str, section: str) -> None:
    moment, proof = crawl._capture()
    article = Article(
        id=id_of(url), url=url, title=truth.title, date=truth.date, source=truth.source, author=truth.author,
        section=section, breadcrumb=(), info_line=None, body=truth.body, images=truth.images,
        attachments=truth.attachments, captured_at=moment, origin="live", captures=(proof,), encoding="gb18030",
        reader=READER, content_sha256=truth.content_sha256(section),
    )  # fmt: skip
    assert isinstance(proof, Proof)
    crawl._line("articles", as_line(article))._look(url, "read", moment, proof)


def reported(
    catalog: Catalog, since: float, until: float, numbers: dict[str, int]
) -> set[tuple[str, int, tuple[str, ...]]]:
    """(kind, running number, fields) of what changed between two days."""
    found = changes(catalog, as_of(at(since)), as_of(at(until)))
    return {(change.kind, numbers[change.url], change.fields) for change in found}


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_every_change_between_epochs_is_found_and_no_other(tmp_path: Path, markup: str) -> None:
    observer = Observer(markup)
    crawls: list[Crawl] = []
    numbers: dict[str, int] = {}
    for epoch in range(LAST + 1):
        crawls.append(observer.crawl(epoch, 30 * epoch))
        crawls.append(observer.crawl(epoch, 30 * epoch + LATER, backwards=True))
        for truth in extract.truth(markup, epoch=epoch):
            numbers |= {address.url: truth.number for address in truth.addresses}
    with folded(tmp_path, *crawls) as catalog:
        for epoch in range(1, LAST + 1):
            expected = {
                (change.kind, change.number, change.fields) for change in extract.changes(markup, epoch - 1, epoch)
            }
            found = reported(catalog, 30 * epoch - 1, 30 * epoch + 29, numbers)
            assert found == expected, f"epoch {epoch}"
        assert catalog.doubted() == []
        assert len(list(catalog.articles())) == len(set(numbers.values()))


def test_a_redesign_with_a_retouched_body_is_moved_and_edited(tmp_path: Path) -> None:
    before = extract.truth("asp-tables", epoch=epochs.REDESIGN - 1)
    after = {truth.number: truth for truth in extract.truth("asp-tables", epoch=epochs.REDESIGN)}
    old, new = Crawl(0), Crawl(1)
    for truth in before:
        _read(old, truth, truth.url, truth.section)
        new.missing(truth.url)
        moved = after[truth.number]
        _read(new, dataclasses.replace(moved, body=f"{moved.body}\n【打印】"), moved.url, moved.section)
    with folded(tmp_path, old, new) as catalog:
        long = {truth.number for truth in before if len("".join(truth.body.split())) >= 18}  # 【打印】 is a tenth
        kinds = [(change.kind, change.fields) for change in changes(catalog, as_of(at(0.5)))]
        assert kinds.count(("moved", ())) == kinds.count(("edited", ("body",))) == len(long)
        assert catalog.doubted() == []
