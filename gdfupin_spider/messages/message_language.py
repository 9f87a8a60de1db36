"""The language of the command line: English, or Chinese from the gettext catalogue in `locale/`.

`use` binds the catalogue; from then on the functions of Python's gettext translate, also where Click calls them for its own words.
A program that imports the package and binds nothing gets English.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
DOMAIN = "gdfupin"
CATALOGUES = Path(__file__).parents[1] / "locale"
ASKED = "GDFUPIN_LANG"
"""Variable of the environment that comes before those of the system."""
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def use(asked: Language | None = None) -> None:
    """Messages are in this language, here and in processes that are started; by default as LANGUAGE, LC_ALL, LC_MESSAGES and LANG say."""
    if (wanted := asked or os.environ.get(ASKED)) in LANGUAGES:
        os.environ["LANGUAGE"] = wanted
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Messages are in this language meanwhile: English for machines, that of a digest for its readers."""
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    use(language)
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def current() -> Language:
    """The language in use."""
    is_bound = gettext.textdomain() == DOMAIN
    return "zh" if is_bound and gettext.find(DOMAIN, str(CATALOGUES)) is not None else "en"
