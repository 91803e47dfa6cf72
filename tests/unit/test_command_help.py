"""The command line explains itself: each --help has sentences and an example, each misuse ends with what to do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.arguments import CommandParser, acts_of, examples_of
from scheduler.cli.main import COMMANDS, main, parser_of, with_stop

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
            yield from (act for _, act, _ in acts_of(parser))


def test_each_help_has_a_sentence_an_example_and_words_for_each_option() -> None:
    """Also that of each act, as `subscribers add`; no option is left to guessing."""
    for parser in every_parser():
        assert (parser.description or "").split("\n")[0].endswith("."), parser.prog
        assert [] != list(examples_of(parser)), parser.prog
        assert [] == [a.dest for a in parser._actions if not a.help and not a.choices], parser.prog


def test_each_example_is_one_that_the_command_takes() -> None:
    """What a help shows can be typed."""
    import shlex

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
        (["show", "awareness-day", "--chanel", "x"], "there is no option --chanel; did you mean --channel."),
        (["hold", "--reason", "the", "number"], "'number' is one word too many; a text of several words stands in"),
        (["subscribers"], "say what to do: import, export, add, erase, count, consents, close-season."),
        (["review", "invite", "Ben"], "--role is missing."),
        (["resolve", "21", "--as", "perhaps"], "--as: invalid choice: 'perhaps' (choose from"),
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


def test_a_hint_ends_with_one_mark(capsys: pytest.CaptureFixture[str]) -> None:
    """A question keeps its question mark, and gets no full stop behind it."""
    assert ["Did you?", "Do it.", "Do it."] == [with_stop("Did you?"), with_stop("Do it"), with_stop("Do it.")]
    assert 2 == main(["show", "awarenes-day"])
    assert "What to do: did you mean awareness-day?\n" in capsys.readouterr().err
    assert 2 == main(["send-test", "awareness-day", "--to", "ada"])
    assert "What to do: write one whole address, as ada@example.org.\n" in capsys.readouterr().err


def test_a_parser_without_examples_says_where_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence stands without an example."""
    with pytest.raises(SystemExit):
        CommandParser(prog="run.py none").parse_args(["x"])
    assert "What to do: `run.py none --help` lists all that it takes." in capsys.readouterr().err
