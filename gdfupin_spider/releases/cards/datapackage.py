"""datapackage.json: a Data Package (version 1, which all programs read) of the release's tables, with their fields and digests."""

import json

from ..dictionary import Field
from ..metadata import About, File
from ..released_tables import TABLES
from .phrases import KEYWORDS, PROGRAM, RIGHTS_URL, description, title

_TYPES = {
    "string": {"type": "string"},
    "date": {"type": "date"},
    "time": {"type": "datetime"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "strings": {"type": "array"},
    "structs": {"type": "array"},
}
_TABLES = {"csv": "csv", "jsonl": "ndjson"}
"""Files by the ending before `.gz` that any Data Package program reads, and how it calls them; the others (Parquet, SQLite)
are described as files: to read them takes more than such a program has."""


def text(about: About) -> str:
    """The file."""
    published = about.publication
    package: dict[str, object] = {
        "profile": "data-package",
        "name": f"{about.profile}-articles",
        "title": title(about),
        "description": description(about),
        "version": about.name,
        "created": f"{about.date}T00:00:00Z",
        "keywords": list(KEYWORDS),
        "contributors": [
            {"title": PROGRAM, "role": "author"},
            *([{"title": published.publisher, "role": "publisher"}] if published.publisher else []),
        ],
        "licenses": [{"name": "InC-1.0", "title": "In copyright: the texts belong to others", "path": RIGHTS_URL}],
        "resources": [_resource(file) for file in about.files],
    }
    if about.home:
        package["sources"] = [{"title": about.title, "path": about.home}]
    if published.address or about.home:
        package["homepage"] = published.address or about.home
    if published.doi:
        package["id"] = published.link
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(file: File) -> dict[str, object]:
    ending = file.name.removesuffix(".gz").rpartition(".")[2]
    node: dict[str, object] = {
        "name": _name(file.name),
        "path": file.name,
        "description": file.what,
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if ending not in _TABLES or not file.fields or (ending == "jsonl" and not file.rows):  # it would have no head
        return {**node, "type": "file"}
    table = {"type": "table", "format": _TABLES[ending], "encoding": "utf-8", "schema": _schema(file)}
    return {**node, **({"compression": "gz"} if file.name.endswith(".gz") else {}), **table}


def _schema(file: File) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(field) for field in file.fields], "missingValues": [""]}
    if file.table is not None:
        schema["primaryKey"] = list(file.table.key)
        nullable = {field.name: field.nullable for field in file.fields}
        schema["foreignKeys"] = [
            {
                "fields": list(each.columns),
                "reference": {"resource": _name(TABLES[each.table].text), "fields": list(each.key)},
            }
            for each in file.table.references
            if len(each.columns) == 1
            or not any(nullable[name] for name in each.columns)  # frictionless takes null for a value there
        ]
    return schema


def _name(file: str) -> str:
    return file.replace(".", "-").replace("_", "-").lower()


def _field(field: Field) -> dict[str, object]:
    node: dict[str, object] = {"name": field.name, **_TYPES[field.type], "description": field.meaning}
    return node if field.nullable or field.name == "body" else {**node, "constraints": {"required": True}}
