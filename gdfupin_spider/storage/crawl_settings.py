"""What a crawl was asked to do: one record, kept in the crawl's report and in the `warcinfo` of its WARC files.

`warcinfo` holds it as JSON in the field `gdfupin-settings`. Until 0.1.0 each setting was a field of its own
(`wish-limit: 20`, `wish-start_urls: ['http://…']`), as Python prints values; that form stays readable.
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import warc
from ..items import WrongShape, as_dict, decode

Scalar = str | int | float | bool | None
FIELD = "gdfupin-settings"
_OLD, _TEXT = "wish-", ("profile", "recheck")


@dataclass(frozen=True)
class CrawlSettings:
    """The options of one crawl. The defaults are those of a crawl that does not record an option."""

    profile: str | None = None
    """Name of the profile."""
    start_urls: tuple[str, ...] = ()
    limit: int = 0
    """The crawl ends after this number of articles; 0: no limit."""
    max_minutes: float = 0
    """The crawl ends after this number of minutes; 0: no limit."""
    max_pages: int = 0
    """The crawl ends after this number of requests for pages; 0: no limit."""
    media: bool = False
    """Whether pictures and attachments are fetched."""
    full: bool = False
    """Whether all listings are followed to their last page and all non-article pages fetched again."""
    recheck: str = "due"
    """Which known articles are fetched again: `due`, `all` or `none`."""
    scrapy: Mapping[str, Scalar] = field(default_factory=dict)
    """Scrapy settings that may be published, by their names in capitals."""
    requisites: bool = False
    """Whether style sheets, scripts and pictures of the template are fetched."""

    def encode(self) -> dict[str, object]:
        """For JSON; Scrapy settings stand beside the options."""
        encoded = as_dict(self)
        del encoded["scrapy"]
        return {**encoded, **self.scrapy}


def decode_settings(value: object) -> CrawlSettings:
    """From the JSON form. Raises WrongShape."""
    if not isinstance(value, dict):
        raise WrongShape(f"settings are {value!r:.80}, not an object")
    scrapy = {name: setting for name, setting in value.items() if isinstance(name, str) and name.isupper()}
    options = {name: setting for name, setting in value.items() if name not in scrapy}
    return decode(CrawlSettings, {**options, "scrapy": scrapy})


def to_warcinfo(settings: CrawlSettings) -> dict[str, str]:
    """As fields of `warcinfo`. A WARC field has one line and folds blanks, so the JSON has neither."""
    return {FIELD: json.dumps(settings.encode(), separators=(",", ":")).replace(" ", "\\u0020")}


def from_warcinfo(fields: Mapping[str, str]) -> CrawlSettings | None:
    """From the fields of `warcinfo`, in the form of today or of 0.1.0; None where they hold no readable settings.

    >>> from_warcinfo({"wish-start_urls": "['http://a.cn/?x=1,2']", "wish-limit": "20", "wish-media": "True"})
    CrawlSettings(profile=None, start_urls=('http://a.cn/?x=1,2',), limit=20, max_minutes=0, max_pages=0, media=True, full=False, recheck='due', scrapy={}, requisites=False)
    >>> from_warcinfo({"software": "wget"}) is None
    True
    """
    try:
        if (text := fields.get(FIELD)) is not None:
            return decode_settings(json.loads(text))
        old = {name.removeprefix(_OLD): value for name, value in fields.items() if name.startswith(_OLD)}
        read = {name: value if name in _TEXT else _python(value) for name, value in old.items()}
        return decode_settings(read) if read else None
    except ValueError:
        return None


def settings_of(path: Path) -> CrawlSettings:
    """The settings of the crawl in a folder, from its first WARC file; the defaults where it has none of ours."""
    files = [file for file in warc.files(path) if file.exists()]  # a retired crawl has links, perhaps to nowhere
    return (from_warcinfo(warc.about(files[0])) if files else None) or CrawlSettings()


def _python(text: str) -> object:
    """A value as Python prints it with `str()`: strings without quotes, lists and numbers as literals."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # the file may be anybody's
        return text
