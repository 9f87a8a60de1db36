"""CITATION.cff: how to cite the release, for GitHub, Zenodo and Zotero (Citation File Format 1.2.0)."""

import yaml

from ..metadata import About
from .phrases import KEYWORDS, PROGRAM, RIGHTS_URL, description, title


def text(about: About) -> str:
    """The file."""
    fields = {
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
    if about.home:
        fields["url"] = about.home
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120)
