"""Profiles: every key is checked, every error names file, key and reason, and the documentation names every key."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from gdfupin_spider import pages, profiles
from gdfupin_spider.errors import ProfileError
from gdfupin_spider.pages.reader_id import READER, SAME
from gdfupin_spider.profiles import _KEYS, OVERRIDABLE, load

DOCS = (Path(__file__).parent.parent / "docs" / "profiles.md").read_text("utf-8")
LEAST = 'name = "x"\ntitle = "某网"\n'


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "my-site.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize("name", ["gdfupin", "general"])
def test_a_bundled_profile_is_loaded_by_name(name: str) -> None:
    assert load(name).name == name
    assert load(name) is load(name)


def test_our_profile_knows_the_words_of_the_one_page_we_have() -> None:
    profile = load("gdfupin")
    assert profile.hosts == ("www.gdfupin.org.cn",)
    assert profile.start_urls == ("http://www.gdfupin.org.cn/",)
    assert profile.labels_date[0] == "加入时间"
    assert profile.labels_source[0] == "来源"
    assert profile.breadcrumb[0] == "当前位置"
    assert profile.own_body_end[0] == "欢迎访问广东扶贫网"
    assert len(profile.section_names) == 10


def test_the_words_of_general_follow_those_of_every_profile(tmp_path: Path) -> None:
    profile = load(written(tmp_path, LEAST + '[labels]\ndate = ["上网时间", "发布时间"]\n'))
    general = load("general")
    assert profile.labels_date[:2] == ("上网时间", "发布时间")
    assert set(profile.labels_date) == {"上网时间", *general.labels_date}
    assert profile.labels_date.count("发布时间") == 1
    assert profile.gone == general.gone
    assert profile.own_body_end == ()


def test_the_general_profile_has_no_hosts_and_no_identity() -> None:
    assert (load("general").hosts, load("general").identity, load("general").start_urls) == ((), (), ())


def test_the_digest_is_of_the_values_not_of_the_layout_of_the_file(tmp_path: Path) -> None:
    one = load(written(tmp_path, LEAST))
    assert load(written(tmp_path, LEAST + "# a remark\n")).digest == one.digest
    assert load(written(tmp_path, LEAST + 'gone = ["没有了"]\n')).digest != one.digest
    assert re.fullmatch("[0-9a-f]{8}", one.digest)
    assert pages.reader(one) == f"{READER}+x.{one.digest}"


def test_any_word_of_any_bundled_profile_changes_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a word of general.toml, which stands behind those of every profile."""
    bundled = Path(str(resources.files("gdfupin_spider.profiles")))
    texts = {path.name: path.read_text("utf-8") for path in bundled.glob("*.toml")}
    monkeypatch.setattr(profiles.resources, "files", lambda package: tmp_path)

    def reader() -> str:
        profiles._bundled.cache_clear()
        profiles._parse.cache_clear()
        return pages.reader(load("gdfupin"))

    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    original, seen = reader(), set()
    for name, text in texts.items():
        for word in re.finditer(r'"([^"\n]+)"', text):
            if word[1] in ("Asia/Shanghai", *texts) or word[1] in ("gdfupin", "general"):
                continue  # another time zone or name is another test
            (tmp_path / name).write_text(f"{text[: word.end() - 1]}x{text[word.end() - 1 :]}", "utf-8")
            changed = reader()
            assert changed != original, word[1]
            seen.add(changed)
        (tmp_path / name).write_text(text, "utf-8")
    profiles._bundled.cache_clear()
    assert len(seen) > 200


def test_the_number_of_the_rules_is_in_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pages.reader(load("gdfupin"))
    monkeypatch.setattr("gdfupin_spider.pages.reader_id.READER", READER + 1)
    assert pages.reader(load("gdfupin")) == before.replace(f"{READER}+", f"{READER + 1}+", 1)


def test_lines_of_0_1_0_count_as_those_of_todays_reader_as_long_as_no_word_changes() -> None:
    """Whoever changes a word or a rule: delete the entry of SAME whose right side is no reader any more."""
    todays = {pages.reader(load(name)) for name in ("gdfupin", "general")}
    assert set(SAME.values()) <= todays


def test_a_file_that_begins_with_a_mark_is_read(tmp_path: Path) -> None:
    assert load(written(tmp_path, b"\xef\xbb\xbf" + LEAST.encode())).title == "某网"


WRONG = {
    "no such key": ('nmae = "x"', "nmae", "no such key; did you mean name?"),
    "no such label": ('[labels]\ndatum = ["x"]', "labels.datum", "no such key; did you mean labels.date?"),
    "labels that are no table": ('labels = ["来源"]', "labels", "must be a table"),
    "name with a slash": ('name = "a/b"', "name", "letters, digits"),
    "name in Chinese": ('name = "广东"', "name", "letters, digits"),
    "name that is empty": ('name = ""', "name", "not empty"),
    "title that is a number": ("title = 3", "title", "must be a string"),
    "hosts that are a string": ('hosts = "a.cn"', "hosts", "list of strings"),
    "host with a scheme": ('hosts = ["http://a.cn"]', "hosts", "is not a host name"),
    "host with a wildcard": ('hosts = ["*.a.cn"]', "hosts", "is not a host name"),
    "media host with a path": ('media_hosts = ["a.cn/up"]', "media_hosts", "is not a host name"),
    "start address without scheme": ('start_urls = ["a.cn"]', "start_urls", "must begin with http"),
    "time zone of nowhere": ('timezone = "Asia/Guangdong"', "timezone", "not a time zone"),
    "identity with an empty word": ('identity = [""]', "identity", "not empty"),
    "identity of numbers": ("identity = [1]", "identity", "must be a string"),
    "sections that are a list": ('sections = ["要闻"]', "sections", "must be a table"),
    "section that is a string": ('[sections]\n"前沿" = "要闻"', "sections", "list of strings"),
    "breadcrumb that is a string": ('breadcrumb = "位置"', "breadcrumb", "list of strings"),
    "label that is a string": ('[labels]\ndate = "时间"', "labels.date", "list of strings"),
    "source label that is blank": ('[labels]\nsource = ["  "]', "labels.source", "not empty"),
    "author label that is a table": ("[labels.author]\na = 1", "labels.author", "list of strings"),
    "body end that is a string": ('body_end = "尾"', "body_end", "list of strings"),
    "gone that is a flag": ("gone = true", "gone", "list of strings"),
    "blocked that is a number": ("blocked = 1", "blocked", "list of strings"),
    "override of what is no field": ('[overrides]\nfoo = "p"', "overrides", "cannot be overridden"),
    "override that is a list": ('[overrides]\nbody = ["p"]', "overrides", "must be a string"),
    "override that is no XPath": ('[overrides]\nbody = "//p["', "overrides", "is not an XPath"),
    "override that is no selector": ('[overrides]\nbody = "p:::x"', "overrides", "is not a CSS selector"),
    "overrides that are a string": ('overrides = "p"', "overrides", "must be a table"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_names_file_key_and_reason(case: str, tmp_path: Path) -> None:
    line, key, reason = WRONG[case]
    least = "".join(part for part in LEAST.splitlines(keepends=True) if part.split()[0] != line.split()[0])
    file = written(tmp_path, f"{line}\n{least}" if not line.startswith("[") else f"{least}{line}\n")
    with pytest.raises(ProfileError) as caught:
        load(file)
    assert caught.value.file == str(file)
    assert caught.value.key == key
    assert reason in caught.value.reason
    assert str(caught.value) == f"{file}: {key}: {caught.value.reason}"
    assert caught.value.exit_code == 2


def test_every_key_is_refused_when_it_is_of_the_wrong_kind(tmp_path: Path) -> None:
    for key in _KEYS:
        table, _, name = key.rpartition(".")
        least = "".join(line for line in LEAST.splitlines(keepends=True) if not line.startswith(f"{key} "))
        text = f"{least}[{table}]\n{name} = 1979-05-27\n" if table else f"{key} = 1979-05-27\n{least}"
        with pytest.raises(ProfileError) as caught:
            load(written(tmp_path, text))
        assert caught.value.key == key


def test_a_profile_has_at_most_a_thousand_words_of_a_kind(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(f'name = "long"\ntitle = "Long"\nidentity = {[f"word {n}" for n in range(1001)]}\n')
    with pytest.raises(ProfileError, match="identity: has 1,001 entries; at most 1,000 are allowed"):
        load(str(path))


@pytest.mark.parametrize("key", ["name", "title"])
def test_name_and_title_are_required(key: str, tmp_path: Path) -> None:
    least = "".join(line for line in LEAST.splitlines(keepends=True) if not line.startswith(key))
    with pytest.raises(ProfileError, match=f"{key}: is missing"):
        load(written(tmp_path, least))


def test_one_error_names_all_problems_of_a_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load(written(tmp_path, 'hosts = "a.cn"\nlabel = 1\nlabels = 2\n'))
    reasons = (
        "labels: must be a table",
        "hosts: must be a list",
        "label: no such key",
        "name: is missing",
        "title: is missing",
    )
    assert all(reason in str(caught.value) for reason in reasons)


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"is not TOML.*line 1"):
        load(written(tmp_path, "name = \n"))
    with pytest.raises(ProfileError, match="is not UTF-8 at byte 8"):
        load(written(tmp_path, b"title = \xb9\xe3"))


def test_an_unknown_name_lists_the_bundled_ones() -> None:
    with pytest.raises(ProfileError, match=r"no such profile; bundled are gdfupin, general"):
        load("guangdong")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"nowhere\.toml: cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_a_name_never_becomes_a_path() -> None:
    for name in ("..", "../gdfupin", "gdfupin/../gdfupin", "\x00", ""):
        with pytest.raises(ProfileError):
            load(name)


def test_the_documentation_has_an_entry_for_every_key_and_no_other() -> None:
    entries = re.findall(r"^`([\w.]+)`(?: \(required\))?\n: ", DOCS, re.M)
    assert entries == list(_KEYS)


def test_every_entry_of_the_documentation_shows_an_example() -> None:
    for key, entry in re.findall(r"^`([\w.]+)`(?: \(required\))?\n: ((?:.+\n(?:  .+\n)*))", DOCS, re.M):
        assert re.search(r"`[^`]* = [^`]*`", entry.replace("\n  ", " ")), key


def test_the_whole_profile_of_the_documentation_loads_and_uses_every_key(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", DOCS, re.S)
    assert example
    profile = load(written(tmp_path, example[1]))
    assert profile.labels_author[0] == "执笔"
    table = tomllib.loads(example[1])
    assert {*(key for key in table if key != "labels"), *(f"labels.{key}" for key in table["labels"])} == set(_KEYS)


def test_the_documentation_names_every_field_that_can_be_overridden() -> None:
    assert all(f"`{name}`" in DOCS for name in OVERRIDABLE)
