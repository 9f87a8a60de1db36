"""How fast and how big the fold is: python -m benchmarks.fold [articles]

Prints the speed of folding so many article lines (with their sightings) as a share of that of `json.loads` on the same
lines, which is to be 0.12 or more; peak memory against that of a tenth of the lines, which is to be flat; and what the
fold of a small crawl on top of it costs.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from gdfupin_spider import pages, profiles
from gdfupin_spider.catalog.sources import fold
from gdfupin_spider.items import Article, Proof, Sighting, as_line

PROFILE = profiles.load("gdfupin")
WANTED = 0.12
LETTERS = [chr(0x4E00 + n) for n in range(3000)]
SECTIONS = ("扶贫要闻", "部门动态", "地市联播", "定点连线", "会员快讯")


def write_crawl(output: Path, numbers: range, start: datetime, *, words: bool = False) -> None:
    """A crawl that read these articles: 4.6 KB a line, as those of real pages are.

    `words`: of words, frequent and rare ones, as matters to a full-text index; else of characters at random.
    """
    chance = random.Random(numbers.start)
    letters = LETTERS
    say = _speaker() if words else None
    name = f"{start:%Y%m%dT%H%M%SZ}-live"
    folder = output / "crawls" / name
    folder.mkdir(parents=True)
    with (folder / "articles.jsonl").open("w") as articles, (folder / "sightings.jsonl").open("w") as sightings:
        for count, number in enumerate(numbers):
            url = f"http://www.gdfupin.org.cn/shownews.asp?id={number}"
            proof = Proof(f"{name}/capture-00000.warc.gz", 9000 * count, f"{number:064x}")
            at = (start + timedelta(seconds=count)).strftime("%Y-%m-%dT%H:%M:%SZ")
            title, date = "".join(chance.choices(letters, k=20)), f"{2009 + number % 13}-01-13"
            section, body = (
                chance.choice(SECTIONS),
                "\n".join(say(chance) if say else "".join(chance.choices(letters, k=100)) for _ in range(13)),
            )
            article = Article(
                id=pages.article_id(PROFILE.name, url), url=url, title=title, date=date, source="南方日报", author=None,
                section=section, breadcrumb=("扶贫前沿", section), info_line=f"加入时间:{date} 来源:南方日报", body=body,
                images=(), attachments=(), captured_at=at, origin="live", captures=(proof,), encoding="gb18030",
                content_sha256="", reader=pages.reader(PROFILE),
            )  # fmt: skip
            article = replace(article, content_sha256=article.digest())
            articles.write(as_line(article) + "\n")
            sightings.write(as_line(Sighting(article.id, url, "read", at, "live", proof)) + "\n")
    (folder / "report.json").write_text(json.dumps({"versions": {"reader": pages.reader(PROFILE)}}))


def vocabulary() -> list[str]:
    """Twenty thousand words, the most frequent ones first."""
    chance = random.Random(0)
    return ["".join(chance.choices(LETTERS, k=chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(20_000)]


def _speaker() -> Callable[[random.Random], str]:
    """What says a hundred characters of these words, the n-th of which is as frequent as 1/n."""
    words = vocabulary()
    often = list(accumulate(1 / (n + 3) for n in range(len(words))))
    return lambda chance: "".join(chance.choices(words, cum_weights=often, k=80))[:100]


def loads(output: Path) -> float:
    """CPU seconds that `json.loads` takes on all article lines."""
    spent = 0.0
    for path in output.glob("crawls/*/articles.jsonl"):
        with path.open("rb") as file:
            while batch := file.readlines(20_000_000):
                began = time.process_time()
                for line in batch:
                    json.loads(line)
                spent += time.process_time() - began
    return spent


def folding(output: Path) -> None:
    """In a process of its own, for its memory: prints CPU seconds and peak megabytes."""
    began = time.process_time()
    fold(output, PROFILE)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak / 1024}))


def measured(output: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.fold", "--fold", str(output)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]


def main(count: int) -> int:
    start = datetime(2026, 1, 1, 3, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write_crawl(small, range(count // 10), start)
        write_crawl(large, range(count), start)
        few, many, json_seconds = measured(small), measured(large), loads(large)
        write_crawl(large, range(count, count + 20), start + timedelta(days=30))
        then = measured(large)
        size = (large / "catalog.sqlite").stat().st_size
    ratio = json_seconds / many["seconds"]
    print(f"{count:,} article lines folded in {many['seconds']:.1f} s of CPU, json.loads alone in {json_seconds:.1f} s")
    print(f"ratio {ratio:.3f} (wanted: {WANTED} or more)")
    print(f"peak memory {many['peak']:.0f} MB, with a tenth of the lines {few['peak']:.0f} MB")
    print(f"20 more articles {then['seconds']:.2f} s; catalog {size / 1e6:.0f} MB")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fold"]:
        folding(Path(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
