"""An address pattern of which more than ten pages are unknown is a gap: found at the end of a crawl and of a reading."""

import json
from pathlib import Path

import pytest

from tests.handmade import Handmade, article, links, page
from tests.sites import Crawl, crawl, run

NAMES = "春夏秋冬东南西北山水田林"
NOTICE = "乡亲们的笑脸和来年的打算，收成比去年好了许多，村里的路也修好了，孩子们上学不用再走十里山路。"


def notice(number: int) -> bytes:
    """A text without breadcrumb and info line, which one page alone does not show to be an article."""
    return page(f"<h2>{NAMES[number]}季工作的几点打算</h2><div id='c'><p>{NAMES[number]}天到了。{NOTICE}</p></div>")


def site(count: int = 12) -> Handmade:
    urls = [f"/view.asp?id={number}" for number in range(count)]
    pages = {"/": page(links(*urls, "/show.htm")), "/show.htm": article("修路")}
    return Handmade({**pages, **{url: notice(number) for number, url in enumerate(urls)}})


def profile_file(folder: Path, *lines: str) -> Path:
    path = folder / "village.toml"
    words = ('name = "village"', 'title = "村网"', 'hosts = ["127.0.0.1"]', *lines)
    path.write_text("\n".join(words), "utf-8")
    return path


def walk(output: Path, served: Handmade, *lines: str) -> Crawl:
    return crawl(
        output / "output", "--profile", str(profile_file(output, *lines)), "--start-url", served.url, demo=False
    )


def unknown_shapes(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [row for row in rows if row["what"] == "unknown-shape"]


@pytest.fixture
def first(tmp_path: Path) -> tuple[Crawl, str]:
    with site() as served:
        return walk(tmp_path, served), served.url


def test_a_pattern_with_more_than_ten_unknown_pages_is_one_refusal_with_a_count_and_an_example(
    first: tuple[Crawl, str],
) -> None:
    done, url = first
    assert done.exit_code == 1, done.log
    [issue] = unknown_shapes(done.lines("issues"))
    assert (issue["level"], issue["url"]) == ("refusal", f"{url}view.asp?id=0")
    assert str(issue["evidence"]).startswith("12 of 12 pages with addresses like view.asp?id=0 are neither article nor")
    assert "`gdfupin probe --crawl latest`" in str(issue["evidence"])
    assert done.answer["gaps"] == 1
    assert done.answer["unknown_shapes"] == [
        {"shape": "view.asp?id=0", "unknown": 12, "pages": 12, "url": f"{url}view.asp?id=0"}
    ]


def test_a_replay_finds_the_same_unknown_pattern(first: tuple[Crawl, str], tmp_path: Path) -> None:
    done, _ = first
    output = tmp_path / "output"
    again = run("replay", "latest", "--output", str(output), "--json")
    assert json.loads(again.stdout)["gaps"] == 1, again.stdout
    [reading] = (output / "readings").glob("*/*")
    rows = [json.loads(line) for line in (reading / "issues.jsonl").read_text("utf-8").splitlines()]
    assert unknown_shapes(rows) == unknown_shapes(done.lines("issues"))
    verified = run("verify", "--output", str(output), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["damage"]) == (0, []), verified.stdout


def test_the_summary_names_the_pattern_and_the_next_command(tmp_path: Path) -> None:
    with site() as served:
        done = run(
            "crawl", "--output", str(tmp_path / "output"), "--profile", str(profile_file(tmp_path)), "--delay", "0",
            "--start-url", served.url, "--no-media", demo=False,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "unknown-shape" in done.stdout
    after = " ".join(done.stdout.partition("What next")[2].split())
    assert after.index("probe --crawl latest") < after.index("diff"), after
    assert "why 12 pages were not understood" in after, after


@pytest.mark.parametrize(("count", "lines"), [(10, ()), (12, ('other_urls = ["view.asp?id=0"]',))])
def test_ten_unknown_pages_and_a_pattern_of_other_pages_are_no_gap(
    tmp_path: Path, count: int, lines: tuple[str, ...]
) -> None:
    with site(count) as served:
        done = walk(tmp_path, served, *lines)
    assert (done.exit_code, unknown_shapes(done.lines("issues"))) == (0, []), done.log


def test_pages_of_a_pattern_that_the_profile_names_are_articles(tmp_path: Path) -> None:
    with site() as served:
        done = walk(tmp_path, served, 'article_urls = ["view.asp?id=0"]')
    assert done.exit_code == 0, done.log
    titles = {line["title"]: line for line in done.lines("articles")}
    assert set(titles) == {"修路", *(f"{name}季工作的几点打算" for name in NAMES)}
    line = titles["春季工作的几点打算"]
    assert line["date"] is None
    assert line["body"].startswith(f"春天到了。{NOTICE}")


def test_an_address_is_not_an_address_pattern(tmp_path: Path) -> None:
    path = profile_file(tmp_path, 'article_urls = ["http://a.cn/view.asp?id=7"]')
    done = run("probe", "--profile", str(path), "http://127.0.0.1/")
    assert done.returncode == 2
    assert "article_urls" in done.stderr
    assert "is not an address pattern" in done.stderr
