"""Versions of the software that parsed the pages; a part of every report."""

import platform
from functools import cache
from importlib import metadata

import lxml.etree

from .. import __version__, pages
from ..profiles import Profile
from ..storage.report import Versions


def versions(profile: Profile) -> Versions:
    """Versions of the program, of this profile's reader, and of the libraries that parse pages."""
    return Versions(
        gdfupin_spider=__version__,
        reader=pages.reader(profile),
        scrapy=_installed("scrapy"),
        lxml=".".join(map(str, lxml.etree.LXML_VERSION)),
        libxml2=".".join(map(str, lxml.etree.LIBXML_VERSION)),
        python=platform.python_version(),
    )


@cache
def _installed(package: str) -> str:
    """Its version. Looking for it takes 10 ms, and a crawl asks several times."""
    return metadata.version(package)
