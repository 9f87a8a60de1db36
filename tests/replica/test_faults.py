"""The replica on bad days."""

import gzip
import http.client
import time
import zlib
from collections import Counter

import pytest

from gdfupin_spider.replica import HARSH, MILD, PRESETS, Faults, serve, truth
from gdfupin_spider.replica.server_faults import PASSING

from .walker import Wire, links

PAGE = "/list.asp?ClassID=1"


def _get(faults: Faults, target: str = PAGE) -> tuple[int, http.client.HTTPMessage, bytes]:
    with serve("asp-tables", faults=faults) as replica:
        return Wire(replica).get(target)


@pytest.mark.parametrize("fault", ["500", "503", "429", "404"])
def test_an_address_answers_wrong_as_often_as_planned_and_then_right(fault: str) -> None:
    with serve("asp-tables", faults=Faults(at={PAGE: (fault, fault)})) as replica:
        statuses = [Wire(replica).get(PAGE)[0] for _ in range(3)]
        assert Wire(replica).get("/list.asp?ClassID=2")[0] == 200
    assert statuses == [int(fault), int(fault), 200]


def test_a_busy_server_says_when_to_come_back() -> None:
    assert _get(Faults(at={PAGE: ("429",)}, retry_after=7))[1]["Retry-After"] == "7"


def test_a_reset_breaks_the_body_in_the_middle() -> None:
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        _get(Faults(at={PAGE: ("reset",)}))


def test_a_length_may_promise_more_than_comes() -> None:
    with pytest.raises(http.client.IncompleteRead):
        _get(Faults(at={PAGE: ("long",)}))


def test_a_length_may_promise_less_than_comes() -> None:
    whole = _get(Faults())[2]
    assert _get(Faults(at={PAGE: ("short",)}))[2] == whole[:-64]


def test_a_stall_sends_half_and_waits() -> None:
    started = time.monotonic()
    with pytest.raises(http.client.IncompleteRead):
        _get(Faults(at={PAGE: ("stall",)}, stall=0.3))
    assert time.monotonic() - started >= 0.3


def test_an_answer_may_be_empty_or_a_block_page_or_words_of_absence() -> None:
    assert _get(Faults(at={PAGE: ("empty",)}))[::2] == (200, b"")
    for fault, words in (("waf", "访问过于频繁"), ("soft404", "该文章不存在")):
        status, _, body = _get(Faults(at={PAGE: (fault,)}))
        assert status == 200
        assert words in body.decode()


def test_a_loop_leads_to_itself() -> None:
    status, headers, _ = _get(Faults(always={PAGE: "loop"}))
    assert (status, headers["Location"]) == (302, PAGE)


def test_gzip_and_chunks_carry_the_page_unharmed() -> None:
    whole = _get(Faults())[2]
    _, headers, packed = _get(Faults(at={PAGE: ("gzip",)}))
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == whole
    _, headers, body = _get(Faults(at={PAGE: ("chunked",)}))
    assert headers["Transfer-Encoding"] == "chunked"
    assert body == whole


def test_headers_may_hold_bytes_beyond_ascii() -> None:
    assert any(ord(char) > 127 for char in str(_get(Faults(at={PAGE: ("latin",)}))[1].values()))


def test_a_page_may_be_huge_or_a_bomb() -> None:
    assert len(_get(Faults(always={PAGE: "huge"}))[2]) > 30_000_000
    packed = _get(Faults(always={PAGE: "bomb"}))[2]
    assert len(packed) < 1_000_000
    assert len(zlib.decompressobj(31).decompress(packed, 50_000_000)) == 50_000_000


@pytest.mark.parametrize("kind", ["gambling", "parked", "login", "waf"])
def test_the_whole_site_may_be_something_else(kind: str) -> None:
    status, _, body = _get(Faults(site=kind))
    assert status == 200
    assert "欢迎访问广东扶贫网" not in body.decode()
    assert _get(Faults(site="down"))[0] == 503


def test_mojibake_spoils_the_template_and_nothing_else() -> None:
    record = truth("static-cms")[0]
    with serve("static-cms", faults=Faults(mojibake=True)) as replica:
        body = Wire(replica).get(record.url.replace("http://www.gdfupin.org.cn", ""))[2]
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert record.title in body.decode("utf-8", "replace")


def test_traps_go_on_for_ever_and_forbidden_requests_are_counted() -> None:
    with serve("asp-tables", faults=Faults(traps=True)) as replica:
        wire = Wire(replica)
        seen, target = set(), "/calendar.asp?y=2013&m=5"
        for _ in range(30):
            assert target not in seen
            seen.add(target)
            text = wire.get(target)[2].decode("gb18030")
            target = [link for link in links(text, replica.url, "gb18030") if "&d=" not in link][1]
        assert replica.forbidden == []
        wire.get("/vote.asp?id=3&option=1")
        assert len(replica.forbidden) == 1


def test_every_link_may_carry_a_session_never_seen_before() -> None:
    with serve("asp-tables", faults=Faults(fresh_sessions=True)) as replica:
        wire = Wire(replica)
        first, second = wire.get(PAGE)[2], wire.get(PAGE)[2]
        assert first.count(b"sid=") > 20
        assert first != second
        assert wire.get(f"{PAGE}&sid=abc")[0] == 200


def test_robots_may_ask_for_patience() -> None:
    assert b"Crawl-delay: 2\n" in _get(Faults(crawl_delay=2), "/robots.txt")[2]
    assert _get(Faults(robots="User-agent: *\nDisallow: /\n"), "/robots.txt")[2].endswith(b"Disallow: /\n")


def test_faults_by_share_befall_the_same_addresses_every_time() -> None:
    addresses = [f"/list.asp?classid={n}" for n in range(2000)]
    seen = Counter(HARSH.of(address, 0) for address in addresses)
    assert seen == Counter(HARSH.of(address, 0) for address in addresses)
    for name, share in HARSH.shares.items():
        assert 0.4 * share < seen[name] / 2000 < 2 * share


@pytest.mark.parametrize("preset", list(PRESETS))
def test_under_every_preset_each_address_answers_right_in_the_end(preset: str) -> None:
    faults = PRESETS[preset]
    for number in range(1000):
        assert faults.of(f"/a{number}.htm", faults.times) not in PASSING


def test_mild_faults_are_over_at_the_second_try() -> None:
    assert MILD.times == 1
