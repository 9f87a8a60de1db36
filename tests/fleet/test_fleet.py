"""Many sites at once: real crawls of a farm of small sites."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gdfupin_spider.fleet import fleet_report
from gdfupin_spider.fleet.members import members
from tests import farm
from tests.sites import environment, run

DELAY = 0.2
QUICK = ("--command", "crawl", "--stagger", "0")


@pytest.fixture
def delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_CRAWL_DELAY", str(DELAY))


def fleet(folder: Path, proxy: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("fleet", str(folder), *QUICK, *arguments, proxy=proxy, demo=False)


@pytest.mark.usefixtures("delay")
def test_a_site_that_fails_delays_no_other_and_all_are_on_one_page(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    farm.write_profiles(folder, 3)
    (folder / "broken.toml").write_text("name = ")
    twin = (folder / "county001.toml").read_text("utf-8").replace('"county001"', '"twin"')
    (folder / "twin.toml").write_text(twin, "utf-8")  # another archive of the same host
    with farm.served() as served:
        served.dead.add(farm.host(2))
        done = fleet(folder, served.proxy, "--json")
        shortest = served.shortest_pause()
    reported = fleet_report.read(folder)
    assert json.loads(done.stdout)["visits"].keys() == reported.visits.keys()
    assert {name: each.exit_code for name, each in reported.visits.items()} == {
        "broken": 2, "county000": 0, "county001": 0, "county002": 3, "twin": 0,
    }  # fmt: skip
    assert done.returncode == 2
    assert reported.waiting == ()
    assert reported.ended is not None
    for name, number in (("county000", 0), ("county001", 1), ("twin", 1)):
        assert farm.titles(folder / name) == farm.expected(number)
        counted = reported.visits[name].counted
        assert counted is not None
        assert (counted.articles, counted.changes, counted.open_gaps) == (3, {"added": 3}, 0)
    assert shortest > DELAY - 0.08, "also where two archives are of one host"
    page = (folder / "index.html").read_text("utf-8")
    assert page.index("broken") < page.index("site unreachable") < page.index("第0县扶贫网")
    assert "503" in page
    again = run("fleet", str(folder), *QUICK, "--only", "broken")
    assert again.returncode == 2
    assert fleet_report.read(folder).visits["county000"] == reported.visits["county000"], (
        "what was not visited stays as it was"
    )
    assert "5 sites; wrong usage: 1 (broken); site unreachable: 1 (county002); complete: 3" in (
        folder / "index.html"
    ).read_text("utf-8")


@pytest.mark.usefixtures("delay")
def test_ctrl_c_ends_all_crawls_in_order_and_the_next_run_begins_with_what_was_left(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    farm.write_profiles(folder, 3)
    with farm.served(articles=40) as served:
        command = [sys.executable, "-m", "gdfupin_spider", "fleet", str(folder), *QUICK, "--at-once", "1"]
        known = environment(served.proxy, demo=False)
        with subprocess.Popen(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            while len(served.asked[farm.host(0)]) < 4:
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert "interrupted, 2 sites not visited" in out
    [crawl] = folder.glob("*/crawls/*")
    assert json.loads((crawl / "report.json").read_text("utf-8"))["reason"] == "interrupted"
    assert fleet_report.read(folder).waiting == ("county001", "county002")
    with farm.served(articles=1) as served:
        assert fleet(folder, served.proxy, "--at-once", "1").returncode == 0
        order = sorted(served.asked, key=lambda host: served.asked[host][0])
    assert order == [farm.host(1), farm.host(2), farm.host(0)]


@pytest.mark.usefixtures("delay")
def test_a_second_ctrl_c_ends_the_fleet_at_once_and_its_crawls_still_end_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    farm.write_profiles(folder, 1)
    with farm.served(articles=40) as served:
        command = [sys.executable, "-m", "gdfupin_spider", "fleet", str(folder), *QUICK, "--command", "crawl"]
        known = environment(served.proxy, demo=False)
        with subprocess.Popen(command, env=known, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            while len(served.asked[farm.host(0)]) < 4:
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            assert "once more to end at once" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == -signal.SIGINT
        [crawl] = folder.glob("*/crawls/*")
        until = time.monotonic() + 30
        while not (crawl / "report.json").exists() and time.monotonic() < until:
            time.sleep(0.05)
    assert json.loads((crawl / "report.json").read_text("utf-8"))["reason"] == "interrupted"


def test_a_site_is_a_file_that_people_see_and_its_archive_is_not_the_folder_of_logs(tmp_path: Path) -> None:
    farm.write_profiles(tmp_path, 1)
    profile = (tmp_path / "county000.toml").read_text("utf-8")
    for name in (".draft", "operator", "logs", "a b 县%20"):
        (tmp_path / f"{name}.toml").write_text(profile, "utf-8")
    found = {each.name: each.problem for each in members(tmp_path)}
    problem = f"{tmp_path / 'logs.toml'}: {tmp_path / 'logs'} has the logs; give it another name"
    assert found == {"a b 县%20": None, "county000": None, "logs": problem}


def test_where_there_can_be_no_log_the_visit_cannot_write_and_no_internal_error_is_reported(tmp_path: Path) -> None:
    farm.write_profiles(tmp_path, 1)
    (tmp_path / "logs").write_text("not a folder")
    done = run("fleet", str(tmp_path), *QUICK)
    assert done.returncode == 6, done.stderr
    log = tmp_path / "logs" / "county000.log"
    assert fleet_report.read(tmp_path).visits["county000"].message == f"{log}: File exists"


CLUSTER = """
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        input()
"""


@pytest.mark.usefixtures("delay")
def test_a_cluster_that_loses_a_worker_loses_no_site(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    folder, script = tmp_path / "sites", tmp_path / "cluster.py"
    farm.write_profiles(folder, 3)
    script.write_text(CLUSTER)
    with farm.served() as served:
        known = environment(served.proxy, demo=False)
        with subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=known
        ) as cluster:
            assert cluster.stdout is not None
            address, victim, _ = cluster.stdout.readline().split()
            command = [sys.executable, "-m", "gdfupin_spider", "fleet", str(folder), *QUICK, "--scheduler", address]
            with subprocess.Popen(command, env=known, stderr=subprocess.PIPE, text=True) as process:
                while not served.asked:
                    assert process.poll() is None
                    time.sleep(0.05)
                os.kill(int(victim), signal.SIGKILL)
                _, err = process.communicate(timeout=120)
            cluster.communicate("\n", timeout=60)
        assert process.returncode == 0, err
        assert served.shortest_pause() > DELAY - 0.08
    for number in range(3):
        assert farm.titles(folder / f"county{number:03}") == farm.expected(number)


def test_a_folder_without_profiles_and_an_unknown_name_are_named(tmp_path: Path) -> None:
    empty = run("fleet", str(tmp_path))
    assert (empty.returncode, "has no profiles: put the file NAME.toml" in empty.stderr) == (2, True), empty.stderr
    farm.write_profiles(tmp_path, 1)
    unknown = run("fleet", str(tmp_path), "--only", "contry000")
    assert (unknown.returncode, "there are county000" in unknown.stderr) == (2, True), unknown.stderr
