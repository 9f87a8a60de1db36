"""The container: built and run where an engine is, otherwise its steps by script; the files beside it against their schemas."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.handmade import Handmade, article, links, page
from tests.papers import ROOT
from tests.sites import environment

CONTAINER = ROOT / "deploy" / "container"
SITE = {"/": page(links("/a.htm")), "/a.htm": article("修路")}


def engine() -> str | None:
    """The program of a container engine that answers."""
    for name in ("docker", "podman"):
        if shutil.which(name) and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return None


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `build.sh` installs."""
    folder = tmp_path_factory.mktemp("container") / "gdfupin"
    subprocess.run([CONTAINER / "build.sh", folder], check=True, capture_output=True, env=environment(None) | PIP)
    return folder


PIP = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "REQUESTS_"))}


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_steps_of_the_container_crawl_serve_and_end(prefix: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    with Handmade(SITE) as site:
        known = {
            "PATH": f"{prefix / 'bin'}:/usr/bin:/bin", "HOME": str(archive), "GDFUPIN_OUTPUT": str(archive),
            "XDG_CACHE_HOME": str(tmp_path / "cache"), "GDFUPIN_CRAWL_START_URL": site.url, "GDFUPIN_CRAWL_DELAY": "0",
            "GDFUPIN_EVERY": "1",
        }  # fmt: skip
        with subprocess.Popen(
            [prefix / "bin" / "run-daily.sh"], env=known, stdout=subprocess.PIPE, text=True
        ) as crawler:
            until(lambda: len(list(archive.glob("crawls/*/report.json"))) >= 2)
            until(lambda: (archive / "releases" / "latest").exists())
            crawler.send_signal(signal.SIGTERM)
            out, _ = crawler.communicate(timeout=60)
    assert crawler.returncode == 0
    assert out.startswith("daily ")
    assert subprocess.run([prefix / "bin" / "is-healthy.sh"], env=known, check=False).returncode == 0
    for file in (*archive.glob("crawls/*/capture-*"), archive / "daily.json"):
        os.utime(file, (0, 0))
    assert subprocess.run([prefix / "bin" / "is-healthy.sh"], env=known, check=False).returncode == 1
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    web = [prefix / "bin" / "gdfupin", "serve", "--host", "127.0.0.1", "--port", str(port), "--name", "*"]
    with subprocess.Popen(web, env=known, stderr=subprocess.DEVNULL) as serving:
        until(lambda: is_served(f"http://127.0.0.1:{port}/"))
        serving.terminate()
        serving.wait(timeout=20)


def is_served(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_image_runs_what_is_installed(prefix: Path) -> None:
    steps = (CONTAINER / "Dockerfile").read_text("utf-8")
    for name in ("run-daily.sh", "is-healthy.sh"):
        assert f'"{name}"' in steps
        assert os.access(prefix / "bin" / name, os.X_OK)
    assert "USER gdfupin" in steps


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-workflows", "workflows/archive.yml"), ("vendor.compose-spec", "container/compose.yaml")],
)
def test_the_files_are_valid(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / "deploy" / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


if (PROGRAM := engine()) is not None:  # the first test takes the same steps by script, with or without an engine

    def test_the_image_is_built_and_crawls() -> None:
        built = ["--file", str(CONTAINER / "Dockerfile"), "--tag", "gdfupin-test", str(ROOT)]
        subprocess.run([PROGRAM, "build", *built], check=True)
        demo = ["gdfupin", "demo", "--output", "/archive/demo"]
        done = subprocess.run(
            [PROGRAM, "run", "--rm", "--read-only", "--tmpfs", "/tmp", "gdfupin-test", *demo], check=False
        )
        assert done.returncode == 0
