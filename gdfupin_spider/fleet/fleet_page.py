"""`index.html`: all sites on one page without scripts and external resources, those that need a look first.

Headings are in Chinese, and in English, too, where that is the language in use. Sentences are in the language in use.
"""

from collections.abc import Iterable

from ..errors import ExitCode
from ..messages.message_language import current
from ..messages.recorded import recorded
from ..messages.text import N_, SEMICOLON, joined
from ..terminal import html_message, html_text
from .fleet_report import FleetReport, Visit, summary

PAGE = "index.html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fbfaf7; --line: #e2dfd8; --faint: #62676d; --well: #256b2c;
  --look: #7a5600; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe5ea; --paper: #16191c; --line: #31373d; --faint: #98a1a8;
  --well: #86d58d; --look: #ecc15f; --bad: #ff8f86 } }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
h1 { font-size: 1.3rem } .dim { color: var(--faint); font-size: .9rem } .well { color: var(--well) } .look { color: var(--look) }
.bad { color: var(--bad); font-weight: 600 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid var(--line) } th small { display: block; font-weight: 400; color: var(--faint) }
td.n { text-align: right; font-variant-numeric: tabular-nums } th, .time { white-space: nowrap } td p { margin: 0; overflow-wrap: anywhere }
@media (max-width: 45rem) { thead { display: none } tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  td, td.n { display: inline-block; text-align: left; border: 0; padding: 0 .9rem 0 0 } td:first-child, td.text { display: block }
  td.n::before { content: attr(data-label) " "; color: var(--faint) } td.n:empty { display: none } }
@media print { :root { --ink: #000; --paper: #fff } tr { break-inside: avoid } }
"""
COLUMNS = (
    ("站点", "Site"),
    ("状态", "State"),
    ("最近采集", "Last crawl, UTC"),
    ("文章", "Articles"),
    ("新增", "New"),
    ("修改", "Edited"),
    ("消失", "Gone"),
    ("缺口", "Gaps"),
    ("说明", "What needs a look"),
)
WELL, ATTENTION = (ExitCode.COMPLETE,), (ExitCode.GAPS, ExitCode.RUNNING, ExitCode.ARCHIVE_REFUSES)


def page(report: FleetReport, names: Iterable[str]) -> str:
    """`names`: the sites of the folder now; others are left out."""
    visits = report.latest(names)
    ran = f"{_minute(report.started)} – {_minute(report.ended) if report.ended else '…'} UTC"
    waiting = N_("{count} waiting", count=len(report.waiting)) if report.waiting else None
    is_chinese = current() == "zh"
    title = "所有站点" if is_chinese else "所有站点 All sites"
    head = "".join(
        f"<th>{chinese}</th>" if is_chinese else f"<th>{chinese}<small>{english}</small></th>"
        for chinese, english in COLUMNS
    )
    return "\n".join(
        [
            "<!doctype html><html lang=zh><head><meta charset=utf-8>",
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            f'<meta name=viewport content="width=device-width, initial-scale=1"><title>{title}</title>',
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>",
            f"<p>{html_message(summary(visits))}</p>",
            f"<p class=dim>{html_message(joined((ran, waiting), SEMICOLON) if waiting else ran)}</p>",
            f"<table><thead><tr>{head}</tr></thead><tbody>",
            *map(_row, visits),
            "</tbody></table></body></html>\n",
        ]
    )


def _row(visit: Visit) -> str:
    counted = visit.counted
    kind = "well" if visit.exit_code in WELL else "look" if visit.exit_code in ATTENTION else "bad"
    changes = counted.changes if counted is not None else {}
    figures = (
        counted.articles if counted is not None else None,
        *(changes.get(each, 0) if counted is not None else None for each in ("added", "edited", "gone")),
        counted.open_gaps if counted is not None else None,
    )
    numbers = "".join(
        f'<td class=n data-label="{chinese}">{"" if figure is None else f"{figure:,}"}</td>'
        for (chinese, _), figure in zip(COLUMNS[3:8], figures, strict=True)
    )
    notes = [*([visit.message] if visit.message else []), *(counted.alarms if counted is not None else ())]
    sentences = "".join(f"<p>{html_text(recorded(note))}</p>" for note in notes)
    return (
        f"<tr><td>{html_text(visit.title)} <span class=dim>{html_text(visit.site)}</span></td>"
        f"<td class={kind}>{html_message(visit.meaning)}</td>"
        f"<td class=time>{_minute(counted.looked) if counted is not None else '—'}</td>{numbers}<td class=text>{sentences}</td></tr>"
    )


def _minute(time: str) -> str:
    """A time of UTC for people.

    >>> _minute("2026-11-30T08:09:10Z")
    '2026-11-30 08:09'
    """
    return html_text(time[:16].replace("T", " "))
