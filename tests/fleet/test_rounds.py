"""Which site is next: properties of any fleet."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.errors import ExitCode
from gdfupin_spider.fleet import rounds
from gdfupin_spider.fleet.fleet_report import Visit, exit_code
from gdfupin_spider.fleet.members import Member
from gdfupin_spider.fleet.rounds import VisitPace, in_turn, visit_all


def member(name: str, hosts: set[str]) -> Member:
    return Member(name, Path(f"{name}.toml"), Path(name), name, frozenset(hosts))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sets(st.sampled_from("abcd"), max_size=2), max_size=12), st.integers(1, 5), st.data())
def test_each_site_is_visited_once_and_no_host_twice_at_once(
    hosts: list[set[str]], at_once: int, data: st.DataObject
) -> None:
    sites = [member(str(number), each) for number, each in enumerate(hosts)]
    fails = data.draw(st.sets(st.sampled_from(range(len(sites))))) if sites else set()
    lock, busy, most = threading.Lock(), Counter[str](), [0]

    def visit(site: Member) -> Visit:
        with lock:
            busy.update(["any", *site.hosts])
            most[0] = max(most[0], busy["any"])
            assert all(count == 1 for host, count in busy.items() if host != "any" and count)
        time.sleep(0.002)
        with lock:
            busy.subtract(["any", *site.hosts])
        if int(site.name) in fails:
            raise OSError("a worker that cannot")
        return Visit(site.name, site.title, 0, "")

    made: list[Visit] = []
    with ThreadPoolExecutor(8) as threads:
        visit_all(sites, VisitPace(at_once, 0.0), threads, visit, made.append)
    assert sorted(each.site for each in made) == sorted(each.name for each in sites)
    assert most[0] <= at_once
    assert {int(each.site) for each in made if each.exit_code == ExitCode.INTERNAL} == fails


def test_an_archive_that_another_process_writes_to_is_tried_again_while_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "PAUSE", 0.1)
    tries: list[str] = []

    def visit(site: Member) -> Visit:
        tries.append(site.name)
        is_busy = site.name == "a" and tries.count("a") < 3
        return Visit(site.name, site.title, ExitCode.RUNNING if is_busy else ExitCode.COMPLETE, "")

    made: list[Visit] = []
    with ThreadPoolExecutor(2) as threads:
        visit_all([member("a", {"a"}), member("b", {"b"})], VisitPace(1, 0.0), threads, visit, made.append)
    assert tries == ["a", "b", "a", "a"]
    assert [(each.site, each.exit_code) for each in made] == [("b", 0), ("a", 0)]


def test_a_broken_profile_waits_for_nobody() -> None:
    broken = [replace(member(str(n), set()), problem="start_urls is missing") for n in range(20)]
    began, made = time.monotonic(), list[Visit]()
    with ThreadPoolExecutor(2) as threads:
        visit_all(broken, VisitPace(2, 60.0), threads, lambda site: Visit(site.name, "", 2, ""), made.append)
    assert len(made) == 20
    assert time.monotonic() - began < 60


def test_who_waited_longest_is_first() -> None:
    sites = [member(name, set()) for name in "abc"]
    earlier = {"a": Visit("a", "A", 0, "2026-11-02"), "b": Visit("b", "B", 0, "2026-11-01")}
    assert [each.name for each in in_turn(sites, earlier)] == ["c", "b", "a"]


def test_the_code_of_a_fleet_is_that_of_the_site_that_needs_a_look_most() -> None:
    codes = [0, 1, 5, 7, 3, 8, 4, 2, 6, 9, 70, 137]
    for number in range(len(codes)):
        assert exit_code(Visit(str(n), "", code, "") for n, code in enumerate(codes[: number + 1])) == codes[number]
