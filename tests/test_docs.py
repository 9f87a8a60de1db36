"""Papers are tested like code: what they name exists, what exists is named, and what they tell to type works."""

import ast
import functools
import inspect
import json
import os
import re
import shlex
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import click
import pytest

from gdfupin_spider import items, pages
from gdfupin_spider.commands import COMMANDS, main
from gdfupin_spider.errors import ExitCode
from gdfupin_spider.items import Article, Issue, Kind, Media, Origin, Outcome, PageSeen, Sighting
from gdfupin_spider.replica import MARKUPS, truth
from tests import forked
from tests.papers import DEPLOYED, PAPERS, READMES, ROOT, anchors, commands, fenced, links, name, places, rows, text
from tests.sites import environment

ENGLISH, CHINESE = READMES
OPERATING, FILES, READING = (ROOT / "docs" / f"{paper}.md" for paper in ("operating", "files", "reading"))
OF_OTHERS = {
    "--payload",
    "--write-expected",
    "--no-deps",
    "--require-hashes",
    "--now",
    "--system",
    "--home-dir",
    "--upgrade",
    "--archive",
    "--commit-message",
    "--create",
    "--dereference",
    "--detach",
    "--directory",
    "--file",
    "--nthreads",
    "--nworkers",
    "--repo-type",
    "--request",
    "--tag",
    "--upload-file",
}
"""Options of warcio, pytest, pip, systemctl, useradd, docker, rsync, tar, curl, hf, dask that papers name."""
HOSTS = {"www.gdfupin.org.cn", "gdfupin.org.cn", "keepachangelog.com", "127.0.0.1", "localhost"}
HOSTS |= {"www.qxly.gov.cn", "img.qxly.gov.cn"}  # of the county that docs/first-contact.md makes up
HOSTS |= {"replayweb.page", "pipx.pypa.io", "zenodo.org"}
HOSTS |= {"web.archive.org", "index.commoncrawl.org", "data.commoncrawl.org"}
HOSTS |= {"timestamp.digicert.com"}  # a time stamping authority that anybody may ask
"""Hosts that papers name; beside them only such as say `example`."""
MACHINES = ("home", "root", "tmp", "work", "Users", "mnt")


def command(verb: str) -> click.Command:
    found = main.get_command(click.Context(main), verb)
    assert found is not None, verb
    return found


def options(verb: str) -> set[str]:
    parameters = command(verb).params
    return {option for parameter in parameters for option in parameter.opts if option.startswith("--")}


def each(papers: tuple[Path, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("paper", papers, ids=name)


# --- verbs and options -----------------------------------------------------------------------------------------------


@each(READMES)
def test_a_readme_has_a_row_for_every_verb_with_all_its_options(paper: Path) -> None:
    found = {}
    for row in rows(paper):
        if match := re.fullmatch(r"`gdfupin (\w+)`", row[0]):
            found[match[1]] = set(re.findall(r"--[\w-]+", row[-1]))
    assert found == {verb: options(verb) for verb in COMMANDS}


@each(PAPERS)
def test_a_paper_names_no_verb_or_option_that_is_not_there(paper: Path) -> None:
    verbs = set(re.findall(r"(?:^ {4}|`|&& )gdfupin ([a-z][a-z-]*)", text(paper), re.M))
    assert verbs <= set(COMMANDS)
    measuring = "".join(text(file) for file in (ROOT / "benchmarks").glob("*.py"))
    known = {option for verb in COMMANDS for option in options(verb)} | {"--help", "--version", "--lang"} | OF_OTHERS
    known |= set(re.findall(r"\"(--[\w-]+)\"", measuring))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text(paper))) <= known


@each(PAPERS)
def test_what_a_paper_tells_to_type_can_be_typed(paper: Path) -> None:
    targets = re.search(r"^\.PHONY: (.*)$", text(ROOT / "Makefile"), re.M)
    assert targets
    for words in commands(paper):
        match words:
            case ["gdfupin", "--help" | "--version"]:
                continue
            case ["gdfupin", verb, *arguments]:
                with pytest.MonkeyPatch.context() as here:
                    here.chdir(ROOT)
                    assert command(verb).make_context(verb, arguments)
            case ["make", target]:
                assert target in targets[1].split()
            case ["pytest" | "python" | "python3", *arguments]:
                for file in (argument for argument in arguments if argument.endswith(".py")):
                    assert (ROOT / file).is_file(), file
            case ["." | "source", script]:
                assert script == ".venv/bin/activate"
            case [program, *_]:
                assert Path(program).name in {"pip", "warcio", "scrapy", "git"}, shlex.join(words)


def test_the_readmes_tell_the_same() -> None:
    assert commands(ENGLISH) == commands(CHINESE)
    for language in ("json", "python"):
        assert fenced(ENGLISH, language) == fenced(CHINESE, language)
    for pattern in (
        r"--[\w-]+",
        r"GDFUPIN_\w+",
        r"`\w+\.(?:jsonl|json|sqlite)`",
        r"`scrapy [a-z]+",
        r"\bx-crawler-[\w-]+",
    ):
        one, two = (set(re.findall(pattern, text(paper), re.I)) for paper in READMES)
        assert one == two
    one, two = ({place for place, _ in places(paper) if place not in READMES} for paper in READMES)
    assert one == two


@pytest.mark.slow
def test_what_the_readme_tells_to_type_works(tmp_path: Path) -> None:
    """All but what asks the live site, or names a crawl or a download of one's own; on the demo's archive."""
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    typed = [words for words in commands(ENGLISH) if words[0] == "gdfupin"]
    done = []
    for words in typed:
        if words[1] == "crawl" or any(re.match(r"http://|.*/\d{8}T\d{6}Z|old\.jsonl", word) for word in words[2:3]):
            continue
        ended = forked.run(forked.GDFUPIN, words[1:], environment=environment(None), folder=tmp_path, timeout=120)
        assert ended.returncode == 0, f"{shlex.join(words)}\n{ended.stderr}"
        assert ended.stdout.strip() or "written: " in ended.stderr
        done.append(words[1])
    assert {"demo", "status", "read", "replay", "catalog", "probe", "diff", "release"} <= set(done)
    [report] = (tmp_path / "output" / "demo" / "crawls").glob("*/report.json")
    assert [row[0] for row in rows(FILES, "report.json")[2:]] == [f"`{key}`" for key in json.loads(report.read_text())]


# --- records, files, issues, codes -----------------------------------------------------------------------------------

_TYPES = {
    "str": "string",
    "Origin": "string",
    "str | None": "string or null",
    "tuple[str, ...]": "list of strings",
    "tuple[Image, ...]": "list of `{url, caption}`",
    "tuple[Attachment, ...]": "list of `{url, name}`",
    "tuple[Proof, ...]": "list of `{warc, offset, payload_sha256}`",
}


def documented() -> Iterator[list[str]]:
    """Name, type and docstring of each field of Article, as a row of the table."""
    source = ast.parse(inspect.getsource(items))
    [record] = [node for node in source.body if isinstance(node, ast.ClassDef) and node.name == "Article"]
    for field, answer in zip(record.body, record.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(answer, ast.Expr):
            yield [
                f"`{ast.unparse(field.target)}`",
                _TYPES[ast.unparse(field.annotation)],
                ast.literal_eval(answer.value),
            ]


def test_the_readmes_have_the_fields_of_the_record_as_the_code_documents_them() -> None:
    table = list(documented())
    assert [row[0] for row in table] == [f"`{field.name}`" for field in fields(Article)]
    assert rows(ENGLISH, "What a record is")[2:] == table
    chinese = rows(CHINESE, "文章记录")[2:]
    assert [row[:2] for row in chinese] == [row[:2] for row in table]
    assert all(row[2] for row in chinese)


def test_the_record_shown_is_the_one_a_crawl_gives() -> None:
    [shown] = [json.loads(block) for block in fenced(ENGLISH, "json")]
    assert list(shown) == [field.name for field in fields(Article)]
    [seed] = [article for article in truth("asp-tables") if article.case == "seed"]
    for known in ("title", "date", "source", "author", "section", "info_line", "encoding"):
        assert shown[known] == getattr(seed, known)
    assert shown["breadcrumb"] == list(seed.breadcrumb)
    assert seed.body.startswith(shown["body"].removesuffix("…"))
    assert shown["content_sha256"] == seed.content_sha256(seed.section)
    assert shown["id"] == pages.article_id("gdfupin", seed.url) == pages.article_id("gdfupin", shown["url"])
    assert re.fullmatch(r"\d+\+gdfupin\.[0-9a-f]{8}", shown["reader"])


@pytest.mark.parametrize("record", [Sighting, PageSeen, Media, Issue], ids=lambda record: record.__name__)
def test_every_file_of_a_crawl_has_its_fields_in_the_papers(record: type) -> None:
    file = {Sighting: "sightings", PageSeen: "pages", Media: "media", Issue: "issues"}[record]
    named = [row[0] for row in rows(FILES, f"{file}.jsonl")[2:]]
    assert named == [f"`{field.name}`" for field in fields(record)]


def test_every_outcome_and_kind_is_explained() -> None:
    assert all(f"`{outcome}`" in text(FILES) for outcome in get_args(Outcome))
    assert all(f"`{kind}`" in text(READING) for kind in get_args(Kind))


@each((*READMES, OPERATING))
def test_the_exit_codes_of_a_paper_are_those_of_the_code(paper: Path) -> None:
    named = {int(row[0]): row[1] for row in rows(paper) if re.fullmatch(r"\d+", row[0])}
    assert list(named) == list(ExitCode)
    if paper != CHINESE:
        assert [code for code in ExitCode if not named[code].startswith(code.meaning)] == []


def test_the_help_names_the_same_exit_codes() -> None:
    text = " ".join(main.get_help(click.Context(main)).split())
    assert all(f"{code.value} {code.meaning}" in text for code in ExitCode)


def test_every_issue_the_code_can_raise_is_explained() -> None:
    source = "\n".join(file.read_text("utf-8") for file in (ROOT / "gdfupin_spider").rglob("*.py"))
    raised = re.findall(r"""(?:Issue\(\s*"\w+",\s*|refuse\(|\.note\(\s*)"([a-z-]+)\"""", source)
    faults = re.findall(
        r"""return "([a-z-]+)"$""", (ROOT / "gdfupin_spider/ledger/response_faults.py").read_text("utf-8"), re.M
    )
    assert len(raised) >= 10
    assert len(faults) >= 5
    assert {*raised, *faults} - set(re.findall(r"`([a-z-]+)`", text(OPERATING))) == set()


def test_every_part_of_the_package_has_its_place_in_the_architecture() -> None:
    parts = {
        path.name + ("/" if path.is_dir() else "")
        for path in (ROOT / "gdfupin_spider").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    named = set(re.findall(r"`([\w/]+(?:\.py)?)`", text(ROOT / "docs" / "architecture.md")))
    parts -= {"__init__.py", "__main__.py"}
    assert parts <= named
    assert {part for part in named if part.endswith(".py") and "/" not in part} <= parts
    assert len(parts) <= 37


@functools.cache
def imported_by(part: str) -> set[str]:
    """Modules of the package that the files of a part (`pages/`, `pipelines.py`) import, by dotted names."""
    path = ROOT / "gdfupin_spider" / part
    found: set[str] = set()
    for file in path.rglob("*.py") if path.is_dir() else [path]:
        package = file.relative_to(ROOT).with_suffix("").parts[:-1]
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - (node.level - 1)]
                module = ".".join((*base, node.module) if node.module else base)
                found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def imports(part: str, other: str) -> bool:
    name = "gdfupin_spider." + other.removesuffix(".py").rstrip("/").replace("/", ".")
    return any(module == name or module.startswith(f"{name}.") for module in imported_by(part))


def test_the_steps_of_a_page_are_where_the_architecture_has_them() -> None:
    """Both the crawl and the replay import what a step is done with."""
    table = [row for row in rows(ROOT / "docs" / "architecture.md", "Data flow") if len(row) == 4]
    steps = [row for row in table if row[3].startswith("`")]
    assert [step for step, *_ in steps] == ["capture", "read", "judge", "write"]
    for _, crawl, replay, means in steps:
        for part in {crawl, replay} - {"—"}:
            assert imports(part.strip("`"), means.strip("`")), (part, means)


def test_every_arrow_of_the_data_flow_is_an_import() -> None:
    arrows = re.findall(r"^    (\S+) +-> (\S+) ", text(ROOT / "docs" / "architecture.md"), re.M)
    assert len(arrows) >= 15
    assert [arrow for arrow in arrows if not (imports(arrow[0], arrow[1]) or imports(arrow[1], arrow[0]))] == []


def test_only_those_who_fetch_pages_judge_them() -> None:
    judges = {
        file.relative_to(ROOT / "gdfupin_spider").parts[0]
        for file in (ROOT / "gdfupin_spider").rglob("*.py")
        if imports(file.relative_to(ROOT / "gdfupin_spider").as_posix(), "ledger/judge.py")
    }
    assert judges == {"spiders", "replay", "probe", "ledger", "pipelines.py"}


def test_every_file_of_understanding_is_named_where_reading_is_explained() -> None:
    pages = ROOT / "gdfupin_spider" / "pages"
    there = {path.relative_to(pages).as_posix() for path in pages.rglob("*.py") if path.name != "__init__.py"}
    assert set(re.findall(r"`([a-z_/]+\.py)`", text(READING))) == there


def test_no_line_of_the_changelog_is_there_twice() -> None:
    """Merges have put lines of one release under another."""
    lines = [line for line in text(ROOT / "CHANGELOG.md").splitlines() if len(line) > 30]
    assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_the_glossary_has_each_term_once_in_both_languages() -> None:
    terms = [row for row in rows(ROOT / "docs" / "glossary.md") if row[0] not in ("term", "---|---|---")]
    assert all(len(row) == 3 and all(row) and re.search(r"[\u4e00-\u9fff]", row[1]) for row in terms)
    assert len({row[0] for row in terms}) == len({row[1] for row in terms}) == len(terms)
    explained = " ".join(row[2] for row in terms)
    assert all(f"`{kind}`" in explained for kind in get_args(Kind))
    assert all(f"`{origin}`" in explained for origin in get_args(Origin))


# --- links, hosts, pictures ------------------------------------------------------------------------------------------


@each(PAPERS)
def test_every_link_of_a_paper_leads_somewhere(paper: Path) -> None:
    for link in links(paper):
        if urlsplit(link).scheme:
            continue
        file, _, place = link.partition("#")
        target = (paper.parent / file).resolve() if file else paper
        assert target.exists(), link
        assert not place or place in anchors(target), link


@each((*PAPERS, *DEPLOYED))
def test_a_paper_names_no_machine_and_no_host_it_does_not_mean(paper: Path) -> None:
    hosts = {host.lower() for host in re.findall(r"https?://([\w.-]+)", text(paper))}
    assert {host for host in hosts - HOSTS if "example" not in host} == set()
    assert re.findall(rf"(?<![\w.])/(?:{'|'.join(MACHINES)})/\S*", text(paper)) == []


def test_the_picture_shows_the_demo_whole_and_fetches_nothing() -> None:
    root = ET.parse(ROOT / "docs" / "demo.svg").getroot()
    words = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    answer = "".join(words)
    count = len(truth("asp-tables"))
    assert f"{count}inventedarticles" in answer
    assert all(section in answer for section in {article.section for article in truth("asp-tables")})
    assert all(markup in answer for markup in MARKUPS)
    source = text(ROOT / "docs" / "demo.svg")
    assert "@font-face" not in source
    assert re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?http", source) == []


def test_the_schedules_run_commands_that_are_there() -> None:
    typed = [match for file in DEPLOYED for match in re.findall(r"bin/gdfupin (\w+) ([^;>|\n]*)", text(file))]
    assert [verb for verb, _ in typed] == ["notify", "daily", "daily"]
    for verb, arguments in typed:
        assert command(verb).make_context(verb, shlex.split(arguments))


def test_the_pip_way_of_the_readme_is_the_way_of_make() -> None:
    make = text(ROOT / "Makefile")
    assert "--editable '.[test]'" in make
    assert ["pip", "install", "-e", ".[test]"] in commands(ENGLISH)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert {"make check", "make test"} <= set(text(ROOT / ".ci" / "run").splitlines())
