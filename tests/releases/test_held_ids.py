"""Which release has an article, and which version of it."""

import sqlite3
from pathlib import Path

from gdfupin_spider.releases import contents
from gdfupin_spider.releases.folder import ReleasesFolder
from gdfupin_spider.releases.held_ids import newest_with
from tests.catalog.lines import id_of
from tests.releases.archives import body, crawl, records, released, url, write


def test_the_newest_release_with_the_version_is_found(tmp_path: Path) -> None:
    """The newest of all lacks an article that was withdrawn, or a version that was captured since."""
    output = write(tmp_path, crawl(0))
    first = released(output)
    second = released(write(output, crawl(1).read(url(3), body(3, "更正"), title="第3村修路记")))
    folder = ReleasesFolder(output)
    old, new = (
        next(row for row in records(release) if row["id"] == id_of(url(3)))["content_sha256"]
        for release in (first, second)
    )

    def name(number: int, content: str) -> str | None:
        found = newest_with(folder, [id_of(url(number))], content)
        return found.release if found is not None else None

    assert [name(3, old), name(3, new), name(4, new), name(99, old), name(3, "0" * 64)] == [
        second.name,
        second.name,
        None,
        None,
        None,
    ]
    with sqlite3.connect(second / contents.SQLITE) as db:
        db.execute("DELETE FROM versions WHERE content_sha256 = ?", (old,))
    assert [name(3, old), name(3, new)] == [first.name, second.name]
    with sqlite3.connect(first / contents.SQLITE) as db:
        db.execute("DROP TABLE versions")  # as in releases of format 1
    assert name(3, old) == first.name
