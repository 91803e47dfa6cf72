"""TOML with lines: where each key stands, what is wrong in plain words, and getters that go on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.content.load.campaign_folder import Folder
from scheduler.content.load.references import Records
from scheduler.content.toml_file import Table, table_from
from scheduler.schema.field import Field, key
from scheduler.schema.forms import record_id, time_of_day, web_link
from scheduler.schema.toml_lines import line_index
from scheduler.schema.toml_text import NO_DATE, BrokenToml, WrongEncoding, decode, parse

TEXT = '''# a remark with [brackets] and "quotes
name = "x # no remark" # a remark
a.b . "c d" = 2027-01-01
list = [
  "one", # a ] in a remark
  [1, 2],
  { deep = "three" },
]
inline = { x = 1, y = { z = """
[not.a.table]
w = 1
""", v = 2 } }
raw = \'\'\'
k = """
\'\'\'
quotes = """a "" b"""""
'quoted key' = []
empty = ""

[[claim]]
id = "1"
[claim.source]
t = "" # ""
[[claim.c]]
u = 1
[[claim.c]]
u = 2

[[ claim ]] # spaces
id = "2"
  [[claim.c]]
  u = [[1], [2,
    3]]
[ "table" . x ]
last = true'''


def test_every_key_is_found_on_its_line() -> None:
    """Also behind strings, remarks, lists and inline tables that look like something else."""
    lines = line_index(TEXT)
    expected = {
        ("name",): 2,
        ("a", "b", "c d"): 3,
        ("list",): 4,
        ("list", 0): 5,
        ("list", 2): 7,
        ("list", 2, "deep"): 7,
        ("inline", "y", "z"): 9,
        ("inline", "y", "v"): 12,
        ("raw",): 13,
        ("quotes",): 16,
        ("quoted key",): 17,
        ("empty",): 18,
        ("claim", 0): 20,
        ("claim", 0, "source", "t"): 23,
        ("claim", 0, "c", 0, "u"): 25,
        ("claim", 0, "c", 1, "u"): 27,
        ("claim", 1): 29,
        ("claim", 1, "id"): 30,
        ("claim", 1, "c", 0): 31,
        ("claim", 1, "c", 0, "u", 1): 32,
        ("claim", 1, "c", 0, "u", 1, 1): 33,
        ("table", "x"): 34,
        ("table", "x", "last"): 35,
    }
    assert expected == {path: lines.get(path) for path in expected}
    assert not [path for path in lines if "not" in path or "w" in path or "k" in path]


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _paths(inner, (*path, index)) if isinstance(inner, dict) else []
    return found


def test_every_key_that_tomllib_finds_has_a_line() -> None:
    """Nothing is left without a place, here and in the shipped files."""
    texts = [TEXT, *(p.read_text("utf-8") for p in Path(__file__).parents[2].glob("*/*.toml"))]
    texts += [p.read_text("utf-8") for p in (Path(__file__).parents[1] / "scenarios" / "_base").rglob("*.toml")]
    for text in texts:
        lines = line_index(text)
        assert [] == [path for path in _paths(tomllib.loads(text)) if path not in lines]


_KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", "1"])
_VALUES = st.recursive(
    st.sampled_from(["1", '"x"', "''", "true", "2027-01-01", '"""\n[t]\nk = 1\n"""', "'''\n\"\n'''", '"\\"#"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda v: "[" + ",\n".join(v) + "]")
        | st.lists(inner, max_size=2).map(lambda v: "{" + ", ".join(f"k{n} = {x}" for n, x in enumerate(v)) + "}")
    ),
    max_leaves=6,
)
_LINES = st.one_of(
    st.tuples(_KEYS, _VALUES).map(lambda kv: f"{kv[0]} = {kv[1]}"),
    _KEYS.map(lambda k: f"[{k}]"),
    _KEYS.map(lambda k: f"[[{k}.x]] # [[y]]"),
    st.just('# k = """'),
    st.just(""),
)


@given(st.lists(_LINES, max_size=12))
def test_the_scanner_agrees_with_tomllib_on_any_text(lines: list[str]) -> None:
    """Each key has a line, and on that line the key is written."""
    text = "\n".join(lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    index = line_index(text)
    rows = text.split("\n")
    for path in _paths(data):
        assert path in index
        if isinstance(path[-1], str):
            assert path[-1] in rows[index[path] - 1]


@given(st.text(alphabet="ab=[]{}\"'\n #.,\\0-", max_size=60))
def test_the_scanner_ends_on_any_text(text: str) -> None:
    """It is only asked about good TOML, but never runs on for ever."""
    line_index(text)


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ('a = 1\nb = "x\n', 2, "does not end on its line", "closing quotation mark"),
        ("a = “x”", 1, "neither a text in quotes", "curly"),
        ("a = 11/24/2026", 1, "11/24/2026 is not how a date is written", "as 2027-01-11"),
        ("a = { on = 24-11-2026 }", 1, "24-11-2026 is not how a date is written", "as 2027-01-11"),
        ('a = "11/24/2026" b', 1, "something follows the value", ""),
        ("a = yes", 1, "neither a text in quotes", "true or false"),
        ("a = True", 1, "neither a text in quotes", "small letters"),
        ("a = # nothing", 1, "there is no value after a =", "empty"),
        ("a = 1\na = 2", 2, "second time", "delete one"),
        ("[t]\n[t]", 2, "the same table", "two brackets"),
        ("[t]]", 1, "brackets", "[[name]]"),
        ("just words", 1, "neither", "put an ="),
        ('a = "x" "y"', 1, "something follows", "one key a line"),
        ('a = "C:\\new"\nb = "\\q"', 2, "backslash", "single quotes"),
        ("a = [1,\n2", 2, "does not end", "closing ]"),
        ("a = {x = 1, x = 2}", 1, "twice between", ""),
        ('a = """\nx', 2, "does not end", '"""'),
        ("a = 'x\x01'", 1, "control character", "type the place again"),
        (f"a = {'1' * 5000}", 0, "too many digits", ""),
        ("a = " + "[" * 4000, 0, "nested too deeply", ""),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(text: str, line: int, words: str, hint: str) -> None:
    """With the line, and with what to do for the usual slips."""
    with pytest.raises(BrokenToml) as caught:
        parse(text)
    assert line == caught.value.line
    assert words in caught.value.message
    assert hint in caught.value.hint


def test_dates_that_do_not_exist_do_not_stop_the_reading() -> None:
    """Each is noted with its line; the others keep theirs."""
    toml = parse('a = 2027-02-29\nb = 2027-02-28\nc = { d = 2027-13-01 }\ne = 2027-04-31T10:00:00Z\nf = "2027-02-30"')
    assert ((1, "2027-02-29"), (3, "2027-13-01"), (4, "2027-04-31T10:00:00Z")) == toml.bad_dates
    assert (NO_DATE, date(2027, 2, 28), NO_DATE) == (toml.data["a"], toml.data["b"], toml.data["e"])


def test_text_is_utf_8_with_or_without_a_mark() -> None:
    """Everything else names the line and the byte."""
    assert "é" == decode("é".encode()) == decode(b"\xef\xbb\xbf" + "é".encode())
    for raw, line, said in (
        (b"a\nb\x92c", 2, "0x92 at offset 3 is not UTF-8 (in Windows-1252 it would be \u2019)"),
        (b"\xef\xbb\xbfa\xff", 1, "0xff at offset 4"),
        ("x".encode("utf-16"), 1, "UTF-16"),
        (b"a\xe2\x82", 1, "0xe2 at offset 1"),
    ):
        with pytest.raises(WrongEncoding) as caught:
            decode(raw)
        assert said in caught.value.message
        assert line == caught.value.line


# -- the table --------------------------------------------------------------------------------------------


def table(text: str) -> tuple[Table, _Lines]:
    folder = Folder(Path("/nowhere"), "campaigns/c")
    found = table_from(folder, "f.toml", text)
    assert found is not None
    return found, _Lines(folder)


class _Lines(list[str]):
    """The findings of a folder as short lines, made when they are looked at."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def __eq__(self, other: object) -> bool:
        return other == [f"{f.code} {f.where.line} {f.message}" for f in self.folder.findings]

    __hash__ = None


def test_good_values_are_given_as_they_are() -> None:
    """And leave no finding."""
    top, found = table(
        't = "x"\ni = 3\nf = 0.5\nw = 1\nb = true\nd = 2027-01-11\nl = ["a", "b"]\n'
        's = "07:30"\nu = "https://a.example/b"\nid = "a-1"\n[x]\ny = "z"\n[[m]]\nk = "1"\n[[m]]\nk = "2"\n'
    )
    assert ("x", 3, 0.5, 1.0, True) == (
        top.text("t"),
        top.take(key("i", int, least=0, most=9)),
        top.take(key("f", float, None, least=0, most=1)),
        top.take(key("w", float, None, least=0, most=1)),
        top.take(key("b", bool, False)),
    )
    assert (date(2027, 1, 11), ("a", "b")) == (top.take(key("d", date, None)), top.texts("l"))
    assert ("07:30", "https://a.example/b", "a-1") == (
        top.take(key("s", str, "", check=time_of_day)),
        top.take(key("u", str, "", check=web_link)),
        top.id(),
    )
    assert "z" == top.table("x").text("y")
    assert ["1", "2"] == [m.text("k") for m in top.tables("m")]
    top.close()
    assert found == []
    assert top.is_usable()


def test_what_may_be_left_out_has_its_default() -> None:
    """And is no finding."""
    top, found = table("")
    assert ("d", "", "", None, None, False, None, (), None, []) == (
        top.optional_text("a", "d"),
        top.take(key("b", str, "", check=time_of_day)),
        top.take(key("c", str, "", check=web_link)),
        top.take(key("d", int, None, least=0, most=1)),
        top.take(key("e", float, None, least=0, most=1)),
        top.take(key("f", bool, False)),
        top.take(key("g", date, None)),
        top.texts("h"),
        top.optional_table("j"),
        top.tables("k"),
    )
    assert found == []
    assert top.is_usable()


@pytest.mark.parametrize("getter", ["text", "id", "take", "table", "tables"])
def test_what_must_be_there_is_missed_once(getter: str) -> None:
    """One finding; what is within a missing table is not missed as well."""
    top, found = table("other = 1")
    ways: dict[str, dict[str, Any]] = {"tables": {"required": True}}
    got = getattr(top, getter)(key("k", int) if getter == "take" else "k", **ways.get(getter, {}))
    if getter == "table":
        got.text("inner")
        got.table("deeper").text("still")
    assert found == [f"C011 0 {'[k]' if getter == 'table' else 'k'} is missing"]
    assert not top.is_usable()


def test_wrong_types_and_values_are_findings_with_lines_and_reading_goes_on() -> None:
    """A required key that is wrong makes the table unusable, an optional one does not."""
    top, found = table(
        'a = 1\nb = "1"\nc = "2027-01-11"\nd = 2027-01-11T10:00:00Z\ne = "yes"\nf = true\n'
        'g = ["x", 1,\n "", "x"]\nh = "blue"\ni = 99\nj = 7:30\n'.replace("7:30", "07:30:00")
        + 'k = "a.example"\nl = {}\n'
    )
    top.optional_text("a")
    top.take(key("b", int, None, least=0, most=1))
    top.take(key("c", date, None))
    top.take(key("d", date, None))
    top.take(key("e", bool, False))
    top.take(key("f", int, None, least=0, most=1))
    assert ("x",) == top.texts("g")
    assert "" == top.optional_text("h", allowed=("red", "green"))
    assert top.take(key("i", int, None, least=0, most=9)) is None
    assert "" == top.take(key("j", str, "", check=time_of_day))
    top.take(key("k", str, "", check=web_link))
    top.tables("l")
    assert top.is_usable()
    assert found == [
        "C012 1 a is a number; it must be a text in quotes",
        "C012 2 b is a text; it must be a whole number",
        "C012 3 c is a text; it must be a date",
        "C012 4 d is a date with a time; it must be a date alone",
        "C012 5 e is a text; it must be true or false",
        "C012 6 f is true or false; it must be a whole number",
        "C012 7 g holds a number where a text in quotes belongs",
        "C016 8 g holds an empty text",
        'C020 8 g names "x" twice',
        'C013 9 h is "blue"; allowed are: red, green',
        "C014 10 i is 99; allowed is 0 to 9",
        'C012 11 j is a time without quotes; it must be a time in quotes, as "07:30"',
        "C021 12 k is not a whole web address",
        "C012 13 l is a table; it must be a list of tables, each started by [[l]]",
    ]
    top.text("a")
    assert not top.is_usable()


def test_a_required_key_with_a_wrong_value_makes_the_table_unusable() -> None:
    """So that no record is made from a value that nobody wrote."""
    for text, getter, kwargs in (
        ('k = " "', "text", {}),
        ('k = "x"', "text", {"allowed": ("y",)}),
        ('k = "X y"', "id", {}),
        ("k = 9", "take", {}),
        ("k = 1", "table", {}),
        ("k = 1", "tables", {"required": True}),
    ):
        top, _ = table(text)
        getattr(top, getter)(key("k", int, least=0, most=1) if getter == "take" else "k", **kwargs)
        assert not top.is_usable(), text
    for text in ("k = 2027-02-30", "k = 2027-02-03T10:00:00Z", 'k = "2027-02-03"'):
        top, _ = table(text)
        assert top.take(key("k", date)) is None
        assert not top.is_usable(), text


def test_a_wrong_inner_table_makes_the_outer_one_unusable_but_not_its_neighbours() -> None:
    """Entries of a list stand for themselves."""
    top, _ = table("[t]\n[[m]]\n[[m]]\nk = 'x'")
    first, second = top.tables("m")
    first.text("k")
    second.text("k")
    assert (True, False, True) == (top.is_usable(), first.is_usable(), second.is_usable())
    top.table("t").text("k")
    assert not top.is_usable()


@dataclass(frozen=True, slots=True)
class Mooring:
    """A table within a table."""

    day: Annotated[date, Field("When.")]
    link: Annotated[str, Field("Where it is read.", check=web_link)] = ""


@dataclass(frozen=True, slots=True)
class Boat:
    """A record as campaigns have them."""

    id: Annotated[str, Field("Its own id.", check=record_id)]
    mooring: Annotated[Mooring, Field("Where it lies.")]
    years: Annotated[tuple[int, ...], Field("When it sailed.", least=1900, most=2999)] = ()
    crew: Annotated[tuple[str, ...], Field("Who sails it.", refers="contact")] = ()
    owner: Annotated[str, Field("Whose it is.", refers="contact")] = ""


def test_a_record_is_read_by_its_declaration() -> None:
    """Its values by attribute; the ids in it are looked for among the other records."""
    top, found = table('id = "a-1"\nyears = [2027]\ncrew = ["b",\n"c"]\nowner = "d"\n[mooring]\nday = 2027-01-11\n')
    records = Records([])
    said = top.read(Boat, records)
    assert Boat("a-1", Mooring(date(2027, 1, 11)), (2027,), ("b", "c"), "d") == Boat(**said)
    assert [("b", 3), ("c", 4), ("d", 5)] == [(r.id, r.where.line) for r in records.references]
    assert (found, top.is_usable()) == ([], True)


def test_what_does_not_fit_in_a_record_is_a_finding_where_it_stands() -> None:
    """Also within its tables: what must be there makes the record unusable, the rest has its default."""
    top, found = table(
        'id = "A"\nyears = [2027, 1, "x"]\nowners = "d"\n[mooring]\nday = "2027-01-11"\nlink = "a.example"\nhref = 1\n'
    )
    said = top.read(Boat, Records([]))
    assert (None, None, (2027,), False) == (said["id"], said["mooring"], said["years"], top.is_usable())
    lines = sorted(f"{f.code} {f.where.line} {f.message}" for f in found.folder.findings)
    assert lines == [
        'C010 3 unknown key "owners"',
        'C010 7 unknown key "href" in [mooring]',
        "C012 2 years holds a text where a whole number belongs",
        "C012 5 day is a text; it must be a date",
        "C014 2 years holds 1; allowed is 1900 to 2999",
        'C017 1 id "A" is malformed',
        "C021 6 link is not a whole web address",
    ]


def test_keys_that_nobody_asked_for_are_unknown() -> None:
    """With the key that was probably meant."""
    top, found = table('titel = "x"\n')
    top.optional_text("title")
    top.close("the front matter")
    assert found == ['C010 1 unknown key "titel" in the front matter']
    assert 'did you mean "title"?' == found.folder.findings[0].hint


def test_lines_count_from_where_the_text_starts_in_its_file() -> None:
    """Front matter starts on line 2 of an item file."""
    folder = Folder(Path("/nowhere"), "campaigns/c")
    top = table_from(folder, "items/a.md", "a = 1\nb = 2027-02-30\n", first_line=2)
    assert top is not None
    top.text("a")
    assert table_from(folder, "items/a.md", "a = 1\nb = x\n", first_line=2) is None
    assert ["C015:3", "C012:2", "C001:3"] == [f"{f.code}:{f.where.line}" for f in folder.findings]
