"""`gdfupin search --fold-script`: either script finds both, exactly where a scan of all texts does."""

import json
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import profiles
from gdfupin_spider.catalog.sources import fold as fold_catalog
from gdfupin_spider.search import SearchIndex, SearchRequest, bring_up_to_date
from gdfupin_spider.search.chinese_scripts import fold_script, index_text_of_scripts
from gdfupin_spider.search.folding import fold
from gdfupin_spider.search.query_text import parse
from tests.releases.archives import crawl, url, write
from tests.sites import run
from tests.test_search import simple

SCRIPTS = (
    "广东省扶贫开发协会的干部发放补贴，发动群众，剪头发。",
    "廣東省扶貧開發協會的幹部發放補貼，發動群眾，剪頭髮。",
    "扶贫扶貧扶贫貧扶，乾隆与干部、幹部",
    "台灣同胞到臺山，颱風過後；台湾同胞到台山",
    "繁扶贫 繁繁繁扶 ＧＤＰ與gdp",
    "于是於是，薴苧苎",
    "每户３．５万元",
)
SCRIPT_LETTERS = "扶贫貧干幹乾发發髮台臺颱广廣东東于於与與薴苧苎繁隆部，ＧgＤd３3 後后"
TRADITIONAL = str.maketrans(
    "貧幹乾發髮臺颱廣東於與薴苧後開協會補貼動頭灣風過眾", "贫干干发发台台广东于与苎苎后开协会补贴动头湾风过众"
)
"""Of the characters above, by hand."""


def scripted(text: str) -> str:
    return simple(text).translate(TRADITIONAL)


@pytest.fixture(scope="module")
def of_scripts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """An archive of the texts above, each also as a title."""
    output, made = tmp_path_factory.mktemp("scripts"), crawl(0, range(1))
    for n, text in enumerate(SCRIPTS):
        made.read(url(100 + n), text, title=f"标题{text}"[:12])
    fold_catalog(write(output, made), profiles.load("gdfupin"))
    with SearchIndex(bring_up_to_date(output)) as opened:
        yield opened


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(st.sampled_from(SCRIPT_LETTERS), min_size=1, max_size=4), min_size=25, max_size=25), st.integers(0)
)
def test_either_script_finds_both_exactly_where_a_scan_does(
    of_scripts: SearchIndex, words: list[str], seed: int
) -> None:
    everything = list(of_scripts.hits(SearchRequest("", limit=-1, order="date")))
    texts = [((hit.id, hit.version), scripted(hit.title), scripted(hit.body)) for hit in everything]
    exact = [(key, simple(hit.title), simple(hit.body)) for (key, _, _), hit in zip(texts, everything, strict=True)]
    chance = Random(seed)
    for word in words:
        body = chance.choice(SCRIPTS)
        begin = chance.randrange(len(body))
        for text in (word, body[begin : begin + chance.randint(1, 6)], f"{word} -扶貧", f"干 OR {word}"):
            for any_script, form, known in ((True, scripted, texts), (False, simple, exact)):
                clauses = parse(text, form)
                wanted = [
                    key for key, title, body in known
                    if all(any((term.text in title or term.text in body) is not term.excluded for term in each) for each in clauses)
                ]  # fmt: skip
                request = SearchRequest(text, limit=-1, order="date", any_script=any_script)
                assert [(hit.id, hit.version) for hit in of_scripts.hits(request)] == wanted, (text, any_script)


def test_every_traditional_character_is_one_simplified_one_of_both_foldings() -> None:
    characters = "".join(chr(n) for n in (*range(0xD800), *range(0xE000, 0x32000)))
    folded = fold_script(characters)
    assert len(folded) == len(characters)
    assert fold_script(folded) == folded == fold(folded)
    assert (
        4_000 < sum(one != other for one, other in zip(fold(characters), folded, strict=True)) < 4_500
    )  # with the compatibility forms of some
    assert [each for each in characters if "繁繁繁" in index_text_of_scripts(each)] == [
        each for each, one, other in zip(characters, fold(characters), folded, strict=True) if one != other
    ]
    assert fold_script("國務院扶貧開發領導小組辦公室") == "国务院扶贫开发领导小组办公室"


def test_the_words_of_the_other_script_are_marked_and_counted(of_scripts: SearchIndex) -> None:
    output = of_scripts.path.parent
    done = run("search", "扶貧開發", "--fold-script", "--json", "--output", str(output))
    hits = json.loads(done.stdout)["hits"]
    assert {hit["snippet"][begin:end] for hit in hits for begin, end in hit["marks"]} == {"扶贫开发", "扶貧開發"}
    counts = [
        sum(point["counts"][0] for point in json.loads(run("trend", "扶贫开发", *more, "--json", "--output", str(output)).stdout)["points"])
        for more in ((), ("--fold-script",))
    ]  # fmt: skip
    assert counts == [1, 2]
