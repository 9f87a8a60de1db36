"""What a wheel holds: everything in the package that is not code is named as package data."""

import re
import tomllib
from pathlib import PurePath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.papers import ROOT

PACKAGE = ROOT / "gdfupin_spider"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_a_wheel_takes_along_all_data_of_the_package() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["gdfupin_spider"]
    data = [
        PurePath(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    taken = {PurePath(path.relative_to(PACKAGE)) for pattern in patterns for path in PACKAGE.glob(pattern)}
    assert {str(path) for path in data} - {str(path) for path in taken} == set()
    assert {"py.typed", "catalog/schema.sql", "profiles/gdfupin.toml"} <= {path.as_posix() for path in taken}


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert all((folder / "__init__.py").exists() for folder in folders)


def test_the_papers_that_the_project_names_are_there() -> None:
    project = PROJECT["project"]
    assert (ROOT / project["readme"]).is_file()
    assert all((ROOT / file).is_file() for file in project["license-files"])
    assert "Permission is hereby granted" in (ROOT / "LICENSE").read_text("utf-8")


def test_the_lock_file_has_every_dependency_with_hashes() -> None:
    """Made by `make lock`, after a dependency changed."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^ ;\\\n]+)", lock, re.M)}
    for requirement in map(Requirement, PROJECT["project"]["dependencies"]):
        assert pinned[canonicalize_name(requirement.name)] in requirement.specifier
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.M)[1:]
    assert len(blocks) > 40
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
