"""Shows how a page is understood, or which pages of a crawl it is least sure of. Nothing is kept, no lock is taken.

sources      where the page comes from: URL, file, WARC record
landmarks    what each landmark matched, which labels nobody claimed      roles   the role of each line
suggestions  what the profile could add                                   doubts  how sure a page is
looked       all of this for one page                                     survey  for a whole crawl
terminal, sheet   shown in colours, as one HTML file                      saving  into the corpus
"""

from .corpus_page import save
from .html_sheet import page_sheet, survey_sheet
from .inspection import Inspection, as_json, inspect, inspect_capture
from .page_source import ObtainedPage, from_file, from_url, from_warc, is_warc, obtain
from .survey import Survey, survey, survey_as_json
from .text_sheet import command_for_worst, overview, rendered

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
