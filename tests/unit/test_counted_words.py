"""What is counted is said as people say it: 1 item, 2 items; never "1 items", never "item(s)"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.domain.formatting import counted

SCHEDULER = Path(__file__).parents[2] / "scheduler"

#: What the program counts for people.
NOUNS = (
    "addresses approvals batches bounces calls campaigns channels claims comments complaints days deliveries emails "
    "events files findings hours items keys letters links lines mails messages minutes notes others packages people "
    "places posts processes readers requests rows seconds sheets subscribers tables things weeks words"
).split()
#: A noun that stands behind a number as it is: after "of" or "all" it is the whole, and a constant is never one.
WHOLE = re.compile(r"(\bof( the)?|\ball|at most|after|within|for|every) $|of the $")
#: Expressions that are never one, or no number; each with the module that has it.
NEVER_ONE = {
    ("build", "len(recipients)"),  # an error of the program's own, with the limit behind it
    ("spec", "person"),
    ("arming", "ARMED_AHEAD.days"),
    ("sending", "mode"),
    ("sending", "b.called_for"),
    ("database", "made.events"),
    ("running", "program()"),
    ("template_rules", "called"),
    ("formatting", "seconds"),
    ("review_policy", "needed"),
    ("alert_rules", "len(told)"),
    ("environment", "wanted.count(b'==')"),
    ("spec", "readers"),
    ("policy_file", "len(problems)"),
    ("dispatch", "wait"),
    ("day_positions", "days"),  # of a month
}


def numbers_before_a_plural() -> Iterator[tuple[str, str, str]]:
    noun = re.compile(rf" (?:more )?(?:{'|'.join(NOUNS)})\b")
    for path in sorted(SCHEDULER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.JoinedStr) or {"sandbox", "simulators"} & set(path.parts):
                continue
            before = ""
            for part, after in zip(node.values, [*node.values[1:], None], strict=True):
                if isinstance(part, ast.FormattedValue) and isinstance(after, ast.Constant):
                    name = ast.unparse(part.value)
                    if noun.match(str(after.value)) and not WHOLE.search(before) and not name.isupper():
                        yield path.stem, name, str(after.value)
                before = str(part.value) if isinstance(part, ast.Constant) else ""


def test_no_number_is_put_before_a_plural_by_hand() -> None:
    """`counted` knows the word for one; a list of what is never one is short, and holds nothing that is gone."""
    found = list(numbers_before_a_plural())
    assert [] == [each for each in found if each[:2] not in NEVER_ONE and not each[1].strip("_").isupper()]
    assert set() == NEVER_ONE - {each[:2] for each in found}


def test_no_word_has_a_plural_in_brackets() -> None:
    """Neither the program's sentences nor its pages, templates and campaigns."""
    files = [p for f in ("scheduler", "templates", "campaigns", "config") for p in (SCHEDULER.parent / f).rglob("*")]
    texts = [
        p for p in files if p.suffix in (".py", ".html", ".txt", ".toml", ".md", ".example") and "OFL" not in p.name
    ]
    assert [] == [str(p) for p in texts if re.search(r"[a-z]\(s\)[^)\]]", _words_of(p))]


def _words_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py" or "(s)" not in text:  # most files need not be taken apart
        return text
    constants = (n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return "\n".join(constants)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (counted(1, "note"), "1 note"),
        (counted(0, "note"), "0 notes"),
        (counted(1200, "note"), "1,200 notes"),
        (counted(1, "delivery is", "deliveries are"), "1 delivery is"),
        (counted(2, "delivery is", "deliveries are"), "2 deliveries are"),
    ],
)
def test_a_number_has_its_noun(words: str, said: str) -> None:
    """One, none, many, thousands."""
    assert said == words


def test_a_rehearsal_of_one_day_counts_one_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first line that a newcomer reads."""
    one_day = ["--from", "2027-01-02", "--to", "2027-01-02", "--season", "2027"]
    main(["dry-run", "--out", str(tmp_path), "--project", str(SCHEDULER.parent), *one_day])
    assert "1 day, 1 email, 1 X post, from 2027-01-02" in capsys.readouterr().out
