"""croissant.json: the release as Croissant 1.0 (ML Commons), with the digests of its files.

A record set for each table, with its key and its references. They read the Parquet files: the format whose types say most.
"""

import json
import re

from ..dictionary import Field
from ..metadata import About, citation
from ..released_tables import ReleasedTable
from .phrases import KEYWORDS, PROGRAM, RIGHTS_URL, description, title

_TYPES = {
    "string": "sc:Text",
    "date": "sc:Date",
    "time": "sc:DateTime",
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "strings": "sc:Text",
}
_FORMATS = {".parquet": "application/x-parquet"}
"""Media types as Croissant names them, if different from IANA."""


def text(about: About) -> str:
    """The file."""
    published = about.publication
    home = published.address or about.home
    node: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": re.sub(r"[^A-Za-z0-9_-]", "-", f"{about.profile}-articles"),
        "alternateName": title(about),
        "description": description(about),
        "version": version(about.name),
        "datePublished": about.date,
        "inLanguage": "zh",
        "keywords": list(KEYWORDS),
        "license": RIGHTS_URL,
        "citeAs": citation(about),
        "creator": {"@type": "sc:Organization", "name": PROGRAM},
        **({"publisher": {"@type": "sc:Organization", "name": published.publisher}} if published.publisher else {}),
        **({"url": home} if home else {}),
        **({"sameAs": published.link} if published.doi else {}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": file.name,
                "description": file.what,
                "contentUrl": file.name,
                "contentSize": f"{file.bytes} B",
                "encodingFormat": next(
                    (name for ending, name in _FORMATS.items() if file.name.endswith(ending)), file.media_type
                ),
                "sha256": file.sha256,
            }
            for file in about.files
        ],
        "recordSet": [
            _record_set(file.table) for file in about.files if file.table and file.name == file.table.parquet
        ],
    }
    return json.dumps(node, ensure_ascii=False, indent=2) + "\n"


def version(name: str) -> str:
    """The name of a release as a version of three numbers, which Croissant asks for; of another name 0.0.0 and it.

    >>> version("2026.11.23"), version("2026.11.23.2"), version("2026.01.05"), version("first try")
    ('2026.11.23', '2026.11.23+2', '2026.1.5', '0.0.0+first-try')
    """
    if found := re.fullmatch(r"(\d{4})\.(\d\d)\.(\d\d)(?:\.(\d+))?", name):
        year, month, day, again = found.groups()
        return f"{year}.{int(month)}.{int(day)}{f'+{again}' if again else ''}"
    return f"0.0.0+{re.sub('[^0-9A-Za-z-]+', '-', name)}"


def _record_set(table: ReleasedTable) -> dict[str, object]:
    key = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.what,
        "key": key if len(key) > 1 else key[0],
        "field": [_field(table, field) for field in table.fields],
    }


def _field(table: ReleasedTable, field: Field) -> dict[str, object]:
    node: dict[str, object] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": field.meaning,
    }
    # Not as `references`: mlcroissant then joins the tables when it reads one, and fails.
    for reference in table.references:
        if field.name in reference.columns:
            other = reference.key[reference.columns.index(field.name)]
            node["description"] = f"{node['description']} Refers to {reference.table}/{other}.".strip()
    if field.parts:
        parts = [_part(table, field.name, part) for part in field.parts]
        return {**node, "repeated": True, "subField": parts}
    if field.type == "strings":
        node["repeated"] = True
    return {**node, "dataType": _TYPES[field.type], "source": _source(table, field.name)}


def _part(table: ReleasedTable, parent: str, field: Field) -> dict[str, object]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{parent}/{field.name}",
        "name": field.name,
        "description": field.meaning,
        "repeated": True,
        "dataType": _TYPES[field.type],
        "source": {**_source(table, parent), "transform": {"jsonPath": field.name}},
    }


def _source(table: ReleasedTable, column: str) -> dict[str, object]:
    return {"fileObject": {"@id": table.parquet}, "extract": {"column": column}}


_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context, verbatim from the specification."""
