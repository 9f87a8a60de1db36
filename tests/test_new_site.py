"""A site without a profile: `gdfupin crawl URL` makes one and goes on with it, `gdfupin profile new` writes one to correct."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.profiles import Profile, load
from gdfupin_spider.profiles.draft import as_toml, draft_of
from tests.county import SECTIONS, County, serve
from tests.handmade import Handmade, article, links, page
from tests.sites import Crawl, crawl, run

HOME = "http://www.qxly.gov.cn/"


@pytest.fixture
def county() -> Iterator[County]:
    with serve() as site:
        yield site


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Handmade]:
    home = page(links("/a.htm", "/b.htm")).replace(b"<head>", "<head><title>首页-青溪村信息网</title>".encode())
    with Handmade({"/": home, "/a.htm": article("修路"), "/b.htm": article("种果")}) as site:
        yield site


def written(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def new_profile(folder: Path, *arguments: str, proxy: str | None = None) -> Profile:
    """What `gdfupin profile new` prints, as `printed.toml` in a folder, loaded."""
    done = run("profile", "new", "--delay", "0", *arguments, proxy=proxy)
    assert done.returncode == 0, done.stderr
    path = folder / "printed.toml"
    path.write_text(done.stdout, "utf-8")
    return load(path)


# --- gdfupin crawl URL -----------------------------------------------------------------------------------------------


def first(village: Handmade, output: Path) -> Crawl:
    return crawl(output, village.url, demo=False)


def test_a_crawl_of_a_url_makes_a_profile_of_the_home_page_and_reads_the_site(
    village: Handmade, tmp_path: Path
) -> None:
    done = first(village, tmp_path)
    assert done.exit_code == 0, done.log
    assert {line["title"] for line in done.lines("articles")} == {"修路", "种果"}
    made = written(tmp_path / "profile.toml")
    assert made == {
        "name": "site-127-0-0-1",
        "title": "青溪村信息网",
        "hosts": ["127.0.0.1"],
        "start_urls": [village.url],
    }
    assert "a profile of 青溪村信息网 was made" in done.log
    assert json.loads((tmp_path / "archive.json").read_text())["profile"] == "site-127-0-0-1"


def test_a_second_crawl_needs_no_url_and_takes_the_same_one(village: Handmade, tmp_path: Path) -> None:
    first(village, tmp_path)
    before = (tmp_path / "profile.toml").read_bytes()
    for arguments in ((), (village.url,)):
        done = crawl(tmp_path, "--private-hosts", *arguments, demo=False)
        assert (done.exit_code, done.answer["changes"]) == (0, {}), done.log
    assert (tmp_path / "profile.toml").read_bytes() == before


def test_an_output_of_another_site_is_refused_with_the_next_step(village: Handmade, tmp_path: Path) -> None:
    first(village, tmp_path)
    done = crawl(tmp_path, "http://www.other.gov.cn/", demo=False)
    assert done.exit_code == 2
    assert "it is the archive of 青溪村信息网 (127.0.0.1), not of other.gov.cn" in done.log
    assert "--output" in done.log


def test_a_site_that_does_not_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    done = crawl(tmp_path / "output", "http://127.0.0.1:9/", demo=False)
    assert done.exit_code == 3, done.log
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("http://a.cn/", "--profile", "general"), "URL makes a profile of its own"),
        (("http://a.cn/", "--start-url", "http://b.cn/"), "URL makes a profile of its own"),
        (("www.a.cn",), "must begin with http:// or https://"),
    ],
)
def test_a_url_excludes_a_profile_and_start_urls(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = crawl(tmp_path, *arguments, demo=False)
    assert done.exit_code == 2
    assert message in " ".join(done.log.split())


def test_the_home_page_of_the_bundled_profile_gets_that_profile(tmp_path: Path) -> None:
    from gdfupin_spider.commands.new_site import prepare

    assert prepare(tmp_path / "output", "http://www.gdfupin.org.cn/") == ("gdfupin", ())
    assert not (tmp_path / "output").exists()


@pytest.mark.usefixtures("layouts")
def test_what_a_crawl_of_a_url_learned_is_kept_for_the_next(county: County, tmp_path: Path) -> None:
    crawl(tmp_path, HOME, "--no-media", proxy=county.proxy, demo=False)
    learned = sorted(path.name for path in (tmp_path / "layouts").iterdir())
    assert len(learned) > 1
    done = crawl(tmp_path, "--no-media", proxy=county.proxy, demo=False)
    assert (done.exit_code, done.answer["changes"]) == (0, {}), done.log
    assert sorted(path.name for path in (tmp_path / "layouts").iterdir()) == learned


# --- gdfupin profile new ---------------------------------------------------------------------------------------------


def test_a_new_profile_has_what_the_live_pages_print(county: County, tmp_path: Path) -> None:
    made = new_profile(tmp_path, HOME, proxy=county.proxy)
    assert (made.name, made.title) == ("qxly", "清溪林业信息网 Qingxi Forestry")
    assert (made.hosts, made.start_urls) == (("www.qxly.gov.cn",), (HOME,))
    assert made.identity == ()
    printed = (tmp_path / "printed.toml").read_text("utf-8")
    assert '# identity = ["清溪县林业局"]' in printed, "a person decides: pages that were not seen may lack it"
    assert made.section_names == set(SECTIONS)
    assert {"登载日"} <= set(made.labels_date)
    assert "供稿单位" in made.labels_source
    assert "供稿单位" not in made.labels_author
    assert len(county.asked) <= 10


def test_links_to_other_sites_and_to_articles_are_no_sections(tmp_path: Path) -> None:
    menu = "".join(
        f"<a href='{url}'>{name}</a> "
        for url, name in (("/l1.asp", "村务公开"), ("/l2.asp", "通知公告"), ("/l3.asp", "农家故事"))
    )
    friends = "".join(f"<a href='http://{n}.example/'>{name}网</a> " for n, name in enumerate(("邻村", "县城", "省城")))
    titles = "".join(f"<a href='/show{n}.htm'>{name}</a> " for n, name in enumerate(("修路", "种果树", "办夜校")))
    around = f"<p>{menu}</p><p>文字</p><p>{friends}</p><p>文字</p><p>{titles}</p>"
    with Handmade({"/": page(around), **{f"/show{n}.htm": article("修路", around) for n in range(3)}}) as site:
        made = new_profile(tmp_path, site.url)
    assert made.section_names == {"村务公开", "通知公告", "农家故事", "扶贫要闻"}


def test_a_new_profile_of_a_crawl_has_the_suggestions_that_were_checked(county: County, tmp_path: Path) -> None:
    crawl(tmp_path, HOME, "--no-media", proxy=county.proxy, demo=False)
    made = new_profile(tmp_path, "--crawl", "latest", "--output", str(tmp_path))
    assert made.name == "qxly"
    assert "登载日" in made.labels_date
    assert "您所在之处" in made.breadcrumb
    assert made.identity
    again = run("replay", "latest", "--output", str(tmp_path), "--profile", str(tmp_path / "printed.toml"), "--json")
    assert json.loads(again.stdout)["articles"] >= 40, again.stderr


def test_a_profile_is_never_overwritten_without_force(village: Handmade, tmp_path: Path) -> None:
    path = tmp_path / "village.toml"
    path.write_text("# mine", "utf-8")
    done = run("profile", "new", village.url, "--delay", "0", "--to", str(path))
    assert (done.returncode, path.read_text("utf-8")) == (2, "# mine")
    assert "--force overwrites it" in done.stderr
    done = run("profile", "new", village.url, "--delay", "0", "--to", str(path), "--force")
    assert done.returncode == 0, done.stderr
    assert load(path).title == "青溪村信息网"
    assert f"gdfupin crawl --profile {path}" in done.stderr


def test_profile_new_needs_either_a_url_or_a_crawl() -> None:
    for arguments in ((), ("http://a.cn/", "--crawl", "latest")):
        done = run("profile", "new", *arguments)
        assert done.returncode == 2
        assert "name the URL of a site, or a crawl by --crawl" in done.stderr


def test_a_draft_of_a_profile_has_all_its_values(tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    known = load("gdfupin")
    path.write_text(as_toml(draft_of(known), "A copy.\nOf two lines"), "utf-8")
    copy = load(path)
    for field in ("name", "title", "hosts", "start_urls", "identity", "own_body_end", "sections", "overrides"):
        assert getattr(copy, field) == getattr(known, field), field
    assert set(copy.labels_date) == set(known.labels_date)
