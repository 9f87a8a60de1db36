"""The place of the title: where most pages have the text that links to them print."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..layouts.places import LONGEST_TITLE
from .sketch import Key, Sketch
from .titles import NOTHING, Label, common_ending

FEWEST = 10
"""Minimum number of pages of a layout: on fewer, formulaic text looks like template."""
AGREEMENT = 0.7
"""Share of labelled pages on which a place must agree with the labels."""
DISTINCT = 0.5
"""Share of different texts at a title place: what many pages share is no title."""
COMPARED = 20
"""Pages on which two places are compared."""
LIKELY = 40
"""Title places that are compared, those with the most exact titles."""


@dataclass(slots=True)
class _Candidate:
    exact: int = 0
    prefix: int = 0


def title_tag_labels(sketches: Sequence[Sketch]) -> dict[str, Label]:
    """Labels from `<title>`, for pages whose links have no labels."""
    counts = Counter(sketch.title_tag for sketch in sketches)
    ending = common_ending(counts)
    found = {}
    for sketch in sketches:
        title = sketch.title_tag.removesuffix(ending).rstrip("-_|—–")
        alone = counts[sketch.title_tag] <= 2 and len(title) >= 4
        found[sketch.url] = Label(((title, False), (sketch.title_tag, False)), ()) if alone else NOTHING
    return found


def title_places(sketches: Sequence[Sketch], labels: Mapping[str, Label]) -> list[Key]:
    """The place where most titles equal their labels; empty without one that is right often enough. More than one where
    the pages print the title more than once, for example in a table above it as well."""
    candidates: dict[Key, _Candidate] = defaultdict(_Candidate)
    for sketch in sketches:
        label = labels[sketch.url]
        if not label.titles:
            continue
        for key, text in title_texts(sketch):
            match label.agrees(text):
                case 2:
                    candidates[key].exact += 1
                case 1:
                    candidates[key].prefix += 1
    ranked: list[tuple[tuple[float, int, int, bool, int], Key]] = []
    likely = sorted(candidates.items(), key=lambda each: (-each[1].exact, -each[1].prefix, each[0]))[:LIKELY]
    for key, candidate in likely:
        texts = {id(sketch): found for sketch in sketches if (found := title_at(sketch, key)) is not None}
        right = candidate.exact + candidate.prefix
        wrong = sum(
            1
            for sketch in sketches
            if labels[sketch.url].titles and id(sketch) in texts and not labels[sketch.url].agrees(texts[id(sketch)])
        )
        if right < FEWEST / 2 or right < AGREEMENT * (right + wrong) or len(texts) < FEWEST:
            continue
        if len(set(texts.values())) < DISTINCT * len(texts):
            continue
        score = candidate.exact + 0.5 * candidate.prefix - 0.5 * wrong
        ranked.append(((score, candidate.exact, len(texts), not key[3], -key[0]), key))
    ranked.sort(reverse=True)
    places: dict[tuple[tuple[int, int] | None, ...], Key] = {}  # by where the place is on some pages
    for rank, key in ranked:
        if rank[:2] == ranked[0][0][:2]:
            places.setdefault(tuple(sketch.at(key) for sketch in sketches[:COMPARED]), key)
    return list(places.values())


def title_texts(sketch: Sketch) -> list[tuple[Key, str]]:
    """Texts that may be the title, with their places."""
    found: list[tuple[Key, str]] = []
    for line in sketch.lines:
        if line.text and line.size <= LONGEST_TITLE and line.linked < 0.5 * line.size:
            found += [((kind, line.paths[kind], line.k[kind], False), line.text) for kind in range(3)]
    for block in sketch.blocks:
        if 2 <= block.end - block.start <= 4:
            inside = sketch.lines[block.start : block.end]
            if all(line.text and line.linked < 0.5 * line.size for line in inside):
                text = "".join(line.text for line in inside)
                if len(text) <= LONGEST_TITLE:
                    found += [((kind, block.paths[kind], block.k[kind], True), text) for kind in range(3)]
    return found


def title_at(sketch: Sketch, key: Key) -> str | None:
    """The text at a title place; None where the page has none that could be a title."""
    lines = sketch.at(key)
    if lines is None:
        return None
    inside = sketch.lines[slice(*lines)]
    text = "".join(line.text for line in inside)
    linked = sum(line.linked for line in inside)
    return text if 2 <= len(text) <= LONGEST_TITLE and linked < 0.5 * sum(line.size for line in inside) else None
