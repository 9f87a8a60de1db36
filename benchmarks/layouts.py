"""What layouts give on whole sites, and what wrong labels do to them: python -m benchmarks.layouts SITES

SITES has one folder for each site, with its files in `pages.tar.xz` and one line of `truth.jsonl` for each article (path,
title, date, source, first and last 40 characters of the body), and `sites.json` with the Content-Type of each. Nothing is
crawled: each file is a capture. A field is given with one of three kinds of evidence, the strongest first: layout and page
alone agree; the layout alone; the page alone, where no layout fits.
"""

import json
import random
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof, Reading
from gdfupin_spider.pages.learning.learn import evidence as shapes_of
from gdfupin_spider.pages.learning.learn import learn
from gdfupin_spider.pages.learning.sketch import sketch
from gdfupin_spider.pages.learning.titles import Label, LinkTitles
from gdfupin_spider.profiles import Profile, load, with_layouts
from gdfupin_spider.profiles.layouts import Layouts, SiteEvidence, layouts_of

from .score import bare

FIELDS = ("title", "date", "source", "first 40", "last 40")
EVIDENCE = ("both agree", "layout alone", "page alone")
NOISE = (0.0, 0.05, 0.1, 0.2, 0.4)
HOST = "http://site.example/"
Values = Mapping[str, str | None]


@dataclass(frozen=True)
class Site:
    """One site: its profile of four lines, its pages as captures, and the truth about its articles."""

    name: str
    profile: Profile
    captures: Sequence[Capture]
    truth: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Given:
    """One field of one article."""

    field: str
    evidence: str | None
    """None: no value is given."""
    right: bool
    noted: bool
    """Whether the record has an issue."""


def sites(folder: Path) -> Iterator[Site]:
    """The sites of a folder."""
    for name, about in json.loads((folder / "sites.json").read_text("utf-8")).items():
        profile = replace(load("general"), name=name, hosts=("site.example",), start_urls=(HOST,))
        headers = (("Content-Type", about["content_type"]),)
        captures = []
        with tarfile.open(folder / name / "pages.tar.xz") as tar:
            for member in tar:
                path = member.name.removeprefix("./")
                if (
                    member.isfile()
                    and (file := tar.extractfile(member)) is not None
                    and "htm" in path.rpartition(".")[2]
                ):
                    captures.append(
                        Capture(
                            HOST + quote(path, safe="/=&,;()'!*+$@~"),
                            "2026-11-29T00:00:00Z",
                            200,
                            headers,
                            file.read(),
                            Proof(path, 0, path),
                        )
                    )
        truth = [json.loads(line) for line in (folder / name / "truth.jsonl").read_text("utf-8").splitlines()]
        yield Site(name, profile, captures, [row for row in truth if not row.get("empty")])


def learned(site: Site, noise: float) -> Layouts:
    """The layouts of a site, with this share of the labels exchanged for those of other pages."""
    titles = LinkTitles()
    sketches = []
    for capture in site.captures:
        page = pages.read(capture, site.profile)
        if page.doc.lines and page.kind not in ("foreign", "moved", "file"):
            titles.add(page)
            sketches.append(sketch(page))
    addresses = sorted(each.url for each in sketches)

    def labels(url: str) -> Label:
        draw = random.Random(url)
        own = titles.of(url)
        if draw.random() >= noise:
            return own
        other = titles.of(draw.choice(addresses))
        return Label(other.titles, other.days, own.listed)

    return layouts_of(learn(sketches, labels), SiteEvidence(titles.pages, shapes_of(sketches, labels)))


def fields(site: Site, layouts: Layouts) -> Iterator[Given]:
    """All fields of all articles of a site."""
    by_path = {capture.proof.warc: capture for capture in site.captures}
    profile = with_layouts(site.profile, layouts)
    for row in site.truth:
        capture = by_path[row["path"]]
        page = pages.read(capture, profile)
        reading = pages.article((page,)) if page.kind == "article" else Reading(None, page.issues)
        alone_page = pages.read(capture, site.profile)
        alone = pages.article((alone_page,)).article if alone_page.kind == "article" else None
        fitted = page.structure is not None and page.structure.layout is not None
        values, others = _values(reading, row), _values(Reading(alone, ()), row)
        for field in FIELDS:
            if field == "source" and not row.get("source"):
                continue
            value = values.get(field)
            kind = None if value is None else EVIDENCE[2] if not fitted else EVIDENCE[value != others.get(field)]
            yield Given(field, kind, value in _right(row, field), bool(reading.issues))


def _values(reading: Reading, row: Mapping[str, Any]) -> Values:
    article = reading.article
    if article is None:
        return {}
    body = bare(article.body)
    return {
        "title": bare(article.title),
        "date": article.date or "",
        "source": bare(article.source),
        "first 40": body[: len(bare(row["body_first"])[:40])],
        "last 40": body[len(body) - len(bare(row["body_last"])[-40:]) :],
    }


def _right(row: Mapping[str, Any], field: str) -> list[str]:
    key = {"first 40": "body_first", "last 40": "body_last"}.get(field, field)
    values = [bare(value or "") for value in (row.get(key), *row.get(f"{key}_or", ()))]
    return (
        [value[:40] for value in values]
        if field == "first 40"
        else [value[-40:] for value in values]
        if field == "last 40"
        else values
    )


def curve(given: Sequence[Given]) -> Iterator[str]:
    """Coverage and precision of each field, of the strongest evidence only, and with weaker ones."""
    yield f"| evidence | {' | '.join(FIELDS)} |"
    yield "|" + "---|" * (1 + len(FIELDS))
    for count in range(1, len(EVIDENCE) + 1):
        taken = EVIDENCE[:count]
        cells = [_cell([one for one in given if one.field == field], taken) for field in FIELDS]
        yield f"| {' + '.join(taken)} | {' | '.join(cells)} |"


def _cell(given: Sequence[Given], evidence: Collection[str] = EVIDENCE) -> str:
    """Coverage and precision of the values with these kinds of evidence."""
    kept = [one for one in given if one.evidence in evidence]
    right = sum(one.right for one in kept)
    return f"{len(kept) / len(given):.3f} / {right / len(kept):.3f}" if kept else "0 / -"


def report(folder: Path) -> Iterator[str]:
    """The curves, as Markdown. Each cell: coverage / precision."""
    known = list(sites(folder))
    yield f"{len(known)} sites, {sum(len(site.truth) for site in known)} articles. Each cell: coverage / precision."
    rows = []
    for noise in NOISE:
        found, given, began = Counter[str](), list[Given](), time.process_time()
        for site in known:
            layouts = learned(site, noise)
            found["sites with a layout"] += bool(layouts.all)
            given += fields(site, layouts)
        silent = sum(1 for one in given if one.evidence and not one.right and not one.noted)
        cells = [_cell([one for one in given if one.field == field]) for field in FIELDS]
        rows.append(
            f"| {noise:.0%} | {found['sites with a layout']} | {' | '.join(cells)} | {silent / len(given):.4f} |"
        )
        print(f"{noise:.0%} of labels wrong: {time.process_time() - began:.0f} s", file=sys.stderr)
        if not noise:
            yield ""
            yield from curve(given)
            yield ""
    yield f"| wrong labels | sites with a layout | {' | '.join(FIELDS)} | wrong without an issue |"
    yield "|" + "---|" * (3 + len(FIELDS))
    yield from rows


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.layouts SITES")
    print("\n".join(report(Path(sys.argv[1]))))
