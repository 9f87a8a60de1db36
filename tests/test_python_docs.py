"""The Python examples of the papers, executed in an archive of several crawls."""

import doctest
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.papers import READMES, ROOT, fenced, name
from tests.sites import run

PYTHON = ROOT / "docs" / "python.md"
OLD = ROOT / "tests" / "archives" / "v0_1" / "asp-tables"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `output/demo` is an archive, as after `make demo`."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(OLD, folder / "output" / "demo", symlinks=True)
    assert run("catalog", "--output", str(folder / "output" / "demo")).returncode == 0
    (folder / "tests").symlink_to(ROOT / "tests")
    return folder


@pytest.fixture
def inside(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project)
    return project


@pytest.mark.parametrize("paper", [PYTHON, *READMES], ids=name)
def test_the_python_of_a_paper_runs(paper: Path, inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    blocks = fenced(paper, "python")
    assert blocks
    for block in blocks:
        if "import pandas" in block and find_spec("pandas") is None:
            continue  # it is of the extra `test`, not of `dev`
        exec(compile(block, name(paper), "exec"), names)  # one namespace: a block may use names of earlier ones
        printed = capsys.readouterr().out
        assert printed.strip() or "print(" not in block
        for line in block.splitlines():
            if "print(" in line and "  # " in line:
                assert line.partition("  # ")[2] in printed.splitlines()


def test_the_examples_with_results_give_these_results() -> None:
    examples = "\n".join(fenced(PYTHON, "pycon"))
    test = doctest.DocTestParser().get_doctest(examples, {}, name(PYTHON), name(PYTHON), 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0
