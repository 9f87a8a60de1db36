"""Versions of the software that parsed the pages; a part of every report."""

import platform
from importlib.metadata import version

import lxml.etree

from .. import __version__, pages
from ..profiles import Profile
from ..storage.report import Versions


def versions(profile: Profile) -> Versions:
    """Versions of the program, of this profile's reader, and of the libraries that parse pages."""
    return Versions(
        gdfupin_spider=__version__,
        reader=pages.reader(profile),
        scrapy=version("scrapy"),
        lxml=".".join(map(str, lxml.etree.LXML_VERSION)),
        libxml2=".".join(map(str, lxml.etree.LIBXML_VERSION)),
        python=platform.python_version(),
    )
