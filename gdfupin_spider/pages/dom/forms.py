"""Forms of a page, encoded as a browser would send them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

from ..rule import PatternRule
from .document import Attributes, Document

PAGE_FIELD = PatternRule(
    "page-field",
    "Fields of forms with these names hold the number of a page: `page`, `txtPage`.",
    r"^(?:cur(?:rent)?_?)?(?:page|pageno|page_no|pagenum|pagenumber|pageindex|pageid|p|pg|pn|topage|gotopage|to_page|currentpage|curpage|jumppage|ipage|intpage|cpage|nowpage|pages?|k|txtpage)$",
    re.I,
    pages="gdfupin/pager-form-to-type-a-number-and-nothing-else gdfupin/pager-select-of-numbers-in-a-form",
)


@dataclass(slots=True)
class Form:
    """A form with the values that a browser would send."""

    action: str
    post: bool
    values: dict[str, str]
    """Names and values of its fields, without buttons."""
    line: int

    def encoded(self, values: dict[str, str], encoding: str) -> bytes:
        """The form data with some values replaced, encoded as by a browser."""
        merged = {**self.values, **values}
        return "&".join(
            f"{_quoted(name, encoding)}={_quoted(value, encoding)}" for name, value in merged.items()
        ).encode("ascii")

    def request(self, values: dict[str, str], encoding: str) -> tuple[str, bytes | None]:
        """URL and body of the request that sends the form with these values; body None for GET."""
        sent = self.encoded(values, encoding)
        if self.post:
            return self.action, sent
        return f"{self.action.partition('?')[0]}?{sent.decode('ascii')}", None


def _quoted(text: str, encoding: str) -> str:
    return quote_from_bytes(text.encode(encoding or "utf-8", "replace"), safe="*-._").replace("%20", "+")


def forms(doc: Document) -> list[Form]:
    """The forms of a page with their hidden and text fields and selects."""
    found: list[Form] = []
    for tag, attrs, line in doc.fields:
        if tag == "form":
            found.append(
                Form(attrs.get("action", "").strip(), attrs.get("method", "").strip().lower() == "post", {}, line)
            )
        elif tag == "input" and found and attrs.get("name"):
            if attrs.get("type", "text").lower() in ("hidden", "text", ""):
                found[-1].values[attrs["name"]] = attrs.get("value", "")
        elif tag == "select" and found and attrs.get("name"):
            found[-1].values[attrs["name"]] = ""
    return found


def form_at(all_forms: Sequence[Form], line: int | None) -> Form | None:
    """The form around a line or nearest before it; with None the first form with a page field, else the first."""
    if line is not None:
        return next((form for form in reversed(all_forms) if form.line <= line), None)
    return next(
        (form for form in all_forms if any(PAGE_FIELD.match(name) for name in form.values)),
        all_forms[0] if all_forms else None,
    )


def selects(doc: Document) -> Iterator[tuple[Attributes, list[Attributes]]]:
    current: Attributes | None = None
    options: list[Attributes] = []
    for tag, attrs, _ in doc.fields:
        if tag == "select":
            if current is not None:
                yield current, options
            current, options = attrs, []
        elif tag == "option" and current is not None:
            options.append(attrs)
    if current is not None:
        yield current, options
