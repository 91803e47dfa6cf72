"""Review on the command line: the commands, their words and their exit statuses, over the shipped campaign."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

from scheduler.cli.main import main
from scheduler.domain.message import Message
from scheduler.services.seasons import rehearse
from scheduler.wiring import open_project
from tests.support.two_people import ALONE_LINE, answer_questions, declare_alone, signing

ROOT = Path(__file__).parents[2]
CAMPAIGN = "campaigns/human-trafficking-prevention"
AT = "2026-12-20T12:00:00-05:00"
Run = Callable[..., tuple[int, str]]


def copy(source: Path, target: Path) -> None:
    for part in ("campaigns", "templates", "config", "var"):
        if (source / part).exists() and (part != "var" or source != ROOT):
            shutil.copytree(source / part, target / part)
    if source == ROOT:
        declare_alone(target)


def runner(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", AT)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


@pytest.fixture(scope="module")
def approved_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed and approved once by real commands; each test gets its own copy, ledger included."""
    root = tmp_path_factory.mktemp("approved")
    copy(ROOT, root)
    answer_questions(root, "human-trafficking-prevention")
    said = io.StringIO()
    there = {"OBSERVANCE_PROJECT": str(root), "OBSERVANCE_PRETEND_NOW": AT}
    with mock.patch.dict(os.environ, there), redirect_stdout(said), redirect_stderr(said):
        for words in (*signing(root, "human-trafficking-prevention"), ("approve", "--all", "--by", "Ada Example")):
            assert 0 == main(list(words)), said.getvalue()
    return root


@pytest.fixture
def project(tmp_path: Path, approved_project: Path) -> Path:
    copy(approved_project, tmp_path)
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(project, monkeypatch, capsys)


def edit(project: Path, file: str, old: str, new: str) -> None:
    path = project / CAMPAIGN / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add_a_sentence(project: Path) -> None:
    edit(project, "items/11-awareness-day.md", "# Email\n", "# Email\nOne more sentence, added late.\n\n")


def _text(project: Path, file: str) -> str:
    return (project / CAMPAIGN / file).read_text(encoding="utf-8")


# -- approvals ------------------------------------------------------------------------------------------


def test_approve_all_by_one_person_is_enough(run: Run) -> None:
    """The shipped policy: nothing is missing, and status says so."""
    status, said = run("review", "status", "--json")
    assert 0 == status
    data = json.loads(said)
    assert data["messages"] == data["approved"] > 60
    assert [] == data["missing"] + data["voided"] + data["requests"]


def test_an_edit_is_told_everywhere_and_shown_word_by_word(run: Run, project: Path) -> None:
    """status, check, review status and show; approved again, all is well."""
    add_a_sentence(project)
    for command in (("status",), ("check",), ("review", "status")):
        status, said = run(*command)
        assert 1 == status
        assert "1 approval was voided by a change of its text and HTML part: awareness-day (email)" in said, command
    status, said = run("show", "awareness-day", "--since-approval")
    assert 0 == status
    assert "{+One more sentence, added late.+}" in said
    assert "Exactly as Ada Example (coordinator, on the command line) approved it" in said, "the post did not change"
    assert 0 == run("approve", "awareness-day", "--by", "Ada Example")[0]
    status, said = run("review", "status")
    assert 0 == status, "the digest that tells of it is approved with it"
    assert 2 == run("approve", "digest-2027-01-11", "--by", "Ada Example")[0], "and needs no approval of its own"


def messages_of(project: Path) -> tuple[Message, ...]:
    return rehearse(open_project(project, os.environ, project), "human-trafficking-prevention").to_approve


def test_one_changed_digit_voids_exactly_what_shows_it(run: Run, project: Path) -> None:
    """The approvals of messages of which a byte is another, and no others; check, sign and status list them."""
    before = messages_of(project)
    counted = Counter(record for m in before for record in m.rests_on if record.startswith("contact:"))
    texts = tomllib.loads(_text(project, "contacts.toml"))["contact"]
    values = {one["id"]: one["value"] for one in texts if one["value"][-1:].isdigit()}
    names = (record.removeprefix("contact:") for record, number in counted.items() if 1 < number < len(before))
    name = next(name for name in names if name in values)
    value = values[name]
    edit(project, "contacts.toml", f'value = "{value}"', f'value = "{value[:-1]}{9 - int(value[-1])}"')
    after = {(m.item, m.channel): m for m in messages_of(project)}
    showing = {(m.item, m.channel) for m in before if after[m.item, m.channel].body != m.body}
    assert 1 < len(showing) < len(before)
    status, said = run("check", "--json")
    assert 1 == status
    assert showing == {(v["item"], v["channel"]) for v in json.loads(said)["voided"]}
    sentence = f"{len(showing)} approvals were voided by a change of contact {name}: "
    assert sentence in run("status")[1]
    status, said = run("sign", "contact", name, "--opened", "--by", "Ben Example", "--expires", "2027-06-30")
    assert 0 == status
    assert sentence in said


def test_a_no_at_the_terminal_leaves_one_record_and_the_next_is_asked_about(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was signed before it is signed and said; what was left is named; the status says that something was."""
    answers = iter(["y", "n", "y"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda asked: next(answers))
    ids = "child-abuse-cdc", "awareness-day-2007", "cybertip-scope"  # in the order of the file
    status, said = run("sign", "claim", *ids, "--by", "Cleo Example")
    assert 1 == status, said
    assert "Cleo Example signed 2 claims." in said
    assert f"claim {ids[1]}: you did not say that you opened the source" in said
    assert None is next(answers, None)


def test_undo_is_about_undoing(run: Run) -> None:
    """Without an item it is told how to take back, not how to approve."""
    status, said = run("approve", "--undo", "--by", "Ada Example")
    assert (2, True) == (status, "--undo is for one item" in said)


def test_a_help_line_tried_again_voids_nothing_and_costs_one_tap(run: Run, project: Path) -> None:
    """What stops its messages is the lapsed signature; signed again, they go, told or not. Told once is enough."""
    beneath = sum("contact:hotline-phone" in m.rests_on for m in messages_of(project))
    text = _text(project, "contacts.toml")
    at = text.index('id = "hotline-phone"')
    tried = re.sub(r"verified_on = \d{4}-\d\d-\d\d", "verified_on = 2026-12-20", text[at:], count=1)
    (project / CAMPAIGN / "contacts.toml").write_text(text[:at] + tried, encoding="utf-8")
    status, said = run("check", "--json")
    assert (1, []) == (status, json.loads(said)["voided"])
    assert [] == json.loads(run("review", "status", "--json")[1])["records_changed"], "nobody has tried it yet"
    assert 0 == run("sign", "contact", "hotline-phone", "--opened", "--by", "Ada Example")[0]
    status, said = run("review", "status", "--json")
    data = json.loads(said)
    assert (0, data["messages"]) == (status, data["approved"])
    (change,) = data["records_changed"]
    assert ("Ada Example", "contact:hotline-phone", beneath) == (
        change["approved_by"],
        change["record"],
        change["messages"],
    )
    sentence = "was tried again by Ada Example on December 20. Nothing readers see changed."
    assert sentence in run("review", "status")[1]
    status, said = run("approve", "--records", "--by", "Ada Example")
    assert 0 == status
    assert sentence in said
    assert [] == json.loads(run("review", "status", "--json")[1])["records_changed"]
    assert (
        "No record has changed behind what Ada Example approved."
        in run("approve", "--records", "--by", "Ada Example")[1]
    )
    add_a_sentence(project)  # what the person has been told of is no cause any more
    said = run("review", "status")[1]
    assert "1 approval was voided by a change of its text and HTML part: awareness-day (email)" in said


def test_a_sign_off_ends_on_its_day(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day after, the record counts as not signed; a past day and an unknown role are refused."""
    assert 2 == run("sign", "--all", "--by", "Ada Example", "--expires", "2026-12-19")[0]
    assert 2 == run("sign", "--all", "--by", "Ada Example", "--expires", "soon")[0]
    assert 2 == run("sign", "--all", "--by", "Ada Example", "--role", "editor")[0]
    assert 0 == run("sign", "claim", "--all", "--by", "Ada Example", "--expires", "2026-12-21")[0]
    assert "C109" not in run("check")[1]
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2026-12-22T00:30:00-05:00")
    assert "C109" in run("check")[1]


def test_sign_all_renews_only_what_the_same_person_signed_in_these_words(run: Run, project: Path) -> None:
    """What somebody else signed, or what changed since, is left and listed with the reason; so is a change taken back."""

    def renewed(person: str, expires: str) -> tuple[set[str], dict[str, str]]:
        status, said = run("sign", "claim", "--all", "--by", person, "--expires", expires, "--json")
        assert 0 == status, said
        data = json.loads(said)
        return {one["id"] for one in data["signed"]}, dict(line.split(": ", 1) for line in data["left"])

    everything, left = renewed("Ada Example", "2027-06-30")
    assert {} == left
    first = min(everything)
    signed, left = renewed("Ben Example", "2027-06-30")
    assert set() == signed
    assert {f"claim {one}": "never signed by Ben Example" for one in everything} == left
    before = _text(project, "claims.toml")
    at = before.index(f'id = "{first}"')
    changed = before[:at] + re.sub(r'(\ntext = "[^"\n]+)"', r'\1, as ever"', before[at:], count=1)
    (project / CAMPAIGN / "claims.toml").write_text(changed, encoding="utf-8")
    assert 0 == run("sign", "claim", first, "--opened", "--by", "Ben Example")[0], "another person's reading"
    signed, left = renewed("Ada Example", "2027-07-31")
    assert everything - {first} == signed
    assert {f"claim {first}": "changed since Ada Example signed it"} == left
    status, said = run("sign", "claim", "--all", "--by", "Ada Example", "--expires", "2027-07-31")
    assert 0 == status
    assert "Nothing was signed again." in said
    assert f"one by one with the source opened:\n  claim {first}: changed since Ada Example signed it" in said


def test_a_week_is_refused_with_what_is_in_the_way(run: Run) -> None:
    """Amber or red in it: nothing is approved, exit status 1; --all, --week and items exclude each other."""
    status, said = run("approve", "--week", "2", "--by", "Ben Example")
    assert 1 == status
    assert "Week 2 was not approved" in said
    assert "needs your attention" in said
    assert 2 == run("approve", "--week", "2", "--all", "--by", "Ben Example")[0]
    assert 2 == run("approve", "--by", "Ben Example")[0]


def test_approve_all_says_first_what_is_amber(run: Run) -> None:
    """The person who says yes to everything has at least been told."""
    status, said = run("approve", "--all", "--by", "Ben Example")
    assert 0 == status
    assert said.index("needed a look") < said.index("Ben Example approved")


def test_a_stricter_policy_is_told_by_every_command(run: Run, project: Path) -> None:
    """arm, approve and review status; a policy that is wrong stops with its line and status 3."""
    policy = project / "config" / "review.toml"
    policy.write_text(f'{ALONE_LINE}[[rule]]\nwhen = "quotation"\nroles = ["fact-reviewer"]\n', encoding="utf-8")
    status, said = run("review", "status")
    assert 1 == status
    assert "no fact reviewer has approved it: it quotes somebody" in said
    assert "fact reviewer (nobody is invited)" in said
    assert "need more than this approval" in run("approve", "--all", "--by", "Cy", "--role", "safety")[1]
    assert 0 == run("approve", "--all", "--by", "Cy", "--role", "fact")[0]
    assert 1 == run("review", "status")[0], "a second typed name lends no role"
    assert 0 == run("approve", "--all", "--by", "Ada Example", "--role", "fact")[0]
    assert 0 == run("review", "status")[0]
    policy.write_text("approvals = 0\n", encoding="utf-8")
    for command in (("dry-run",), ("approve", "--all", "--by", "Ada")):
        status, said = run(*command)
        assert (3, True) == (status, "config/review.toml:1: approvals is out of range" in said), command


# -- requests and comments ------------------------------------------------------------------------------


def test_a_request_blocks_until_it_is_settled_and_its_words_stay_private(run: Run, project: Path) -> None:
    """In comments and nowhere else: not in status, packet, plan, deliveries or the exported history."""
    secret = "My brother was there"
    asked = ("request-changes", "awareness-day", "--by", "Ben", "--role", "lived-experience-reviewer")
    assert 2 == run(*asked)[0]
    assert 0 == run(*asked, "--comment", secret)[0]
    assert 0 == run("comment", "awareness-day", "--by", "Ada", "--text", "Thank you.", "--answer", "1")[0]
    status, said = run("status")
    assert 1 == status
    assert "CHANGES ASKED: awareness-day (email, x): Ben (lived experience reviewer) asked for a change on " in said
    assert "; it waits to be changed." in said
    assert secret in run("comments")[1]
    assert [secret, "Thank you."] == [c["text"] for c in json.loads(run("comments", "awareness-day", "--json")[1])]

    run("review", "packet", "--out", str(project / "out" / "packet.html"))
    run("audit", "export", str(project / "out" / "audit.csv"))
    run("dry-run", "--out", str(project / "dry"))
    for folder in (project / "out", project / "dry"):
        for path in folder.rglob("*"):
            assert not path.is_file() or secret.encode() not in path.read_bytes(), path
    for command in (("status", "--json"), ("review", "status", "--json")):
        assert secret not in run(*command)[1], command

    settled = ("request-changes", "awareness-day", "--by", "Ada Example", "--settle")
    assert 2 == run(*settled)[0]
    assert 0 == run(*settled, "--comment", "It was taken out.")[0]
    status, said = run("review", "status")
    assert "CHANGES ASKED" not in said
    assert 2 == run(*settled, "--comment", "Again.")[0]


# -- links, packets, paper ------------------------------------------------------------------------------


def test_an_invitation_is_shown_once_and_can_be_ended(run: Run) -> None:
    """The link is where `start` serves, for the shipped public_url is nobody's; the state is told by name."""
    status, said = run("review", "invite", "Ben Example", "--role", "fact-reviewer", "--expires", "2w", "--by", "Ada")
    assert 0 == status
    link = re.search(r"http://127\.0\.0\.1:8080/r/[A-Za-z0-9_-]{43}\b", said)
    assert link
    assert "example.org" not in said
    assert "public_url in config/settings.toml is still an example" in said
    status, said = run("review", "status", "--json")
    (invited,) = json.loads(said)["invitations"]
    assert ("Ben Example", "fact-reviewer", "invited", None) == tuple(
        invited[k] for k in ("name", "role", "state", "last_look_at")
    )
    assert link[0].rpartition("/")[2] not in said
    assert 0 == run("review", "revoke", "Ben Example")[0]
    assert "Ben Example (fact reviewer): revoked" in run("review", "status")[1]
    for wrong in (
        ("revoke", "Cy"),
        ("invite", "Cy", "--role", "boss"),
        ("invite", "Cy", "--role", "fact", "--expires", "9y"),
    ):
        assert 2 == run("review", *wrong)[0], wrong


def test_a_sheet_signed_on_paper_is_entered_and_an_old_one_refused(run: Run, project: Path) -> None:
    """The packet's printed hash leads; an edit since is named, and nothing is approved."""
    packet = project / "packet.html"
    status, said = run("review", "packet", "--json", "--out", str(packet))
    edition = json.loads(said)["packet"]
    assert edition in packet.read_text(encoding="utf-8")
    sheet = ("review", "record", "--by", "Ben", "--role", "fact", "--packet", edition[:12])
    # What the sheet prints can be typed: the number of the day; and all of it is what the sheet counts.
    assert re.search(r'<b class="label">11</b><span>[^<]* <span class="id">awareness-day<', packet.read_text("utf-8"))
    (counted,) = re.findall(r"All of it is (\d+) messages", packet.read_text(encoding="utf-8"))
    status, said = run(*sheet, "--all", "--except", "11", "--json")
    assert 0 == status
    entered = [m["item"] for m in json.loads(said)["approved"]]
    assert "awareness-day" not in entered
    assert int(counted) == len(entered) + 2  # its post and its email
    assert [{"awareness-day"}] == [{m["item"] for m in json.loads(run(*sheet, "11", "--json")[1])["approved"]}]
    assert 2 == run(*sheet, "--all", "--except", "99")[0]
    assert 2 == run(*sheet)[0]
    status, said = run(*sheet, "--all", "--entered-by", "BEN")
    assert (2, True) == (status, "a sheet that Ben signed is entered by somebody else" in said)

    run("dry-run")
    dry = json.loads(
        (project / "build" / "dry-run" / "human-trafficking-prevention-2027" / "plan.json").read_text("utf-8")
    )
    assert edition == dry["edition"]
    add_a_sentence(project)
    status, said = run(*sheet, "awareness-day")
    assert 1 == status
    assert "changed since: awareness-day (email)" in said
    edited = json.loads(run("review", "packet", "--json", "--out", str(packet))[1])["packet"]
    assert edited != edition
    assert 0 == run("review", "record", "--by", "Ben", "--role", "fact", "--packet", edited, "awareness-day")[0]


def test_the_packet_of_a_dry_run_is_known_by_its_plan(run: Run, project: Path) -> None:
    """Most people print that one; no ledger was asked when it was made."""
    run("dry-run")
    add_a_sentence(project)
    dry = json.loads(
        (project / "build" / "dry-run" / "human-trafficking-prevention-2027" / "plan.json").read_text("utf-8")
    )
    status, said = run("review", "record", "--by", "Ben", "--role", "fact", "--packet", dry["edition"], "--all")
    assert 1 == status
    assert "changed since: awareness-day (email)" in said


# -- the history ----------------------------------------------------------------------------------------


def test_the_history_is_checked_and_exported(run: Run, project: Path) -> None:
    """Whole: 0. Changed behind the program's back: 1, with the place. A file that is none: 2."""
    anchor = project / "audit.csv"
    assert 0 == run("audit", "verify")[0]
    assert 0 == run("audit", "export", str(anchor))[0]
    assert 0 == run("audit", "verify", "--against", str(anchor))[0]
    assert 2 == run("audit", "verify", "--against", str(project / "config" / "review.toml"))[0]
    assert 2 == run("audit", "verify", "--against", str(project / "nowhere.csv"))[0]
    with anchor.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"record.signed", "approval.given", "question.answered"} == {r["kind"] for r in rows}

    import sqlite3

    with sqlite3.connect(project / "var" / "observance.db") as database:
        database.execute("DROP TRIGGER events_no_update")
        database.execute("UPDATE events SET who = 'Eve' WHERE id = 7")
    database.close()
    status, said = run("audit", "verify", "--json")
    assert (1, 7) == (status, json.loads(said)["broken_at"])


@pytest.mark.parametrize("command", ["request-changes", "comment", "comments", "review", "audit", "approve", "sign"])
def test_each_command_explains_itself(run: Run, command: str) -> None:
    """With its options, and status 0."""
    status, said = run(command, "--help")
    assert 0 == status
    assert "usage:" in said
