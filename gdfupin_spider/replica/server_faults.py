"""Faults of the replica on request: the same address has the same fault on every run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

PASSING = frozenset({"500", "503", "429", "404", "reset", "long", "short", "stall", "empty", "waf", "soft404", "loop"})
"""Temporary faults: by share they affect the first `times` requests of an address, which then works."""
LASTING = frozenset({"gzip", "chunked", "latin", "slow"})
"""Permanent variations that keep the content: by share they affect every request of an address."""


@dataclass(frozen=True)
class Faults:
    """The faults of a replica, by address. The names of faults:

    500 503     an error page
    429         too many requests, with `Retry-After: retry_after`
    404 soft404 gone, by status, or by its text (该文章不存在) with status 200
    reset       the connection is reset in the middle of the body
    long short  Content-Length is larger than the body, or 64 bytes smaller
    stall       half the body, then nothing for `stall` seconds, then the end
    empty       status 200 without a body
    loop        a redirect to itself
    waf         a block page with status 200 (访问过于频繁)
    gzip        the body compressed, whether requested or not
    chunked     Transfer-Encoding: chunked
    latin       header values with non-ASCII bytes
    slow        `slow` seconds before the response
    huge bomb   30 MB of junk, or 300 MB of zeros in a small gzip body
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    """Fault to the share of page addresses that have it; an address has at most one."""
    times: int = 1
    """Number of faulty responses of an address before a correct one."""
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Address (`/list.asp?ClassID=3`) to the faults of its first, second, … request; later ones are correct."""
    always: Mapping[str, str] = field(default_factory=dict)
    """Address to a permanent fault."""
    seed: int = 1
    """Another seed affects other addresses."""
    site: str | None = None
    """The whole site is replaced: `gambling`, `parked`, `login`, `waf`, `down` (503 for everything)."""
    traps: bool = False
    """Every listing page links to an endless calendar, to logout, delete, vote and search, to a page of 30 MB, a
    decompression bomb, a redirect loop, a stall and dead links."""
    fresh_sessions: bool = False
    """Every printed link has a new session id."""
    mojibake: bool = False
    """Broken bytes in the template of every page, before and after the content."""
    crawl_delay: float | None = None
    """Crawl-delay in robots.txt, in seconds."""
    robots: str | None = None
    """The complete robots.txt, instead of the usual one."""
    retry_after: int = 1
    stall: float = 30.0
    slow: float = 0.3
    latency: float = 0.0
    """Seconds before every response."""

    def of(self, address: str, count: int) -> str | None:
        """The fault of the `count`-th request (from 0) of an address; None without fault."""
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
"""No faults."""

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
"""An old server on an ordinary day: every address is correct at the second try."""

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
"""A very bad day: every address is correct at the third try at the latest, and traps are on."""

PRESETS = {"NONE": NONE, "MILD": MILD, "HARSH": HARSH}
