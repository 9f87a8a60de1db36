"""index.html: the release as one page for any web host, without requests to other hosts.

Its one script computes how old the newest capture is when the page is read, which a page that is written once cannot know. Without
scripts the page has the date alone.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

import jinja2
from markupsafe import Markup, escape

from ..dictionary import Field
from ..metadata import DERIVED, NOT_KEPT, OWNERS, RIGHTS, About, citation
from . import charts
from .phrases import RIGHTS_URL, description, description_zh, share, title
from .readme import KINDS, LOADING, LOADING_NOTE, STATUSES

_AGE = """(() => {
  const days = Math.floor((Date.now() - Date.parse(document.querySelector("time").dateTime)) / 86400000);
  if (!(days >= 0)) return;
  document.getElementById("age-zh").textContent = days ? `（${days} 天前）` : "（不到一天前）";
  document.getElementById("age-en").textContent = days ? ` (${days} ${days === 1 ? "day" : "days"} ago)` : " (less than a day ago)";
})();"""
_CHARTS = (
    ("各月文章数", "Articles by month and section", charts.months),
    ("来源", "Sources", charts.sources),
    ("正文长度", "Length of the text", charts.lengths),
    ("各年字段完整度", "Share of articles that have a field, by year", charts.coverage),
)


def text(about: About) -> str:
    """The file."""
    return _template().render(
        about=about,
        title=title(about),
        description=description(about),
        description_zh=description_zh(about),
        charts=[(chinese, english, draw(about)) for chinese, english, draw in _CHARTS],
        chart_style=charts.STYLE,
        newest=max((crawl.ended for crawl in about.crawls if crawl.ended), default=None),
        script=_AGE,
        script_digest=f"sha256-{base64.b64encode(hashlib.sha256(_AGE.encode()).digest()).decode()}",
        sections=_sections(about),
        tables=[file.table for file in about.files if file.table and file.name == file.table.text],
        flat=_flat,
        kinds=KINDS,
        statuses=STATUSES,
        loading=LOADING,
        loading_note=LOADING_NOTE,
        citation=citation(about),
        rights=RIGHTS,
        rights_url=RIGHTS_URL,
        owners=OWNERS,
        not_kept=NOT_KEPT,
        derived=DERIVED,
    )


def _sections(about: About) -> list[tuple[str, int, str, str, str, str]]:
    """(section, articles, printed total, share with date, with source, with author), most articles first."""
    printed = {listing.section: listing.printed_total for listing in about.listings}
    found = []
    for section in {stratum.section for stratum in about.coverage}:
        strata = [stratum for stratum in about.coverage if stratum.section == section]
        count = sum(stratum.articles for stratum in strata)
        date, source, author = (
            share(sum(s.has.get(f, 0) for s in strata), count) for f in ("date", "source", "author")
        )
        total = printed.get(section)
        found.append((section or "-", count, "" if total is None else f"{total:,}", date, source, author))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _flat(fields: Sequence[Field], inside: str = "") -> list[tuple[str, str, Field]]:
    """(name, type, field) of all fields and of the parts of lists."""
    found = []
    for field in fields:
        found.append((inside + field.name, f"{field.type} or null" if field.nullable else field.type, field))
        found += _flat(field.parts, f"{inside}{field.name}[].")
    return found


def _with_code(text: str) -> Markup:
    """A text of ours with its backticks as code."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(text.split("`"))
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("gdfupin_spider.releases", "cards"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mb"] = lambda size: f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} B"
    environment.filters["code"] = _with_code
    environment.filters["n"] = lambda count: f"{count:,}"
    return environment.get_template("index.html")
