"""config/review.toml is read strictly: all that is wrong at once, with its line and what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.domain.review_policy import ROLES, ReviewPolicy, Role, Rule
from scheduler.review.policy_file import PolicyError, read_policy

ROOT = Path(__file__).parents[2]
CHANNELS = ("x", "email")


def read(folder: Path, text: str | bytes) -> ReviewPolicy:
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "review.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_policy(folder, CHANNELS, ("may", "june"))


def problems(folder: Path, text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        read(folder, text)
    assert 3 == caught.value.exit_status
    return caught.value.problems


def test_no_file_and_the_shipped_file_say_the_same() -> None:
    """One approval by anybody: approve --all by one person is enough."""
    assert ReviewPolicy() == read_policy(ROOT, CHANNELS)
    assert ReviewPolicy() == read_policy(ROOT / "nowhere", CHANNELS)


def test_the_examples_in_the_shipped_file_are_good(tmp_path: Path) -> None:
    """Whoever takes the # away gets what the remark says."""
    text = (ROOT / "config" / "review.toml").read_text(encoding="utf-8")
    policy = read(tmp_path, re.sub(r"(?m)^# (?=\[|\w+ = )", "", text))
    assert Rule(when="contested-claim", approvals=2, roles=("fact-reviewer",)) in policy.rules
    assert Rule(when="quotation", roles=("fact-reviewer",)) in policy.rules
    assert policy.roles["legal-reviewer"].approves
    assert policy.may_approve("board-viewer")


def test_everything_can_be_said(tmp_path: Path) -> None:
    """Each key arrives where it belongs; a role keeps what its table does not name."""
    policy = read(
        tmp_path,
        "approvals = 2\nauthor_may_be_alone = false\nlate_approvals = false\n"
        '[roles.coordinator]\napproves = false\n[roles.press]\nsays = "what the press may ask"\nsettles = true\n'
        '[[rule]]\nwhen = "story"\nkinds = ["help"]\nchannels = ["x"]\ncampaigns = ["may"]\n'
        'approvals = 3\nroles = ["press"]\n',
    )
    assert (2, False, False) == (policy.approvals, policy.author_may_be_alone, policy.late_approvals)
    assert Role("coordinator", ROLES["coordinator"].says, approves=False, settles=True) == policy.roles["coordinator"]
    assert Role("press", "what the press may ask", settles=True) == policy.roles["press"]
    assert (Rule("story", ("help",), ("x",), 3, ("press",), ("may",)),) == policy.rules


WRONG: dict[str, tuple[str | bytes, str]] = {
    "key": ("aprovals = 2", ':1: there is no key "aprovals"; did you mean "approvals"?'),
    "type": ('approvals = "two"', ":1: approvals must be a whole number"),
    "none": ("approvals = 0", ":1: approvals is out of range; allowed is 1 to 9"),
    "truth": ("approvals = true", ":1: approvals must be a whole number, not true or false"),
    "flag": ('late_approvals = "yes"', ":1: late_approvals must be true or false"),
    "role's name": ("[roles.Fact]\n", ':1: "Fact" cannot be the name of a role'),
    "role's key": ("[roles.press]\nmay = true\n", ':2: there is no key "may"'),
    "role's table": ("roles.press = 1\n", ":1: roles.press must be a table"),
    "roles": ("roles = 1\n", ":1: roles must be tables"),
    "condition": (
        '[[rule]]\nwhen = "contested"\napprovals = 2\n',
        ':2: there is no condition "contested"; did you mean "contested-claim"?',
    ),
    "kind": ('[[rule]]\nkinds = ["facts"]\napprovals = 2\n', ':2: there is no kind "facts"'),
    "channel": ('[[rule]]\nchannels = [\n  "x",\n  "mail",\n]\napprovals = 2\n', ':4: there is no channel "mail"'),
    "campaign": (
        '[[rule]]\ncampaigns = ["may", "jun"]\napprovals = 2\n',
        ':2: there is no campaign "jun"; did you mean "june"?',
    ),
    "role": ('[[rule]]\nroles = ["fact-checker"]\n', ':2: there is no role "fact-checker"'),
    "empty": ("[[rule]]\nroles = []\napprovals = 2\n", ":2: roles is empty"),
    "list": ('[[rule]]\nroles = "coordinator"\n', ":2: roles must be a list of texts in quotes"),
    "powerless": (
        '[[rule]]\nroles = ["board-viewer"]\n',
        ":2: the role board-viewer may not approve, so that the rule could never be met",
    ),
    "asks nothing": ('[[rule]]\nwhen = "story"\n', ":1: the rule asks for nothing"),
    "one bracket": ("[rule]\napprovals = 2\n", ":1: each rule must start with a line [[rule]]"),
    "line break": ('[roles.press]\nsays = "a\\nb"\n', ":2: says has a line break"),
    "nobody": ("".join(f"[roles.{r}]\napproves = false\n" for r in ROLES), ":1: no role may approve"),
    "no TOML": ("approvals : 2\n", ":1: "),
    "not UTF-8": ("# r\u00f4le\n".encode("cp1252"), "is not UTF-8"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    """A policy that was misunderstood would let something out."""
    text, said = WRONG[name]
    found = problems(tmp_path, text)
    assert 1 == len(found), found
    assert said in found[0]
    assert found[0].startswith("config/review.toml:")


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Nobody has to correct one line to learn of the next."""
    assert 3 == len(problems(tmp_path, 'approvals = 0\nlate = true\n[[rule]]\nwhen = "x"\nroles = ["coordinator"]\n'))


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    """It is no policy."""
    assert "far too large" in problems(tmp_path, b"#" * 300_000)[0]


def test_the_same_rule_may_stand_there_twice(tmp_path: Path) -> None:
    """It asks for no more than once; a word that a list names twice counts once."""
    rule = '[[rule]]\nwhen = "story"\napprovals = 2\nroles = ["deputy", "deputy"]\n'
    assert (Rule("story", approvals=2, roles=("deputy",)),) * 2 == read(tmp_path, rule * 2).rules
