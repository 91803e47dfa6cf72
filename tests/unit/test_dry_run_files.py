"""The files of a dry run: their names and shapes, the same bytes twice, whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.audience import Audience
from scheduler.domain.message import EmailBody, Message, SecondHead
from scheduler.errors import CannotWrite, ObservanceError, UsageError
from scheduler.review import atomic_folder as folder_module
from scheduler.review import dry_run_files
from scheduler.review.atomic_folder import MARKER, Folder, safe_name
from scheduler.review.dry_run_files import DryRunFiles, write_dry_run
from scheduler.review.rehearsal_data import item_as_data
from scheduler.review.spreadsheet import COLUMNS, plan_csv
from tests.support.rehearsal_factory import MADE_AT, eml, mail, month, post, request, with_digests

NOW = MADE_AT.timestamp()


def write(out: Path, rehearsal: Any = None, *, made_at: datetime = MADE_AT) -> DryRunFiles:
    return write_dry_run(
        out, rehearsal or month(), made_at=made_at, requests=request, eml=eml, providers={"email": "sendgrid"}
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_files_are_those_that_are_promised(tmp_path: Path) -> None:
    """Packet, plan, calendar, findings; two files a post, four a mail."""
    files = write(tmp_path / "a" / "test-2027")
    names = set(contents(files.folder)) - {MARKER}
    days = {m.on.isoformat() for m in month().messages}
    expected = {"index.html", "plan.json", "plan.csv", "calendar.ics", "findings.json"}
    expected |= {f"posts/{day}-x{end}" for day in days for end in (".txt", ".request.json")}
    expected |= {f"emails/{day}{end}" for day in days for end in (".eml", ".html", ".txt", ".sendgrid.json")}
    assert expected == names
    assert 32 == len(files.posts) == len(files.emails)
    for path in (
        files.index,
        files.plan,
        files.spreadsheet,
        files.calendar,
        files.findings,
        *files.posts,
        *files.emails,
    ):
        assert path.is_file()


def test_each_message_is_written_byte_for_byte(tmp_path: Path) -> None:
    """No line end is turned, nothing is added: the file is what would go out."""
    rehearsal = month()
    strange = "Line one\r\nline two\n  trailing  \n“quotes” 👩🏽‍💻"
    first = replace(rehearsal.messages[1], body=post(strange))
    written = contents(write(tmp_path / "d", replace(rehearsal, messages=(rehearsal.messages[0], first))).folder)
    assert strange.encode() == written["posts/2027-01-01-x.txt"]
    call = json.loads(written["posts/2027-01-01-x.request.json"])
    assert {"method": "POST", "path": "/2/tweets", "body": {"text": strange}} == call
    body = rehearsal.messages[0].body
    assert body.html.encode() == written["emails/2027-01-01.html"]  # type: ignore[union-attr]
    assert body.text.encode() == written["emails/2027-01-01.txt"]
    assert eml(rehearsal.messages[0]) == written["emails/2027-01-01.eml"]
    assert {"text": body.text} == json.loads(written["emails/2027-01-01.sendgrid.json"])


def test_plan_json_has_the_promised_shape(tmp_path: Path) -> None:
    """Every key that others rely on, with claims, quotations and contacts as records."""
    plan = json.loads(write(tmp_path / "d").plan.read_bytes())
    assert ("test", 2027, "America/New_York", "rehearsal") == tuple(
        plan[k] for k in ("campaign", "season", "time_zone", "mode")
    )
    assert {"start": "2027-01-01", "end": "2027-02-01"} == plan["window"]
    assert MADE_AT == datetime.fromisoformat(plan["made_at"])
    assert 0 == plan["sent"]
    assert 64 == len(plan["items"])
    common = {"id", "date", "channel", "kind", "due_at", "expires_at", "digest", "characters", "alt_text"}
    common |= {"claims", "quotations", "contacts", "findings", "approved", "held_back", "substitute"}
    for entry, message in zip(plan["items"], month().messages, strict=True):
        assert common <= set(entry)
        assert (message.item, message.channel, message.digest) == (entry["id"], entry["channel"], entry["digest"])
        assert message.due_at == datetime.fromisoformat(entry["due_at"])
        assert ("text" in entry) == (message.channel == "x")
        assert ({"subject", "preheader"} <= set(entry)) == (message.channel == "email")
    first = plan["items"][0]
    assert first["approved"] is True
    assert plan["items"][1]["approved"] is False
    (claim,) = first["claims"]
    assert {"id", "text", "status", "source", "signed_by"} <= set(claim)
    assert ("estimate", "ILO, Walk Free and IOM") == (claim["status"], claim["source"]["publisher"])
    assert [{"person": "A. Reader", "role": "fact reviewer", "signed_on": "2026-12-01"}] == claim["signed_by"]
    (quotation,) = first["quotations"]
    assert {"id", "text", "source", "attribution", "year"} == set(quotation)
    assert (2014, True) == (quotation["year"], quotation["text"].startswith("Slavery tears"))
    (contact,) = first["contacts"]
    assert ("1-888-373-7888", "2026-07-13", []) == (contact["value"], contact["verified_on"], contact["signed_by"])
    day_28 = next(e for e in plan["items"] if e["id"] == "work-nearby")
    assert ("georgia", "work-nearby") == (day_28["held_back"], day_28["substitute"])
    assert ["N010"] == [f["code"] for f in plan["items"][3]["findings"]]
    assert [] == plan["items"][2]["findings"]  # the finding is about the post of that day alone


def test_an_email_says_both_of_its_heads() -> None:
    """None where it has one alone; a post has no such key."""
    rehearsal = month()
    post, email = (next(m for m in rehearsal.messages if m.channel == name) for name in ("x", "email"))
    assert isinstance(email.body, EmailBody)
    discreet = SecondHead(
        True, "Your note", "A minute.", "Your notes", "", email.body.html[:9], 9, email.body.text[:9], 9
    )
    two = replace(email, body=replace(email.body, second_head=discreet))
    without, one, both = item_as_data(rehearsal, [post, email, two])
    assert "discreet_head" not in without
    assert one["discreet_head"] is None
    assert {"subject": "Your note", "preheader": "A minute.", "from_name": "Your notes"} == both["discreet_head"]
    assert email.body.subject == both["subject"]


def test_findings_json_is_a_list_in_reading_order(tmp_path: Path) -> None:
    """Red first; each with code, severity, place and advice."""
    findings = json.loads(write(tmp_path / "d").findings.read_bytes())
    assert ["red", "amber", "amber", "amber", "info"] == [f["severity"] for f in findings]
    assert {"code", "severity", "message", "where", "path", "line", "hint", "item", "channel"} == set(findings[0])
    assert "campaigns/test/claims.toml:3" == findings[0]["where"]


def test_two_runs_differ_in_the_time_of_making_alone(tmp_path: Path) -> None:
    """On the cover and in plan.json; every other byte is the same."""
    first = contents(write(tmp_path / "a").folder)
    again = contents(write(tmp_path / "b").folder)
    later = contents(write(tmp_path / "c", made_at=MADE_AT + timedelta(days=3)).folder)
    assert first == again
    assert {"index.html", "plan.json"} == {name for name in first if first[name] != later[name]}
    plans = [json.loads(run["plan.json"]) for run in (first, later)]
    for plan in plans:
        del plan["made_at"]
    assert plans[0] == plans[1]


def test_a_run_replaces_the_one_before_as_a_whole(tmp_path: Path) -> None:
    """Files of the old run that the new one does not write are gone; a person's own notes stay."""
    out = tmp_path / "d"
    write(out)
    (out / "notes.txt").write_text("call Ana")
    (out / "posts" / "mine.txt").write_text("a draft")
    rehearsal = month()
    write(out, replace(rehearsal, messages=rehearsal.messages[:2]))
    assert ["2027-01-01-x.request.json", "2027-01-01-x.txt", "mine.txt"] == sorted(
        p.name for p in (out / "posts").iterdir()
    )
    assert "call Ana" == (out / "notes.txt").read_text()
    assert ["d"] == [p.name for p in tmp_path.iterdir()]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    """An empty folder was made for this."""
    (tmp_path / "d").mkdir()
    assert write(tmp_path / "d").index.is_file()


@pytest.mark.parametrize("marker", [None, "not json", "[]", '{"made by": "somebody"}'])
def test_a_folder_that_no_dry_run_made_is_left_alone(tmp_path: Path, marker: str | None) -> None:
    """Nothing of it is touched, and the error says what to do."""
    (tmp_path / "thesis.txt").write_text("years of work")
    if marker is not None:
        (tmp_path / MARKER).write_text(marker)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="left as it is") as caught:
        write(tmp_path)
    assert "--out" in caught.value.hint
    assert before == contents(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    """A file is not a folder."""
    (tmp_path / "d").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        write(tmp_path / "d")
    assert "a file" == (tmp_path / "d").read_text()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "could not be written")],
)
def test_a_disk_that_refuses_leaves_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """In the middle of writing: the old packet is there, nothing else is left, and the error says what to do."""
    out = tmp_path / "d"
    write(out)
    before = contents(out)
    real, calls = Path.write_bytes, iter(range(1000))

    def refuses(path: Path, data: bytes) -> int:
        if next(calls) > 0:  # the page of another moment was written, its plan is not
            raise OSError(number, os.strerror(number))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", refuses)
    with pytest.raises(CannotWrite, match=words) as caught:
        write(out, made_at=MADE_AT + timedelta(days=1))
    monkeypatch.undo()
    assert "unchanged" in str(caught.value)
    assert caught.value.hint
    assert isinstance(caught.value, ObservanceError)
    assert before == contents(out)
    assert ["d"] == [p.name for p in tmp_path.iterdir()]


def test_a_mistake_in_the_program_leaves_the_old_result(tmp_path: Path) -> None:
    """Any error, not only the disk's."""
    out = tmp_path / "d"
    write(out)
    before = contents(out)

    def breaks(_message: Message) -> bytes:
        raise RuntimeError("no such mail")

    with pytest.raises(RuntimeError, match="no such mail"):
        write_dry_run(out, month(), made_at=MADE_AT, requests=request, eml=breaks)
    assert before == contents(out)
    assert ["d"] == [p.name for p in tmp_path.iterdir()]


def test_only_what_is_another_is_written_again(tmp_path: Path) -> None:
    """A file that is the same stays the file that it was. One that somebody changed, or that has another name
    elsewhere, other rights, or is a link, is made anew: whoever writes there does not write in the packet."""
    files = write(tmp_path / "d")
    same, changed, shared, open_to_all, linked = files.posts[:5]
    words, numbers = changed.read_text(), {path: path.stat().st_ino for path in files.posts}
    changed.write_text(words.upper())
    os.link(shared, tmp_path / "elsewhere")
    open_to_all.chmod(0o666)
    linked.rename(tmp_path / "aside")
    linked.symlink_to(tmp_path / "aside")
    write(tmp_path / "d")
    assert {same, *files.posts[5:]} == {path for path in files.posts if path.stat().st_ino == numbers[path]}
    assert words == changed.read_text()
    assert not linked.is_symlink()
    assert {1} == {path.stat().st_nlink for path in files.posts}
    assert same.stat().st_mode == open_to_all.stat().st_mode


def test_the_files_of_a_message_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again where the message, what else they rest on, or the name of the provider is another; and always where
    nobody says what they rest on."""
    kept, asked = type(dry_run_files.FILES)(), list[str]()
    kept.keep_in(tmp_path / "files", "this one")
    monkeypatch.setattr(dry_run_files, "FILES", kept)

    def asks(message: Message) -> Any:
        asked.append(message.item)
        return request(message)

    def made(rehearsal: Any = None, rests_on: str | None = "", provider: str = "sendgrid") -> int:
        asked.clear()
        files = write_dry_run(
            tmp_path / "d",
            rehearsal or month(),
            made_at=MADE_AT,
            requests=asks,
            eml=eml,
            providers={"email": provider},
            rests_on=None if rests_on is None else lambda message: rests_on,
        )
        assert contents(files.folder) == contents(write(tmp_path / "fresh", rehearsal).folder) or provider != "sendgrid"
        return len(asked)

    rehearsal = month()
    first = rehearsal.messages[0]
    later = replace(rehearsal, messages=(replace(first, due_at=first.due_at + timedelta(1)), *rehearsal.messages[1:]))
    assert [64, 0, 64, 0] == [made(), made(), made(rests_on="another key"), made()]
    assert [1, 32, 64] == [made(later), made(provider="smtp"), made(rests_on=None)]


def test_an_exchange_that_fails_halfway_puts_the_old_result_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new folder cannot take the place, the old one returns to it."""
    out = tmp_path / "d"
    write(out)
    before = contents(out)
    real = Path.rename

    def refuses(path: Path, target: Path) -> Path:
        if path.name == "d" and ".new-" in path.parent.name:
            raise PermissionError(errno.EACCES, "in use")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(CannotWrite, match="in use"):
        write(out)
    assert before == contents(out)
    assert ["d"] == [p.name for p in tmp_path.iterdir()]


def test_a_run_killed_in_the_exchange_is_mended_by_the_next(tmp_path: Path) -> None:
    """Killed between the two renames: the old result lies aside; the next run puts it back before it begins."""
    out = tmp_path / "d"
    write(out)
    before = contents(out)
    aside = tmp_path / ".d.old-xyz"
    aside.mkdir()
    out.rename(aside / "d")

    def breaks(_message: Message) -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_dry_run(out, month(), made_at=MADE_AT, requests=request, eml=breaks)
    assert before == contents(out)


def test_what_a_killed_run_left_is_cleared_after_a_day(tmp_path: Path) -> None:
    """Old leftovers go; young ones may belong to a run that is still writing."""
    old, young = tmp_path / ".d.new-old", tmp_path / ".d.new-young"
    for leftover, age in ((old, 2 * 24 * 3600), (young, 60)):
        leftover.mkdir()
        os.utime(leftover, (NOW - age, NOW - age))
    write(tmp_path / "d")
    assert ["d", ".d.new-young"] == sorted((p.name for p in tmp_path.iterdir()), reverse=True)


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    """The folder it points to is written."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real", target_is_directory=True)
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "real" / "index.html").is_file()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user who may not write everywhere; may be absent"
)
def test_a_folder_without_the_right_to_write_is_said_in_words(tmp_path: Path) -> None:
    """Permission denied becomes a sentence."""
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CannotWrite, match="cannot be written"):
            write(tmp_path / "d")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["", "../x", "a/../../x", "/etc/x", "a\\b", ".hidden", "posts/a b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """A name that is not plainly ours is refused, whoever made it."""
    with pytest.raises(ValueError, match="not a name"):
        Folder(tmp_path, tmp_path / "before").write(name, b"")


@given(st.text())
def test_a_safe_name_is_one_visible_part(text: str) -> None:
    """Whatever a channel or an item is called."""
    name = safe_name(text)
    assert name == Path(name).name
    assert name.isascii()
    assert not name.startswith(".")
    assert 0 < len(name) <= 100


def test_channels_with_wild_names_stay_in_the_folder(tmp_path: Path) -> None:
    """A name from a configuration file cannot lead out."""
    rehearsal = month()
    wild = replace(rehearsal.messages[1], channel="../../evil")
    written = contents(write(tmp_path / "d", replace(rehearsal, messages=(rehearsal.messages[0], wild))).folder)
    assert "posts/2027-01-01--..-evil.txt" in written
    assert ["d"] == [p.name for p in tmp_path.iterdir()]


def test_two_messages_never_share_a_file(tmp_path: Path) -> None:
    """Two items of one channel on one day, and two mail channels."""
    rehearsal = month()
    first_mail, first_post = rehearsal.messages[:2]
    messages = (
        first_mail,
        replace(first_mail, channel="email-es", body=mail("Hola", "trata de personas")),
        first_post,
        replace(first_post, item="second", body=post("a second post")),
    )
    files = write(tmp_path / "d", replace(rehearsal, messages=messages))
    assert 2 == len(set(files.posts)) == len(set(files.emails))
    assert {"a second post"} <= {p.read_text() for p in files.posts}


def test_progress_is_told_for_each_message(tmp_path: Path) -> None:
    """From 1 to all."""
    told: list[tuple[int, int]] = []
    write_dry_run(
        tmp_path / "d", month(), made_at=MADE_AT, requests=request, eml=eml, progress=lambda n, of: told.append((n, of))
    )
    assert [(n, 64) for n in range(1, 65)] == told


def test_the_spreadsheet_has_a_mark_and_all_columns() -> None:
    """UTF-8 with a byte order mark, a row a message, drafts called drafts."""
    raw = plan_csv(month())
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert list(COLUMNS) == list(rows[0])
    assert 64 == len(rows)
    assert ("approved", "B. Chair (on the command line)", "2026-11-24") == (
        rows[0]["status"],
        rows[0]["approved by"],
        rows[0]["approved on"],
    )
    assert "DRAFT, not approved" == rows[1]["status"]
    assert ("2027-01-01", "Friday", "10:00", "America/New_York") == tuple(
        rows[1][c] for c in ("date", "weekday", "local time", "time zone")
    )
    assert "#EndTrafficking" == rows[1]["hashtags"]
    assert ("Emancipation Proclamation", "What it is") == (rows[1]["special day"], rows[1]["week theme"])
    assert month().messages[1].body.text == rows[1]["text"]


def test_the_spreadsheet_lists_each_digest_after_the_messages_of_its_day() -> None:
    """With the items that it holds; nobody who plans by the sheet overlooks a mail."""
    raw = plan_csv(with_digests()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert 66 == len(rows)
    at = next(n for n, row in enumerate(rows) if row["id"] == "digest-2027-01-04")
    assert ["item-04", "item-04", "digest-2027-01-04", "item-05"] == [row["id"] for row in rows[at - 2 : at + 2]]
    assert ("2027-01-04", "10:00", "digest", "email", "holds item-01, item-02, item-03, item-04") == tuple(
        rows[at][c] for c in ("date", "local time", "kind", "channel", "notes")
    )


def test_the_spreadsheet_says_whose_hour_it_is() -> None:
    """A mail for each reader's own morning has no instant; its hour is what was written."""
    rehearsal = month()
    by_reader = Audience(local_time=time(7, 30), home="America/New_York")
    mail = replace(rehearsal.messages[0], audience=by_reader)
    raw = plan_csv(replace(rehearsal, messages=(mail,))).decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert ("07:30", "each reader's own") == (row["local time"], row["time zone"])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe; every other cell is as it was."""
    rehearsal = month()
    message = replace(rehearsal.messages[1], body=post(text))
    raw = plan_csv(replace(rehearsal, messages=(message,))).decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert row["text"] in (text, f"'{text}")
    assert row["text"][0] not in "=+-@\t\r＝＋－＠"
    assert (row["text"] != text) == (text[0] in "=+-@\t\r\n＝＋－＠")


def test_leftovers_of_another_folder_are_not_touched(tmp_path: Path) -> None:
    """Only names of this very folder are ours to clear."""
    other = tmp_path / ".other.new-old"
    other.mkdir()
    os.utime(other, (0, 0))
    write(tmp_path / "d")
    assert other.is_dir()
    assert folder_module.MARKER == MARKER


def test_data_is_indented_as_the_standard_library_does() -> None:
    data = {"a": [], "b": {}, "c": [1, 2.5, None, True], "d": {"é\n": ("x", {"deep": ["\u2028"]})}, "e": ""}
    for each in (data, [data, []], "word", []):
        assert dry_run_files._json(each) == (json.dumps(each, ensure_ascii=False, indent=2) + "\n").encode()
