"""Scrapy's feed exports to CSV and XML, which know neither null nor lists of records."""

import json
import re

from scrapy.exporters import CsvItemExporter, XmlItemExporter

from ..terminal import cell_text

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot have in any form."""


class CsvExporter(CsvItemExporter):
    """Null is an empty cell, a list is JSON. A text that a spreadsheet might run as a formula gets a `'` in front."""

    def serialize_field(self, field: object, name: str, value: object) -> object:
        if value is None:
            return ""
        return cell_text(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class XmlExporter(XmlItemExporter):
    """A field that is null is left out. Characters that XML cannot have become U+FFFD."""

    def export_item(self, item: object) -> None:
        super().export_item(_for_xml(item))


def _for_xml(value: object) -> object:
    if isinstance(value, dict):
        return {name: _for_xml(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_for_xml(part) for part in value]
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
