"""datasette.json: metadata with which Datasette shows `articles.sqlite` with a search box and counts."""

import json

from ...search import sql
from ..metadata import About
from .phrases import RIGHTS_URL, description, title

_TITLES = {
    "search": "全文检索 Search",
    "search_by_year": "检索结果按年份 Hits by year",
    "search_by_section": "检索结果按栏目 Hits by section",
    "search_by_source": "检索结果按来源 Hits by source",
}


def text(about: About) -> str:
    """The file."""
    metadata: dict[str, object] = {
        "title": title(about),
        "description": description(about),
        "license": "In copyright: the texts belong to others",
        "license_url": RIGHTS_URL,
        "databases": {
            "articles": {
                "queries": {
                    name: {
                        "title": _TITLES[name],
                        "description": '扶贫 产业 = both; -协会 = without; "a b" = phrase; 村 OR 镇 = either',
                        "sql": query,
                        "hide_sql": True,
                    }
                    for name, query in sql.QUERIES.items()
                },
                "tables": {
                    "articles": {
                        "sort_desc": "date",
                        "facets": ["section", "source_name", "source", "status"],
                        "label_column": "title",
                    },
                    "token_form": {"hidden": True},
                    "search": {"hidden": True},
                },
            }
        },
    }
    if about.home:
        metadata |= {"source": about.title, "source_url": about.home}
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"
