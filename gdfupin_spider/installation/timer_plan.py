"""What an operator decides about an archive that looks after itself."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..messages.message_language import Language
from ..messages.text import N_

Kind = Literal["systemd-user", "systemd", "cron", "none"]
KINDS: tuple[Kind, ...] = ("systemd-user", "systemd", "cron", "none")
HOMES = ("/home", "/root", "/run/user")
"""Folders that ProtectHome= of systemd hides."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CONTACT = re.compile(r"[^\s@\"'\\]+@[^\s@\"'\\]+\.[^\s@\"'\\]+|https?://[^\s\"'\\]+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+")


@dataclass(frozen=True, slots=True)
class TimerPlan:
    """The answers of `gdfupin init`."""

    archive: Path
    """Absolute."""
    program: Path
    """`gdfupin`, absolute."""
    contact: str
    """Mail address or web page that is sent to the site with each request."""
    kind: Kind = "none"
    """What starts the run: a timer of the user's systemd, of the machine's, cron, or nothing."""
    at: str = "03:00"
    """Time of day, HH:MM, in `zone`."""
    zone: str = "Asia/Shanghai"
    """IANA time zone of the site."""
    user: str = "gdfupin"
    """Who runs it, for `systemd`."""
    environment: Path = Path("/etc/gdfupin.env")
    """File of variables, which may hold secrets; for both kinds of systemd."""
    title: str = "www.gdfupin.org.cn"
    """Name of the site for people."""
    language: Language = "en"
    """Of messages: a timer has no LANG of a person."""

    @property
    def needs_homes(self) -> bool:
        """Whether the archive or the program, as pipx installs it, is in a home folder."""
        paths = (self.archive, self.program, self.program.resolve())
        return any(path.is_relative_to(home) for path in paths for home in HOMES)

    def problems(self) -> Iterator[tuple[str, str]]:
        """(option, what is wrong with its value)"""
        if not _TIME.fullmatch(self.at):
            yield "--at", N_("{at!r} is not a time of day such as 03:00", at=self.at)
        if not self.contact:
            yield (
                "--contact",
                N_("is needed: your mail address or web page, which is sent to the site with each request"),
            )
        elif not _CONTACT.fullmatch(self.contact):
            yield (
                "--contact",
                N_("{contact!r} is neither a mail address nor a web page (https://...)", contact=self.contact),
            )
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in str(self.archive)):
            yield "FOLDER", N_("a path with line ends or control characters cannot be named in a unit or for cron")


def is_recipient(url: str) -> bool:
    """Whether this has the form of an Apprise URL.

    >>> is_recipient("mailto://me:secret@example.org"), is_recipient("me@example.org")
    (True, False)
    """
    return _URL.fullmatch(url) is not None
