"""What the shipped lint packs find of the sentences that stand beside their rules, and of what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.content.checks.lint import LintPack, Rule, load_lint_pack, load_lint_packs
from scheduler.content.checks.visible_text import fold
from scheduler.content.checks.word_rules import Lookup, hits, language_of
from scheduler.content.pattern_index import PatternIndex, kept_index
from scheduler.content.phrases import UnusablePhrase, all_matches
from scheduler.content.sentence_patterns import SentencePattern, tokens_of
from scheduler.domain.printed import Printed
from tests.support.checks_factory import LINT, a_campaign, contact, findings, item, post, replace

ROOT = LINT.parents[1]
FAMILIES = {"animal": ("cat", "wild dog*"), "animal-word": ("cat", "dog")}


def shipped() -> list[LintPack]:
    """All packs, those of the examples too."""
    packs, found = load_lint_packs(sorted(p.stem for p in LINT.glob("*.toml")), LINT)
    others = [load_lint_pack(path) for path in sorted((ROOT / "scheduler" / "examples").glob("*/config/lint/*.toml"))]
    assert not [*found, *(finding for _, in_pack in others for finding in in_pack)]
    return [*packs, *(pack for pack, _ in others)]


def test_each_rule_finds_its_bad_sentences_and_no_rule_a_good_one() -> None:
    """A new rule that accuses an old good sentence fails at once; so does one that lets its own bad one pass."""
    lookup = Lookup(shipped())
    rules = lookup.rules
    matches_in = lookup.matches_in(fold(text) for rule in rules for text in (*rule.bad, *rule.good))

    def found_by(sentence: str) -> list[Rule]:
        text = fold(sentence)
        told = [(rules[number], matches) for number, matches in matches_in[text].items()]
        of_language = [each for each in told if not each[0].languages or language_of(text, "en") in each[0].languages]
        return [rule for rule, matches in of_language if [*hits(rule, matches, text)]]

    missed = [(rule.id, bad) for rule in rules for bad in rule.bad if rule not in found_by(bad)]
    accused = [(by.id, good) for rule in rules for good in rule.good for by in found_by(good)]
    assert ([], []) == (missed, accused)
    assert sum(len(rule.bad) for rule in rules) > 200 < sum(len(rule.good) + 30 for rule in rules)
    assert [] == [rule.id for rule in rules if rule.bad and not (rule.good and rule.source and rule.seen)]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(feed|pet) the {animal}", "Do feed the Wild-Dogs now", "feed the Wild-Dogs"),
        ("feed [the|a] {animal}", "feed cat", "feed cat"),
        ("feed [the|a] {animal}", "feed one cat", ""),
        ("feed .. cat", "feed my old hungry cat", "feed my old hungry cat"),
        ("feed .. cat", "feed my very old hungry cat", ""),
        ("feed ... cat", "feed my very old hungry cat", "feed my very old hungry cat"),
        ("feed ... cat", "Feed it. The cat sleeps.", ""),  # another sentence
        ("^ feed", "They feed cats", ""),
        ("^ feed", "Stop, please feed them", "feed"),
        ("feed ~ cat", "feed my old hungry cat", "feed my old hungry cat"),
        ("feed ~ cat", "feed it and pet a cat", ""),  # another thing to do
        ("feed ~ cat", "feed it, my cat", ""),
        ("{animal} + (feed|pet)", "Pet it, this cat", "Pet it, this cat"),
        ("{animal} + (feed|pet)", "The cat sleeps. Feed it", ""),
        ("{animal} + ^ feed", "If a cat comes, feed it", "cat comes, feed"),
        ("(^|you may) feed", "you may feed", "you may feed"),
        ("(cat|get) sleeps", "a cat sleeps", "cat sleeps"),
        ("# cats", "27 cats", "27 cats"),
        ("# cats", "the cats", ""),
        ("sigal*", "S\u00edgalos ahora", "S\u00edgalos"),
        ("don't feed", "You don\u2019t feed it", "don't feed"),
        ("cats !(may|*ed)", "Cats bite", "Cats bite"),
        ("cats !(may|*ed)", "Cats may bite", ""),
        ("cats !(may|*ed)", "Cats purred", ""),
        ("cats !(may|*ed)", "Cats, dogs", ""),
        ("cats !({animal-word})", "Cats cat", ""),
        ("^ *ing .. cat", "Feeding a cat", "Feeding a cat"),
        ("^ *ing .. cat", "Feed a cat", ""),
    ],
)
def test_a_pattern_of_a_sentence(pattern: str, text: str, found: str) -> None:
    """Choices, families, gaps, numbers, and where a command begins."""
    made = SentencePattern(pattern, FAMILIES)
    text = fold(text)
    assert found == next((hit[0] for hit in made.matches_in(text)), "")
    index = PatternIndex(kept_index({7: made.must_hold}))
    assert not found or index.places_in([(), tokens_of(text).tokens]) == [[], [7]]


@pytest.mark.parametrize(
    "pattern",
    [
        "(a|b",
        "(a|(b|c))",
        "{none} dog",
        "...",
        "[dog]",
        "a .. b .. c .. d .. e",
        "(|dog)",
        "*ing",
        "!(cat)",
        "dog !(wild cat)",
    ],
)
def test_a_pattern_that_says_nothing_is_refused(pattern: str) -> None:
    """Brackets that are not closed, families that nobody named, nothing that must be there."""
    with pytest.raises(UnusablePhrase):
        SentencePattern(pattern, FAMILIES)


PACK = """title = "Own"
includes = ["families"]

[families]
animal = ["cat", "dog"]

[[rule]]
id = "X01"
type = "words"
title = "Animals are left alone"
severity = "amber"
why = "They bite."
claims = false
{denied}
words = ["^ (feed|film) .. {{animal}}"]
unless = ["at home"]
"""


@pytest.mark.parametrize(
    ("denied", "text", "is_found"),
    [
        ("before", "Feed the cat.", True),
        ("before", "Never feed the cat.", False),
        ("before", "Never hug, feed or film a dog.", False),
        ("before", "Do not wait, feed the cat.", True),
        ("before", "Do not stand there but feed the cat.", True),
        ("before", "Feed the cat, not the bear.", True),
        ("sentence", "Feed the cat is false advice.", False),
        ("sentence", "Feed the cat, not the bear.", False),
        ("before", "Feed the cat at home.", False),
        ("doubt", "Feed the cat, not the bear.", True),
        ("doubt", "Feed the cat is false advice.", False),
        ("doubt", "Do you think, feed the cat?", False),
        ("doubt", "Why not feed it, feed the cat?", True),
        ("doubt", "They told us: feed the cat. Nonsense.", False),
        ("doubt", "They told us: feed the cat. Gladly.", True),
        ("doubt", "Do not hug or feed the cat.", False),
        ("doubt", "Do not wait, feed the cat.", True),
        ("", "There is no need to hug and feed the cat.", False),
        ("", "Do not let them feed the cat, and feed the cat.", True),
    ],
)
def test_a_denial_lifts_a_finding_where_it_reaches_it(tmp_path: Path, denied: str, text: str, is_found: bool) -> None:
    """ "Never follow them" is no advice to follow; "do not wait, follow them" is. A question that may be answered with
    no says nothing, nor does what the next sentence denies."""
    (tmp_path / "families.toml").write_text((LINT / "families.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "own.toml").write_text(PACK.format(denied=f'denied = "{denied}"' if denied else ""), "utf-8")
    pack, problems = load_lint_pack(tmp_path / "own.toml")
    assert not problems
    rule, text = pack.rules[0], fold(text)
    assert is_found == bool([*hits(rule, all_matches(rule.words, text), text)])


def test_a_rule_that_is_only_believed_never_blocks(tmp_path: Path) -> None:
    """A source that nobody has opened stops no mail."""
    (tmp_path / "families.toml").write_text((LINT / "families.toml").read_text("utf-8"), "utf-8")
    written = PACK.format(denied='denied = "before"').replace(
        'severity = "amber"', 'severity = "red"\nseen = "believed"'
    )
    (tmp_path / "own.toml").write_text(written, "utf-8")
    assert ["C013"] == [finding.code for finding in load_lint_pack(tmp_path / "own.toml")[1]]


def test_what_a_template_printed_from_a_record_is_not_looked_at() -> None:
    """The help line's own words stand for it; the same words typed by an author do not."""
    words = "Your call is confidential."
    campaign = a_campaign([item("one", "help")], contacts=[contact("line", "555-0100")], lint_packs=("house",))
    typed = post("one", words)
    printed = replace(typed, printed={"txt": (Printed("contact", "line", "purpose", words),)})
    of_both = [[f.code for f in findings(campaign, message) if f.code[:2] == "LC"] for message in (typed, printed)]
    assert [["LC14"], []] == of_both
