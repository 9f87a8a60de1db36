"""The documentation as a site, in both languages: `make docs` builds it into build/docs. Sphinx reads this file.

The sources are the papers as they are, read from the project's folder, so that a link of a paper to a file of the project works here, too.
"""

import re
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from pairs import SearchByPairs  # noqa: E402  # beside this file

project = "gdfupin_spider"
language = "en"
extensions = ["myst_parser"]
root_doc = "README"
include_patterns = [
    "README*.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/**.md",
    "tests/corpus/README.md",
]
exclude_patterns = [".*", "build", "dist", "output"]  # not even looked into
suppress_warnings = ["misc.highlighting_failure"]  # of output that only resembles JSON or TOML
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 6  # as code hosts make them, which is what the papers link to

html_theme = "furo"
html_title = "gdfupin_spider"
html_search_language = SearchByPairs.lang
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False

_MENU = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""
_INDEX = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=README.html">
<title>gdfupin_spider</title>
<a href="README.html">gdfupin_spider</a>
"""


def _menu(caption: str, papers: list[Path]) -> str:
    names = "\n".join("/" + paper.relative_to(ROOT).with_suffix("").as_posix() for paper in papers)
    return _MENU.format(caption=caption, pages=names)


def _in_order(folder: Path, readme: Path) -> list[Path]:
    """The papers of a folder as a README names them; those that it does not name come last."""
    text = readme.read_text("utf-8")
    named = [ROOT / link for link in re.findall(r"\]\(([\w/.-]+\.md)", text.rpartition("\n## ")[2])]
    return sorted(folder.glob("*.md"), key=lambda paper: (named.index(paper) if paper in named else len(named), paper))


def _add_menus(_app: Sphinx, name: str, source: list[str]) -> None:
    """The menu of the site stands below the README, where no reader of the file itself has to see it."""
    if name == root_doc:
        others = [
            ROOT / paper for paper in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "tests/corpus/README.md")
        ]
        source[0] += _menu("English", [*_in_order(ROOT / "docs", ROOT / "README.md"), *others])
        chinese = ROOT / "README.zh-CN.md"
        source[0] += _menu("中文", [chinese, *_in_order(ROOT / "docs" / "zh", chinese)])
    source[0] = re.sub(r"\]\(([\w./-]*docs/)?examples\)", r"](\1examples/qingxi.toml)", source[0])


def _begin(app: Sphinx, error: Exception | None) -> None:
    """The address of the site itself leads to the README."""
    if error is None:
        (Path(app.outdir) / "index.html").write_text(_INDEX, "utf-8")


def _speak(_app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """A page says in which language it is: browsers choose the characters of a font, and screen readers a voice, by it."""
    context["language"] = "zh-CN" if name == "README.zh-CN" or name.startswith("docs/zh/") else language


def setup(app: Sphinx) -> None:
    app.add_search_language(SearchByPairs)
    app.connect("source-read", _add_menus)
    app.connect("html-page-context", _speak)
    app.connect("build-finished", _begin)
