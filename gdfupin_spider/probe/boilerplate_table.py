"""What the boilerplate check of a crawl found, as a table for a terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from ..terminal import shown


def leaks_table(leaks: Mapping[str, Any], folder: Path) -> Table | None:
    """What the leak check of a crawl found (see leaks.py), None where there is nothing to look at."""
    lines, titles = leaks["recurring_lines"], leaks["titles"]
    if not lines["count"] and not titles["disagree"]:
        return None
    table = Table(
        title=Text(f"To look at: gdfupin probe --crawl {shown(str(folder))}"), title_justify="left", header_style="bold"
    )
    for name in ("what", "how often", "for example"):
        table.add_column(name, overflow="fold")
    for one in lines["examples"]:
        often = f"{one['articles']} articles ({one['share']:.0%})"
        table.add_row("the same line in many bodies", often, Text(f"{shown(one['line'])}\n{shown(one['url'])}"))
    for number, one in enumerate(titles["examples"][:3]):
        text = Text(f"{shown(one['listed'])}\n{shown(one['title'])}\n{shown(one['url'])}")
        often = f"{titles['disagree']} articles" if not number else ""
        table.add_row("" if number else "listing and page differ in the title", often, text)
    return table
