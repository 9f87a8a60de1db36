"""Types and names of the package: dictionaries of Any only where JSON or TOML enters, one name for one thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints, is_typeddict

import pytest

import gdfupin_spider
from gdfupin_spider import items
from gdfupin_spider.catalog import Alias
from gdfupin_spider.diff import ComparedArticle
from gdfupin_spider.diff.article_check import MORE, WANTED
from gdfupin_spider.profiles import gazetteer
from gdfupin_spider.releases import records
from gdfupin_spider.storage import json_rows

PACKAGE = Path(gdfupin_spider.__file__).parent

DOORS = {
    # One line of a file, of whatever program: the callers decode it or read a few keys.
    ("storage/line_file.py", "lines"),
    ("storage/line_file.py", "line_at"),
    # A row of a foreign file: names are taken from it, or NotArticles is raised.
    ("diff/article_check.py", "aliases_of"),
    # A table of TOML, for the two that check its values.
    ("data_files.py", "toml"),
    # A table of TOML: every value is checked, then a Profile is made of them.
    ("profiles/__init__.py", "_parse"),
}
"""(file, function) where `dict[str, Any]` and `Mapping[str, Any]` may occur."""

ROWS: dict[type, type] = {
    json_rows.ProofRow: items.Proof,
    json_rows.ImageRow: items.Image,
    json_rows.AttachmentRow: items.Attachment,
    json_rows.ArticleRow: items.Article,
    json_rows.SightingRow: items.Sighting,
    json_rows.PageRow: items.PageSeen,
    json_rows.IssueRow: items.Issue,
    records.AliasRow: Alias,
    gazetteer.PlaceRow: records.NamedPlace,
    records.ReleasedRow: records.Released,
    records.VersionRow: records.ReleasedVersion,
}
"""Each type of a decoded line with the record whose line it is."""

MIRRORS = {
    "articles.py": {"commands", "ledger"},
    "layouts.py": {"commands", "profiles"},
    "catalog.py": {"commands", "verify"},  # the verb; the check of the catalog
    "crawl.py": {"commands", "verify"},  # the verb; the check of a crawl
    "notify.py": {"commands", "monitoring"},  # the verb and what it calls
    "status.py": {"commands", "monitoring"},
    "read.py": {"commands", "middlewares"},  # the verb; the middleware that reads pages
    "output.py": {"commands", "verify"},  # what verbs print; the check of a whole output
    "repair.py": {"verify", "warc"},  # of an output; of one WARC file
    "messages.py": {"verify", "warc"},  # sentences for people; HTTP messages
    "scope.py": {"frontier", "middlewares"},  # the rule; the middleware that applies it
    "parquet.py": {"diff", "releases/formats"},  # readers of any file; writers and readers of a release
    "sqlite.py": {"diff", "releases/formats"},
    "records.py": {"catalog", "releases"},  # what each of them gives
    "history.py": {"catalog", "commands", "monitoring"},  # of an article; of crawls
    "memento.py": {"sources/archives", "web"},  # of archives; over our own captures
    "site.py": {
        "commands",
        "sources/archives",
        "web",
    },  # the verb and what it writes; the site that archives are asked for
    "build.py": {"frontier", "releases"},  # of a plan; of a release
    "rows.py": {"pages/listing", "releases"},  # of a listing; of an article
    "tables.py": {"diff", "pages/dom"},  # changes as CSV; HTML tables
    "evidence.py": {"commands", "dossier", "pages"},  # of an article; what kinds of page are decided by
    "citation.py": {"dossier", "releases/cards"},  # of one article; of a release
    "sources.py": {"catalog", "commands"},  # of lines; of articles
    "sample.py": {"commands", "releases"},  # drawn for people who code; the hundred of a release
    "retire.py": {"commands", "verify"},  # the verb and what it calls
    "frames.py": {"replica/markups", "warc"},  # a markup with frames; gzip members
}
"""File names that occur in several packages, with these packages."""


UNTYPED = re.compile(r"\b(dict|Mapping|MutableMapping)\[str, Any\]")


def files() -> dict[str, str]:
    """The text of each module of the package, by its path."""
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def untyped(node: ast.AST, place: str = "") -> Iterator[str]:
    """Names of the functions (or classes, or an empty name for a module) with a dictionary of Any."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if isinstance(child, ast.Subscript) and UNTYPED.fullmatch(ast.unparse(child).replace("typing.", "")):
            yield place
        yield from untyped(child, child.name if named else place)


def test_dictionaries_of_any_occur_only_where_json_or_toml_enters() -> None:
    found = {file: ast.parse(text) for file, text in files().items() if UNTYPED.search(text)}
    assert {(file, place) for file, module in found.items() for place in untyped(module)} == DOORS


def test_no_two_classes_have_one_name() -> None:
    found = defaultdict[str, list[str]](list)
    for file, text in files().items():
        for name in re.findall(r"^\s*class (\w+)", text, re.M):
            found[name].append(file)
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_no_file_name_occurs_in_two_packages_unless_listed() -> None:
    packages = defaultdict[str, set[str]](set)
    for file in files():
        packages[Path(file).name].add(Path(file).parent.as_posix())
    del packages["__init__.py"]
    assert {name: places for name, places in packages.items() if len(places) > 1} == MIRRORS


@pytest.mark.parametrize(("row", "record"), ROWS.items(), ids=lambda each: each.__name__)
def test_a_row_has_the_fields_of_its_record(row: type, record: type) -> None:
    assert set(get_type_hints(row)) == {field.name for field in fields(record)}


def test_every_row_is_compared_with_a_record() -> None:
    found = [each for module in (json_rows, records) for each in vars(module).values() if is_typeddict(each)]
    assert set(found) == {*ROWS, json_rows.ContentRow}


def test_a_compared_article_has_the_fields_that_are_read_from_files() -> None:
    assert set(get_type_hints(ComparedArticle)) == {*WANTED, *MORE, "aliases"}
    assert ComparedArticle.__required_keys__ == {*WANTED}


def test_data_is_called_what_it_is() -> None:
    """By a noun of the field, such as sighting, and not by a verb."""
    found = [
        f"{file.relative_to(PACKAGE)}:{node.lineno} {name}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Name | ast.arg)
        if (name := node.id if isinstance(node, ast.Name) else node.arg) in {"said", "told", "wish", "look", "looks"}
    ]
    assert found == []
