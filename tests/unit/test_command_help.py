"""The command line explains itself: each --help has sentences and an example, each misuse ends with what to do."""

from __future__ import annotations

import argparse
import shlex
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scheduler.cli.arguments import CommandParser, acts_of, examples_of
from scheduler.cli.command_context import CommandContext, with_stop
from scheduler.cli.main import COMMANDS, LIVE, main, options_of, parser_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def as_run_py(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["run.py"])
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(ROOT))


def every_parser() -> Iterator[argparse.ArgumentParser]:
    for name, (module, _) in COMMANDS.items():
        if module:
            parser = parser_of(name)
            yield parser
            yield from (act for _, act in acts_of(parser))


def test_each_help_has_a_sentence_an_example_and_words_for_each_option() -> None:
    """Also that of each act, as `subscribers add`; no option is left to guessing."""
    for parser in every_parser():
        assert (parser.description or "").split("\n")[0].endswith("."), parser.prog
        assert [] != list(examples_of(parser)), parser.prog
        assert [] == [a.dest for a in parser._actions if not a.help and not a.choices], parser.prog


def test_each_example_is_one_that_the_command_takes() -> None:
    """What a help shows can be typed."""
    for parser in every_parser():
        top = parser_of(parser.prog.split()[1])
        for example in examples_of(parser):
            words = shlex.split(example)
            assert ["run.py", top.prog.split()[1]] == words[:2]
            top.parse_args(words[2:])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["approve", "how-many-people"], "run.py approve: --by is missing."),
        (["approve", "--all", "--bi", "Ada"], "--by is missing."),
        (["show", "awareness-day", "--chanel", "x"], "there is no option --chanel; did you mean --channel?"),
        (["hold", "--reason", "the", "number", "has"], "'has' is one word too many; a text of several words stands in"),
        (["subscribers"], "import, export, add, one-a-day, discreet, erase, count, consents, close-season."),
        (["review", "invite", "Ben"], "--role is missing."),
        (["resolve", "21", "--as", "perhaps"], "--as: invalid choice: 'perhaps' (choose from"),
        (["people", "list", "--role", "x"], "there is no option --role here: it goes with run.py people add."),
        (["approve", "--al", "--by", "Ada"], "there is no option --al; did you mean --all?"),
        (["plan", "--season", "soon"], "--season: not a whole number: 'soon'."),
    ],
)
def test_a_misuse_is_one_sentence_and_an_example(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2; what is wrong, how it is written, where to read more; no list of all options."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert 2 == ended.value.code
    told = capsys.readouterr()
    assert "" == told.out
    assert said in told.err
    assert f"What to do: write it as in: run.py {words[0]}" in told.err
    assert "--help` lists all that it takes." in told.err
    assert "usage:" not in told.err


@pytest.mark.parametrize("given", [["--project", "."], ["--season", "2027"], ["--campaign", "dvam"], ["--json"]])
def test_what_is_taken_everywhere_stands_before_or_after_a_command_and_its_act(given: list[str]) -> None:
    """The same is read, wherever it was typed; what stands before an act is not undone by the act's own parser."""
    for parser in every_parser():
        example = next(examples_of(parser))
        words = shlex.split(example)[1:]
        about_one = "is_about_a_campaign" in options_of(words[0], words[1:])
        if given[0] == "--campaign" and not about_one:
            continue
        places = [words[:1], words[:2]] if acts_of_any(words[0]) else [words[:1]]
        read = [options_of(words[0], [*before[1:], *given, *words[len(before) :]]) for before in places]
        read.append(options_of(words[0], [*words[1:], *given]))
        key = given[0].removeprefix("--")
        assert {str(given[1]) if given[1:] else "True"} == {str(getattr(options, key)) for options in read}, example


def acts_of_any(name: str) -> bool:
    return any(True for _ in acts_of(parser_of(name)))


def test_a_campaign_is_named_in_one_way_and_never_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--campaign goes with every command about one; where a name stands in the wrong place it is said."""
    root = two_campaigns(tmp_path)
    assert 2 == main(["approve", "how-many", "dvam", "--by", "Ada", "--project", str(root)])
    assert "What to do: dvam is a campaign: write --campaign dvam." in capsys.readouterr().err
    assert 2 == main(["plan", "--write", "--project", str(root)])
    assert " --campaign dvam\n" in capsys.readouterr().err
    assert 2 == main(["plan", "dvam", "--campaign", "heat-week", "--project", str(root)])
    assert "two campaigns are named: heat-week and dvam" in capsys.readouterr().err
    assert 2 == main(["resume", "dvam", "--all", "--project", str(root)])
    assert "--all ends every hold" in capsys.readouterr().err
    assert 2 == main(["hold", "dvan", "--reason", "x", "--project", str(root)])
    assert "What to do: did you mean dvam?" in capsys.readouterr().err
    for words in (["people", "list"], ["subscribers", "consents"], ["db", "backup", "x.db"]):
        with pytest.raises(SystemExit):
            main([*words, "--campaign", "dvam", "--project", str(root)])
        assert "--campaign does not go with it" in capsys.readouterr().err
    assert not (root / "var").exists()


@pytest.mark.parametrize(
    "words",
    [
        "approve dvam --all --by Ada",
        "sign dvam claim one --by Ada",
        "show dvam awareness-day",
        "send-test dvam awareness-day --to a@b.example",
        "comment dvam awareness-day --text Hi --by Ada",
        "comments dvam",
        "request-changes dvam awareness-day --comment No --by Ada",
        "review packet dvam",
        "review status dvam",
        "review invite dvam Ben --role coordinator",
        "links confirm dvam K7QM-3XPA",
        "check dvam",
        "deliveries dvam",
        "hold dvam --reason x",
        "subscribers close-season dvam",
    ],
)
def test_the_campaign_may_stand_behind_the_command_or_its_act(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every command about one, as well as by --campaign: both are read alike."""
    typed = words.split()
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root := two_campaigns(tmp_path)))
    by_option = [word for word in typed[1:] if word != "dvam"]
    for read in (
        options_of(typed[0], typed[1:]),
        options_of(typed[0], ["--project", str(root), *typed[1:]]),
        options_of(typed[0], [*by_option, "--campaign", "dvam"]),
    ):
        assert "dvam" == CommandContext(read, {}, ExitStack()).named_campaign
        assert "dvam" not in (getattr(read, "item", ""), getattr(read, "items", ()), getattr(read, "id", ""))


def test_a_word_that_is_another_options_value_names_no_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does an item that is called as a campaign, where the campaign was named or there is one alone."""
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(two_campaigns(tmp_path)))
    assert options_of("approve", ["--by", "dvam", "--all"]).campaign is None
    named = options_of("show", ["dvam", "--campaign", "heat-week"])
    assert ("dvam", "heat-week") == (named.item, named.campaign)
    shutil.rmtree(tmp_path / "campaigns" / "heat-week")
    assert ("dvam", None) == ((alone := options_of("show", ["dvam"])).item, alone.campaign)


def two_campaigns(root: Path) -> Path:
    """A project with two campaigns' folders and nothing in them."""
    shutil.copytree(ROOT / "config", root / "config")
    for name in ("dvam", "heat-week"):
        (root / "campaigns" / name).mkdir(parents=True)
    return root


def test_what_sends_is_never_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is mistyped, no suggestion starts, arms, resumes, retries, settles, ticks or mails."""
    near = (
        {name[:-1] for name in LIVE} | {f"{name}x" for name in LIVE} | {name[1:] for name in LIVE} | {"stat", "strat"}
    )
    for name in sorted(near - set(COMMANDS)):
        assert 2 == main([name])
        meant = capsys.readouterr().err.splitlines()[0].partition("Did you mean ")[2]
        assert not any(f"'{live}" in meant for live in LIVE), (name, meant)
    assert 2 == main(["stat"])
    assert "Did you mean 'status'?" in capsys.readouterr().err
    for option in ("--sned", "--sen", "--sent"):
        with pytest.raises(SystemExit):
            main(["resume", option, "all"])
        assert "did you mean --send" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import"], "Did you mean 'subscribers import'?"),
        (["upgrade"], "Did you mean 'db upgrade'?"),
        (["--by", "Ada", "sign"], "What to do: write the command first, then --by; run.py --help lists the commands."),
    ],
)
def test_an_act_without_its_command_is_known(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who types the act alone is told the whole of it."""
    assert 2 == main(words)
    assert said in capsys.readouterr().err


def test_the_installed_command_speaks_of_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No help names run.py, which is in a checkout alone; nor is a command offered that is there alone."""
    monkeypatch.setattr("sys.argv", ["/usr/bin/observance"])
    for parser in every_parser():
        assert "run.py" not in parser.format_help(), parser.prog
        assert [] != list(examples_of(parser)), parser.prog
    assert 0 == main([])
    assert "run.py" not in capsys.readouterr().out
    assert 2 == main(["test"])
    assert "Did you mean" not in capsys.readouterr().err


def test_a_hint_ends_with_one_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question keeps its question mark, and gets no full stop behind it."""
    assert ["Did you?", "Do it.", "Do it."] == [with_stop("Did you?"), with_stop("Do it"), with_stop("Do it.")]
    for folder in ("campaigns", "config", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert 2 == main(["show", "awarenes-day", "--project", str(tmp_path)])
    assert "What to do: did you mean awareness-day?\n" in capsys.readouterr().err
    assert 2 == main(["send-test", "awareness-day", "--to", "ada", "--project", str(tmp_path)])
    assert "What to do: write one whole address, as ada@example.org.\n" in capsys.readouterr().err


def test_a_parser_without_examples_says_where_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence stands without an example."""
    with pytest.raises(SystemExit):
        CommandParser(prog="run.py none").parse_args(["x"])
    assert "What to do: `run.py none --help` lists all that it takes." in capsys.readouterr().err
