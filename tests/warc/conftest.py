"""A crawl's folder, and a writer into it whose clock and ids stand still."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gdfupin_spider.warc import Exchange, WarcWriter

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Writing = Callable[..., WarcWriter]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "20261123T120000Z-live"
    folder.mkdir()
    return folder


@pytest.fixture
def writing(folder: Path) -> Iterator[Writing]:
    """Opens a writer on the folder; it is closed after the test."""
    opened: list[WarcWriter] = []

    def open_writer(max_bytes: int = 1_000_000_000) -> WarcWriter:
        ids = (f"<urn:uuid:00000000-0000-4000-8000-{number:012}>" for number in itertools.count())
        writer = WarcWriter(
            folder,
            folder.name,
            {"profile": "gdfupin", "robots": "obeyed\r\nsoftware: evil"},
            max_bytes,
            now=lambda: NOON,
            new_id=lambda: next(ids),
        )
        opened.append(writer)
        return writer

    yield open_writer
    for writer in opened:
        writer.close()


@pytest.fixture
def page() -> Callable[..., Exchange]:
    """An ordinary exchange, but for what is given."""

    def make(url: str = "http://www.gdfupin.org.cn/", payload: bytes = b"<p>page</p>", **rest: object) -> Exchange:
        known: dict[str, object] = {
            "captured_at": "2026-11-23T12:00:01Z",
            "status": 200,
            "headers": ((b"Content-Type", b"text/html"),),
        }
        return Exchange(url=url, payload=payload, **(known | rest))  # type: ignore[arg-type]

    return make
