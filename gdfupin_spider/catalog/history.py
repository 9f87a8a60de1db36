"""The history of one article: its versions, events and status. A function of its observations alone.

- Content. Content that differs from the current version and from the last content of its address is a new version.
  An address that shows its old content lags behind and makes no version.
- Place (canonical address). Where the article was first seen, until that address redirects or is missing and another
  address is alive. Only live observations decide. A place in a web archive is replaced by the first live address without
  an event.
- Status. Missing once is suspected; missing in two crawls far enough apart, at every address where it was seen live, is
  gone. Of an article that only archives saw these are all its addresses. Of the observations in web archives only those in
  `absence` make an article missing, doubted crawls never do; but any observation proves it present.
"""

from collections.abc import Sequence

from .history_types import AddressHistory, Event, Snapshot, Status, Version
from .observation import Observation, hours_between
from .rules import Rules


class History:
    """Takes observations in capture order; has versions, events and status."""

    def __init__(self, observations: Sequence[Observation], rules: Rules) -> None:
        self._rules = rules
        self.addresses = {observation.address: AddressHistory(observation.address) for observation in observations}
        self.versions: list[Version] = []
        self.events: list[Event] = []
        self.place: AddressHistory | None = None
        self.seen: Observation | None = None
        """The last observation that found the article, at any address."""
        self.looked: Observation | None = None
        """The last live observation with a definite result."""
        self.missed: Observation | None = None
        """First observation after `seen` that was missing at the canonical address: live, also of a doubted crawl, or `absent`."""
        self.now: Snapshot | None = None
        """Its state after all observations; None if it was never read."""
        self._gone = False
        for observation in observations:
            here, silent = self.addresses[observation.address], False
            if observation.live and observation.word is not None:
                self.looked = observation
            if observation.word == "alive":
                silent = self._alive(observation, here)
            elif observation.word is not None and observation.live:
                if not observation.doubted or observation.leads in self.addresses:
                    self._away(observation, here)
                if observation.word == "missing" and here is self.place:
                    self.missed = self.missed or observation
            elif observation.absent:
                if here.seen is not None:
                    self._missing(observation, here)
                    if here is self.place:
                        self.missed = self.missed or observation
            else:
                continue
            before: Snapshot | None = self.now
            self.now = self._shown()
            if self.now is not None:
                self._add_events(observation, before, self.now, silent)

    def _shown(self) -> Snapshot | None:
        """The state after the observations so far; None before the article was first read."""
        place = self.place
        if not self.versions or place is None or place.seen is None:
            return None
        version = self.versions[-1]
        line = version.line(place.n)
        digest, seen = line.sha256 if line else None, place.seen
        section = place.section or (self.now.section if self.now else None)
        at = version.last.captured_at, seen.captured_at
        return Snapshot(version.number, digest, place.n, seen.url, section, self._gone, *at)

    @property
    def status(self) -> Status:
        if self._gone:
            return "gone"
        own = self._own()
        if own and all(address.missing for address in own):
            return "suspected"
        return "archived" if all(address.live_since is None for address in self.addresses.values()) else "live"

    def _add_events(self, observation: Observation, before: Snapshot | None, now: Snapshot, silent: bool) -> None:
        """Adds the events between the state before this observation and the state after it."""
        if before is None:
            self.events.append(Event("added", observation, None, now, None))
            return
        if before.gone and not now.gone:
            self.events.append(Event("reappeared", observation, before, now, before.place_seen))
        if before.version != now.version:
            self.events.append(Event("edited", observation, before, now, before.version_seen))
        if not silent and (before.place != now.place or before.section != now.section):
            self.events.append(Event("moved", observation, before, now, before.place_seen))
        if now.gone and not before.gone:
            last = self.seen
            # A former address may have been found missing after the article was seen at its place, in the same crawl.
            misses = self.place.missing if self.place else []
            since = next((miss.captured_at for miss in misses if last is None or miss > last), observation.captured_at)
            self.events.append(Event("gone", observation, before, now, last.captured_at if last else None, since))

    # --- one observation ----------------------------------------------------------------------------------------

    def _alive(self, observation: Observation, here: AddressHistory) -> bool:
        """Takes an observation that found the article. True if a change of place or section is no event."""
        content = observation.content
        if content is None:  # not modified: since it had this ETag, or since the last observation
            content = here.marks.get(observation.etag, here.content) if observation.etag else here.content
        elif observation.etag:
            here.marks[observation.etag] = content
        if content is None and not self.versions:
            return False  # it is there, but its content is unknown
        if content is not None:
            self._take_content(observation, here, content)
        silent = here.section is None
        here.section = observation.section or here.section
        here.seen = self.seen = observation
        here.missing, here.away, here.left, here.gone = [], [], None, False
        self.missed, self._gone = None, False
        if observation.live:
            here.live_since, here.live_until = here.live_since or observation, observation
        if self.place is None or self.place.live_since is None:
            silent = silent or self.place is not here
            self._move_to(here)
        elif self.place is not here:
            self._update_place(observation)
            silent = False
        return silent

    def _take_content(self, observation: Observation, here: AddressHistory, content: int) -> None:
        before, here.content = here.content, content
        now = self.versions[-1] if self.versions else None
        if now is not None and content == now.content:
            now.last, now.sightings = observation, now.sightings + 1
        elif now is not None and not here.overdue and self._lags(content, before):
            now = next(version for version in reversed(self.versions) if version.content == content)
        else:
            now = Version(len(self.versions) + 1, content, observation, observation)
            self.versions.append(now)
        here.overdue = False
        if observation.line is not None:
            now.lines[here.n] = observation

    def _lags(self, content: int, before: int | None) -> bool:
        """Whether an address shows its own old content, or if it is new, an old version of the article."""
        return before == content or (before is None and any(version.content == content for version in self.versions))

    def _away(self, observation: Observation, here: AddressHistory) -> None:
        """Takes a live observation that is missing or moved."""
        if here.live_since is None:
            return
        here.away.append(observation)
        here.left = observation if observation.word == "moved" else None
        self._update_place(observation)
        if observation.word == "missing":
            self._missing(observation, here)
        else:
            self._conclude()

    def _missing(self, observation: Observation, here: AddressHistory) -> None:
        here.missing.append(observation)
        here.gone = here.gone or self._confirmed(here.missing)
        self._conclude()

    def _conclude(self) -> None:
        own = self._own()
        self._gone = self._gone or (bool(own) and all(address.gone for address in own))

    # --- place and status ----------------------------------------------------------------------------------

    def _own(self) -> list[AddressHistory]:
        """Addresses seen live (if none was, in archives) that do not redirect to another address of the article."""
        seen = [address for address in self.addresses.values() if address.live_since is not None]
        seen = seen or [address for address in self.addresses.values() if address.seen is not None]
        return [address for address in seen if not (address.left and address.left.leads in self.addresses)]

    def _confirmed(self, observations: Sequence[Observation]) -> bool:
        """Whether the last of these observations is far enough from an earlier one, and of another crawl if both are live.

        An archive's captures have times of their own, whichever import brought them.
        """
        last = observations[-1]
        return any(
            (observation.crawl != last.crawl or not (observation.live and last.live))
            and hours_between(observation.captured_at, last.captured_at) >= self._rules.gone_hours
            for observation in observations
        )

    def _update_place(self, observation: Observation) -> None:
        """Moves the article to an address that is alive, if its place is proven not to be."""
        old = self.place
        if old is None or old.live_until is None or not old.away:
            return
        standing = [address for address in self.addresses.values() if address.stands]
        led = [address for address in standing if old.left and old.left.leads == address.n]
        if not led and not self._confirmed(old.away):
            # Missing once only; but an address that no crawl knew while the place was alive replaces it.
            standing = [address for address in standing if _succeeds(address, old.live_until)]
        if found := led or standing:
            self._move_to(min(found, key=lambda address: address.live_since or observation))

    def _move_to(self, new: AddressHistory) -> None:
        self.place, self.missed = new, None
        new.overdue = bool(self.versions) and new.content != self.versions[-1].content


def _succeeds(address: AddressHistory, last: Observation) -> bool:
    """Whether an address was first seen after this observation, and by another crawl."""
    since = address.live_since
    return since is not None and since > last and since.crawl != last.crawl
