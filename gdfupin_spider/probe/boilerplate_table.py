"""The results of the boilerplate check as a table for a terminal."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from ..messages.record_words import word
from ..messages.text import T_, translated
from ..storage.counts import BoilerplateCheck
from ..terminal import shown


def boilerplate_table(check: BoilerplateCheck, folder: Path) -> Table | None:
    """What the check found, as a table; None where it found nothing."""
    lines, titles = check.recurring_lines, check.titles
    if not lines.count and not titles.disagree:
        return None
    table = Table(
        title=Text(T_("To look at: {command}", command=f"gdfupin probe --crawl {shown(str(folder))}")),
        title_justify="left",
        header_style="bold",
    )
    for name in ("what", "how often", "for example"):
        table.add_column(translated(word(name)), overflow="fold")
    for line in lines.examples:
        often = T_("{articles} articles ({share:.0%})", articles=line.articles, share=line.share)
        table.add_row(T_("the same line in many bodies"), often, Text(f"{shown(line.line)}\n{shown(line.url)}"))
    for number, title in enumerate(titles.examples[:3]):
        text = Text(f"{shown(title.listed)}\n{shown(title.title)}\n{shown(title.url)}")
        often = T_("{articles} articles", articles=titles.disagree) if not number else ""
        table.add_row("" if number else T_("listing and page have different titles"), often, text)
    return table
