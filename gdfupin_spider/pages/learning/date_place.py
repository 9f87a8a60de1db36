"""The place of the date: where the rows of listings have the same date; else a regular place that has a label, or is near
the title, or hardly ever has anything but a date."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..layouts.page_date import LONG
from ..text.dates import slashed_numbers
from .body_place import is_unique, weight
from .fit import Fit
from .sketch import Key, SketchLine
from .title_place import AGREEMENT, FEWEST

NEAR = 8
"""Lines after the title among which an unlabelled date may be that of publication."""
ABOVE = 6
"""The same before the title."""
FAR = 100
"""Distance of a date that is not near."""
PLACES = 3
"""Date places of one layout."""
ONLY_DATES = 0.6
"""Share of the lines with the path of a far date that must be dates."""


@dataclass(frozen=True, slots=True)
class DatePlaces:
    """Where the date is on the pages of a layout."""

    places: tuple[Key, ...] = ()
    """The best supported place first."""
    right: int = 0
    wrong: int = 0
    """Pages whose date at the first place is, or is not, that of their row."""
    month_first: bool | None = None
    """Order of dates such as 10/11/2008; None: no page shows it."""
    below: bool = False
    """Whether the date is below the text."""
    only_dates: bool = False
    """Whether hardly anything but a date, or labels, is ever in its place."""
    paths: frozenset[str] = frozenset()
    """The paths of the first place by classes."""


def date_places(fits: Sequence[Fit], template: set[tuple[str, str]]) -> DatePlaces:
    """The date places of pages with the same title place."""
    right, wrong, there, labelled = Counter[Key](), Counter[Key](), Counter[Key](), Counter[Key]()
    lines = Counter[tuple[int, str]]()  # by kind of path and path
    distance: defaultdict[Key, int] = defaultdict(int)
    for fit in fits:
        for index, line in enumerate(fit.sketch.lines):
            if line.text:
                lines.update(enumerate(line.paths))
            if line.day is None and line.doubtful is None:
                continue
            near = index - fit.after
            for kind in range(3):
                key = (kind, line.paths[kind], line.k[kind], False)
                there[key] += 1
                labelled[key] += line.labelled
                distance[key] += abs(near) if -ABOVE <= near <= NEAR else FAR
                if fit.label.days and line.day is not None:
                    (right if line.day in fit.label.days else wrong)[key] += 1
    distances = {key: distance[key] / count for key, count in there.items()}
    agreeing = [
        key for key, count in right.items() if count >= FEWEST / 2 and count >= AGREEMENT * (count + wrong[key])
    ]
    if agreeing:
        best = min(agreeing, key=lambda key: (-right[key], distances[key], key))
        others = [key for key in agreeing if key[0] == best[0] and key[1] != best[1]]
        places = (best, *sorted(others, key=lambda key: (-right[key], key))[: PLACES - 1])
    else:
        enough = AGREEMENT * len(fits)
        regular = [key for key, count in labelled.items() if count >= enough]
        regular = regular or [key for key, count in there.items() if count >= enough and distances[key] <= NEAR]
        # Far from the title, but in an element of its own that has hardly ever anything but a date.
        regular = regular or [key for key, count in there.items() if count >= max(enough, ONLY_DATES * lines[key[:2]])]
        regular = [key for key in regular if _differs(fits, key)]
        if not regular:
            return DatePlaces()
        best = min(regular, key=lambda key: (distances[key], -there[key], key))
        places = (best,)
    return DatePlaces(
        places,
        right[best],
        wrong[best],
        _month_first(fits, places),
        _is_below(fits, best, template),
        _has_only_dates(fits, best),
        _paths_at(fits, best),
    )


def _line_at(fit: Fit, key: Key) -> SketchLine | None:
    lines = fit.sketch.at(key)
    return fit.sketch.lines[lines[0]] if lines else None


def _month_first(fits: Sequence[Fit], places: Sequence[Key]) -> bool | None:
    """The order of month and day that unambiguous dates show; None where none does, or both are shown."""
    orders = set()
    for fit in fits:
        for key in places:
            line = _line_at(fit, key)
            numbers = slashed_numbers(line.text) if line is not None else None
            if numbers is not None and max(numbers[:2]) > 12:
                orders.add(numbers[1] > 12)
    return orders.pop() if len(orders) == 1 else None


def _is_below(fits: Sequence[Fit], date: Key, template: set[tuple[str, str]]) -> bool:
    """Whether most pages have text between title and date."""
    below = 0
    for fit in fits:
        lines = fit.sketch.at(date)
        between = fit.sketch.lines[fit.after : lines[0]] if lines else ()
        below += sum(weight(line) for line in between if is_unique(line, template)) > LONG
    return below >= 0.5 * len(fits)


def _differs(fits: Sequence[Fit], key: Key) -> bool:
    """Whether pages have different dates at a place; the clock of a page is the same on all."""
    lines = [line for fit in fits if (line := _line_at(fit, key)) is not None]
    return len({line.day or line.doubtful for line in lines}) >= max(3, 0.1 * len(fits))


def _has_only_dates(fits: Sequence[Fit], date: Key) -> bool:
    """Whether most lines with the path of the date are dates or bylines."""
    paths = _paths_at(fits, date)
    here = [line for fit in fits for line in fit.sketch.lines[fit.after :] if line.text and line.paths[1] in paths]
    return sum(line.day is not None or line.labelled for line in here) >= ONLY_DATES * len(here)


def _paths_at(fits: Sequence[Fit], date: Key) -> frozenset[str]:
    return frozenset(fit.sketch.lines[lines[0]].paths[1] for fit in fits if (lines := fit.sketch.at(date)))
