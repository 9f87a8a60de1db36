"""Recipients of notifications: addresses with secrets in them, from the environment or from operator.toml."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..messages.text import N_

SECRET = {"secret": True}
"""Metadata of settings that are never shown in errors, logs or reports."""
NOTIFY, PING = "GDFUPIN_NOTIFY", "GDFUPIN_PING"


@dataclass(frozen=True)
class Channels:
    """The table [notify] of operator.toml."""

    urls: tuple[str, ...] = field(default=(), repr=False, metadata=SECRET)
    """Apprise URLs of recipients: mailto://, dingtalk://, wecombot://, feishu://, slack://, json:// …"""
    ping: str = field(default="", repr=False, metadata=SECRET)
    """URL that is requested after each good crawl, and with `/fail` appended to its path after a bad one."""
    changes: bool = False
    """Whether a message is sent also after a crawl without problems that found changes."""


def channels(settings: Channels, file: Path, environ: Mapping[str, str] = os.environ) -> tuple[Channels, str | None]:
    """The recipients, and a warning about the file or None. Values of the environment replace those of the file.

    Secrets in a file that other users can read are ignored.
    """
    warning = None
    if (settings.urls or settings.ping) and file.stat().st_mode & 0o077:
        warning = N_(
            "{file}: other users can read it, so the addresses in [notify] are ignored: chmod 600 {file}", file=file
        )
        settings = replace(settings, urls=(), ping="")
    urls, ping = tuple(environ.get(NOTIFY, "").split()), environ.get(PING, "").strip()
    return replace(settings, urls=urls or settings.urls, ping=ping or settings.ping), warning
