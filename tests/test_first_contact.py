"""docs/first-contact.md, walked: a site of another kind, from a profile of four lines to a complete crawl."""

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.pages import identity_key
from tests import extract, forked
from tests.county import GONE, SECTIONS, SLOW, County, serve, truth
from tests.sites import Crawl, crawl, environment, run

DOCS = Path(__file__).parent.parent / "docs"
PROFILE = DOCS / "examples" / "qingxi.toml"
BAREST = """
name = "qingxi"
title = "清溪林业信息网"
hosts = ["www.qxly.gov.cn"]
start_urls = ["http://www.qxly.gov.cn/"]
"""


@pytest.fixture
def county() -> Iterator[County]:
    with serve() as site:
        yield site


def probe(site: County, profile: Path, *arguments: str) -> dict[str, Any]:
    done = run("probe", "--json", "--profile", str(profile), *arguments, proxy=site.proxy)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def suggested(answer: dict[str, Any]) -> dict[str, set[str]]:
    """What a probe suggests, by key of the profile."""
    found: dict[str, set[str]] = {}
    for one in answer["suggestions"]:
        found.setdefault(one["key"], set()).add(one["value"])
    return found


def test_three_pages_tell_what_the_profile_lacks(county: County, tmp_path: Path) -> None:
    profile = tmp_path / "qingxi.toml"
    profile.write_text(BAREST, "utf-8")
    wanted: dict[str, set[str]] = {}
    for number in (45, 27, 12):
        for key, values in suggested(probe(county, profile, f"http://www.qxly.gov.cn/View.asp?ID={number}")).items():
            wanted.setdefault(key, set()).update(values)
    assert wanted == {
        "identity": {"皖ICP备05001234号", "清溪县林业局"},
        "breadcrumb": {"您所在之处", "Location"},
        "labels.date": {"登载日", "Issued"},
        "labels.source": {"供稿单位", "From"},
        "labels.author": {"撰文", "Penned"},
        "labels.other": {"Seen"},
        "sections": set(SECTIONS),
    }


def test_a_first_crawl_tells_the_rest(county: County, tmp_path: Path) -> None:
    known = tomllib.loads(PROFILE.read_text("utf-8"))
    profile = tmp_path / "qingxi.toml"
    lines = PROFILE.read_text("utf-8").splitlines()
    later = ("body_end", "gone", "blocked", "media_hosts")
    profile.write_text("\n".join(line for line in lines if not line.startswith(later)), "utf-8")
    done = crawl(tmp_path, "--profile", str(profile), "--no-media", proxy=county.proxy, demo=False)
    assert done.exit_code == 1, done.log
    assert {url.rpartition("=")[2] for _, url in done.issues("refusal")} == {str(GONE), str(SLOW)}
    leaking = {line["line"] for line in done.answer["leaks"]["recurring_lines"]["examples"]}
    assert all(any(line.startswith(word) for line in leaking) for word in known["body_end"]), leaking
    answer = probe(county, profile, "--crawl", "latest", "--output", str(tmp_path))
    assert {one["url"].rpartition("=")[2] for one in answer["worst"][:2]} == {str(GONE), str(SLOW)}
    wanted = suggested(answer)
    assert wanted["media_hosts"] == {"img.qxly.gov.cn"}
    assert all(any(word in value for value in wanted["gone"]) for word in (*known["gone"], *known["blocked"]))
    assert any(value.startswith("林业信息员随时恭候") for value in wanted["body_end"])


@pytest.fixture
def complete(county: County, tmp_path: Path) -> Crawl:
    return crawl(tmp_path, "--profile", str(PROFILE), proxy=county.proxy, demo=False)


def test_with_its_profile_alone_every_article_is_exact(complete: Crawl, county: County) -> None:
    assert (complete.exit_code, complete.answer["gaps"]) == (0, 0), complete.log
    lines = {line["url"]: line for line in complete.lines("articles")}
    assert set(lines) == {one.url for one in truth()}
    wrong = [
        (one.number, name, right, lines[one.url][name])
        for one in truth()
        for name, right in one.expected().items()
        if lines[one.url][name] != right
    ]
    assert wrong == []
    assert not [path for path in county.asked if path.startswith("/admin")]
    assert {line["url"] for line in complete.lines("sightings") if line["outcome"] == "missing"} == {
        f"http://www.qxly.gov.cn/View.asp?ID={GONE}"
    }
    assert [(line["what"], line["url"]) for line in complete.lines("issues")] == [
        ("linked-missing", f"http://www.qxly.gov.cn/View.asp?ID={GONE}")
    ]
    assert complete.answer["leaks"]["recurring_lines"]["count"] == 0
    assert complete.answer["leaks"]["titles"]["disagree"] == 0


def test_the_documentation_shows_the_profile_it_arrives_at() -> None:
    text = (DOCS / "first-contact.md").read_text("utf-8")
    shown = re.findall(r"```toml\n(.*?)```", text, re.S)
    assert tomllib.loads(shown[0]) == tomllib.loads(BAREST)
    assert tomllib.loads(shown[-1]) == tomllib.loads(PROFILE.read_text("utf-8"))


# --- the beginning of the page, typed as it is printed ----------------------------------------------------------------


def beginning() -> str:
    """The section that begins with the address of a site."""
    text = (DOCS / "first-contact.md").read_text("utf-8")
    return text.partition("## Begin with the address\n")[2].partition("\n## ")[0]


def commands() -> list[list[str]]:
    """Its commands, word by word, without waiting times."""
    lines = re.findall(r"^    gdfupin (.*?)(?: {2,}.*)?$", beginning(), re.M)
    return [shlex.split(re.sub(r"--delay \S+", "--delay 0", line)) for line in lines]


def typed(folder: Path, arguments: list[str], proxy: str, *, demo: bool) -> subprocess.CompletedProcess[str]:
    return forked.run(
        forked.GDFUPIN, arguments, environment=environment(proxy, demo=demo), folder=folder, timeout=240
    )  # fmt: skip


def articles(folder: Path, proxy: str) -> dict[str, dict[str, Any]]:
    """The archive's articles by URL."""
    done = typed(folder, ["articles"], proxy, demo=False)
    return {line["url"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.usefixtures("layouts")
def test_the_commands_of_the_documentation_lead_from_an_address_to_a_profile(county: County, tmp_path: Path) -> None:
    crawling, survey, new, replaying, again = commands()
    assert crawling[:2] == ["crawl", "http://www.qxly.gov.cn/"]
    first = typed(tmp_path, crawling, county.proxy, demo=False)
    assert first.returncode == 1, first.stderr
    before = articles(tmp_path, county.proxy)
    shown = typed(tmp_path, survey, county.proxy, demo=False)
    printed = " ".join(shown.stdout.split())
    for line in re.findall(r"^ {8}(\S+ = \[.*\])$", beginning(), re.M):
        assert line in printed, line
    assert typed(tmp_path, new, county.proxy, demo=False).returncode == 0
    profile = tomllib.loads((tmp_path / "my-site.toml").read_text("utf-8"))
    assert (profile["name"], profile["hosts"]) == ("qxly", ["www.qxly.gov.cn"])
    assert typed(tmp_path, replaying, county.proxy, demo=False).returncode == 0
    last = typed(tmp_path, again, county.proxy, demo=False)
    assert last.returncode == 0, last.stderr
    after = articles(tmp_path, county.proxy)
    known = {one.url: one.expected() for one in truth()}
    assert len(after) >= len(before) >= 58
    assert right(after, known) > right(before, known)
    for name in ("date", "source", "section"):
        assert sum(line[name] == known[url][name] for url, line in after.items()) >= 58, name


def right(lines: dict[str, dict[str, Any]], known: dict[str, dict[str, Any]]) -> int:
    """Number of fields that are as the truth has them."""
    return sum(line[name] == value for url, line in lines.items() for name, value in known[url].items())


@pytest.mark.usefixtures("layouts")
def test_the_commands_of_the_documentation_lose_nothing_on_the_replica(tmp_path: Path) -> None:
    with extract.serve("static-cms") as site:
        for arguments in commands():
            words = ["http://www.gdfupin.org.cn/" if word.startswith("http:") else word for word in arguments]
            done = typed(tmp_path, words, site.proxy, demo=True)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
        lines = articles(tmp_path, site.proxy)
    known = {identity_key(address.url) for one in extract.truth("static-cms") for address in one.addresses}
    assert len(lines) == len(extract.truth("static-cms"))
    assert {identity_key(url) for url in lines} <= known
    assert tomllib.loads((tmp_path / "my-site.toml").read_text("utf-8"))["name"] == "gdfupin"
