"""How the replica marks it up."""

import re
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest

from gdfupin_spider.replica import LAST, MARKUPS, NONE, listings, serve, truth
from gdfupin_spider.replica.epochs import site
from gdfupin_spider.replica.responses import Responses

from .walker import walk

EACH = pytest.mark.parametrize("markup", list(MARKUPS))


def _target(url: str) -> str:
    split = urlsplit(url)
    return split.path + (f"?{split.query}" if split.query else "")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _text(payload: bytes, encoding: str) -> str:
    """All that a page prints, without white space."""
    tree: Any = lxml.html.fromstring(payload.decode(encoding).lstrip("\ufeff"))
    for hidden in tree.xpath("//script | //style"):
        hidden.drop_tree()
    return _squeezed(str(tree.text_content()))


@EACH
@pytest.mark.parametrize("epoch", [0, LAST])
def test_what_a_site_prints_leads_to_every_article(markup: str, epoch: int) -> None:
    records = truth(markup, epoch=epoch)
    renderer = site(markup, epoch)
    with serve(markup, epoch=epoch) as replica:
        found = walk(replica, records[0].encoding)
    reached = {renderer.key(target) for target, (status, _) in found.items() if status == 200}
    reached |= {
        renderer.key(address) for alias, address in renderer.aliases().items() if renderer.key(alias) in reached
    }
    addresses = {renderer.key(_target(part)) for record in records for each in record.addresses for part in each.parts}
    assert addresses <= reached
    assert {renderer.key(_target(url)) for url in listings(markup, epoch=epoch)} <= reached
    assert {target for target, (status, _) in found.items() if status != 200} <= {
        "/member/login", "/cgi-bin/login", "/Member/LogOut.aspx", "/search"
    }  # fmt: skip


@EACH
def test_every_page_decodes_without_a_broken_byte(markup: str) -> None:
    records = truth(markup)
    with serve(markup) as replica:
        found = walk(replica, records[0].encoding)
    for target, (_, payload) in found.items():
        if not re.search(r"\.(?:jpg|doc|xls|pdf|rar)$", target):
            payload.decode(records[0].encoding)


@EACH
@pytest.mark.parametrize("epoch", [0, LAST])
def test_pages_print_what_truth_says(markup: str, epoch: int) -> None:
    answers = Responses(markup, epoch, NONE)
    for record in truth(markup, epoch=epoch):
        for address in record.addresses:
            payloads = [answers.response("GET", _target(url), {}).body for url in address.parts]
            texts = [_text(payload, record.encoding) for payload in payloads]
            assert all(_squeezed(record.info_line) in text for text in texts), address.url
            assert all(_squeezed(record.title) in text for text in texts), address.url
            together = "".join(texts)
            not_found = [line for line in record.body.split("\n") if _squeezed(line) not in together]
            assert not not_found, (address.url, not_found)


@EACH
def test_pictures_and_files_of_the_truth_are_served(markup: str) -> None:
    answers = Responses(markup, 0, NONE)
    for record in truth(markup):
        for url in (*(image.url for image in record.images), *(file.url for file in record.attachments)):
            response = answers.response("GET", _target(url), {})
            assert response.status == 200
            assert b"html" not in dict(response.headers)[b"Content-Type"]


def test_an_article_in_two_sections_has_two_addresses_in_every_markup() -> None:
    for markup in MARKUPS:
        twins = [record for record in truth(markup) if record.case == "listed in two sections"]
        assert [len(set(record.urls)) for record in twins] == [2, 2]
        assert all(record.addresses[0].section != record.addresses[1].section for record in twins)


def test_some_markups_spread_long_articles_over_pages() -> None:
    most = {markup: max(record.pages for record in truth(markup)) for markup in MARKUPS}
    assert sorted(most.values())[-3:] == [4, 4, 4]
    assert min(most.values()) == 1


def test_numbers_of_listing_pages_run_down_where_the_markup_says_so() -> None:
    pages = [url for url in listings("shtml") if "/yaowen/" in url]
    assert [re.sub(r".*/", "", url) for url in pages] == ["index.shtml", "list3.shtml", "list2.shtml", "list1.shtml"]


def test_characters_outside_the_declared_charset_survive() -> None:
    for markup in MARKUPS:
        (record,) = [record for record in truth(markup) if record.case == "characters beyond GB2312"]
        payload = Responses(markup, 0, NONE).response("GET", _target(record.url), {}).body
        assert all(char in _text(payload, record.encoding) for char in "镕珺喆㙟")
