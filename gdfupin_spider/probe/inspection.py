"""The inspection of one page: everything that is shown about it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from .. import deadline, pages
from ..items import Article, Capture, Issue, Reading, as_dict
from ..messages.text import N_
from ..pages import Page
from ..pages.kinds import ladder
from ..profiles import Profile
from .confidence import Doubt, of_article, of_refused, total_doubt
from .field_evidence import FieldEvidence, PageLayout, field_evidence, page_layout
from .landmarks import Landmark, UnclaimedPair, landmarks, unclaimed_pairs
from .roles import roles
from .suggestions import Suggestion, suggestions


@dataclass(frozen=True, slots=True)
class Inspection:
    """A page, its reading, and what is noteworthy about both."""

    page: Page
    reading: Reading | None
    """None if the page is not an article."""
    roles: tuple[str, ...]
    landmarks: tuple[Landmark, ...]
    unclaimed_pairs: tuple[UnclaimedPair, ...]
    suggestions: tuple[Suggestion, ...]
    doubts: tuple[Doubt, ...]
    layout: PageLayout
    fields: tuple[FieldEvidence, ...]
    """What decided title, date, source and body; empty for pages that cannot be articles."""
    remarks: tuple[str, ...] = ()

    @property
    def article(self) -> Article | None:
        return self.reading.article if self.reading is not None else None

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.reading.issues if self.reading is not None else self.page.issues


def inspect(
    parts: Sequence[Page], *, remarks: Sequence[str] = (), further: Sequence[Doubt] = (), reading: Reading | None = None
) -> Inspection:
    """Inspect a page, or an article of several pages by its first. `further` are doubts that one page cannot show.

    `reading` is the result if it is known already, such as a refusal for lack of the second page.
    """
    page = parts[0]
    if reading is None and page.kind == "article":
        reading = pages.article(parts)
    remarks = (*remarks, *_remarks(parts))
    doubts: tuple[Doubt, ...] = ()
    if reading is not None:
        article = reading.article
        doubts = of_article(page, article, reading.issues) if article is not None else of_refused(reading.issues)
    return Inspection(
        page,
        reading,
        roles(page),
        landmarks(page),
        unclaimed_pairs(page),
        suggestions(page),
        (*doubts, *further),
        page_layout(page),
        field_evidence(page),
        remarks,
    )


def inspect_capture(capture: Capture, profile: Profile, remarks: Sequence[str] = ()) -> Inspection:
    """Read one capture and inspect it."""
    return inspect([deadline.read(capture, profile)], remarks=remarks)


def _remarks(parts: Sequence[Page]) -> list[str]:
    page = parts[0]
    found = []
    if page.to is not None:
        found.append(N_("Redirects to {url}", url=page.to))
    if page.first_part is not None:
        found.append(N_("This is a later page of the article at {url}", url=page.first_part))
    if (following := pages.next_part(parts)) is not None:
        found.append(N_("The article continues at {url}, which was not read", url=following))
    if len(parts) > 1:
        found.append(N_("An article of {pages:d} pages; the lines shown are those of the first", pages=len(parts)))
    return found


def as_json(inspection: Inspection) -> dict[str, object]:
    """The inspection as JSON."""
    page = inspection.page
    proof = page.capture.proof
    following = [link for link in page.links if link.role == "next"]
    return {
        "url": page.capture.url,
        "status": page.capture.status,
        "captured_at": page.capture.captured_at,
        "capture": dataclasses.asdict(proof) if proof.warc else None,
        "kind": page.kind,
        "why": page.why,
        "ladder": [
            {
                "rule": rung.rule.name,
                "kind": rung.rule.kind,
                "matched": rung.matched,
                "why": page.why if rung.matched else None,
                "sentence": rung.rule.sentence,
            }
            for rung in ladder(page.rule)
        ],
        "encoding": {
            "name": page.encoding.name,
            "evidence": list(page.encoding.evidence),
            "replaced": page.encoding.replaced,
        },
        "reader": pages.reader(page.profile),
        "article": as_dict(inspection.article) if inspection.article else None,
        "section": page.section,
        "page_number": page.page_number,
        "printed_total": page.printed_total,
        "printed_pages": page.printed_pages,
        "next_part": page.next_part,
        "first_part": page.first_part,
        "to": page.to,
        "remarks": list(inspection.remarks),
        "shape": inspection.layout.shape,
        "layout": _layout(inspection.layout),
        "evidence": {
            one.field: {
                "value": one.value,
                "decided_by": one.decided_by,
                "others": [dataclasses.asdict(other) for other in one.others],
            }
            for one in inspection.fields
        },
        "landmarks": [dataclasses.asdict(one) for one in inspection.landmarks],
        "unclaimed": [dataclasses.asdict(one) for one in inspection.unclaimed_pairs],
        "suggestions": [dataclasses.asdict(one) for one in inspection.suggestions],
        "doubt": total_doubt(inspection.doubts),
        "doubts": [{**dataclasses.asdict(one), "weight": one.weight} for one in inspection.doubts],
        "issues": [as_dict(issue) for issue in inspection.issues],
        "lines": [{"role": role, "text": line.text} for role, line in zip(inspection.roles, page.lines, strict=True)],
        "links": [{"role": link.role, "url": link.url, "text": link.text} for link in page.links],
        "next": [{"url": link.url, "text": link.text, "post": _form(link.body)} for link in following],
        "rows": [{"url": row.url, "text": row.text, "title": row.title, "date": row.date} for row in page.rows],
    }


def _layout(fit: PageLayout) -> dict[str, object] | None:
    """The layout as JSON; None where none fits."""
    if fit.digest is None:
        return None
    return {
        "digest": fit.digest,
        "shapes": list(fit.shapes),
        "pages": fit.pages,
        "labelled": fit.labelled,
        "title_right": fit.title_right,
    }


def _form(body: bytes | None) -> str | None:
    return body.decode("latin-1") if body is not None else None
