"""Who publishes the releases of an archive, and where: `[publication]` of operator.toml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..messages.text import N_

_DOI = re.compile(r"10\.\d{4,9}/[!-~]+")


@dataclass(frozen=True, slots=True)
class Publication:
    """The table [publication]. Every key may be empty: unknown. Releases, their cards and citations carry what is set."""

    publisher: str = ""
    """Person or institution that publishes the releases."""
    address: str = ""
    """Page where the releases are published, http or https."""
    doi: str = ""
    """DOI of the dataset, such as `10.5281/zenodo.1234567`; reserve it before the release is made."""

    @property
    def link(self) -> str:
        """The address that lasts longest: that of the DOI, else `address`; empty where both are."""
        return f"https://doi.org/{self.doi}" if self.doi else self.address

    @property
    def sentence(self) -> str:
        """Publisher and link, as they follow the name of a release in a citation; empty where neither is known."""
        return ". ".join(filter(None, (self.publisher, self.link)))

    def problems(self) -> Iterator[tuple[str, str]]:
        """(key, what is wrong with its value)"""
        for name in ("publisher", "address", "doi"):
            if any(not each.isprintable() for each in getattr(self, name)):
                yield name, N_("must be one line of printable text")
        if self.address and not _is_address(self.address):
            yield "address", N_("must be an address with http or https, not {url!r}", url=self.address)
        if self.doi and not _DOI.fullmatch(self.doi):
            yield "doi", N_("must be a DOI alone, such as 10.5281/zenodo.1234567, not {doi!r}", doi=self.doi)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


UNPUBLISHED = Publication()
