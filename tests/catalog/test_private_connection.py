"""The connection of the catalog is private to its package: nobody else writes SQL on it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "gdfupin_spider"


def test_only_the_catalog_uses_its_connection() -> None:
    found = []
    for path in [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "benchmarks").rglob("*.py")]:
        if path.parent == PACKAGE / "catalog":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
            if isinstance(node, ast.Attribute) and node.attr in ("db", "_db") and not own:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []
