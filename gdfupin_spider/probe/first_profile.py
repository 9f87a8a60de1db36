"""A profile for a site that has none: from its live pages, or from a crawl.

Only a few pages are fetched, one after another: the home page, articles that it lists, and a page of its menu. A page that
robots.txt forbids is not.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from .. import deadline, pages
from ..errors import SiteUnreachable
from ..frontier.scope import Scope, bare
from ..messages.text import COLON, N_, SEMICOLON, joined, reason_of
from ..pages import Page, host_of
from ..pages.layouts.shape import shape
from ..profiles import GENERAL, Profile, load
from ..profiles.draft import ProfileDraft, draft_of, name_of, title_of
from ..terminal import pluralized
from .live_page import FORBIDDEN
from .page_source import ObtainedPage, from_url
from .suggestions import suggestions
from .survey import Survey

HOPS = 3
"""Redirects of the home page that are followed."""
FURTHER = 3
"""Pages that are fetched beside the home page."""
TWICE = 2
"""Pages that must print a section name or a name of the site."""
DECIDED = frozenset(("article_urls", "other_urls", "hosts", "media_hosts", "gone"))
"""Keys of which a person decides: they are written as comments."""
Fetch = Callable[[str], ObtainedPage]


def home_draft(url: str, fetch: Fetch = from_url) -> tuple[ProfileDraft, Page]:
    """A draft of four lines from the home page of a site, and that page. Raises SiteUnreachable."""
    host = bare(urlsplit(url).netloc)
    home, hosts, place = fetch(url), [_written_host(url)], url
    for _ in range(HOPS):
        page = deadline.read(home.capture, load(GENERAL))
        if page.to is None or not _is_family(host_of(page.to), host):
            break
        place = page.to
        if bare(_written_host(place)) not in map(bare, hosts):
            hosts.append(_written_host(place))
        home = fetch(place)
    page = deadline.read(home.capture, load(GENERAL))
    if page.to is not None:
        raise SiteUnreachable(
            N_("{url} leads to {to}, which is another site; name that one if it is meant", url=url, to=page.to)
        )
    if page.kind in ("gone", "blocked") or page.capture.status >= 400:
        raise SiteUnreachable(
            N_("{url} is no home page: it reads as {kind} ({why})", url=url, kind=page.kind, why=page.why)
        )
    draft = ProfileDraft(name_of(_written_host(url)), title_of(page.doc.title, _written_host(url)))
    for each in hosts:
        draft.add("hosts", each)
    draft.add("start_urls", url)
    return draft, page


def draft_from_site(
    url: str, delay: float = 1.0, fetch: Fetch = from_url, say: Callable[[str], None] = lambda text: None
) -> ProfileDraft:
    """A draft from a few live pages, `delay` seconds apart. Raises SiteUnreachable."""
    draft, home = home_draft(url, fetch)
    profile = replace(
        load(GENERAL), name=draft.name, title=draft.title,
        hosts=tuple(each.value for each in draft.values["hosts"]), start_urls=(url,),
    )  # fmt: skip
    seen = [deadline.read(home.capture, profile)]
    for further in _further(seen[0], profile):
        time.sleep(delay)
        say(N_("fetching {further}", further=further))
        try:
            obtained = fetch(further)
        except SiteUnreachable as error:
            say(reason_of(error))
            continue
        if FORBIDDEN not in obtained.remarks:
            seen.append(deadline.read(obtained.capture, profile))
    _add_suggestions(draft, seen, Scope(profile))
    return draft


def _further(home: Page, profile: Profile) -> list[str]:
    """URLs of pages worth a look: the first and last dated row, else two links of the commonest pattern; and a page
    of the menu."""
    scope = Scope(profile)
    links = [link.url for link in home.links if link.role == "link" and scope.page(link.url)]
    links = [url for url in dict.fromkeys(links) if pages.identity_key(url) != pages.identity_key(home.capture.url)]
    rows = [row.url for row in home.rows if scope.page(row.url)]
    if not rows and links:
        patterns = Counter(map(shape, links))
        rows = [url for url in links if shape(url) == patterns.most_common(1)[0][0]]
    articles = list(dict.fromkeys([*rows[:1], *rows[-1:]]))
    frames = [link.url for link in home.links if link.role == "frame" and scope.page(link.url)]
    menu = [url for url in links if shape(url) not in {shape(row) for row in articles}]
    return list(dict.fromkeys([*frames[:FURTHER], *articles, *menu[:1]]))[:FURTHER]


def _add_suggestions(draft: ProfileDraft, seen: Sequence[Page], scope: Scope) -> None:
    """The words that the pages print. Section names need two pages, and a link that leads to no article and to no other
    site. Names of the site are proposed only: pages that nobody has seen may lack them, and would be foreign."""
    articles = {shape(page.capture.url) for page in seen if page.kind == "article"}
    menu = {
        link.text for page in seen for link in page.links if scope.page(link.url) and shape(link.url) not in articles
    }
    counts: Counter[tuple[str, str]] = Counter()
    whys: dict[tuple[str, str], str] = {}
    for page in seen:
        for one in suggestions(page):
            counts[one.key, one.value] += 1
            whys.setdefault((one.key, one.value), one.why)
    named = {page.section for page in seen}
    for (key, value), count in counts.items():
        why = whys[key, value]
        if key.startswith("labels.") and key != _label_key(counts, value):
            continue
        if key in DECIDED:
            draft.propose(key, value, why)
        elif key == "identity":
            if count >= min(TWICE, len(seen)):
                draft.propose(
                    key,
                    value,
                    N_(
                        "{count} of {seen} pages print it: take it if every page of the site does",
                        count=count,
                        seen=len(seen),
                    ),
                )
        elif key == "sections":
            if (count >= TWICE and value in menu) or value in named:
                draft.add(key, value)
        else:
            draft.add(key, value, why)


def _label_key(counts: Counter[tuple[str, str]], label: str) -> str:
    """The field that most pages support for a label; of several the first in this order."""
    keys = [f"labels.{name}" for name in ("date", "source", "author", "other")]
    return max(keys, key=lambda key: counts[key, label])


def draft_from_crawl(found: Survey) -> ProfileDraft:
    """A draft from a crawl: the profile that it used, with the suggestions that were checked on it."""
    draft = draft_of(found.profile)
    if not draft.values.get("start_urls"):
        for url in found.start_urls:
            draft.add("start_urls", url)
    for one in found.suggestions.offered:
        effect = (one.effect.sentence,) if one.effect is not None else ()
        for counted in one.found:
            reason = joined((pluralized(counted.pages, "page"), counted.suggestion.why), COLON)
            why = joined((reason, *effect), SEMICOLON)
            if one.key in DECIDED:
                draft.propose(one.key, counted.suggestion.value, why)
            else:
                draft.add(one.key, counted.suggestion.value, why if one.key not in ("sections", "identity") else "")
    return draft


def _written_host(url: str) -> str:
    """The host of a URL as it is written in a profile: without port and user."""
    return (urlsplit(url).hostname or "").rstrip(".")


def _is_family(host: str, site: str) -> bool:
    """Whether a host is the site's own, or of the same domain."""
    return host == site or host.endswith(f".{site}") or site.endswith(f".{host}")
