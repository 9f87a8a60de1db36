"""A sample of a release for people who code articles by hand: stratified, reproducible, dealt to coders.

Everything follows from hashes of the seed and the ids, so the same recipe gives the same sample on any machine, and of a later release
nearly the same articles. Strata get their share of the sample in proportion to their size.
"""

import csv
import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import WrongArgument
from ..items import as_dict, decode
from ..messages.text import N_
from ..search.reprints import Age, age
from ..storage.durable import write_whole
from ..terminal import pluralized
from . import manifest
from .formats.csv_files import cell
from .formats.xlsx_files import Table, need_library, workbook
from .manifest import Manifest
from .records import ReleasedRow
from .released_lines import released_articles

BY = ("section", "year", "month", "source_name", "status")
"""What strata can be made of."""
SheetFormat = Literal["csv", "xlsx"]
RECIPE = "recipe.json"
SHEET = ("number", "id", "url", "date", "section", "source", "source_name", "title", "body", "code", "note")
"""Columns of a coder's sheet; `code` and `note` are empty."""
LIST = ("id", "url", "date", "section", "source_name", "title", "stratum", "weight", "coders")
"""Columns of the list of the sample."""


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """What a sample is asked for."""

    n: int
    seed: int
    by: tuple[str, ...]
    """Of BY; empty: one stratum."""
    coders: int
    overlap: int
    """Articles that all coders get."""
    once: bool
    """Only the first article of each reprint group, of those that are left."""


@dataclass(frozen=True, slots=True)
class SampledStratum:
    """Articles with the same values of `by`."""

    values: tuple[str, ...]
    """Empty strings where articles have no value."""
    articles: int
    sampled: int


@dataclass(frozen=True, slots=True)
class SampleRecipe:
    """`recipe.json`: all that makes the sample, and its digest."""

    release: str
    records_sha256: str
    """Of the release; of another one with the same name it differs."""
    design: SampleDesign
    strata: tuple[SampledStratum, ...]
    """Sorted by values; those too small to get an article, too."""
    sample_sha256: str
    """Of the sampled ids in their order, a line each."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was written."""

    folder: Path
    recipe: SampleRecipe
    files: tuple[str, ...]

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {"folder": str(self.folder), "files": list(self.files), **as_dict(self.recipe)}


def load_recipe(path: Path) -> SampleRecipe:
    """Raises WrongArgument."""
    try:
        return decode(SampleRecipe, json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise WrongArgument(str(path), N_("is no recipe of a sample: {error}", error=error)) from error


def write_again(
    recipe: SampleRecipe, release: Path, to: Path, withdrawn: Collection[str] = (), form: SheetFormat = "csv"
) -> Sample:
    """The same sample once more, in either form. Raises WrongArgument where the release is another one, or one of its articles was withdrawn since,
    ArchiveError."""
    made = manifest.load(release)
    if made.records_sha256 != recipe.records_sha256:
        raise WrongArgument(
            "--recipe",
            N_("is of release {release} with other records than {other}", release=recipe.release, other=release),
        )
    return write_sample(recipe.design, release, to, recipe.sample_sha256, withdrawn, form)


def write_sample(
    design: SampleDesign,
    release: Path,
    to: Path,
    expected: str | None = None,
    withdrawn: Collection[str] = (),
    form: SheetFormat = "csv",
) -> Sample:
    """Draws a sample of a release and writes its list, a sheet for each coder and the recipe into a new folder.

    `expected`: digest that the sample must have. `withdrawn`: ids of articles that are left out although the release has them. Raises WrongArgument where
    the design does not fit or the folder exists, NotInstalled, CannotWrite, ArchiveError.
    """
    if form == "xlsx":
        need_library()
    if to.exists():
        raise WrongArgument(
            "--to", N_("{to} exists, and coders may have begun to fill its sheets; name another folder", to=to)
        )
    made = manifest.load(release)
    if made.format < 2:
        raise WrongArgument(
            "--release",
            N_("{release} is of an older program: it has no source names and no reprints", release=made.release),
        )
    population = _population(release, design, withdrawn)
    _check(design, len(population), made)
    strata = _strata(population, design.n, design.seed)
    chosen = _chosen(population, strata, design.seed)
    coders = _dealt(chosen, design)
    rows = {row["id"]: row for row in released_articles(release) if row["id"] in coders}
    recipe = SampleRecipe(
        made.release,
        made.records_sha256,
        design,
        tuple(strata[values] for values in sorted(strata)),
        hashlib.sha256("".join(f"{id_}\n" for id_ in chosen).encode()).hexdigest(),
    )
    if expected not in (None, recipe.sample_sha256):
        raise WrongArgument(
            "--recipe",
            N_(
                "gives another sample: it was changed or made by another version of the program, or articles "
                "were withdrawn since"
            ),
        )
    tables = {"sample": _list(chosen, rows, coders, population, strata)}
    for coder in range(1, design.coders + 1):
        tables[f"coder-{coder}"] = _sheet([rows[id_] for id_ in _own(chosen, coders, design.seed, coder)])
    if form == "xlsx":
        shown = _recipe_table(recipe)
        files = {f"{name}.xlsx": workbook({name: table, "recipe": shown}, made.date) for name, table in tables.items()}
    else:
        files = {f"{name}.csv": _csv(table).encode() for name, table in tables.items()}
    files[RECIPE] = (json.dumps(as_dict(recipe), ensure_ascii=False, indent=2) + "\n").encode()
    to.mkdir(parents=True)
    for name, content in files.items():
        write_whole(to / name, [content])
    return Sample(to, recipe, tuple(files))


def _check(design: SampleDesign, articles: int, made: Manifest) -> None:
    if unknown := [name for name in design.by if name not in BY]:
        raise WrongArgument("--by", N_("{unknown} is none of {by}", unknown=unknown[0], by=", ".join(BY)))
    if design.n > articles:
        raise WrongArgument(
            "--n",
            N_(
                "{release} has only {articles} to choose from",
                release=made.release,
                articles=pluralized(articles, "article"),
            ),
        )
    if design.overlap > design.n:
        raise WrongArgument(
            "--overlap", N_("is more than the {articles} of the sample", articles=pluralized(design.n, "article"))
        )


def _population(release: Path, design: SampleDesign, withdrawn: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Stratum of each article that can be drawn, by id. `once`: where the first article of a reprint group was withdrawn, the oldest of
    those that are left, by printed date, takes its place."""
    found, left = dict[str, tuple[str, ...]](), dict[str, tuple[Age, str, tuple[str, ...]]]()
    for row in released_articles(release):
        if row["id"] in withdrawn:
            continue
        group, stratum = row["reprint_group"], _stratum(row, design.by)
        if not design.once or row["reprint_first"]:
            found[row["id"]] = stratum
        elif group in withdrawn and group is not None:
            this = age(row["date"], row["first_seen"], row["id"]), row["id"], stratum
            left[group] = min(left.get(group, this), this)
    return found | {id_: stratum for _, id_, stratum in left.values()}


def _stratum(row: ReleasedRow, by: Sequence[str]) -> tuple[str, ...]:
    values: Mapping[str, object] = {**row, "year": (row["date"] or "")[:4], "month": (row["date"] or "")[:7]}
    return tuple(str(values[name] or "") for name in by if name in values)


def _strata(population: Mapping[str, tuple[str, ...]], n: int, seed: int) -> dict[tuple[str, ...], SampledStratum]:
    """The share of each stratum: its whole part, and one more for the largest remainders; of equal ones the seed decides."""
    sizes = Counter(population.values())
    exact = {values: n * size / len(population) for values, size in sizes.items()}
    shares = {values: int(share) for values, share in exact.items()}
    by_remainder = sorted(exact, key=lambda values: (shares[values] - exact[values], _hash("stratum", seed, *values)))
    for values in by_remainder[: n - sum(shares.values())]:
        shares[values] += 1
    return {values: SampledStratum(values, sizes[values], shares[values]) for values in sizes}


def _chosen(
    population: Mapping[str, tuple[str, ...]], strata: Mapping[tuple[str, ...], SampledStratum], seed: int
) -> list[str]:
    """Ids by stratum, in each the ones with the smallest hashes."""
    members: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id_, values in population.items():
        members[values].append(id_)
    return [
        id_
        for values in sorted(members)
        for id_ in sorted(members[values], key=lambda id_: _hash("sample", seed, id_))[: strata[values].sampled]
    ]


def _dealt(chosen: Sequence[str], design: SampleDesign) -> dict[str, tuple[int, ...]]:
    """Coders of each article, from 1: all of them for the overlap, one in turn for the others."""
    order = sorted(chosen, key=lambda id_: _hash("coder", design.seed, id_))
    everybody = tuple(range(1, design.coders + 1))
    return {
        id_: everybody if at < design.overlap else (everybody[(at - design.overlap) % design.coders],)
        for at, id_ in enumerate(order)
    }


def _own(chosen: Sequence[str], coders: Mapping[str, tuple[int, ...]], seed: int, coder: int) -> list[str]:
    """The articles of one coder, in an order of its own: nobody sees which ones others get, too."""
    return sorted((id_ for id_ in chosen if coder in coders[id_]), key=lambda id_: _hash("order", seed, coder, id_))


def _hash(*parts: object) -> bytes:
    return hashlib.sha256(":".join(map(str, parts)).encode()).digest()


def _list(
    chosen: Sequence[str],
    rows: Mapping[str, ReleasedRow],
    coders: Mapping[str, tuple[int, ...]],
    population: Mapping[str, tuple[str, ...]],
    strata: Mapping[tuple[str, ...], SampledStratum],
) -> Table:
    table: list[Sequence[object]] = [LIST]
    for id_ in chosen:
        stratum = strata[population[id_]]
        values: dict[str, object] = {
            **rows[id_],
            "stratum": " / ".join(value or "-" for value in stratum.values),
            "weight": f"{stratum.articles / stratum.sampled:.6f}",
            "coders": " ".join(map(str, coders[id_])),
        }
        table.append([values.get(name) for name in LIST])
    return table


def _sheet(rows: Sequence[ReleasedRow]) -> Table:
    table: list[Sequence[object]] = [SHEET]
    for number, row in enumerate(rows, 1):
        values: dict[str, object] = {**row, "number": number}
        table.append([values.get(name) for name in SHEET])
    return table


def _recipe_table(recipe: SampleRecipe) -> Table:
    """For people; the program reads RECIPE."""
    facts = {"release": recipe.release, "records_sha256": recipe.records_sha256, **as_dict(recipe.design)}
    facts |= {"by": ", ".join(recipe.design.by), "sample_sha256": recipe.sample_sha256}
    strata = [
        (" / ".join(value or "-" for value in each.values), each.articles, each.sampled) for each in recipe.strata
    ]
    return [("recipe", ""), *facts.items(), (), ("stratum", "articles", "sampled"), *strata]


def _csv(table: Table) -> str:
    """With a byte order mark, for Excel; no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows(["" if value is None else cell(str(value)) for value in row] for row in table)
    return "\ufeff" + text.getvalue()
