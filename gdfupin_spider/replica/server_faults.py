"""How the replica misbehaves on request: the same address misbehaves in the same way on every run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

PASSING = frozenset({"500", "503", "429", "404", "reset", "long", "short", "stall", "empty", "waf", "soft404", "loop"})
"""Faults that spoil an answer. By share they befall the first `times` requests of an address; then it answers right."""
LASTING = frozenset({"gzip", "chunked", "latin", "slow"})
"""Faults that only dress an answer. By share they befall every request of an address."""


@dataclass(frozen=True)
class Faults:
    """What goes wrong, and where. The names of faults:

    500 503     an error page
    429         too many requests, with `Retry-After: retry_after`
    404 soft404 gone, by status or by words (该文章不存在) with status 200
    reset       the connection breaks in mid-body
    long short  Content-Length says more than is sent / 64 bytes less than is sent
    stall       half the body, then nothing for `stall` seconds, then the end
    empty       200 without a body
    loop        a redirect to itself
    waf         a block page with status 200 (访问过于频繁)
    gzip        the body compressed, whether asked for or not
    chunked     Transfer-Encoding: chunked
    latin       header values with bytes beyond ASCII
    slow        `slow` seconds before the answer
    huge bomb   30 MB of nonsense / 300 MB of it in a small gzip body
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    """Fault to the share of addresses it befalls, pages only; an address has at most one."""
    times: int = 1
    """How often a spoilt address answers wrong before it answers right."""
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address (`/list.asp?ClassID=3`) to the faults of its first, second, … request; behind them it answers right."""
    always: Mapping[str, str] = field(default_factory=dict)
    """Address to a fault that never passes."""
    seed: int = 1
    """Another seed befalls other addresses."""
    site: str | None = None
    """The whole site is something else: `gambling`, `parked`, `login`, `waf`, `down` (503 for everything)."""
    traps: bool = False
    """Every page that lists something links to an endless calendar, to logout, delete, vote and search, to a page of
    30 MB, a decompression bomb, a redirect loop, a stall and dead links."""
    fresh_sessions: bool = False
    """Every printed link carries a session id never seen before."""
    mojibake: bool = False
    """Broken bytes in the template of every page, in front of the content and behind it."""
    crawl_delay: float | None = None
    """Crawl-delay in robots.txt, seconds."""
    robots: str | None = None
    """The whole robots.txt, in place of the usual one."""
    retry_after: int = 1
    stall: float = 30.0
    slow: float = 0.3
    latency: float = 0.0
    """Seconds before every answer."""

    def of(self, address: str, count: int) -> str | None:
        """The fault of the `count`-th request (from 0) of an address; None where all is well."""
        if address in self.always:
            return self.always[address]
        if address in self.at:
            planned = self.at[address]
            return planned[count] if count < len(planned) else None
        return self._by_share(address, count)

    def _by_share(self, address: str, count: int) -> str | None:
        if not self.shares:
            return None
        digest = hashlib.sha256(f"{self.seed}:{address}".encode()).digest()
        roll = int.from_bytes(digest[:6], "big") / 2**48
        for name, share in self.shares.items():
            roll -= share
            if roll < 0:
                return name if name in LASTING or count < self.times else None
        return None


NONE = Faults()
"""All is well."""

MILD = Faults(
    shares={
        "500": 0.02,
        "503": 0.02,
        "reset": 0.01,
        "long": 0.01,
        "gzip": 0.05,
        "chunked": 0.1,
        "latin": 0.02,
        "slow": 0.01,
    },
    slow=0.1,
)
"""An old server on an ordinary day: every address answers right at the second try."""

HARSH = Faults(
    shares={
        "500": 0.04, "503": 0.04, "429": 0.02, "reset": 0.04, "long": 0.03, "short": 0.02, "stall": 0.01, "empty": 0.03,
        "waf": 0.02, "gzip": 0.08, "chunked": 0.12, "latin": 0.05, "slow": 0.03,
    },
    times=2,
    traps=True,
    fresh_sessions=True,
    mojibake=True,
    stall=8.0,
    slow=0.2,
)  # fmt: skip
"""A bad day in every respect: every address answers right at the third try at the latest, and traps are everywhere."""

PRESETS = {"NONE": NONE, "MILD": MILD, "HARSH": HARSH}
