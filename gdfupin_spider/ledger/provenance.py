"""What read the pages: it stands in every report."""

import platform
from importlib.metadata import version

import lxml.etree

from .. import __version__, pages
from ..profiles import Profile


def versions(profile: Profile) -> dict[str, str]:
    """What read the pages, as far as it can change how they read."""
    return {
        "gdfupin_spider": __version__,
        "reader": pages.reader(profile),
        "scrapy": version("scrapy"),
        "lxml": ".".join(map(str, lxml.etree.LXML_VERSION)),
        "libxml2": ".".join(map(str, lxml.etree.LIBXML_VERSION)),
        "python": platform.python_version(),
    }
