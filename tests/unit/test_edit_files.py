"""Changing a campaign's files from a form: only what was changed changes, nothing invalid or foreign is written."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.content.edit import file_writer
from scheduler.content.edit.campaign_editor import ChangedUnderneath, Refused, cannot_save, edit, read_form, save
from scheduler.content.edit.text_lines import Rows, fingerprint
from scheduler.content.edit.toml_editor import CannotEdit, with_value
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.load.campaign_folder import campaign_folder
from scheduler.domain.edit_form import FIELDS, ITEM_FIELDS, Form, Sort, Value, mark, merge
from scheduler.domain.hidden import hidden_in
from scheduler.errors import CannotWrite, UsageError
from tests.scenarios.harness import HERE

BASE = HERE / "_base" / "small"
SHIPPED = Path(__file__).parents[2] / "campaigns" / "human-trafficking-prevention"
ID = "reading-week"

ODD_ITEM = """\ufeff+++\r
# Written by hand; please keep the order.\r
title   =   'A "plain" headline'   # why it is plain\r
id = "why-we-read"\r
\r
kind = "fact"\r
preheader = \"\"\"
over
two lines\"\"\"\r
image_tags = [ # the first is ours
  "TownReads",  # since 2019

  "ReadAloud",
]\r
claims = ["members-2025"]
action = { text = "Come by",   url = "https://example.org/come" }  # checked
+++\r
\r
# Email\r
\r
Hello,  \r
world.\r
\r
\r
# Post
A post with {{ number('members-2025') }}.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a campaign without a finding."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path


def item_path(root: Path, item: str = "why-we-read") -> Path:
    return next((root / "campaigns" / ID / "items").glob(f"*{item}.md"))


def form_of(root: Path, item: str = "why-we-read") -> Form:
    return read_form(root, ID, "item", item)


def saved(root: Path, form: Form, values: dict[str, Value]) -> bytes:
    edited = edit(root, ID, form, values)
    save(root, ID, edited, lambda: None)
    return (root / "campaigns" / ID / form.file).read_bytes()


def changed_lines(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines between what is the same at the beginning and at the end."""
    old, new = before.split(b"\n"), after.split(b"\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


# -- only what changed changes --------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [BASE / "campaigns" / ID, SHIPPED], ids=["small", "shipped"])
def test_a_form_that_nobody_touched_gives_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    """Every item, claim and help line: read, saved unchanged, byte for byte as it was."""
    shutil.copytree(folder, tmp_path / "campaigns" / ID)
    campaign, _ = load_campaign(tmp_path, ID)
    assert campaign is not None
    kinds = {"item": campaign.items, "claim": campaign.claims, "contact": campaign.contacts, "discreet": (ID,)}
    for kind, records in kinds.items():
        for record in records:
            form = read_form(tmp_path, ID, kind, record)
            edited = edit(tmp_path, ID, form, dict(form.values))
            before = (tmp_path / "campaigns" / ID / form.file).read_bytes()
            assert (before, ()) == (edited.raw, edited.fields)


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        (
            "title",
            "New",
            [b"title   =   'A \"plain\" headline'   # why it is plain\r"],
            [b"title   =   'New'   # why it is plain\r"],
        ),
        (
            "title",
            "It's new",
            [b"title   =   'A \"plain\" headline'   # why it is plain\r"],
            [b'title   =   "It\'s new"   # why it is plain\r'],
        ),
        ("image_tags", ("TownReads", "New", "ReadAloud"), [], [b'  "New",\r', b"\r"]),
        ("image_tags", ("TownReads",), [b"", b'  "ReadAloud",'], []),
        (
            "action.text",
            "Call us",
            [b'action = { text = "Come by",   url = "https://example.org/come" }  # checked'],
            [b'action = { text = "Call us",   url = "https://example.org/come" }  # checked'],
        ),
        ("subject", "Hi", [], [b'subject = "Hi"\r']),
        ("post_slot", "07:30", [], [b'post_slot = "07:30"\r']),
        ("post", "Shorter.", [b"A post with {{ number('members-2025') }}."], [b"Shorter."]),
        ("email", "Hello,  \nmoon.\n\nNew.", [b"world.\r"], [b"moon.\r", b"\r", b"New.\r"]),
    ],
)
def test_a_change_keeps_comments_order_quotes_and_line_ends(
    root: Path, key: str, value: Value, old: list[bytes], new: list[bytes]
) -> None:
    """Of a file with all oddities that people's files have, one field changes, and no line beside it."""
    path = item_path(root)
    path.write_bytes(ODD_ITEM.encode())
    before = path.read_bytes()
    after = saved(root, form_of(root), {key: value})
    assert (old, new) == changed_lines(before, after)
    assert form_of(root).values[key] == value


texts = (
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Zl", "Zp"]), max_size=40)
    .map(str.strip)
    .filter(lambda text: not hidden_in(text))
)
lists = st.lists(texts.filter(bool), max_size=4, unique=True).map(tuple)
#: Fields of an item whose value the loader takes as it comes.
FREE = {
    f.key: f
    for f in ITEM_FIELDS
    if f.key
    in {
        "title",
        "subject",
        "preheader",
        "discreet_subject",
        "content_note",
        "author",
        "needs_decision",
        "story_consent",
        "image_tags",
        "action.text",
    }
}


#: In ODD_ITEM: the lines of each of these that has any, from 0.
LINES = {"title": (2, 3), "preheader": (6, 9), "image_tags": (9, 14), "action": (15, 16)}


@settings(max_examples=60)
@given(data=st.data(), key=st.sampled_from(sorted(FREE)), windows=st.booleans())
def test_an_edit_of_one_field_leaves_every_other_line_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, key: str, windows: bool
) -> None:
    """Whatever is typed into one field: the others read as before, and each line that is not the field's is the same."""
    root = tmp_path_factory.mktemp("edit")
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    path = item_path(root)
    path.write_bytes((ODD_ITEM if windows else ODD_ITEM.replace("\r\n", "\n")).encode())
    form, before = form_of(root), path.read_bytes()
    value: Any = data.draw(lists if FREE[key].sort is Sort.LIST else texts)
    assume(value or key not in ("title", "action.text"))
    after = saved(root, form, {key: value})
    assert {**form.values, key: value} == form_of(root).values
    name = key.split(".")[0]
    old = before.splitlines(keepends=True)
    start, stop = LINES.get(name, (0, 0))
    if stop:
        assert after.startswith(b"".join(old[:start]))
        assert after.endswith(b"".join(old[stop:]))
    else:
        added = [line for line in after.splitlines(keepends=True) if line.startswith(name.encode())]
        assert bool(value) == bool(added)
        assert before == after.replace(b"".join(added), b"", 1)


@given(
    before=st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"]), max_size=3),
            st.sampled_from(["\n", "\r\n"]),
        )
    ),
    last=st.text(st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"]), max_size=3),
    mark=st.booleans(),
)
def test_rows_give_back_the_bytes_they_were_made_of(before: list[tuple[str, str]], last: str, mark: bool) -> None:
    """Mixed line ends, a byte order mark, no line end at the end: nothing is evened out."""
    raw = (b"\xef\xbb\xbf" if mark else b"") + ("".join(map("".join, before)) + last).encode()
    rows = Rows.of(raw)
    assert raw == rows.raw()
    assert raw == rows.with_text(0, len(rows.texts), rows.text).raw()


@given(
    lines=st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["\n", "\r\n"])), max_size=8),
    last=st.sampled_from(["", "z"]),
    new=st.lists(st.sampled_from(["", "a", "c"]), min_size=1, max_size=4),
    data=st.data(),
)
def test_replaced_rows_say_what_they_should_and_the_others_keep_their_ends(
    lines: list[tuple[str, str]], last: str, new: list[str], data: st.DataObject
) -> None:
    """Before and behind what is replaced every byte stays; the last line has an end only where it had one."""
    raw = ("".join(map("".join, lines)) + last).encode()
    rows = Rows.of(raw)
    start = data.draw(st.integers(0, len(lines)))
    stop = data.draw(st.integers(start, len(lines)))
    after = rows.with_text(start, stop, "\n".join(new)) if stop > start else rows.with_lines(start, stop, new)
    assert [*rows.texts[:start], *new, *rows.texts[stop:]] == list(after.texts)
    assert after.raw().startswith("".join(map("".join, lines[:start])).encode())
    assert after.raw().endswith(("".join(map("".join, lines[stop:])) + last).encode())


keys = st.sampled_from(["a", "b-c", '"odd key"', "d_1"])
scalars = st.one_of(
    texts.map(lambda t: '"' + t.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.sampled_from(
        [
            "'literal'",
            "2027-01-11",
            "true",
            "3",
            "1.5",
            '["x", "y"]',
            '[\n  "x", # one\n  "y",\n]',
            '{ k = "v", n = 2 }',
            '"""\nlong\ntext"""',
            "'''raw\\'''",
        ]
    ),
)


@given(
    statements=st.lists(
        st.tuples(keys, scalars, st.sampled_from(["", " # why", "\t#"])), min_size=1, unique_by=lambda s: s[0]
    ),
    table=st.booleans(),
    value=st.one_of(
        texts, st.booleans(), st.just(date(2028, 2, 29)), st.lists(texts.filter(bool), max_size=3), st.none()
    ),
    data=st.data(),
)
def test_a_toml_value_is_changed_and_everything_else_says_what_it_said(
    statements: list[tuple[str, str, str]], table: bool, value: object, data: st.DataObject
) -> None:
    """Any value of any kind for any other: the text then says exactly that, and keeps the lines of other keys."""
    body = "".join(f"{k} = {v}{remark}\n" for k, v, remark in statements)
    text = "# head\n" + ("[[t]]\nz = 1\n\n[[t]]\n" + body if table else body) + ("" if table else "\n[[t]]\nz = 1\n")
    number = data.draw(st.integers(0, len(statements) - 1))
    key = statements[number][0].strip('"')
    path = ("t", 1, key) if table else (key,)
    after = with_value(text, path, value)  # type: ignore[arg-type]
    read = tomllib.loads(after)
    holder = read["t"][1] if table else read
    assert (value if value is not None else "gone") == holder.get(key, "gone")
    for n, (k, v, remark) in enumerate(statements):
        if n != number:
            assert f"{k} = {v}{remark}\n" in after
    if statements[number][2]:
        assert "#" in "\n".join(line for line in after.split("\n")[1:])


@pytest.mark.parametrize(
    "value", ["\nbegins with an empty line\n", 'ends with quotes\n"""', "a\\\n  b", "three '''\nquotes", "x\n+++\ny"]
)
@pytest.mark.parametrize("written", ['"""x\ny"""', "'''x\ny'''", '"""\nx"""', "'x'", '"x"'])
def test_a_text_that_its_quotes_cannot_hold_gets_others(written: str, value: str) -> None:
    """It is read again as exactly what was meant, whatever the style was."""
    assert {"a": value, "b": 1} == tomllib.loads(with_value(f"a = {written}  # why\nb = 1\n", ("a",), value))


def test_a_key_that_goes_leaves_the_remark_beside_it() -> None:
    """A date that is emptied has no place in the file; what somebody wrote beside it stays."""
    assert "a = 1\n# asked in May\nb = 2\n" == with_value("a = 1\nd = 2027-05-01 # asked in May\nb = 2\n", ("d",), None)
    assert "a = 1" == with_value("a = 1\nd = 2027-05-01", ("d",), None)


def test_claims_and_help_lines_change_in_their_own_table_alone(root: Path) -> None:
    """Status, as-of and source of one record; every other record keeps its bytes."""
    register = root / "campaigns" / ID / "claims.toml"
    before = register.read_bytes()
    form = read_form(root, ID, "claim", "members-2025")
    after = saved(root, form, {"period": "2026", "source.locator": "p. 4", "source.retrieved_on": "2026-12-01"})
    old, new = tomllib.loads(before.decode()), tomllib.loads(after.decode())
    number = next(n for n, c in enumerate(old["claim"]) if c["id"] == "members-2025")
    old["claim"][number]["period"] = "2026"
    old["claim"][number]["source"] |= {"locator": "p. 4", "retrieved_on": date(2026, 12, 1)}
    assert old == new
    contact = read_form(root, ID, "contact", "desk-phone")
    saved(root, contact, {"verified_on": "2026-12-02", "verified_by": "Robin"})
    campaign, findings = load_campaign(root, ID)
    assert campaign is not None
    assert [] == findings
    assert (date(2026, 12, 2), "Robin") == (
        campaign.contacts["desk-phone"].verified_on,
        campaign.contacts["desk-phone"].verified_by,
    )


# -- nothing invalid ------------------------------------------------------------------------------------

INJECTIONS = [
    '"\nclaims = ["x"]\n#',
    "+++\n# Post\nmine",
    "\\\"\nid = 'other'",
    "'''\nx = 1\n'''",
    "a\u2028kind = 'help'",
    '}\nauthor = "somebody else"',
]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("key", ["title", "preheader", "author", "post", "email", "image_tags", "action.text"])
def test_a_text_never_becomes_a_key_or_a_section(root: Path, key: str, text: str) -> None:
    """Quotes, fences and headings typed into a field are read as its words, or refused; no other field ever changes."""
    item_path(root).write_bytes(ODD_ITEM.encode())
    form, before = form_of(root), item_path(root).read_bytes()
    value: Value = (text,) if key == "image_tags" else text
    try:
        saved(root, form, {key: value})
    except (UsageError, Refused, CannotEdit):
        assert before == item_path(root).read_bytes()
    else:
        assert {**form.values, key: value} == form_of(root).values


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("post", "One\n# Email\nmine", "C061"),
        ("post", "One\n```\nno end", "C061"),
        ("post", "", "C061"),
        ("title", "", "C016"),
        ("post_slot", "7 o'clock", "C030"),
        ("claims", ("members-2052",), "C019"),
        ("action.url", "example.org", "C021"),
        ("topics", ("money",), "C013"),
        ("email", "x" * 300_000, "C005"),
    ],
)
def test_what_the_loader_would_refuse_is_not_written(root: Path, key: str, value: Value, code: str) -> None:
    """The finding has its code and its line; the file is as it was."""
    form, before = form_of(root), item_path(root).read_bytes()
    with pytest.raises(Refused) as refused:
        edit(root, ID, form, {key: value})
    assert code in {f.code for f in refused.value.findings}
    assert all(f.where.path.endswith(form.file) for f in refused.value.findings if f.code == code)
    assert before == item_path(root).read_bytes()


def test_words_that_an_old_mistake_would_swallow_are_refused(root: Path) -> None:
    """The loader minds a section Notes already; typed into the post, such a line would take the words behind it away."""
    path = item_path(root)
    path.write_text(path.read_text() + "\n# Notes\nTo do.\n")
    before = path.read_bytes()
    with pytest.raises(CannotEdit, match="Post: what you wrote would be read as something else"):
        edit(root, ID, form_of(root), {"post": "One.\n\n# Notes\n\nTwo."})
    assert before == path.read_bytes()


def test_a_file_with_an_old_mistake_can_still_be_changed(root: Path) -> None:
    """What the loader minds already does not keep anybody from correcting something else."""
    path = item_path(root)
    path.write_text(path.read_text().replace('kind = "', 'colour = "red"\nkind = "', 1))
    saved(root, form_of(root), {"title": "Another headline"})
    assert "Another headline" == form_of(root).values["title"]


@pytest.mark.parametrize(
    ("kind", "record", "key", "value", "words"),
    [
        ("item", "why-we-read", "title", "a\nb", "line break"),
        ("item", "why-we-read", "title", "a\x00b", "U+0000"),
        ("item", "why-we-read", "post", "bell \x07", "U+0007"),
        ("item", "why-we-read", "post", "half \ud83d", "U+D83D"),
        ("claim", "members-2025", "review_by", "30 February", "no date"),
        ("claim", "members-2025", "review_by", "2027-02-30", "no date"),
    ],
)
def test_what_a_field_cannot_hold_is_said_in_its_words(
    root: Path, kind: str, record: str, key: str, value: str, words: str
) -> None:
    """The label of the field, and what is wrong with what was typed."""
    form = read_form(root, ID, kind, record)
    label = next(f.label for f in FIELDS[kind] if f.key == key)
    with pytest.raises(UsageError, match=re.escape(words)) as refused:
        edit(root, ID, form, {key: value})
    assert refused.value.message.startswith(label)


def test_odd_signs_are_kept_as_they_were_typed(root: Path) -> None:
    """Family emoji, combining accents, right-to-left words, a zero-width joiner."""
    words = "👩‍👩‍👧‍👦 e\u0301 שלום 🇺🇦 \u202f½"
    form = form_of(root)
    saved(root, form, {"title": words, "post": f"{words}\n\n{words}"})
    assert (words, f"{words}\n\n{words}") == (form_of(root).values["title"], form_of(root).values["post"])


# -- nobody's words are lost, and no other file is written ----------------------------------------------


def test_a_file_that_changed_meanwhile_is_not_overwritten(root: Path) -> None:
    """Both forms come back: what was typed, and what stands in the file now."""
    form = form_of(root)
    saved(root, form, {"title": "Hers"})
    with pytest.raises(ChangedUnderneath) as changed:
        edit(root, ID, form, {"title": "Mine"})
    assert "Hers" == changed.value.now.values["title"]
    assert fingerprint(item_path(root).read_bytes()) == changed.value.now.fingerprint


def test_a_change_between_looking_and_writing_is_noticed(root: Path) -> None:
    """Right before the new file takes its place the old one is compared once more."""
    edited = edit(root, ID, form_of(root), {"title": "Mine"})
    hers = item_path(root).read_text().replace("title = ", "title  = ")
    item_path(root).write_text(hers)
    called: list[int] = []
    with pytest.raises(ChangedUnderneath):
        save(root, ID, edited, lambda: called.append(1))
    assert ([], hers) == (called, item_path(root).read_text())


def test_fields_that_somebody_did_not_touch_come_from_the_file(root: Path) -> None:
    """A headline changed by one and a subject by another are brought together; one field of two minds is named."""
    seen = form_of(root)
    saved(root, seen, {"title": "Hers", "subject": "Her subject"})
    now = form_of(root)
    typed = {**seen.values, "title": "Mine", "post": "My post."}
    merged = merge(typed, seen.marks(), now)
    assert ("Mine", "Her subject", "My post.") == tuple(merged.values[k] for k in ("title", "subject", "post"))
    assert (("title",), ("subject",)) == (merged.both, merged.theirs)
    assert mark("a") != mark("b")


def test_the_file_is_replaced_whole_with_its_mode_and_nothing_beside_it(root: Path) -> None:
    """As it was: who may read it; and no temporary file stays in the folder."""
    path = item_path(root)
    path.chmod(0o640)
    names = sorted(p.name for p in path.parent.iterdir())
    order: list[str] = []
    edited = edit(root, ID, form_of(root), {"title": "New"})

    def commit() -> None:
        beside = [p for p in path.parent.iterdir() if p.name.startswith(".")]
        order.append("written" if [p.read_bytes() for p in beside] == [edited.raw] else "not written")
        order.append("in place" if path.read_bytes() == edited.raw else "not in place")

    save(root, ID, edited, commit)
    assert ["written", "not in place"] == order
    assert (edited.raw, 0o640) == (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    assert names == sorted(p.name for p in path.parent.iterdir())


def test_a_disk_that_refuses_leaves_the_file_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, and without a temporary file left behind."""
    before = item_path(root).read_bytes()
    edited = edit(root, ID, form_of(root), {"title": "New"})

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        save(root, ID, edited, lambda: None)
    assert before == item_path(root).read_bytes()
    assert [] == [p for p in item_path(root).parent.iterdir() if p.name.startswith(".")]


def test_a_link_is_neither_read_nor_replaced(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not even one that stays inside the folder: what it leads to may be somebody else's."""
    outside = tmp_path_factory.mktemp("outside") / "why-we-read.md"
    path = item_path(root)
    shutil.move(path, outside)
    path.symlink_to(outside)
    before = outside.read_bytes()
    with pytest.raises((CannotEdit, UsageError)):
        form_of(root)
    assert before == outside.read_bytes()
    path.unlink()
    inside = path.with_name("other.txt")
    shutil.copy(outside, inside)
    path.symlink_to(inside)
    with pytest.raises(CannotEdit, match="link"):
        form_of(root)


def test_a_folder_of_items_that_is_a_link_is_refused(root: Path) -> None:
    """The way to the file counts as well as the file."""
    items = root / "campaigns" / ID / "items"
    items.rename(items.with_name("elsewhere"))
    items.symlink_to("elsewhere")
    with pytest.raises(CannotEdit, match="link"):
        form_of(root)


@pytest.mark.parametrize(
    "record", ["../../secret", "..", "items/x", "a/b", "/etc/passwd", "a\x00b", "", "A", "x" * 5000, "why-we-read.md"]
)
def test_no_id_leads_out_of_the_folder(root: Path, record: str) -> None:
    """An id is a-z, 0-9 and hyphens; anything else is no record."""
    for kind in FIELDS:
        with pytest.raises(UsageError):
            read_form(root, ID, kind, record)


@pytest.mark.parametrize(
    "name",
    [
        "calendar.toml",
        "items/../campaign.toml",
        "../x.md",
        "items/.x.md",
        "items/a/b.md",
        "sources/a.txt",
        "items/x.md/",
        "C:x.md",
        "items/a\\b.md",
    ],
)
def test_only_items_and_registers_can_be_written(root: Path, name: str) -> None:
    """Whatever name would be asked for."""
    with pytest.raises(CannotEdit):
        file_writer.path_of(campaign_folder(root, ID), name)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not write everywhere; may be absent"
)
def test_a_folder_that_may_only_be_read_is_said(root: Path) -> None:
    """Before anybody has typed a word."""
    item_path(root).parent.chmod(0o555)
    try:
        assert "only be read" in cannot_save(root, ID, form_of(root))
    finally:
        item_path(root).parent.chmod(0o755)


def test_a_file_that_may_not_be_written_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the file's own permission and by its folder's, as the system tells them."""
    form = form_of(root)
    assert "" == cannot_save(root, ID, form)
    for closed in (item_path(root), item_path(root).parent):
        monkeypatch.setattr(os, "access", lambda path, mode, closed=closed: Path(path) != closed)
        assert "only be read" in cannot_save(root, ID, form)
