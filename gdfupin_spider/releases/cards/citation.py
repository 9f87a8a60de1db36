"""CITATION.cff: how to cite the release, for GitHub, Zenodo and Zotero (Citation File Format 1.2.0)."""

import yaml

from ..metadata import About
from .phrases import KEYWORDS, PROGRAM, RIGHTS_URL, description, title


def text(about: About) -> str:
    """The file."""
    fields: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it by this record, and the articles by their own source and date.",
        "type": "dataset",
        "title": title(about),
        "version": about.name,
        "date-released": about.date,
        "authors": [{"name": PROGRAM}],
        "abstract": description(about),
        "keywords": list(KEYWORDS),
        "license-url": RIGHTS_URL,
    }
    published = about.publication
    if published.doi:
        fields["doi"] = published.doi
    if published.address or about.home:
        fields["url"] = published.address or about.home
    if published.publisher:  # the format has a publisher only in a reference
        shared = ("title", "authors", "version", "date-released", "doi", "url")
        reference: dict[str, object] = {"type": "data", **{name: fields[name] for name in shared if name in fields}}
        fields["preferred-citation"] = reference | {"publisher": {"name": published.publisher}}
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120)
