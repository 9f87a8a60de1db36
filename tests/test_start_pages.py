"""A start page that does not lead to the site: what it is, and the command to try."""

from pathlib import Path

import pytest

from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import run

SCRIPT = b"<html><head><script>$_ts=window['$_ts'];document.cookie='a=b'</script></head><body></body></html>"
DENIED = (
    403,
    {},
    "<html><head><title>403 - 禁止访问</title></head><body><h2>目录列表被拒绝</h2></body></html>".encode(),
)
JUMP = b"<html><head><meta http-equiv=refresh content='0;url=http://new.example/'></head></html>"


@pytest.mark.parametrize(
    ("pages", "code", "parts"),
    [
        ({"/": (302, {"Location": "http://new.example/"}, b"")}, 4, ("another host, http://new.example/", "--start-url http://new.example/")),
        ({"/": JUMP}, 4, ("another host, http://new.example/", "--start-url http://new.example/")),
        ({"/": (412, {}, SCRIPT)}, 4, ("behind a wall: status 412", "only a browser runs")),
        ({"/": DENIED}, 4, ("no start page, as they show no list", "/index.asp", "/default.asp", "/index.html")),
        ({"/robots.txt": b"User-agent: *\nDisallow: /\n"}, 3, ("forbidden by robots.txt", "Ask the keeper of the site")),
    ],
    ids=["redirect", "refresh", "412", "403", "robots"],
)  # fmt: skip
def test_it_is_named_with_the_next_step(
    pages: dict[str, bytes | Answer], code: int, parts: tuple[str, ...], tmp_path: Path
) -> None:
    with Handmade({"/": page(links("/a.htm")), "/a.htm": article("修路"), **pages}) as site:
        done = run("crawl", "--output", str(tmp_path), "--delay", "0", "--start-url", site.url)
    assert done.returncode == code, done.stderr
    [sentence] = [line for line in done.stderr.splitlines() if line.startswith("gdfupin: ")]
    for part in (*parts, f"--output {tmp_path}", "othing in the archive was changed"):
        assert part in sentence
