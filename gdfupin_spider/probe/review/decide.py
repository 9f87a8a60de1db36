"""From a person's answer about one page to decisions."""

from collections.abc import Mapping
from dataclasses import replace

from ...catalog.decisions import Decisions
from ...errors import WrongReview
from ...messages.record_words import word
from ...messages.text import N_, enumeration, joined
from ...storage.reviews import FIELDS, PAGE, Review, wrong_value
from .page_view import PageView


def decide(
    view: PageView,
    decisions: Decisions,
    *,
    accept: bool = False,
    reject: bool = False,
    values: Mapping[str, str | None] = {},
    reviewer: str,
    reviewed_at: str,
    note: str | None = None,
) -> list[Review]:
    """The decisions of one answer.

    `reject`: it is not an article, in any payload it had. `values`: the right value of some fields. `accept`: the other open fields are right as
    read, or all of them where none is open; a held-back page is an article. A value for a held-back page makes it an
    article, too. Raises WrongReview.
    """
    item = view.item

    def review(field: str, decision: str, value: str | None) -> Review:
        made = Review(
            id=item.id,
            url=item.url,
            payload_sha256=item.payload_sha256,
            field=field,  # type: ignore[arg-type]
            decision=decision,  # type: ignore[arg-type]
            value=value,
            reviewer=reviewer,
            reviewed_at=reviewed_at,
            reader=view.reader,
            reviewed_value=view.read.get(field),
            capture=item.capture,
            held_back=item.held_back,
            note=note,
        )
        if wrong := wrong_value(made):
            raise WrongReview(item.id, wrong)
        return made

    if unknown := sorted(set(values) - set(FIELDS)):
        raise WrongReview(
            item.id,
            N_(
                "there is no field {unknown}; fields are {fields}",
                unknown=enumeration(unknown),
                fields=enumeration(FIELDS),
            ),
        )
    if reject:
        if accept or values:
            raise WrongReview(
                item.id, N_("a page that is not an article has no values; reject it, or accept and correct it")
            )
        whole = review(PAGE, "reject", None)
        # The article had other payloads before, and would be what they say.
        return [whole, *(replace(whole, payload_sha256=key, capture=proof) for key, proof in view.others)]
    if not accept and not values:
        return []
    found = [review(name, _decision(view, name, value), value) for name, value in sorted(values.items(), key=_order)]
    if accept:
        fields = FIELDS if item.held_back else [name for name in item.open_fields if name in FIELDS] or FIELDS
        rest = [name for name in fields if name not in values]
        if item.held_back:
            rest = [name for name in rest if view.current[name] is not None]
        found += [review(name, _decision(view, name, view.current[name]), view.current[name]) for name in rest]
    before = decisions.of(item.payload_sha256).get(PAGE)
    if item.held_back or (before is not None and before.decision == "reject") or PAGE in item.open_fields:
        missing = [name for name in ("title", "body") if values.get(name, view.current[name]) is None]
        if missing:
            needed = " ".join(f"--set {name}=..." for name in missing)
            raise WrongReview(
                item.id,
                N_(
                    "an article has a {missing}, and none was read; add {needed}",
                    missing=joined(map(word, missing), N_(" and a ")),
                    needed=needed,
                ),
            )
        found.insert(0, review(PAGE, "accept", None))
    return found


def _decision(view: PageView, name: str, value: str | None) -> str:
    return "accept" if value == view.read[name] else "correct"


def _order(pair: tuple[str, object]) -> int:
    return FIELDS.index(pair[0]) if pair[0] in FIELDS else 0
