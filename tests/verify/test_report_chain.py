"""Each report names the one before, an authority stamps the newest: what was changed later is found."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gdfupin_spider.storage.report import seal_of
from tests import county
from tests.papers import ROOT
from tests.shared import once
from tests.sites import run

SITE = ROOT / "docs" / "examples" / "qingxi.toml"
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
dir = .
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""
EXTENSIONS = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three crawls."""

    def make(folder: Path) -> Path:
        with county.serve() as site:
            for _ in range(3):
                done = run(
                    "crawl", "--output", str(folder), "--profile", str(SITE), "--delay", "0", "--clock-ok", "--limit", "3",
                    proxy=site.proxy, demo=False,
                )  # fmt: skip
                assert done.returncode in (0, 8), done.stderr
        return folder

    return once(tmp_path_factory, "three-crawls", make)


@pytest.fixture
def output(three: Path, tmp_path: Path) -> Path:
    shutil.copytree(three, tmp_path / "output")
    return tmp_path / "output"


def reports(output: Path) -> list[Path]:
    return sorted(output.glob("crawls/*/report.json"))


def changed(report: Path, **keys: object) -> None:
    """Another number of requests and these keys, and the seal that matches them."""
    value = json.loads(report.read_text("utf-8")) | keys
    value["requests_total"] += 1
    report.write_text(json.dumps({**value, "seal": seal_of(value)}), "utf-8")


def found(output: Path) -> list[dict[str, str]]:
    done = run("verify", "--output", str(output), "--json")
    return [finding for finding in json.loads(done.stdout)["damage"] if finding["part"] in ("chain", "stamp")]


def test_each_report_names_the_one_before(output: Path) -> None:
    links = [json.loads(path.read_text("utf-8"))["previous"] for path in reports(output)]
    assert links[0] is None
    assert [link["crawl"] for link in links[1:]] == [path.parent.name for path in reports(output)[:-1]]
    assert found(output) == []


def test_a_report_that_was_changed_with_its_seal_is_found_by_the_next(output: Path) -> None:
    changed(reports(output)[1])
    [finding] = found(output)
    assert (finding["part"], finding["crawl"]) == ("chain", reports(output)[1].parent.name)
    assert "it was changed after that crawl" in finding["reason"]


def repaired(report: Path) -> None:
    """Damages a line file of the crawl and has it repaired, with which its report is written again."""
    lines = report.with_name("pages.jsonl")
    lines.write_bytes(lines.read_bytes()[:-40])
    done = run("verify", "--repair", "--output", str(report.parents[2]))
    assert done.returncode == 0, done.stdout


def test_a_repair_does_not_break_the_chain_and_is_noted(output: Path) -> None:
    repaired(reports(output)[0])
    assert found(output) == []
    notes = json.loads(run("verify", "--output", str(output), "--json").stdout)["notes"]
    assert ["report.json.aside-1" in note["reason"] for note in notes if note["part"] == "chain"] == [True]


def test_no_digest_in_a_report_excuses_its_change(output: Path) -> None:
    """Whoever changes a report can also write into it what it was before."""
    report = reports(output)[0]
    earlier = hashlib.sha256(report.read_bytes()).hexdigest()
    changed(report, repaired={"lost_exchanges": None, "files": [], "earlier": [earlier]})
    assert [finding["part"] for finding in found(output)] == ["chain"]


@pytest.fixture(scope="session")
def authority_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and certificates of an authority, made by OpenSSL."""
    if shutil.which("openssl") is None:
        assert "GDFUPIN_CI" not in os.environ, ".ci/run installs openssl"
        pytest.skip("openssl is not installed")

    def make(folder: Path) -> Path:
        (folder / "tsa.cnf").write_text(CONFIGURATION)
        (folder / "extensions").write_text(EXTENSIONS)
        (folder / "serial").write_text("01\n")
        key = ["-newkey", "rsa:2048", "-nodes"]
        openssl(
            folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "9"
        )
        openssl(folder, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=A notary on loopback")
        signed = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "extensions", "-days", "9"]
        openssl(folder, "x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *signed)
        return folder

    return once(tmp_path_factory, "authority", make)


def openssl(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True).stdout


def replied(files: Path, query: bytes) -> bytes:
    """The stamp that OpenSSL gives, in a copy of its files: other workers of the suite ask, too."""
    with tempfile.TemporaryDirectory() as place:
        own = Path(shutil.copytree(files, Path(place) / "own"))
        (own / "query").write_bytes(query)
        return openssl(own, "ts", "-reply", "-config", "tsa.cnf", "-section", "here", "-queryfile", "query")


@contextmanager
def serving(files: Path, queries: list[bytes], answer: bytes | None = None) -> Iterator[str]:
    """An authority on loopback: OpenSSL answers, or always this answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            queries.append(query)
            result = replied(files, query) if answer is None else answer
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(result)))
            self.end_headers()
            self.wfile.write(result)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/tsr"
        server.shutdown()


@pytest.fixture
def stamped(output: Path, authority_files: Path) -> Path:
    """The archive with a stamp, by an authority that operator.toml trusts."""
    shutil.copy(authority_files / "root.pem", output / "roots.pem")
    queries: list[bytes] = []
    with serving(authority_files, queries) as url:
        (output / "operator.toml").write_text(f'[stamps]\nauthority = "{url}"\ncertificates = "roots.pem"\n')
        done = run("stamp", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["crawl"], result["crawls"], result["authority"]) == (
        reports(output)[-1].parent.name,
        3,
        "A notary on loopback",
    )
    assert len(queries) == 1
    assert bytes.fromhex(result["sha256"]) in queries[0]
    assert len(queries[0]) < 100, "nothing but the digest is sent"
    return output


def test_a_stamp_is_kept_and_proven_without_network_and_by_openssl(stamped: Path) -> None:
    [stamp] = (stamped / "stamps").iterdir()
    done = run("verify", "--output", str(stamped))
    assert done.returncode == 0, done.stdout
    assert ", 1 time stamp:" in done.stdout
    checking = ["ts", "-verify", "-data", str(reports(stamped)[-1]), "-in", str(stamp), "-CAfile", "roots.pem"]
    openssl(stamped, *checking)


def test_who_rewrites_all_reports_is_found_by_the_stamp(stamped: Path) -> None:
    changed(reports(stamped)[-1])
    [finding] = found(stamped)
    assert finding["part"] == "stamp"
    assert "it signs another content than that of the report" in finding["reason"]


def test_a_stamp_proves_the_report_that_a_repair_set_aside(stamped: Path) -> None:
    repaired(reports(stamped)[-1])
    done = run("verify", "--output", str(stamped), "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["stamps"]) == (0, 1)
    assert [
        "it signs report.json.aside-1" in note["reason"] for note in result["notes"] if note["part"] == "stamp"
    ] == [True]
    reports(stamped)[-1].with_name("report.json.aside-1").unlink()
    assert [finding["part"] for finding in found(stamped)] == ["stamp"]


@pytest.mark.parametrize("place", [-1, -200, 400])
def test_one_changed_byte_of_a_stamp_is_found(stamped: Path, place: int) -> None:
    [stamp] = (stamped / "stamps").iterdir()
    content = bytearray(stamp.read_bytes())
    content[place] ^= 1
    stamp.write_bytes(content)
    assert [finding["part"] for finding in found(stamped)] == ["stamp"]


def test_an_authority_that_nobody_vouches_for_gives_no_stamp(output: Path, authority_files: Path) -> None:
    with serving(authority_files, []) as url:
        done = run("stamp", "--output", str(output), "--authority", url)
    assert done.returncode == 1
    assert "its signature cannot be trusted" in done.stderr
    assert not (output / "stamps").exists()


@pytest.mark.parametrize("answer", [b"", b"<html>gone</html>", bytes(200_000)])
def test_an_answer_that_is_no_stamp_is_said(output: Path, authority_files: Path, answer: bytes) -> None:
    with serving(authority_files, [], answer) as url:
        done = run("stamp", "--output", str(output), "--authority", url)
    assert done.returncode == 1
    assert "Nothing was stamped" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_asked_is_said(output: Path, tmp_path: Path) -> None:
    for arguments, code, result in (
        ((), 2, "no authority is named"),
        (("--authority", "ftp://a.example"), 2, "is not a URL"),
        (("--authority", "http://127.0.0.1:1/"), 1, "Connection refused"),
    ):
        done = run("stamp", "--output", str(output), *arguments)
        assert done.returncode == code, done.stderr
        assert result in done.stderr
    empty = run("stamp", "--output", str(tmp_path / "none"), "--authority", "http://127.0.0.1:1/")
    assert empty.returncode == 2
    assert "there is no crawl yet" in empty.stderr


# --- evidence of one article ------------------------------------------------------------------------------------------


def evidence(output: Path, crawl: str) -> tuple[str, Path]:
    """What is printed about an article that was first captured by this crawl, and the unpacked file."""
    articles = map(json.loads, run("articles", "--output", str(output)).stdout.splitlines())
    article = next(each for each in articles if each["captures"][0]["warc"].startswith(f"{crawl}/"))
    file = output / f"{crawl}.wacz"
    done = run("evidence", article["id"], "--to", str(file), "--output", str(output))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as packed:
        packed.extractall(file.with_suffix(""))
    return done.stdout, file.with_suffix("")


def checked(folder: Path, *roots: str) -> subprocess.CompletedProcess[str]:
    """The script of the evidence, run on what was unpacked, by somebody without this program."""
    file = folder.with_suffix(".again")
    with zipfile.ZipFile(file, "w") as packed:
        for each in sorted(path for path in folder.rglob("*") if path.is_file()):
            packed.write(each, each.relative_to(folder))
    command = [sys.executable, "-I", str(folder / "evidence" / "verify.py"), str(file), *roots]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def stamp_by_openssl(output: Path, files: Path, report: Path) -> None:
    """A stamp of any report."""
    query = openssl(files, "ts", "-query", "-data", str(report), "-sha256", "-cert")
    (output / "stamps").mkdir(exist_ok=True)
    (output / "stamps" / f"{report.parent.name}.tsr").write_bytes(replied(files, query))


def test_the_evidence_of_an_article_has_the_stamp_that_covers_it_and_what_leads_to_it(
    stamped: Path, authority_files: Path
) -> None:
    crawls = [report.parent.name for report in reports(stamped)]
    printed, folder = evidence(stamped, crawls[0])
    assert printed.endswith(": 1 capture of 1 version, 1 with a time stamp\nno release has the article\n")
    roots = str(authority_files / "root.pem")
    done = checked(folder, roots)
    assert (done.returncode, done.stderr) == (0, "")
    [line] = done.stdout.splitlines()
    at = openssl(stamped, "ts", "-reply", "-in", f"stamps/{crawls[-1]}.tsr", "-text").decode()
    assert line.startswith("ok ")
    assert line.endswith("Z")
    assert line[-9:-1] in at.partition("Time stamp:")[2]
    [proof] = json.loads((folder / "evidence" / "time.json").read_text())
    assert proof["reports"] == [f"time/{crawl}/report.json" for crawl in crawls]
    page = (folder / "evidence" / "README.html").read_text()
    assert "1 次采集中有 1 次由时间戳" in page
    assert "(RFC 3161): 1 of 1 capture." in page
    [command] = [line for line in page.splitlines() if line.startswith("openssl ts -verify")]
    openssl(folder, *command.removesuffix("</pre>").replace("ROOTS.pem", roots).split()[1:])


def test_evidence_without_a_stamp_says_so(output: Path, authority_files: Path) -> None:
    """The first crawl is stamped; what only later ones captured is not covered by it."""
    first, *_, last = reports(output)
    stamp_by_openssl(output, authority_files, first)
    roots = str(authority_files / "root.pem")
    assert " existed 20" in checked(evidence(output, first.parent.name)[1], roots).stdout
    printed, folder = evidence(output, last.parent.name)
    assert printed.endswith(": 1 capture of 1 version\nno release has the article\n")
    done = checked(folder)
    assert (done.returncode, done.stdout.endswith(" no time stamp\n")) == (0, True)
    page = (folder / "evidence" / "README.html").read_text()
    assert "没有这些采集的时间戳" in page
    assert "The file has no time stamp of these captures" in page
    assert not (folder / "evidence" / "time").exists()


def test_of_several_stamps_the_nearest_one_is_taken_and_a_repaired_report_still_leads_to_it(
    stamped: Path, authority_files: Path
) -> None:
    first, second, _ = reports(stamped)
    stamp_by_openssl(stamped, authority_files, second)
    repaired(first)
    _, folder = evidence(stamped, first.parent.name)
    [proof] = json.loads((folder / "evidence" / "time.json").read_text())
    assert proof["stamps"] == [f"time/stamps/{second.parent.name}.tsr"]
    assert proof["reports"] == [
        f"time/{first.parent.name}/report.json.aside-1",
        f"time/{second.parent.name}/report.json",
    ]
    assert checked(folder, str(authority_files / "root.pem")).returncode == 0


def test_evidence_has_no_file_that_names_a_withdrawn_article(stamped: Path) -> None:
    """The proof of time of a crawl has the addresses of all articles that it looked at."""
    crawls = [report.parent.name for report in reports(stamped)]
    articles = [json.loads(line) for line in run("articles", "--output", str(stamped)).stdout.splitlines()]
    withdrawn = [each for each in articles if each["captures"][0]["warc"].startswith(f"{crawls[0]}/")][-1]
    done = run("withdraw", withdrawn["id"], "--reason", "asked for", "--output", str(stamped))
    assert done.returncode == 0, done.stderr
    printed, folder = evidence(stamped, crawls[0])
    assert "1 capture of 1 version\ntime stamps of 1 crawl left out: what leads to them names withdrawn" in printed
    files = [path for path in folder.rglob("*") if path.suffix not in (".gz", ".cdx", ".idx") and path.is_file()]
    assert not [
        path
        for path in files
        if withdrawn["url"] in path.read_text("utf-8") or withdrawn["id"] in path.read_text("utf-8")
    ]
    assert json.loads((folder / "evidence" / "time.json").read_text()) == []
    page = (folder / "evidence" / "README.html").read_text()
    assert f"withdrawn on request: {crawls[0]}. " in page
    assert f"故未收入：{crawls[0]}。" in page
    assert checked(folder).stdout.endswith(" no time stamp\n")
    printed, _ = evidence(stamped, crawls[-1])
    assert printed.startswith(f"{stamped / crawls[-1]}.wacz: 1 capture of 1 version, 1 with a time stamp\n")


@pytest.mark.parametrize("name", ["sightings.jsonl", "report.json", ".tsr"])
def test_one_changed_byte_on_the_way_to_the_stamp_is_found(stamped: Path, authority_files: Path, name: str) -> None:
    _, folder = evidence(stamped, reports(stamped)[0].parent.name)
    for file in (each for each in folder.rglob("*") if each.name.endswith(name)):
        whole = file.read_bytes()
        file.write_bytes(whole.replace(whole[-30:-20], whole[-30:-21] + bytes([whole[-21] ^ 1])))
        done = checked(folder, str(authority_files / "root.pem"))
        assert (done.returncode, " existed " in done.stdout) == (1, False), (file, done.stdout, done.stderr)
        file.write_bytes(whole)


def test_a_stamp_of_an_authority_that_the_reader_does_not_trust_proves_nothing(stamped: Path) -> None:
    _, folder = evidence(stamped, reports(stamped)[0].parent.name)
    done = checked(folder)
    assert (done.returncode, "name its root certificate" in done.stderr) == (1, True)
    assert "unable to get local issuer certificate" in done.stdout
    assert done.stdout.endswith(" no time stamp\n")
