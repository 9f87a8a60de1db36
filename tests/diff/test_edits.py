"""An edit as people read it: by sentence, numbers and names first; the same edit of many pages once."""

import pytest

from gdfupin_spider.diff import ArticlesInMemory, Difference, compare
from gdfupin_spider.diff.edits import field_runs, shortened, signature, text_edits
from gdfupin_spider.diff.grouping import FEW, FOLDED, ChangeGroup, arranged
from gdfupin_spider.diff.html_change import body_of
from gdfupin_spider.diff.text_diff import sentences
from gdfupin_spider.diff.text_view import lines
from tests.diff.records import BODY, OTHER, X, article

A, B, C, D = "会议在广州召开。", "今年扩种到三百亩！", "村民在家门口务工；", "集体账上也有了余钱。"


def reported(old: str, new: str) -> list[tuple[str, str]]:
    """(kind, text with marks) of each edit."""
    signs = {"same": "{}", "cut": "[{}-]", "put": "[{}+]"}
    return [
        (edit.kind, "".join(signs[run.kind].format(run.text) for run in edit.runs))
        for edit in text_edits(old, new).sentences
    ]


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        (A + B + C, A + C, [("deleted", f"[{B}-]")]),
        (A + C, A + B + C, [("added", f"[{B}+]")]),
        (A + B + C, A + B.replace("三", "五") + C, [("edited", "今年扩种到[三-][五+]百亩！")]),
        (A + B + C + D, B + C + D + A, [("moved", A)]),
        (f"{A}{B}\n{C}", f"{B}\n{C}{A}", [("moved", A)]),
        (f"{A}{B}\n{C}", f"{A}\n{B}{C}", []),
        (A + B, A + B, []),
        (f"“{A}”他说\n{C}", f"“{A}”她说\n{C}", [("edited", "[他-][她+]说")]),
        ("", A, [("added", f"[{A}+]")]),
    ],
)
def test_an_edit_is_classed_by_sentence_whatever_its_paragraph(
    old: str, new: str, edits: list[tuple[str, str]]
) -> None:
    assert reported(old, new) == edits


def test_a_paragraph_of_20000_characters_is_shown_by_its_sentences() -> None:
    some = [f"第{number}村今年产业帮扶到户，收入增长。" for number in range(1200)]
    other = some.copy()
    other[600] = other[600].replace("增长", "持平")
    edits = text_edits("".join(some), "".join(other))
    assert [(edit.kind, edit.replacements) for edit in edits.sentences] == [("edited", (("增长", "持平"),))]
    assert edits.same == 1199


@pytest.mark.parametrize("words", ["文字内容", "村里的蔬菜基地，今年扩种，村民在家门口务工，", "无标点的一段话"])
@pytest.mark.parametrize("places", [(20_000,), (0, 12_000, 39_999), (0, 30_003)])
def test_of_a_paragraph_without_a_full_stop_the_changes_are_shown_in_their_context(
    words: str, places: tuple[int, ...]
) -> None:
    old = (words * 40_000)[:40_001]
    new = list(old)
    for place in places:
        new[place] = "变"
    (edit,) = text_edits(old, "".join(new)).sentences
    assert edit.replacements == tuple((old[place], "变") for place in places)
    assert sum(len(run.text) for run in shortened(edit.runs)) < 200
    change = changes([article(X, old)], [article(X, "".join(new))])[0]
    assert max(len(line.plain) for line in lines(change, False)) < 250
    assert len(body_of(change)) < 1000


def test_numbers_come_first_then_words_such_as_names_then_the_rest() -> None:
    old = "先说一句老话，大家都知道。书记李明到村里调研产业发展。全村共有12户脱贫致富奔小康。"
    new = "先说一句，大家其实早就都知道了。书记王强到村里调研产业发展。全村共有15户脱贫致富奔小康。新加一句。"
    assert [edit.replacements[0] for edit in text_edits(old, new).sentences][:2] == [("12", "15"), ("李明", "王强")]
    assert [kind for kind, _ in reported(old, new)] == ["edited", "edited", "edited", "added"]
    numerals = text_edits("甲处改了说法了。扩种到三百亩地。", "甲处改过说法了吗。扩种到五百亩地。").sentences
    assert numerals[0].replacements == (("三", "五"),)


def test_short_fields_are_compared_as_wholes() -> None:
    assert [run.text for run in field_runs("source", "新华社", "新华网")] == ["新华社", "新华网"]
    assert [run.text for run in field_runs("date", "2021-01-13", "2021-01-18")] == ["2021-01-13", "2021-01-18"]
    assert [run.kind for run in field_runs("author", "", "李明")] == ["put"]
    assert [run.kind for run in field_runs("title", "扶贫要闻一则", "扶贫要闻两则")] == ["same", "cut", "put", "same"]


def test_of_captions_and_file_names_only_those_that_changed_are_shown() -> None:
    found = field_runs("captions", "图一\n\n学员与村民合影\n图三", "图一\n\n学员与村民合影（资料图）\n图三\n图四")
    assert [(run.kind, run.text) for run in found] == [
        ("same", "学员与村民合影"), ("put", "（资料图）"), ("same", "; "), ("put", "图四"),
    ]  # fmt: skip


def test_sentences_together_are_the_text_without_line_ends() -> None:
    text = f"{A}“{B}”（{C}）\n\n{D}x;y"
    assert "".join(sentences(text)) == text.replace("\n", "")


# --- groups ----------------------------------------------------------------------------------------------------------


def pages(number: int, **more: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {"url": f"{X}{n}", "title": f"第{n}篇", "date": f"2021-01-{n % 28 + 1:02}", **more} for n in range(number)
    )


def changes(old: list[object], new: list[object]) -> list[Difference]:
    return list(compare(ArticlesInMemory(old, "old"), ArticlesInMemory(new, "new")))  # type: ignore[arg-type]


def test_the_same_replacement_on_many_pages_is_one_item_with_a_count() -> None:
    olds = [article(each["url"], f"{each['title']}。{BODY}版权2019年。", title=each["title"]) for each in pages(7)]
    news = [article(each["url"], f"{each['title']}。{BODY}版权2020年。", title=each["title"]) for each in pages(6)]
    news.append(article(f"{X}6", f"第6篇。{BODY}版权2021年。", title="第6篇"))
    group, single = arranged(changes(olds, news))
    assert isinstance(group, ChangeGroup)
    assert isinstance(single, Difference)
    assert (len(group.changes), single.url) == (6, f"{X}6")
    assert {signature(change) for change in group.changes} == {(("", "2019年", "2020年"),)}
    text = "\n".join(line.plain for line in lines(group, False))
    assert text.startswith("edited  the same edit of 6 articles\n")
    assert text.count("版权[-2019年-]{+2020年+}。") == 1
    assert text.endswith("and 1 more; --kind edited, or --format html or jsonl, shows all")


def test_the_same_replacement_is_one_item_however_often_and_wherever_a_page_has_it() -> None:
    """Once, in two sentences, close together, in the title, too."""
    texts = ["全省行动。", f"全省行动。{BODY}各省都来。", f"{BODY}省市省联动。", f"省里说了。{OTHER}"]
    olds = [article(f"{X}{n}", text, title=f"第{n}篇{'省' * (n == 3)}") for n, text in enumerate(texts)]
    news = [
        article(each["url"], each["body"].replace("省", "省级"), title=each["title"].replace("省", "省级"))
        for each in olds
    ]
    (group,) = arranged(changes(olds, news))
    assert isinstance(group, ChangeGroup)
    assert len(group.changes) == 4
    other = article(f"{X}3", news[3]["body"].replace("省级", "省委"), title=news[3]["title"])
    group, single = arranged(changes(olds, [*news[:3], other]))
    assert isinstance(group, ChangeGroup)
    assert (len(group.changes), isinstance(single, Difference)) == (3, True)


def test_a_redesign_of_588_moves_is_one_item_and_a_few_moves_are_not() -> None:
    def moved(number: int) -> list[Difference]:
        olds = [article(each["url"], f"{each['title']}{OTHER}", title=each["title"]) for each in pages(number)]
        news = [article(f"{each['url']}?new", f"{each['title']}{OTHER}", title=each["title"]) for each in pages(number)]
        return changes([*olds, article(f"{X}old")], [*news, article(f"{X}new", "新来。", title="新来")])

    found = moved(588)
    *others, group = arranged(found)
    assert isinstance(group, ChangeGroup)
    assert len(group.changes) == 588
    assert [each.kind for each in others if isinstance(each, Difference)] == ["added", "gone"]
    assert next(iter(lines(group, False))).plain == "moved  588 articles, to another address or section"
    assert all(change.old is change.new is None for change in group.changes)
    assert sum(isinstance(each, Difference) for each in arranged(found, fold_moves=False)) == 590
    few = list(arranged(moved(FOLDED)))
    assert [each.kind for each in few if isinstance(each, Difference)] == ["added", *["moved"] * FOLDED, "gone"]


def test_no_change_is_lost_or_doubled_however_many_there_are() -> None:
    found = changes([], [article(each["url"], title=each["title"]) for each in pages(FEW + 50)])
    assert sorted(each.url for each in arranged(found) if isinstance(each, Difference)) == sorted(
        each.url for each in found
    )
