"""A survey for the terminal. Page text is hostile: all of it goes through `shown`."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..messages.record_words import counted, word
from ..messages.text import COLON, N_, SEMICOLON, T_, enumeration, joined, translated
from ..pages import reader
from ..terminal import pluralized, shown
from .boilerplate_table import boilerplate_table
from .inspection import Inspection
from .site_shapes import SiteShape
from .suggestion_check import CheckedSuggestion
from .suggestions import toml
from .survey import Survey
from .text_sheet import plain_table

MOST_SHAPES = 20
"""Address patterns that are shown."""


def overview(found: Survey) -> RenderableType:
    """A whole crawl: counts, common doubts, suggestions, the worst pages."""
    counts = found.counts
    head = Text(f"\n{found.crawl.name}", style="bold")
    unread = counts.sightings.get("unreadable", 0)
    head.append(
        T_(
            ", read by {profile}: {articles}, {unread} unreadable\n",
            profile=reader(found.profile),
            articles=pluralized(counts.articles, "article"),
            unread=unread,
        )
    )
    head.append(
        translated(joined(counted(str(count), kind) for kind, count in counts.pages.items())) + "\n", style="dim"
    )
    if found.crawled_with:
        head.append(
            T_(
                "This crawl used the profile {crawled_with}; is --profile correct?\n",
                crawled_with=shown(found.crawled_with),
            ),
            style="yellow",
        )
    if found.damage:
        head.append(
            T_("skipped in the WARC: {places}\n", places=pluralized(found.damage, "damaged place")), style="yellow"
        )
    if found.common_doubts:
        head.append(
            T_(
                "Doubts that most articles share, probably a matter of the profile: {common_doubts}\n",
                common_doubts=enumeration(map(word, sorted(found.common_doubts))),
            )
        )
    if not found.shapes:
        head.append(
            T_("The crawl has no pages, so there is nothing to look at: its report.json has the reason.\n"),
            style="yellow",
        )
        return head
    parts: list[RenderableType] = [head]
    parts += [_shapes(found.shapes), _checked(found)]
    if (leaks := boilerplate_table(counts.leaks, found.crawl.path)) is not None:
        parts.append(leaks)
    parts.append(_worst(found))
    return Group(*parts)


def _shapes(shapes: Sequence[SiteShape]) -> RenderableType:
    """What the crawl saw of each address pattern, and what its pages probably are."""
    table = Table(title=Text(T_("Address patterns of the site")), title_justify="left", header_style="bold")
    for name in ("pattern", "pages", "as what", "what they are"):
        table.add_column(translated(word(name)), overflow="fold", justify="right" if name == "pages" else "left")
    many = [one for one in shapes if one.pages > 1][:MOST_SHAPES]
    for one in many:
        kinds = translated(joined(counted(str(count), kind) for kind, count in one.kinds.items()))
        belief = Text(shown(one.belief), style="yellow" if one.belief.startswith("unknown") else "")
        belief.append(f"\n{shown(one.url)}", style="dim")
        table.add_row(Text(shown(one.shape)), str(one.pages), kinds, belief)
    if rest := shapes[len(many) :] if len(many) == MOST_SHAPES else [one for one in shapes if one.pages == 1]:
        pages, unknown = sum(one.pages for one in rest), sum(one.unknown for one in rest)
        table.add_row(
            T_("{rest} more", rest=len(rest)),
            str(pages),
            T_("{unknown} unknown", unknown=unknown),
            Text(T_("--json shows them"), style="dim"),
        )
    return table


def _checked(found: Survey) -> RenderableType:
    """What to put into the profile, with the effect on this crawl; and what was withheld, and why."""
    result = found.suggestions
    parts: list[RenderableType] = []
    if result.offered:
        parts.append(_effects(T_("To put into the profile, checked on this crawl"), result.offered))
    if result.together is not None:
        sentence = result.together.sentence
        if harm := result.together.harm:
            but = N_("but together they do harm ({harm}): add one at a time", harm=harm)
            sentence = joined((sentence, but), SEMICOLON)
        parts.append(Text(T_("All of them together: {sentence}", sentence=shown(sentence))))
    if result.withheld:
        parts.append(_effects(T_("Not offered, because they would do harm"), result.withheld))
    if result.unchecked:
        parts.append(
            Text(
                T_("{unchecked} suggestions were not checked and are not shown", unchecked=result.unchecked),
                style="yellow",
            )
        )
    if result.offered:
        parts.append(
            Text(
                T_(
                    "After a change: gdfupin replay latest --profile FILE, then gdfupin probe --crawl latest "
                    "--profile FILE"
                )
            )
        )
    return Group(*parts)


def _effects(title: str, checked: Sequence[CheckedSuggestion]) -> Table:
    table = plain_table(title)
    table.add_column(style="bold", overflow="fold", ratio=2)
    table.add_column(overflow="fold", ratio=3)
    for one in checked:
        line = next(iter(toml(each.suggestion for each in one.found).values()))
        table.add_row(Text(shown(line)), Text(shown(effect_text(one))))
    return table


def effect_text(one: CheckedSuggestion) -> str:
    """The reason for a suggestion, and its effect."""
    first = one.found[0]
    why = joined((pluralized(first.pages, "page"), first.suggestion.why), COLON)
    if one.effect is None:
        return N_("{why}; has no effect on how pages are read", why=why)
    effect = one.effect.harm or one.effect.sentence
    return joined((why, N_("beside the others it {effect}", effect=effect) if one.beside else effect), SEMICOLON)


def command_for_worst(found: Survey) -> list[str]:
    """The arguments of the command that shows the most doubtful page of a crawl; empty without one."""
    if not found.worst:
        return []
    proof = found.worst[0][1].page.capture.proof
    return ["probe", str(found.crawl.path / proof.warc.rpartition("/")[2]), "--offset", str(proof.offset)]


def _worst(found: Survey) -> RenderableType:
    if not found.worst:
        return Text(T_("No page is doubtful."), style="bold green")
    table = Table(
        title=Text(
            T_(
                "The {worst} worst pages; {doubted} pages have a doubt that is not shared",
                worst=len(found.worst),
                doubted=found.doubted,
            )
        ),
        title_justify="left",
        header_style="bold",
    )
    for name in ("doubt", "why", "page"):
        table.add_column(translated(word(name)), overflow="fold", justify="right" if name == "doubt" else "left")
    for doubt, inspection in found.worst:
        why = Text("\n".join(shown(joined((word(one.name), one.evidence), COLON))[:160] for one in inspection.doubts))
        table.add_row(f"{doubt:g}", why, _place(inspection))
    return table


def _place(inspection: Inspection) -> Text:
    proof = inspection.page.capture.proof
    place = Text(
        shown(inspection.article.title if inspection.article else inspection.page.doc.title) + "\n", style="bold"
    )
    place.append(shown(inspection.page.capture.url) + "\n")
    place.append(shown(f"{proof.warc.rpartition('/')[2]} --offset {proof.offset}"), style="dim")
    return place
