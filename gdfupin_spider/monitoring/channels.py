"""Whom to tell: addresses of services, each with a secret in it, from the environment or from operator.toml."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

SECRET = {"secret": True}
"""Of a setting that is never shown: not in errors, logs or reports."""
NOTIFY, PING = "GDFUPIN_NOTIFY", "GDFUPIN_PING"


@dataclass(frozen=True)
class Channels:
    """The table [notify] of operator.toml."""

    urls: tuple[str, ...] = field(default=(), repr=False, metadata=SECRET)
    """Where messages go, as Apprise writes it: mailto://, dingtalk://, wecombot://, feishu://, slack://, json:// …"""
    ping: str = field(default="", repr=False, metadata=SECRET)
    """An address that is asked for after every good crawl, and with /fail behind its path after a bad one."""
    changes: bool = False
    """A message also where all is well and something has changed."""


def channels(settings: Channels, file: Path, environ: Mapping[str, str] = os.environ) -> tuple[Channels, str | None]:
    """Whom to tell, and what is wrong with the file. What the environment says stands for what the file says.

    Secrets in a file that others may read are not used.
    """
    wrong = None
    if (settings.urls or settings.ping) and file.stat().st_mode & 0o077:
        wrong = f"{file}: others may read it, so the addresses in [notify] are not used: chmod 600 {file}"
        settings = replace(settings, urls=(), ping="")
    urls, ping = tuple(environ.get(NOTIFY, "").split()), environ.get(PING, "").strip()
    return replace(settings, urls=urls or settings.urls, ping=ping or settings.ping), wrong
