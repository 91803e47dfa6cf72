"""The command line where a project has several campaigns: what shows something shows all, what acts asks which one, and
each command that is printed names its campaign."""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.arguments import DECLARED
from scheduler.cli.command_lines import NEEDS_ONE, SHOWS_EACH, with_campaign
from scheduler.cli.main import COMMANDS, main, options_of, parser_of

ROOT = Path(__file__).parents[2]
DVAM, HERITAGE = "domestic-violence-awareness", "hispanic-heritage"
BOTH = [DVAM, HERITAGE]
#: About one campaign where one is named, else about the whole project; none is asked for.
OF_ALL_OR_ONE = frozenset(
    {"db upgrade", "doctor", "hold", "reply-text", "resume", "start", "subscribers count", "tick"}
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the two smaller examples."""
    made = tmp_path_factory.mktemp("two") / "project"
    assert 0 == main(["init", str(made), "--from", DVAM])
    examples = ROOT / "scheduler" / "examples"
    shutil.copytree(examples / HERITAGE / "campaigns", made / "campaigns", dirs_exist_ok=True)
    shutil.copytree(examples / HERITAGE / "config", made / "config", dirs_exist_ok=True)
    assert 0 == main(["deliveries", "--project", str(made)])  # makes the ledger
    return made


@pytest.fixture(autouse=True)
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(folder))


def commands_in(text: str) -> Iterator[str]:
    """Those between backticks."""
    for span in re.findall(r"`([a-z][^`\n]*)`", text):
        if span.split()[0] in COMMANDS:
            yield span


def test_each_command_about_a_campaign_asks_shows_all_or_means_all() -> None:
    """What is completed when it is printed is what the commands declare."""
    for name, (module, _) in COMMANDS.items():
        if module:
            parser_of(name)
    one, each = set[str](), set[str]()
    for name, command in DECLARED.items():
        parser = argparse.ArgumentParser(add_help=False)
        for argument in (*DECLARED[name.partition(" ")[0]].arguments, *command.arguments):
            with contextlib.suppress(argparse.ArgumentError):  # of a command without acts, twice
                argument(parser)
        if parser.get_default("is_about_a_campaign"):
            one.add(name)
        if parser.get_default("shows_each_unless") is not None:
            each.add(name)
    assert SHOWS_EACH == each
    groups = {name for name in one if any(other.startswith(f"{name} ") for other in DECLARED)}
    assert NEEDS_ONE | SHOWS_EACH | OF_ALL_OR_ONE == one - groups
    assert not NEEDS_ONE & SHOWS_EACH


@pytest.mark.parametrize("command", ["status", "check", "plan", "deliveries", "review status", "report", "comments"])
def test_what_only_shows_shows_every_campaign(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other, headed by name; and each command in it can be typed as it stands."""
    assert main(command.split()) in (0, 1)
    out = capsys.readouterr().out
    assert BOTH == re.findall(r"^=== (\S+) ===$", out, re.MULTILINE)
    for part, campaign in zip(out.split("=== ")[1::1], BOTH, strict=True):
        assert part.startswith(campaign)
        for span in commands_in(part):
            if " ".join(span.split()[:2]) in NEEDS_ONE | SHOWS_EACH or span.split()[0] in NEEDS_ONE | SHOWS_EACH:
                assert span.endswith(f" --campaign {campaign}"), span
                name, *words = shlex.split(span)
                assert campaign == options_of(name, words).campaign


def test_what_is_true_of_the_whole_project_is_said_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was started: under the name of one campaign it would read as if the other had been."""
    fresh = shutil.copytree(folder, tmp_path / "fresh", ignore=shutil.ignore_patterns("var"))
    assert 1 == main(["report", "--project", str(fresh)])
    told = capsys.readouterr()
    assert ("", 1) == (told.out, told.err.count("nothing was started yet"))


def test_for_programs_all_are_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    """By the campaigns' names."""
    assert 0 == main(["plan", "--json", "--campaign", HERITAGE])
    one = json.loads(capsys.readouterr().out)
    main(["plan", "--json"])
    every = json.loads(capsys.readouterr().out)
    assert (BOTH, one) == (sorted(every), every[HERITAGE])


def test_an_item_is_shown_from_whichever_campaign_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    """And where none has it, that is said once, with what is near."""
    assert 0 == main(["show", "one-count", "--channel", "x"])
    out = capsys.readouterr().out
    assert (True, False) == (f"=== {HERITAGE} ===" in out, DVAM in out)
    assert 2 == main(["show", "one-coun"])
    told = capsys.readouterr()
    assert ("", 1, True) == (told.out, told.err.count("there is no message"), "did you mean one-count?" in told.err)


def test_a_campaign_that_cannot_be_read_leaves_the_others_to_be_shown(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own trouble is said under its name."""
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "campaigns" / DVAM / "campaign.toml").write_text("name = [", encoding="utf-8")
    assert 1 == main(["plan", "--project", str(broken)])
    told = capsys.readouterr()
    assert (True, True) == ("C001" in told.out + told.err or DVAM in told.err, "National Hispanic" in told.out)


@pytest.mark.parametrize(
    "words", [["approve", "--all", "--by", "Ada B"], ["plan", "--write"], ["report", "--out", "x.html"]]
)
def test_what_acts_asks_which_one_and_says_what_to_type(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The whole command, once for each campaign; and nothing is done."""
    assert 2 == main(words)
    err = capsys.readouterr().err
    typed = [shlex.split(line)[1:] for line in err.splitlines() if line.startswith("  ")]
    assert [[*words, "--campaign", campaign] for campaign in BOTH] == typed


def test_the_question_which_one_repeats_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody may paste it into a message."""
    assert 2 == main(["subscribers", "add", "ada@example.org"])
    err = capsys.readouterr().err
    assert ("example.org" in err, "subscribers add ADDRESS --campaign" in err) == (False, True), err


@pytest.mark.parametrize(
    ("text", "with_one", "with_none"),
    [
        ("`check --all` lists", "`check --all --campaign a` lists", "`check --all` lists"),
        ("`sign claim ID --by NAME`", "`sign claim ID --by NAME --campaign a`", "`sign claim ID --by NAME --campaign NAME`"),
        ("`review packet` and `keys list`", "`review packet --campaign a` and `keys list`", "`review packet --campaign NAME` and `keys list`"),
        ("`check b`, `report --campaign b`", "`check b`, `report --campaign b`", "`check b`, `report --campaign b`"),
        ("`resume` or `start`", "`resume` or `start`", "`resume` or `start`"),
        ("`deliveries 21`", "`deliveries 21`", "`deliveries 21`"),
        ("a plan, `review_by`, say", "a plan, `review_by`, say", "a plan, `review_by`, say"),
    ],
)  # fmt: skip
def test_a_command_gets_the_name_that_it_needs(text: str, with_one: str, with_none: str) -> None:
    """What means all campaigns, or names one already, is left alone."""
    assert with_one == with_campaign(text, "a", ["a", "b"])
    assert with_none == with_campaign(text, "", ["a", "b"])


def test_with_one_campaign_nothing_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is there a heading."""
    assert 0 == main(["init", str(tmp_path / "one"), "--from", HERITAGE])
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(tmp_path / "one"))
    main(["check"])
    out = capsys.readouterr().out
    assert ("--campaign" in out, "===" in out, "`sign claim ID" in out) == (False, False, True)


def test_resume_names_exactly_what_it_ended(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hold of another campaign goes on; and nothing is called resumed that was not on hold."""
    apart = ["--project", str(shutil.copytree(folder, tmp_path / "apart")), "--by", "Ada"]

    def resume(*words: str) -> str:
        capsys.readouterr()
        main(["resume", *words, *apart])
        return capsys.readouterr().out

    assert "Nothing was on hold: all channels. Nothing was changed.\n" == resume()
    main(["hold", HERITAGE, "--reason", "Its partner has withdrawn", *apart])
    said = resume("--send", "one-count")
    assert ("Resumed" in said, "No such hold was in force" in said, f"resume {HERITAGE}" in said) == (False, True, True)
    assert "one-count waits for no decision" in said
    main(["hold", "--reason", "The line moves", *apart])
    said = resume()
    assert f"Resumed by Ada: everything of every campaign ({DVAM}, {HERITAGE}) (held by Ada: The line moves).\n" in said
    assert f"Still held by Ada: everything of {HERITAGE}." in said
    ended = json.loads(resume(HERITAGE, "--json"))["ended"]
    assert [(HERITAGE, "Its partner has withdrawn")] == [(hold["campaign"], hold["why"]) for hold in ended]
    assert "Resumed" not in resume(HERITAGE)


def test_a_list_whose_campaign_has_no_folder_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With how many readers, and what to do; once, however many campaigns are shown. An empty list is nobody's worry."""
    root = shutil.copytree(folder, tmp_path / "left")
    apart = ["--project", str(root)]
    for address in ("a@example.org", "b@example.org"):
        assert 0 == main(["subscribers", "add", address, "--campaign", HERITAGE, *apart])
    main(["subscribers", "add", "a@example.org", "--campaign", DVAM, *apart])
    shutil.copytree(root / "campaigns" / HERITAGE, root / "campaigns" / "third")
    (root / "campaigns" / HERITAGE).rename(root / "kept")
    said = f"2 readers are on the list of {HERITAGE}, which has no folder in campaigns/"
    for command, status in (("status", 1), ("doctor", 1), ("db upgrade", 0)):
        capsys.readouterr()
        assert status == main([*command.split(), *apart]), command
        out = capsys.readouterr().out
        assert (1, True) == (out.count(said), f"put campaigns/{HERITAGE} back" in out), command
    (root / "kept").rename(root / "campaigns" / HERITAGE)
    shutil.rmtree(root / "campaigns" / "third")
    capsys.readouterr()
    assert 0 == main(["status", *apart])
    assert "NO FOLDER" not in capsys.readouterr().out
