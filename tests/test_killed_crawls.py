"""A killed crawl could not judge itself: it is judged before it is folded, as if it had ended."""

import itertools
import json
import os
import signal
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from gdfupin_spider.storage.lock import holder
from tests.living_site import SECTIONS, Answer, Fault, LivingSite
from tests.sites import Crawl, crawl, run

DAY = datetime(2026, 1, 1, 3, tzinfo=UTC)


def killing(output: Path, request: int) -> Fault:
    """Kills the crawl at a request for a page."""
    turn = itertools.count(1)

    def fault(path: str, right: Answer) -> Answer:
        if next(turn) == request:
            running = holder(output)
            assert running is not None
            os.kill(running.pid, signal.SIGKILL)
            time.sleep(0.2)
        return right

    return fault


def titles_in(folder: Path) -> list[str]:
    return [json.loads(line)["title"] for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]


def on_day(output: Path, site: LivingSite, day: int, *, kill_at: int = 0) -> Crawl:
    site.now, site.fault = DAY + timedelta(days=day), killing(output, kill_at) if kill_at else None
    clock = f"{site.now:%Y-%m-%dT%H:%M:%SZ}"
    return crawl(output, "--start-url", site.url, "--no-media", clock=clock, check_clock=True)


def test_a_hijacked_crawl_that_was_killed_is_held_back_and_told_once(tmp_path: Path) -> None:
    with LivingSite().fill(24, date(2026, 1, 1)) as site:
        on_day(tmp_path, site, 0)
        site.publish(SECTIONS[0], date(2026, 1, 2))
        assert on_day(tmp_path, site, 1, kill_at=4).exit_code == -signal.SIGKILL
        well = list(site.items)
        for item in well:
            item.gone = True
        for _ in range(40):
            site.publish(SECTIONS[1], date(2026, 1, 1), seed="farm")
        fakes = {item.title for item in site.live}
        assert on_day(tmp_path, site, 2, kill_at=48).exit_code == -signal.SIGKILL
        site.items = well
        for item in well:
            item.gone = False
        killed = sorted((tmp_path / "crawls").iterdir())[-1]
        assert len(fakes.intersection(titles_in(killed))) > 20
        done = on_day(tmp_path, site, 3)
        assert done.exit_code == 8, done.log
        (alarm,) = done.answer["monitors"]["alarms"]
        assert (alarm["name"], killed.name in alarm["message"]) == ("killed-held", True)
        assert done.answer["killed_held"] == {killed.name: ["articles-flood"]}
        assert done.answer["catalog"]["articles"] == {"live": 25}
        assert not fakes & {line["title"] for line in done.lines("articles")}
        lines = (tmp_path / "decisions.jsonl").read_text().splitlines()
        assert [json.loads(line)["decision"] for line in lines] == ["pass", "hold"]
        assert on_day(tmp_path, site, 4).exit_code == 0, "it is reported once"
        listed = run("accept", "--output", str(tmp_path), "--json")
        assert [(held["crawl"], held["rejected"]) for held in json.loads(listed.stdout)["held"]] == [
            (killed.name, None)
        ]
        compared = run("diff", killed.name, "--output", str(tmp_path))
        assert compared.returncode == 2
        assert "held back (articles-flood): nothing of it is published. Look at it" in compared.stderr
        whole = run("verify", "--output", str(tmp_path))
        assert whole.returncode == 0, whole.stdout
        accepted = run("accept", killed.name, "--reason", "ours", "--output", str(tmp_path))
        assert "added" in accepted.stdout, accepted.stderr
