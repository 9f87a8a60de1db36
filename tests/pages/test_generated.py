"""Two thousand pages that hypothesis draws: every field of every one is read as it was meant."""

import random
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.profiles import load

from .dressed import DRESSES, Dress
from .truth import Truth
from .whole_pages import made

URL = "http://www.gdfupin.org.cn/news/show.asp?id=7"


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: dress.__name__.strip("_"))
@settings(  # the same pages in every run and on every machine, whatever profile of hypothesis is loaded
    max_examples=-(-2000 // len(DRESSES)),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))  # randoms() of hypothesis takes three times as long as reading
def test_generated_pages_are_read_field_by_field(dress: Dress, seed: int) -> None:
    compare(*made(random.Random(seed), dress))


def compare(payload: bytes, truth: Truth) -> None:
    capture = Capture(URL, "2026-11-20T03:04:05Z", 200, (("Content-Type", "text/html"),), payload, Proof("w", 0, ""))
    page = pages.read(capture, load("gdfupin"))
    assert page.kind == "article", page.why
    article = pages.article([page]).article
    assert article is not None
    assert article.title == truth.heading
    assert article.date == truth.date
    assert article.source == truth.source
    assert article.author == truth.author
    assert list(article.breadcrumb) == truth.breadcrumb
    assert article.section == truth.section
    assert article.info_line == truth.info_line
    assert article.body.split("\n") == (truth.body or [""])
    assert [(image.url, image.caption) for image in article.images] == [(urljoin(URL, u), c) for u, c in truth.images]
    assert [(file.url, file.name) for file in article.attachments] == [
        (urljoin(URL, u), n) for u, n in truth.attachments
    ]
    assert article.encoding == truth.encoding
    assert pages.next_part([page]) is None
