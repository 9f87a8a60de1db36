"""How commands end: exit codes, one line about an error, one JSON object, and no traceback."""

import gzip
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gdfupin_spider.commands import main, status
from gdfupin_spider.commands.verify import verify_command
from gdfupin_spider.errors import CannotWrite, CatalogUnusable, DamagedRecord, ExitCode
from tests.handmade import Handmade, article, links, page
from tests.papers import ROOT
from tests.sites import environment, run

SECRET = "s3cret"


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes `gdfupin status` raise this error."""

    def fail(error: BaseException) -> None:
        def raises(*arguments: object) -> None:
            raise error

        monkeypatch.setattr(status, "profile_of", raises)

    return fail


def test_an_internal_error_is_one_sentence_and_a_file_without_passwords(
    failing: Callable[[BaseException], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://me:{SECRET}@www.example.org/a"
    monkeypatch.setattr("sys.argv", ["/opt/gdfupin", "status", "--start-url", address])
    failing(KeyError(f"no {address}"))
    done = typed("status", "--output", str(tmp_path))
    assert (done.exit_code, done.stdout) == (70, "")
    assert re.fullmatch(r"gdfupin: internal error: KeyError: .*\. Details are in \S+; please report .*\n", done.stderr)
    [file] = tmp_path.iterdir()
    assert str(file) in done.stderr
    text = file.read_text("utf-8")
    assert "Traceback (most recent call last)" in text
    assert "command: gdfupin status --start-url http://www.example.org/a" in text
    assert "gdfupin_spider 0." in text
    assert SECRET not in text + done.stderr


def test_an_internal_error_without_an_archive_leaves_a_file_among_temporary_ones(
    failing: Callable[[BaseException], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    failing(ZeroDivisionError())
    done = typed("status", "--output", str(tmp_path / "typo"))
    assert done.exit_code == 70
    [file] = tmp_path.iterdir()
    assert file.name.startswith("gdfupin-error-")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DamagedRecord("a.warc.gz", "broken"), ExitCode.NEEDS_REPAIR),
        (CatalogUnusable("catalog.sqlite", "broken"), ExitCode.NEEDS_REPAIR),
        (CatalogUnusable("catalog.sqlite", "locked", held=True), ExitCode.CANNOT_WRITE),
        (CannotWrite("a", "full"), ExitCode.CANNOT_WRITE),
        (PermissionError(13, "Permission denied", "a"), ExitCode.CANNOT_WRITE),
        (RecursionError(), ExitCode.INTERNAL),
    ],
    ids=repr,
)
def test_json_is_one_object_on_failure_too(
    error: Exception, code: ExitCode, failing: Callable[[BaseException], None], tmp_path: Path
) -> None:
    failing(error)
    done = typed("status", "--json", "--output", str(tmp_path))
    assert done.exit_code == code
    answer = json.loads(done.stdout)
    assert answer["exit_code"] == code
    assert answer["error"]
    assert done.stderr.startswith("gdfupin: ")
    assert done.stderr.count("\n") == 1


def test_wrong_usage_is_one_json_object_too(tmp_path: Path) -> None:
    for arguments in (["crawl", "--delay", "-1"], ["status", "--output", str(tmp_path)], ["fly"]):
        done = typed(*arguments, "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["exit_code"] == 2
        assert done.stdout.count("\n") == 1


def test_a_damaged_database_needs_repair_and_a_wrong_query_is_an_internal_error(
    failing: Callable[[BaseException], None], tmp_path: Path
) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"no database" * 100)
    errors: list[sqlite3.DatabaseError] = []
    for path, query in ((tmp_path / "x.sqlite", "SELECT * FROM a"), (":memory:", "SELECT nothing")):
        try:
            sqlite3.connect(path).execute(query)
        except sqlite3.DatabaseError as error:
            errors.append(error)
    codes = []
    for error in errors:
        failing(error)
        codes.append(typed("status", "--output", str(tmp_path)).exit_code)
    assert codes == [ExitCode.NEEDS_REPAIR, ExitCode.INTERNAL]


FAILING = """
import sys
from gdfupin_spider.commands import main
from gdfupin_spider.ledger.judge import Judge
judge = Judge.judge
def fails(self, capture, *arguments, **more):
    if capture.url.endswith("/b.htm"):
        raise ZeroDivisionError("http://me:s3cret@a.cn/")
    return judge(self, capture, *arguments, **more)
Judge.judge = fails
main(sys.argv[1:])
"""


def test_a_crawl_goes_on_after_an_internal_error_and_ends_with_70(tmp_path: Path) -> None:
    pages = {"/": page(links("/a.htm", "/b.htm")), "/a.htm": article("修路"), "/b.htm": article("种果")}
    with Handmade(pages) as site:
        arguments = ["crawl", "--output", str(tmp_path), "--delay", "0", "--json", "--start-url", site.url]
        done = subprocess.run(
            [sys.executable, "-c", FAILING, *arguments],
            env=environment(None),
            capture_output=True,
            text=True,
            check=False,
        )
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["exit_code"], answer["articles"]) == (70, 70, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
    text = Path(answer["error_report"]).read_text("utf-8")
    assert "ZeroDivisionError" in text
    assert SECRET not in text
    assert json.loads((Path(answer["folder"]) / "report.json").read_bytes())["exit_code"] == 70


def test_the_help_of_verify_names_its_codes() -> None:
    text = " ".join(verify_command.get_help(click.Context(verify_command)).split())
    assert f"{ExitCode.NEEDS_REPAIR} damage found" in text


@pytest.mark.parametrize("code", list(ExitCode))
def test_cron_mails_only_where_somebody_should_look(code: ExitCode, tmp_path: Path) -> None:
    program = tmp_path / "gdfupin"
    program.write_text(f"#!/bin/sh\necho a summary; echo the last line >&2; exit {code.value}\n")
    program.chmod(0o755)
    line = (ROOT / "deploy" / "gdfupin.cron").read_text("utf-8").splitlines()[-1]
    command = line.split(None, 5)[5].replace("/opt/gdfupin/.venv/bin/gdfupin", str(program))
    command = command.replace("/var/lib/gdfupin", str(tmp_path))
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    quiet = code in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.RUNNING)
    assert done.stdout == ("" if quiet else f"gdfupin needs a look: exit code {code.value}\nthe last line\n")


def test_systemd_treats_the_same_codes_as_success_and_tells_about_a_killed_crawl() -> None:
    unit = (ROOT / "deploy" / "gdfupin.service").read_text("utf-8")
    assert "SuccessExitStatus=1 5\n" in unit
    assert "KillMode=mixed\n" in unit, "a crawl that gets SIGTERM twice ends without a report"
    assert re.findall(r"^(MemoryMax|TimeoutStartSec)=", unit, re.M) == ["MemoryMax", "TimeoutStartSec"]
    for name in ("gdfupin.service", "gdfupin.cron"):
        assert "gdfupin daily --existing " in (ROOT / "deploy" / name).read_text("utf-8"), (
            "a lost mount is no new archive"
        )
    [name] = re.findall(r"^OnFailure=(\S+)$", unit, re.M)
    assert (ROOT / "deploy" / name).is_file()


def test_user_and_password_of_a_url_reach_no_output_and_no_file(tmp_path: Path) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:9/"
    for number, arguments in enumerate((["crawl", url], ["crawl", "--start-url", url], ["probe", url])):
        done = run(*arguments, "--json", "--output", str(tmp_path / str(number)))
        assert done.returncode in (2, 3), done.stderr
        assert SECRET not in done.stdout + done.stderr
        assert "user and password of the URL are left out" in done.stderr
    profile = tmp_path / "site.toml"
    profile.write_text(f'name = "x"\ntitle = "x"\nstart_urls = ["{url}"]\n', "utf-8")
    done = run("crawl", "--profile", str(profile), "--output", str(tmp_path / "x"))
    profile.unlink()
    assert done.returncode == 2
    assert SECRET not in done.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if SECRET.encode() in unpacked(path)] == []


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
