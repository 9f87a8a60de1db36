"""What an article's line and its digest promise."""

import json

from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.items import Article, Attachment, Image, Proof, as_dict, as_line, content_digest

_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
_maybe = st.none() | _text
_many = st.lists(_text, max_size=3).map(tuple)
_saying = st.tuples(_text, _maybe, _maybe, _maybe, _maybe, _text, st.lists(_maybe, max_size=3).map(tuple), _many)
_articles = st.builds(
    Article,
    images=st.lists(st.builds(Image, _text, _maybe), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, _text, _text), max_size=2).map(tuple),
    captures=st.lists(st.builds(Proof, _text, st.integers(0, 2**40), _text), max_size=3).map(tuple),
    breadcrumb=_many,
    origin=st.sampled_from(["live", "wayback", "commoncrawl", "warc"]),
    **dict.fromkeys(("id", "url", "title", "body", "content_sha256", "captured_at", "encoding", "reader"), _text),
    **dict.fromkeys(("date", "source", "author", "section", "info_line"), _maybe),
)
KEYS = [
    "id",
    "url",
    "title",
    "date",
    "source",
    "author",
    "section",
    "breadcrumb",
    "info_line",
    "body",
    "images",
    "attachments",
    "content_sha256",
    "captured_at",
    "origin",
    "captures",
    "encoding",
    "reader",
]


@given(_articles)
def test_an_article_comes_back_from_its_line(article: Article) -> None:
    line = article.line()
    assert "\n" not in line
    assert "\r" not in line
    record = json.loads(line)
    assert list(record) == KEYS
    assert record == json.loads(json.dumps(as_dict(article)))
    back = Article(
        **{
            **record,
            "breadcrumb": tuple(record["breadcrumb"]),
            "images": tuple(Image(**image) for image in record["images"]),
            "attachments": tuple(Attachment(**file) for file in record["attachments"]),
            "captures": tuple(Proof(**proof) for proof in record["captures"]),
        }
    )
    assert back == article
    assert as_line(back) == line


@given(_articles)
def test_a_line_is_utf_8_and_says_chinese_as_chinese(article: Article) -> None:
    assert json.loads(article.line().encode("utf-8"))["title"] == article.title
    assert "\\u6276" not in article.line()


@given(_saying, _saying)
def test_two_digests_are_equal_only_where_all_is_said_alike(one: tuple, two: tuple) -> None:  # type: ignore[type-arg]
    assert (content_digest(*one) == content_digest(*two)) == (one == two)


@given(_saying, st.integers(0, 7), _text.filter(bool))
def test_each_field_counts_in_the_digest(record: tuple, field: int, other: str) -> None:  # type: ignore[type-arg]
    changed = list(record)
    changed[field] = (*record[field], other) if field >= 6 else (record[field] or "") + other
    assert content_digest(*changed) != content_digest(*record)


@given(_text.filter(bool), _text.filter(bool))
def test_a_word_that_moves_to_another_field_changes_the_digest(one: str, two: str) -> None:
    assert content_digest(one, None, two, None, None, "", (), ()) != content_digest(
        one, None, None, two, None, "", (), ()
    )
    assert content_digest(one + two, None, None, None, None, "", (), ()) != content_digest(
        one, two, None, None, None, "", (), ()
    )


def test_the_digest_is_of_the_json_list_that_the_design_names() -> None:
    # printf '%s' '["题",null,null,null,null,"文",[],[]]' | sha256sum
    record = content_digest("题", None, None, None, None, "文", (), ())
    assert record == "253ac81c90099b2a9835c131ea31504f7f01f060351860d8409b3132f2e873ab"
