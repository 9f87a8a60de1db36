"""How a page is read, and which pages of a crawl are read with the least confidence. Writes nothing, takes no lock.

page_source    obtains the page: from a URL (`live_page`), a file, a WARC record
inspection     everything about one page: `roles`, `landmarks`, `field_evidence`, `suggestions`, `confidence`
survey         a whole crawl: `site_shapes`, suggestions after `suggestion_check` (`effect`), its least certain pages
first_profile  a profile for a site that has none
text_sheet     shows them on a terminal, with `survey_text`; `html_sheet` as one HTML file; `boilerplate_table` a part of both
corpus_page    saves the page as one of the corpus
"""

from .corpus_page import save
from .html_sheet import page_sheet, survey_sheet
from .inspection import Inspection, as_json, inspect, inspect_capture
from .page_source import ObtainedPage, from_file, from_url, from_warc, is_warc, obtain
from .survey import Survey, survey, survey_as_json
from .survey_text import command_for_worst, overview
from .text_sheet import rendered

__all__ = [
    "Inspection",
    "ObtainedPage",
    "Survey",
    "as_json",
    "command_for_worst",
    "from_file",
    "from_url",
    "from_warc",
    "inspect",
    "inspect_capture",
    "is_warc",
    "obtain",
    "overview",
    "page_sheet",
    "rendered",
    "save",
    "survey",
    "survey_as_json",
    "survey_sheet",
]
