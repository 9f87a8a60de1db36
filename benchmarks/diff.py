"""How fast and how big the comparison of two downloads is: python -m benchmarks.diff [articles] [--rounds 3]

Two Parquet files of so many articles, of which one in a hundred was edited, is gone or was added. Ours: what changed, with
the texts that were edited compared. The peer: DuckDB's anti-join of the same two files by id and digest, both ways, with the
fields that are compared, and our comparison of the texts. In turns, each in a process of its own, imports left out; wanted:
no slower, and below 500 MB.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gdfupin_spider import pages
from gdfupin_spider.items import content_digest

GROUP = 4096  # rows of a row group, as in a release
WANTED_MB = 500
FIELDS = "id, url, title, date, source, author, section, body, images, attachments, content_sha256, captured_at, status"
LETTERS = [chr(0x4E00 + n) for n in range(3000)]


def article(number: int) -> dict[str, Any]:
    """An article of 4.6 KB, as those of real pages are."""
    chance = random.Random(number)
    url = f"http://www.gdfupin.org.cn/shownews.asp?id={number}"
    body = "\n".join("".join(chance.choices(LETTERS, k=110)) for _ in range(13))
    return {
        "id": pages.article_id("gdfupin", url), "url": url, "title": "".join(chance.choices(LETTERS, k=20)),
        "date": f"{2009 + number % 13}-01-13", "source": "南方日报", "author": None, "section": "扶贫要闻", "body": body,
        "images": [], "attachments": [], "captured_at": "2026-01-01T03:00:00Z", "status": "live",
        "aliases": [{"id": pages.article_id("gdfupin", url), "url": url}],
    }  # fmt: skip


def edited(record: dict[str, Any]) -> dict[str, Any]:
    """The same with a sentence that says something else."""
    lines = record["body"].split("\n")
    lines[6] = f"{lines[6][:40]}会议指出，2021年要巩固成果。{lines[6][50:]}"
    return {**record, "body": "\n".join(lines), "captured_at": "2026-02-01T03:00:00Z"}


def digested(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its content digest; it has neither pictures nor files."""
    fields = (record[name] for name in ("title", "date", "source", "author", "section", "body"))
    return {**record, "content_sha256": content_digest(*fields, (), ())}


def write(old: Path, new: Path, count: int) -> None:
    """Both files: of a thousand articles eight are edited, one is gone, one is new."""
    import pyarrow
    from pyarrow import parquet

    text_diff, part = (
        pyarrow.string(),
        pyarrow.list_(pyarrow.struct({"url": pyarrow.string(), "caption": pyarrow.string()})),
    )
    file = pyarrow.list_(pyarrow.struct({"url": pyarrow.string(), "name": pyarrow.string()}))
    alias = pyarrow.list_(pyarrow.struct({"id": pyarrow.string(), "url": pyarrow.string()}))
    lists = {"images": part, "attachments": file, "aliases": alias}
    schema = pyarrow.schema([(name, lists.get(name, text_diff)) for name in [*FIELDS.split(", "), "aliases"]])
    writers = [parquet.ParquetWriter(path, schema, compression="zstd") for path in (old, new)]
    for start in range(0, count, GROUP):
        befores, afters = [], []
        for number in range(start, min(start + GROUP, count)):
            record = article(number)
            if number % 1000 != 501:
                befores.append(digested(record))
            if number % 1000 != 701:
                touched = number % 100 == 0 and number % 500 != 0
                afters.append(digested(edited(record)) if touched else digested(record))
        for writer, rows in zip(writers, (befores, afters), strict=True):
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
    for writer in writers:
        writer.close()


def ours(old: Path, new: Path) -> Iterator[None]:
    """Waits once when everything is loaded, and ends when everything is compared."""
    from gdfupin_spider.diff import compare, opened, parquet, text_diff  # noqa: F401  # pyarrow is loaded with it

    yield
    found = 0
    for change in compare(opened(old), opened(new)):
        found += 1
        if change.old and change.new:
            text_diff.text_diff(change.old["body"], change.new["body"])
    print(found, file=sys.stderr)


def peer(old: Path, new: Path) -> Iterator[None]:
    """DuckDB, in the same way."""
    import duckdb

    from gdfupin_spider.diff import text_diff

    yield
    base = duckdb.connect()
    sides = []
    for one, other in ((old, new), (new, old)):
        rows = base.execute(
            f"SELECT {FIELDS} FROM read_parquet(?) one ANTI JOIN read_parquet(?) other USING (id, content_sha256)",
            [str(one), str(other)],
        ).fetchall()
        sides.append({row[0]: row for row in rows})
    before, after = sides
    for id_ in before.keys() & after.keys():
        text_diff.text_diff(before[id_][7], after[id_][7])
    print(len(before.keys() | after.keys()), file=sys.stderr)


def measured(who: str, old: Path, new: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.diff", "--run", who, str(old), str(new)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout) | {"found": int(done.stderr)}  # type: ignore[no-any-return]


def run(who: str, old: Path, new: Path) -> None:
    """Prints seconds, CPU seconds and peak megabytes."""
    steps = {"ours": ours, "peer": peer}[who](old, new)
    next(steps)
    began, spent = time.perf_counter(), time.process_time()
    for _ in steps:
        pass
    answer = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - spent}
    print(json.dumps(answer | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def main(count: int, rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old.parquet"), Path(folder, "new.parquet")
        write(old, new, count)
        size = old.stat().st_size / 1e6
        turns = [{who: measured(who, old, new) for who in ("ours", "peer")} for _ in range(rounds)]
    seconds = {who: statistics.median(turn[who]["seconds"] for turn in turns) for who in ("ours", "peer")}
    cpu = {who: statistics.median(turn[who]["cpu"] for turn in turns) for who in ("ours", "peer")}
    ratio = statistics.median(turn["ours"]["seconds"] / turn["peer"]["seconds"] for turn in turns)
    peak = max(turn["ours"]["peak"] for turn in turns)
    found = {turn[who]["found"] for turn in turns for who in ("ours", "peer")}
    print(f"two sets of {count:,} articles, {size:.0f} MB of Parquet each; {found.pop():,} differ")
    print(
        f"ours {seconds['ours']:.2f} s ({cpu['ours']:.2f} s of CPU), DuckDB {seconds['peer']:.2f} s ({cpu['peer']:.2f} s)"
    )
    print(f"ratio {ratio:.2f} (median of {rounds} turns; wanted: 1 or less)")
    print(
        f"peak memory {peak:.0f} MB (wanted: below {WANTED_MB}), DuckDB {max(turn['peer']['peak'] for turn in turns):.0f} MB"
    )
    return 0 if ratio <= 1 and peak < WANTED_MB and not found else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        parser = argparse.ArgumentParser(prog="python -m benchmarks.diff")
        parser.add_argument("articles", nargs="?", type=int, default=100_000)
        parser.add_argument("--rounds", type=int, default=3)
        asked = parser.parse_args()
        sys.exit(main(asked.articles, asked.rounds))
