"""Importing readers: good rows are added, bad rows are named by line, and no address is said anywhere."""

from __future__ import annotations

import csv
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.domain.address import address_key
from scheduler.domain.subscriber import AddResult, NewSubscriber
from scheduler.errors import OutOfReach, UsageError
from scheduler.subscribers import csv_import, csv_rows
from scheduler.subscribers.csv_import import BATCH, ImportResult, import_csv, report_path_for
from scheduler.subscribers.csv_rows import RowCode, safe_cell
from scheduler.subscribers.fields import BadAddress, checked_address

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


class ListInMemory:
    """A list that keeps the contract of ``add_many``."""

    def __init__(self, *, already: Sequence[str] = (), suppressed: Sequence[str] = (), fails_after: int | None = None):
        self.rows: dict[str, tuple[str, datetime, NewSubscriber | None]] = {
            address_key(a): ("by hand", NOW, None) for a in already
        }
        self.suppressed = {address_key(a) for a in suppressed}
        self.batches: list[int] = []
        self.fails_after = fails_after

    @property
    def subscribers(self) -> ListInMemory:
        return self

    def add_many(
        self, campaign: str, rows: Sequence[NewSubscriber], *, now: datetime, family: object = ()
    ) -> AddResult:
        assert "a-month" == campaign, "the list that the file is for, and no other"
        if self.fails_after is not None and len(self.batches) >= self.fails_after:
            raise OutOfReach("the database does not answer")
        self.batches.append(len(rows))
        assert len({r.key for r in rows}) == len(rows)
        found: dict[str, list[int]] = {"already_there": [], "suppressed": [], "repeated": []}
        for position, row in enumerate(rows):
            if row.key in self.suppressed:
                found["suppressed"].append(position)
            elif row.key in self.rows:
                same = self.rows[row.key][:2] == (row.source, now)
                found["repeated" if same else "already_there"].append(position)
            else:
                self.rows[row.key] = row.source, now, row
        return AddResult(**{name: tuple(positions) for name, positions in found.items()})

    @property
    def added(self) -> list[NewSubscriber]:
        return [row for _, _, row in self.rows.values() if row is not None]

    def addresses(self) -> list[str]:
        return [row.address for row in self.added]


def in_memory(**more: Any) -> Any:
    """A list that stands for a ledger."""
    return ListInMemory(**more)


def run(tmp_path: Path, content: str | bytes, ledger: Any = None) -> tuple[ImportResult, ListInMemory, list[list[str]]]:
    """Import and give the result, the list and the report's rows."""
    path = tmp_path / "readers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ledger = ledger or in_memory()
    result = import_csv(path, ledger, "a-month", now=NOW, report_path=report_path_for(path))
    report = tmp_path / "readers.report.csv"
    assert (result.report_path == report) == report.exists()
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else ["header"]
    return result, ledger, list(csv.reader(lines))[1:]


def refused(tmp_path: Path, content: str | bytes) -> UsageError:
    ledger = in_memory()
    with pytest.raises(UsageError) as caught:
        run(tmp_path, content, ledger)
    assert [] == ledger.batches
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        "email,name,zone\nann@readers.example,Ann,Europe/Berlin\nbob@readers.example,,\n",
        "\ufeffemail;name;zone\r\nann@readers.example;Ann;Europe/Berlin\r\nbob@readers.example;;\r\n",
        "Zone\tEMAIL\tName\nEurope/Berlin\tann@readers.example\tAnn\n\tbob@readers.example\t",
        '"email","name","zone"\n"ann@readers.example","Ann","Europe/Berlin"\n\n"bob@readers.example","",""\n',
        " Email , name ,zone,\n ann@readers.example , Ann , Europe/Berlin ,\nbob@readers.example\n,,\n",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, content: str) -> None:
    """Commas, semicolons, tabs, byte order mark, CRLF, quotation marks, any order and case of columns, empty lines."""
    result, ledger, report = run(tmp_path, content)
    assert (2, 0, []) == (result.added, result.bad, report)
    assert [("ann@readers.example", "Ann", "Europe/Berlin"), ("bob@readers.example", "", None)] == [
        (r.address, r.name, r.zone) for r in ledger.added
    ]


def test_quoted_fields_keep_their_marks(tmp_path: Path) -> None:
    """A comma and doubled quotation marks inside a quoted field belong to the name."""
    _, ledger, _ = run(tmp_path, 'name,email\n"Lee, ""Al""",al@readers.example\n')
    assert ['Lee, "Al"'] == [r.name for r in ledger.added]


BAD_ROWS = [
    ("not-an-address,,", RowCode.INVALID_ADDRESS, "no @"),
    (",Nobody,", RowCode.INVALID_ADDRESS, "there is no address"),
    ("a@b@readers.example,,", RowCode.INVALID_ADDRESS, "more than one @"),
    ("a b@readers.example,,", RowCode.INVALID_ADDRESS, "space"),
    ("ann@localhost,,", RowCode.INVALID_ADDRESS, "no dot"),
    ("ann@mail.invalid,,", RowCode.INVALID_ADDRESS, "mail servers take"),
    ("ann..lee@readers.example,,", RowCode.INVALID_ADDRESS, "mail servers take"),
    ("jos\u00e9@readers.example,,", RowCode.INVALID_ADDRESS, "letters that few"),
    (f"{'a' * 65}@readers.example,,", RowCode.INVALID_ADDRESS, "longer than"),
    ("Ann <ann@readers.example>,,", RowCode.INVALID_ADDRESS, "space"),
    ('cee@readers.example,"Cee\nBcc: eve@readers.example",', RowCode.CONTROL_CHARACTER, "line break"),
    (f"cee@readers.example,{'x' * 201},", RowCode.TOO_LONG, "longer than 200"),
    (f"cee@readers.example,{'x' * 20_000},", RowCode.TOO_LONG, "the line is longer"),
    ("cee@readers.example,Cee,,more", RowCode.WRONG_COLUMNS, "4 fields"),
    ('cee@readers.example,"Cee" Dee,', RowCode.BROKEN_QUOTES, "none may stand"),
    ('cee@readers.example,"Cee,', RowCode.BROKEN_QUOTES, "not closed"),
    ("ANN@Readers.example,,", RowCode.TWICE_IN_FILE, "line 2"),
]


@pytest.mark.parametrize(("row", "code", "words"), BAD_ROWS)
def test_a_bad_row_is_reported_and_stops_nobody(tmp_path: Path, row: str, code: RowCode, words: str) -> None:
    """One line in the report with number, code and reason; the rows around it are added."""
    lines = row.count("\n")
    result, ledger, report = run(
        tmp_path, f"email,name,zone\nann@readers.example,Ann,\n{row}\nzoe@readers.example,Zoe,Asia/Tokyo\n"
    )
    assert ["ann@readers.example", "zoe@readers.example"] == ledger.addresses()
    assert (2, 1, {code: 1}) == (result.added, result.bad, result.by_reason)
    assert [["3", code.value]] == [r[:2] for r in report]
    assert words in report[0][2]
    assert lines == 0 or "eve@readers.example" not in ledger.addresses()


@pytest.mark.parametrize(("row", "code", "words"), BAD_ROWS)
def test_nothing_that_is_said_holds_an_address(
    tmp_path: Path, row: str, code: RowCode, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Report, result and log name lines, never a reader."""
    with caplog.at_level(logging.DEBUG):
        result, _, report = run(tmp_path, f"email,name,zone\nann@readers.example,Ann,\n{row}\n")
    said = f"{result!r} {report!r} {caplog.text}"
    assert "@readers" not in said.lower()
    assert "@mail" not in said


UNKNOWN_ZONES = [
    ("Mars/Olympus", "Mars/Olympus is not in the IANA list"),
    ("localtime", "time zone is unknown"),
    ("europe/berlin", "europe/berlin is not in the IANA list"),
    ("eve@readers.example", "it is not a name of the IANA list"),
]


@pytest.mark.parametrize(("zone", "words"), UNKNOWN_ZONES)
def test_a_zone_that_nobody_knows_costs_no_reader(tmp_path: Path, zone: str, words: str) -> None:
    """The reader is on the list, with the campaign's zone; the report says so, and repeats nothing but a zone."""
    content = f"email,name,zone\nann@readers.example,Ann,\ncee@readers.example,Cee,{zone}\n"
    result, ledger, report = run(tmp_path, content)
    assert [("ann@readers.example", None), ("cee@readers.example", None)] == [(r.address, r.zone) for r in ledger.added]
    assert (2, 0, 1, {RowCode.UNKNOWN_ZONE: 1}) == (result.added, result.bad, result.amber, result.by_reason)
    ((line, code, reason),) = report
    assert ("3", "unknown-zone") == (line, code)
    assert words in reason
    assert "the reader is taken, with the campaign's zone" in reason
    assert "@" not in reason


def test_a_row_that_is_refused_is_reported_once(tmp_path: Path) -> None:
    """Its zone does not matter any more: nobody was taken with it."""
    content = "email,zone,cadence\nann@readers.example,,\nANN@readers.example,Mars/Olympus,\nc@readers.example,Mars/X,hourly\n"
    result, ledger, report = run(tmp_path, content)
    assert [["3", "twice-in-file"], ["4", "unknown-cadence"]] == [r[:2] for r in report]
    assert (1, 2, 0) == (result.added, result.bad, result.amber)
    assert ["ann@readers.example"] == ledger.addresses()


def test_readers_do_not_show_their_address() -> None:
    """A reader in a log or a traceback is an id."""
    assert "readers.example" not in repr(NewSubscriber("ann@readers.example", "Ann Lee"))
    assert "Ann" not in repr(NewSubscriber("ann@readers.example", "Ann Lee"))


def test_ids_are_random_and_do_not_tell_the_address(tmp_path: Path) -> None:
    """The same file into two lists: other ids, none twice."""
    content = "email\n" + "".join(f"r{n}@readers.example\n" for n in range(2500))
    first, second = run(tmp_path, content)[1], run(tmp_path, content)[1]
    ids = [r.subscriber_id for r in (*first.added, *second.added)]
    assert 5000 == len(set(ids))
    assert {32} == {len(i) for i in ids}
    assert len(NewSubscriber("a@b.example").subscriber_id) == 32


def test_who_is_on_the_list_or_has_left_stays_so(tmp_path: Path) -> None:
    """An import brings nobody back and changes nobody; both are counted, and who has left is named by line."""
    ledger = in_memory(already=["ann@readers.example"], suppressed=["Bob@readers.example"])
    content = "email\nAnn@readers.example\nbob@READERS.example\ncee@readers.example\n"
    result, ledger, report = run(tmp_path, content, ledger)
    assert (1, 1, 1, 0) == (result.added, result.already_there, result.suppressed, result.bad)
    assert {RowCode.ON_THE_LIST: 1, RowCode.SUPPRESSED: 1} == result.by_reason
    assert [["3", "suppressed"]] == [r[:2] for r in report]
    assert ["cee@readers.example"] == ledger.addresses()


def test_the_same_reader_far_apart_in_the_file_is_told_from_one_on_the_list(tmp_path: Path) -> None:
    """Batches do not know each other; the list tells who was added by this very import."""
    content = "email\n" + "".join(f"r{n}@readers.example\n" for n in range(BATCH + 500)) + "R7@readers.example\n"
    result, ledger, report = run(tmp_path, content)
    assert (BATCH + 500, 0, 1, {RowCode.TWICE_IN_FILE: 1}) == (
        result.added,
        result.already_there,
        result.bad,
        result.by_reason,
    )
    assert [[str(BATCH + 502), "twice-in-file"]] == [r[:2] for r in report]
    assert [BATCH, 501] == ledger.batches


def test_many_doubles_in_one_batch(tmp_path: Path) -> None:
    """A file that repeats one reader thousands of times is a long report and nothing worse."""
    result, _, _ = run(tmp_path, "email\n" + "ann@readers.example\n" * 3000)
    assert (1, 2999) == (result.added, result.bad)
    assert 20 == len(result.examples)


def test_a_name_like_a_formula_is_kept_as_text_and_reported(tmp_path: Path) -> None:
    """The reader is added under exactly that name; the report says where it stands."""
    names = ["=1+1", "+Ann", "-Ann", "@ann", "\uff1dAnn"]
    content = "email,name\n" + "".join(f"r{n}@readers.example,{name}\n" for n, name in enumerate(names))
    result, ledger, report = run(tmp_path, content)
    assert (5, 0, 5) == (result.added, result.bad, result.amber)
    assert names == [r.name for r in ledger.added]
    assert ["looks-like-a-formula"] * 5 == [r[1] for r in report]


@given(text=st.text())
@example(text="=HYPERLINK(1)")
@example(text="\t=1")
def test_an_exported_cell_is_never_a_formula(text: str) -> None:
    """What a spreadsheet would run gets an apostrophe before it; all other text is left alone."""
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    assert cell in (text, "'" + text)


@pytest.mark.parametrize(
    "name",
    [
        "Zo\u00eb",
        "Nguy\u1ec5n",
        "O'Neil",
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "Le\u00a0Guin",
        "\U0001f600 Ann",
    ],
)
def test_real_names_are_taken(tmp_path: Path, name: str) -> None:
    """Accents, joiners, no-break spaces and apostrophes are parts of names."""
    _, ledger, report = run(tmp_path, f"email,name\na@readers.example,{name}\n")
    assert ([name], []) == ([r.name for r in ledger.added], report)


def test_international_domains_are_stored_as_mail_servers_write_them(tmp_path: Path) -> None:
    """B\u00fccher and xn--bcher-kva are one domain, and so one reader."""
    content = "email\nann@b\u00fccher.example\nann@xn--bcher-kva.example\n"
    result, ledger, _ = run(tmp_path, content)
    assert (["ann@xn--bcher-kva.example"], {RowCode.TWICE_IN_FILE: 1}) == (ledger.addresses(), result.by_reason)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("name,zone\nAnn,Europe/Berlin\n", "no column called email"),
        ("ann@readers.example,Ann Lee\n", "no column called email"),
        ("email,phone\na@readers.example,1\n", "unknown column 'phone'"),
        ("email,Ann@readers.example\n", "an address among the names"),
        ("email,name,Name\na@readers.example,A,B\n", "column name is there twice"),
        ("email,name\nann@readers.example,Ann\n".encode("utf-16"), "UTF-16"),
        ("email,name\nann@readers.example,Ann\n".encode("utf-16-le"), "UTF-16"),
        (
            "email,name\nann@readers.example,Ann\nzoe@readers.example,Zo\u00eb\n".encode("latin-1"),
            "line 3 is not UTF-8",
        ),
        (b"email\na@readers.example\n\xe2\x82", "line 3 is not UTF-8"),
        ("email,name\rann@readers.example,Ann\r", "old Macintosh"),
        ("x" * 40_000, "no column called email"),
        ("email," + "x" * 40_000, "unknown column"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_anything_is_added(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    """The message says line and remedy, in few words and without any reader's."""
    error = refused(tmp_path, content)
    assert words in error.message
    assert error.hint
    assert len(error.message) < 400
    assert "readers.example" not in f"{error.message} {error.hint}"
    assert "Ann Lee" not in error.message


def test_a_bad_byte_far_into_a_big_file_is_named_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are counted across the pieces in which the file is read, also where a character is cut in two."""
    monkeypatch.setattr(csv_rows, "_CHUNK", 7)
    content = "email,name\n" + "a@readers.example,Zo\u00eb\u20ac\n" * 50
    assert "line 52 is not UTF-8" in refused(tmp_path, content.encode() + b"\xff\n").message
    assert run(tmp_path, content)[0].added == 1


def test_a_folder_and_a_missing_file_are_said(tmp_path: Path) -> None:
    """No traceback for a wrong name."""
    for path, words in ((tmp_path, "is not a file"), (tmp_path / "missing.csv", "cannot be read")):
        with pytest.raises(UsageError, match=f"{path.name} {words}"):
            import_csv(path, in_memory(), "a-month", now=NOW)


def test_a_report_that_cannot_be_written_is_said_before_anything_is_added(tmp_path: Path) -> None:
    """And it never overwrites the list that is imported."""
    path = tmp_path / "readers.csv"
    path.write_text("email\nann@readers.example\n")
    ledger = in_memory()
    with pytest.raises(UsageError, match="cannot be written"):
        import_csv(path, ledger, "a-month", now=NOW, report_path=tmp_path / "missing" / "report.csv")
    with pytest.raises(UsageError, match="overwrite"):
        import_csv(path, ledger, "a-month", now=NOW, report_path=path)
    assert ([], "email\nann@readers.example\n") == (ledger.batches, path.read_text())


def test_an_interrupted_import_can_be_run_again(tmp_path: Path) -> None:
    """What was added before the database went away stays, is said, and is recognised the next time."""
    content = "email\n" + "".join(f"r{n}@readers.example\n" for n in range(BATCH + 1500))
    ledger = in_memory(fails_after=1)
    with pytest.raises(OutOfReach, match=f"{BATCH:,} readers were added before that") as caught:
        run(tmp_path, content, ledger)
    assert "again" in caught.value.hint
    ledger.fails_after = None
    path = tmp_path / "readers.csv"
    result = import_csv(path, ledger, "a-month", now=NOW.replace(hour=13))
    assert (1500, BATCH, 0) == (result.added, result.already_there, result.bad)


def test_one_stray_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    """Everything after the row with the stray mark is read as ever."""
    rows = "".join(f"r{n}@readers.example,R\n" for n in range(500))
    result, _, report = run(tmp_path, f'email,name\nann@readers.example,"Ann\n{rows}')
    assert (500, 1) == (result.added, result.bad)
    assert [["2", "broken-quotes"]] == [r[:2] for r in report]


def test_two_stray_quotation_marks_do_not_swallow_what_is_between(tmp_path: Path) -> None:
    """Together they make no quoted field: two broken rows, and the good ones between them are added."""
    rows = [
        'bee@readers.example,"Bee',
        "cee@readers.example,Cee",
        'dee@readers.example,D"ee',
        "eve@readers.example,Eve",
    ]
    result, ledger, report = run(tmp_path, "\n".join(["email,name", *rows]))
    assert ["cee@readers.example", "eve@readers.example"] == ledger.addresses()
    assert [["2", "broken-quotes"], ["4", "broken-quotes"]] == [r[:2] for r in report]
    assert 2 == result.bad


def test_an_endless_line_costs_one_row_and_no_memory(tmp_path: Path) -> None:
    """64 MB without a line end: read past in pieces, refused as one row."""
    import tracemalloc

    path = tmp_path / "readers.csv"
    with path.open("wb") as file:
        file.write(b"email\nann@readers.example\n")
        for _ in range(64):
            file.write(b"x" * 1024 * 1024)
        file.write(b"\nzoe@readers.example\n")
    ledger = in_memory()
    tracemalloc.start()
    try:
        result = import_csv(path, ledger, "a-month", now=NOW)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (2, 1, {RowCode.TOO_LONG: 1}) == (result.added, result.bad, result.by_reason)
    assert peak < 8 * 1024 * 1024


def test_progress_is_told_in_lines(tmp_path: Path) -> None:
    """After each batch and at the end, so far and in all."""
    path = tmp_path / "readers.csv"
    path.write_text("email\n" + "".join(f"r{n}@readers.example\n" for n in range(2 * BATCH + 500)))
    told: list[tuple[int, int]] = []
    import_csv(path, in_memory(), "a-month", now=NOW, progress=lambda done, total: told.append((done, total)))
    lines = 2 * BATCH + 501
    assert [(BATCH + 1, lines), (2 * BATCH + 1, lines), (lines, lines)] == told


@pytest.mark.parametrize(
    ("written", "kept", "words"),
    [
        ("\x00", "", "U+0000"),
        ("C\x1bee", "Cee", "U+001B"),
        ("C\u2028ee", "Cee", "U+2028"),
        ("C\u202eee\u202c", "Cee", "U+202E"),
        ("C\ree", "Cee", "U+000D"),
        ("\u200b", "", "U+200B"),
        ("C\u00adee", "Cee", "U+00AD"),
        ("C\U000e0041ee", "Cee", "U+E0041"),
        ("C\u3164ee", "Cee", "U+3164"),
        ("C\u200dee", "Cee", "U+200D"),
        ("C\ufe0fee", "Cee", "U+FE0F"),
        ("C\tee", "C ee", "U+0009"),
    ],
)
def test_a_hidden_character_costs_no_reader(tmp_path: Path, written: str, kept: str, words: str) -> None:
    """The reader is on the list, the name without it; the report says so, as a row that deserves a look."""
    result, ledger, report = run(tmp_path, f"email,name,zone\ncee@readers.example,{written},\n")
    assert [("cee@readers.example", kept)] == [(r.address, r.name) for r in ledger.added]
    assert (1, 0, 1, {RowCode.HIDDEN_CHARACTER: 1}) == (result.added, result.bad, result.amber, result.by_reason)
    ((line, code, reason),) = report
    assert ("2", "hidden-character") == (line, code)
    assert words in reason
    assert "the reader is taken" in reason


@pytest.mark.parametrize(
    "name", ["\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "Ada \U0001f469\u200d\U0001f4bb", "Ada\u00a0Lovelace"]
)
def test_a_name_keeps_what_its_writing_needs(tmp_path: Path, name: str) -> None:
    """A joiner between letters that take it, an emoji, a space that does not break."""
    result, ledger, _ = run(tmp_path, f"email,name,zone\ncee@readers.example,{name},\n")
    assert [name] == [r.name for r in ledger.added]
    assert {} == result.by_reason


def test_rows_are_accounted_for_to_the_last(tmp_path: Path) -> None:
    """added + on the list + left + bad = rows."""
    rows = [row for row, _, _ in BAD_ROWS if "\n" not in row and not row.endswith('"Cee,')]
    good = [f"r{n}@readers.example,," for n in range(30)]
    ledger = in_memory(already=["r3@readers.example"], suppressed=["r4@readers.example"])
    result, _, _ = run(tmp_path, "\n".join(["email,name,zone", *good, "ann@readers.example,,", *rows]), ledger)
    assert len(rows) + 31 == result.added + result.already_there + result.suppressed + result.bad
    assert (29, 1, 1, len(rows)) == (result.added, result.already_there, result.suppressed, result.bad)


cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(("ann@readers.example", "=1", '"', "\n", "\r\n", '""', "Europe/Berlin", ",", ";")),
)


@given(lines=st.lists(st.lists(cells, max_size=5).map(",".join), max_size=12))
def test_no_file_makes_it_stumble(lines: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the rows are, the good row at the end is added and every other is accounted for without a traceback."""
    path = tmp_path_factory.mktemp("import") / "readers.csv"
    body = "\n".join(lines) + "\n" * (csv_rows.LONGEST_QUOTED_LINES + 1)
    path.write_bytes(("email,name,zone\n" + body + "last@readers.example,,\n").encode())
    ledger = in_memory()
    import_csv(path, ledger, "a-month", now=NOW)
    assert "last@readers.example" in ledger.addresses()
    for row in ledger.added:
        assert row.address.isascii()
        assert not any(c in row.name for c in "\r\n\0")


everyday = st.from_regex(r"\A[a-zA-Z0-9._+-]{1,20}@[a-zA-Z0-9.-]{1,25}\.(com|org|museum|x1|test|local|[a-z]{1,8})\Z")


@given(text=everyday)
@example(text="a@ab--cd.org")
@example(text="a@-b.org")
@example(text="a@b-.org")
@example(text="a.@b.org")
@example(text="a@x.TEST")
@example(text=f"a@{'b' * 64}.org")
@example(text=f"a@{'b.' * 130}org")
def test_the_quick_check_passes_nothing_that_the_full_one_refuses(text: str) -> None:
    """The quick check saves time and decides nothing: it agrees with email-validator on every address it passes."""
    from email_validator import EmailNotValidError, validate_email

    try:
        full = validate_email(text, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        full = None
    try:
        ours: str | None = checked_address(text)
    except BadAddress:
        ours = None
    assert (full and full.lower()) == (ours and ours.lower())


def test_everyday_addresses_do_not_need_the_full_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million rows go by the quick check alone."""
    import email_validator

    def never(*_: object, **__: Any) -> None:
        raise AssertionError("asked for an everyday address")

    monkeypatch.setattr(email_validator, "validate_email", never)
    for address in ("ann@readers.example", "a.b-c+d_e@mail.readers.co.uk", "ANN@READERS.EXAMPLE", "1@2.io"):
        assert address == checked_address(address)


def test_importing_the_module_is_cheap() -> None:
    """The command line loads it for --help of its group; full validation comes only when it is needed."""
    import subprocess
    import sys

    code = "import sys, scheduler.subscribers.csv_import; print('email_validator' in sys.modules)"
    root = Path(csv_import.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert "False" == done.stdout.strip()
