"""404s of the site that archives kept, from the index to the history of the article."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import handmade
from tests.sites import run
from tests.web_archive import Stored, archive_of, settings_for

SITE = "http://www.gdfupin.org.cn/show.asp?id="
TYPE = (("Content-Type", "text/html; charset=utf-8"),)
ERROR, SOFT = b"<h1>404 Not Found</h1>", handmade.page("<p>该文章不存在或已被删除</p>")
FIREWALL = handmade.page("<p>您的访问过于频繁，请稍后再试</p>")


@pytest.fixture(autouse=True)
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))


def stored(number: int, year: int, status: int = 200, body: bytes | None = None) -> Stored:
    payload = handmade.article(f"修路的消息第{number}号") if body is None else body
    return Stored(f"{SITE}{number}", f"{year}0501000000", status, TYPE, payload)


def history(output: Path, number: int) -> dict[str, Any]:
    done = run("history", f"{SITE}{number}", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_an_article_is_gone_by_the_404s_of_two_archives_and_by_nothing_less(tmp_path: Path) -> None:
    """1 is gone. 2 to 5 have soft errors, refusals, errors of the server, one 404. 6 came back. 7 shows that the site stood."""
    wayback = [stored(number, 2013) for number in range(1, 8)]
    wayback += [stored(1, 2015, 404, ERROR), stored(6, 2015, 404, ERROR), stored(6, 2016, 404, ERROR), stored(6, 2017)]
    for year in (2015, 2016):
        wayback += [stored(2, year, 200, SOFT), stored(3, year, 403, FIREWALL), stored(4, year, 503, b"down")]
        wayback += [stored(8, year, 404, ERROR)]
    wayback += [stored(5, 2015, 404, ERROR)]
    wayback += [stored(7, 2018, 200, handmade.article("修路的消息第7号", "<p>浏览次数:12</p>"))]
    other = [stored(1, 2016, 410, ERROR)]
    output = tmp_path / "output"
    with archive_of(wayback) as server, archive_of(other) as second:
        settings_for(output, server)
        for source in ("wayback", f"cdx={second.url}/county/cdx"):
            done = run("crawl", "--from", source, "--output", str(output), "--json")
            assert done.returncode == 0, done.stderr
    found = history(output, 1)
    assert (found["status"], found["missing_since"]) == ("gone", "2015-05-01T00:00:00Z")
    proofs = [(one["captured_at"][:4], one["status"], one["outcome"], one["origin"]) for one in found["absent"]]
    assert proofs == [("2015", 404, "missing", "wayback"), ("2016", 410, "missing", "cdx")]
    statuses = {number: history(output, number)["status"] for number in range(2, 8)}
    assert statuses == {2: "archived", 3: "archived", 4: "archived", 5: "suspected", 6: "archived", 7: "archived"}
    replayed = run("replay", "--all", "--again", "--output", str(output))
    assert replayed.returncode == 0, replayed.stderr
    assert history(output, 1) == found
