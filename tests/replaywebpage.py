"""ReplayWeb.page (AGPL-3.0), which shows WACZ files in a browser. It is fetched for the test alone and is no part of the program."""

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

PACKAGE = "replaywebpage@2.4.6"


def installed(folder: Path) -> Path:
    """The folder of its two scripts, from the registry of npm. Skips the test where that cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        assert "GDFUPIN_CI" not in os.environ, ".ci/run installs npm"
        pytest.skip("there is no npm: apt-get install npm")
    command = [npm, "pack", PACKAGE, "--json", "--fetch-retries=0", "--fetch-timeout=15000"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm pack {PACKAGE}: {done.stderr.strip()[-300:]}")
    subprocess.run(["tar", "--extract", "--file", json.loads(done.stdout)[0]["filename"]], cwd=folder, check=True)
    assert json.loads((folder / "package" / "package.json").read_text("utf-8"))["license"] == "AGPL-3.0-or-later"
    return folder / "package"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Prints nothing."""


@contextmanager
def shown(scripts: Path, place: Path, wacz: Path, url: str, time: str) -> Iterator[str]:
    """The address of a page that shows this URL out of the file, as captured at this time (UTC). `place`: an empty folder."""
    (place / "replay").mkdir()
    shutil.copy(scripts / "ui.js", place)
    shutil.copy(scripts / "sw.js", place / "replay")
    shutil.copy(wacz, place / "evidence.wacz")
    stamp = "".join(sign for sign in time if sign.isdigit())
    (place / "index.html").write_text(
        f'<!doctype html><script src="ui.js"></script><replay-web-page source="/evidence.wacz" url="{quote(url, safe=":/?=&")}"'
        f' ts="{stamp}" replaybase="/replay/" embed="replayonly" style="display: block; height: 600px"></replay-web-page>',
        "utf-8",
    )
    handler = functools.partial(_Quiet, directory=str(place))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
