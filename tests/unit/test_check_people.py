"""People: who is told of, by rules that are data, and what a consent covers."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.people.name_finder import (
    AGENCY,
    FIRM,
    PERSON,
    PRINTED,
    PROBABLY,
    SCHOOL,
    SINGLE,
    NameFinder,
    load_name_words,
)
from scheduler.content.people.people_reader import KnownNames, PeopleReader
from scheduler.content.people.people_rules import PeopleRules, load_people_rules
from scheduler.content.people.word_rows import BrokenRow, row_of
from scheduler.domain.consent import Consent, Name
from scheduler.domain.finding import Where
from tests.support.checks_factory import LINT, a_campaign, codes, item, post

LANGUAGES = ("en", "es")


NOBODY = KnownNames()


@cache
def reader(language: str, known: KnownNames = NOBODY) -> PeopleReader:
    found = PeopleReader(LINT, language, known, lambda text, usual: usual)
    assert [] == found.wrong_files()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_finds_its_bad_sentences_and_spares_its_neighbors(language: str) -> None:
    """A rule without both proves nothing. What one rule spares, none may accuse."""
    rules, wrong = load_people_rules(LINT, language)
    assert rules
    assert not wrong
    assert [] == [rule.rows[0] for rule in rules.rules if not rule.good or not rule.bad]
    missed = [s for rule in rules.rules for s in rule.bad if rule.kind not in _kinds(language, s)]
    accused = [(s, _kinds(language, s)) for rule in rules.rules for s in rule.good if _kinds(language, s)]
    assert ([], []) == (missed, accused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_person_is_told_of_in_words_that_no_row_foresaw(language: str) -> None:
    """C167 and C161: what somebody did, suffered or has; free is what people do for others, may do, or do in general."""
    rules, _ = load_people_rules(LINT, language)
    assert rules
    words = rules.portraits
    missed = [s for s in words.bad if not _kinds(language, s) & {"portrait", "first person"}]
    accused = [(s, _kinds(language, s)) for s in words.good if _kinds(language, s)]
    assert ([], []) == (missed, accused)


def _portraits(rules: PeopleRules, sentences: tuple[str, ...]) -> list[bool]:
    """Of each sentence whether it tells of somebody, by the lists alone."""
    masked = [reader("en").masked(sentence) for sentence in sentences]
    only = replace(rules, rules=())
    return [bool(list(only.told_in(sentence))) for sentence in masked]


def test_each_list_of_portraits_is_needed() -> None:
    """Without any one of them, one of the sentences is judged otherwise."""
    rules, _ = load_people_rules(LINT, "en")
    assert rules
    words = rules.portraits
    sentences = (*words.good, *words.bad)
    judged = _portraits(rules, sentences)
    kinds = {f.name: type(getattr(words, f.name)) for f in fields(words) if f.name not in ("good", "bad")}
    for name, kind in kinds.items():
        less = {other: kinds[other]() for other in (name, f"{name}_ends") if other in kinds}
        if kind is not tuple and getattr(words, name):
            assert _portraits(replace(rules, portraits=replace(words, **less)), sentences) != judged, name


def _kinds(language: str, sentence: str) -> set[str]:
    return {told.kind for told in reader(language).told_in(sentence)}


#: Sentences of no rule's own, by what they tell.
TELLS = [
    ("named", "Tyler Jones, a freshman at Ridge High, is away."),
    ("named", "Rosa, who cleans rooms at the Comfort Lodge, is one of them."),
    ("named", "Tanya's trafficker drove her to school."),
    ("first person", "Back then they would not let me call."),
    ("first person", "I was trafficked for three years by a man I loved."),
    ("composite", "Like thousands of others, Jenny believed him."),
    ("composite", "As one survivor put it, nobody asks."),
    ("composite", "Her pimp branded her."),
    ("accusation", "Smith & Sons Roofing holds its workers' passports."),
    ("accusation", "Wang's Nail Salon uses trafficked women."),
    ("accusation", "The Starlight Inn on Route 9 is a hub for trafficking."),
    ("speaker", "Mother Teresa: not all of us can do great things."),
    ("speaker", "The president said that it ends here."),
    ("speaker", "Ada Lowe of the Northport Network promises that it ends."),
    ("speaker", "The sheriff's own words were that they go back."),
    ("speaker", "The USDA says you may skip the salt."),
    ("first person", "I swept that floor for two winters."),
    ("first person", "My grandmother ate the fish and was buried on Sunday."),
    ("composite", "Picture yourself at fifteen, in a truck."),
    ("named", "Kurt from the third floor is autistic and has told nobody."),
    ("accusation", "Silver Lake Plastics knows what it spills."),
    ("", "President Obama issued the proclamation for 2014."),
    ("", "Someone who controls a worker's papers controls the worker."),
    ("", "A worker may be told that police will deport her."),
    ("", "He may be afraid to talk; give him time."),
    ("", "Teens of 13 to 17 use the app."),
    ("", "Rosa Parks sat down in Montgomery in 1955."),
    ("", "Our neighbor Maria brings the coffee."),
    ("", "If he took my passport, what can I do?"),
]


@pytest.mark.parametrize(("kind", "sentence"), TELLS)
def test_who_is_told_of(kind: str, sentence: str) -> None:
    assert ({kind} if kind else set()) == _kinds("en", sentence) & {kind or told for told in _kinds("en", sentence)}


def test_a_paragraph_is_read_in_its_own_language() -> None:
    campaign = a_campaign([item("one")])
    assert ["C161"] == codes(campaign, post("one", "En aquella casa me quitaron el pasaporte y no me dejaban salir."))


def test_what_is_a_name() -> None:
    """People by given names and titles; businesses and schools by their last word; abbreviations and offices are none."""
    words, _ = load_name_words(LINT, "names")
    assert words
    finder = NameFinder(words, known=("polaris project", "the sunrise motel of lund"))
    for text, sign in (
        ("Then Maria Lopez came", PERSON),
        ("It was Dr. King", PERSON),
        ("with Ingvar Tveit there", PROBABLY),
        ("at the Sunset Motel", FIRM),
        ("at Ridge High School", SCHOOL),
        ("then Lincoln came", SINGLE),
        ("the Polaris Project said", ""),
        ("with Polaris Projectson there", SINGLE),
        ("\u0130" * 32 + " at the Sunrise Motel of Lund", ""),  # a letter that is two when it is small
        ("at the Sunrise Motel of Lund", ""),
        ("at the Sunrise Motel of it", FIRM),
        ("by the FBI then", AGENCY),
        ("the U.S. Department of State", ""),
        ("on Monday in Georgia", ""),
    ):
        found = [c for c in finder.masked(text).text if c >= "\ue000"]
        assert ([sign] if sign else []) == found, text


def test_known_people_may_be_named_and_are_quoted_all_the_same() -> None:
    known = KnownNames(people=frozenset({"president barack obama", "rosa parks"}))
    assert not reader("en", known).told_in("Rosa Parks was 42 then.")
    assert not reader("en", known).told_in("President Obama was 52 then.")
    assert ["named"] == [t.kind for t in reader("en", known).told_in("Rosa Lopez was 42 then.")]
    assert not reader("en", known).told_in("Come and meet Rosa Parks.")
    assert ["composite"] == [t.kind for t in reader("en", known).told_in("Come and meet Rosa Lopez.")]
    assert ["speaker"] == [t.kind for t in reader("en", known).told_in("Rosa Parks said that she was tired.")]


@pytest.mark.parametrize("written", ["... ...", "?maybe", "{age}", "<nothing> here", "{planet} is far"])
def test_a_row_that_nothing_could_find_is_refused(written: str) -> None:
    with pytest.raises(BrokenRow):
        row_of(written, {})


def test_a_file_that_cannot_be_used_gives_no_rules(tmp_path: Path) -> None:
    """And says so: a language without rules and one with broken rules are not the same."""
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "en.toml").write_text('title = "x"\n[[told]]\nkind = "named"\nrows = ["<gone> x"]\n')
    rules, findings = load_people_rules(tmp_path, "en")
    assert (None, ["W001"]) == (rules, [f.code for f in findings if f.severity == "red"])
    assert (None, ()) == load_people_rules(tmp_path, "fi")
    assert load_people_rules(tmp_path, "es")[0]  # a project from before reads those that are shipped
    broken = PeopleReader(tmp_path, "en", NOBODY, lambda text, usual: usual)
    assert "W001" in [f.code for f in broken.wrong_files()]
    assert "W001" in [f.code for f in broken.wrong_files()]  # also where it was found before


# -- consents ----------------------------------------------------------------------------------------------------

PAPER = Consent(
    "paper-7",
    "K-7",
    "her account",
    ("one",),
    date(2026, 12, 1),
    date(2027, 12, 31),
    "cabinet 2",
    "by telephone",
    Where("campaigns/test/consents.toml", 1),
)


def with_consent(consent: Consent | None, text: str = "They took my passport.") -> list[str]:
    consents = {} if consent is None else {consent.id: consent}
    campaign = replace(a_campaign([item("one", story_consent="paper-7")]), consents=consents)
    return codes(campaign, post("one", text))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"channels": ("x",)}, []),
        ({"channels": ("email",)}, ["C164", "C161"]),
        ({"items": ("two",)}, ["C164", "C161"]),
        ({"starts": date(2027, 1, 2)}, ["C164", "C161"]),
        ({"until": date(2026, 12, 31)}, ["C164", "C161"]),
        ({"until": date(2027, 1, 20)}, ["C165"]),
        ({"withdrawn_on": date(2026, 12, 20), "withdrawn_how": "by telephone"}, ["C164", "C161"]),
    ],
)
def test_what_a_consent_covers(change: dict[str, Any], found: list[str]) -> None:
    """Its items, channels and days, for as long as it stands."""
    assert sorted(found) == sorted(with_consent(replace(PAPER, **change)))


def test_what_a_consent_is_for() -> None:
    """C167 is covered by a consent; C168: a consent to some things alone is for no others, one to an account for all."""
    cook = "The cook at the mill on Oak Street hides her divorce."
    some = replace(PAPER, what="that she cooks at the mill")
    assert ["C164", "C167"] == sorted(with_consent(None, cook))
    assert [] == with_consent(PAPER, cook)
    assert ["C168"] == with_consent(some, cook)
    assert [] == with_consent(replace(some, what="that she cooks, and is divorced"), cook)
    assert [] == with_consent(some, "She cooks at noon. For a divorce there is legal aid.")


def test_a_consent_to_ones_own_words_is_one_to_say_them() -> None:
    """Q111."""
    words = "Carla Gomez tells that she was treated here."
    assert "Q111" in with_consent(replace(PAPER, what="named as the leader"), words)
    assert "Q111" not in with_consent(replace(PAPER, what="says in her own words that she was treated"), words)


def test_a_consent_that_is_not_recorded_is_none() -> None:
    assert ["C161", "C164"] == sorted(with_consent(None))


def test_no_consent_covers_an_accusation() -> None:
    assert ["C163"] == with_consent(PAPER, "The Sunset Motel is a front.")


def test_a_name_that_no_record_knows() -> None:
    """C166: not of history, of a public office, or of names.toml; a given name alone names nobody."""
    campaign = a_campaign([item("one")])
    lopez = Name("Maria Lopez", "person", Where("campaigns/test/names.toml", 1))
    thanks = "Thanks to Maria Lopez for the card."
    assert ["C166"] == codes(campaign, post("one", thanks))
    assert [] == codes(replace(campaign, names=(lopez,)), post("one", thanks))
    known = replace(campaign, names=(replace(lopez, name="Dr. Maria Lopez"),))
    assert [] == codes(known, post("one", "Gracias a la Dra. Maria Lopez."))
    for free in (
        "Rosa Parks sat down.",
        "Governor Jones signed it.",
        "Bob Carver built it in 1910.",
        "Maria brings tea.",
    ):
        assert "C166" not in codes(campaign, post("one", free)), free


def test_terms_of_the_campaign_may_stand_in_quotation_marks() -> None:
    term = Name("honest work", "term", Where("campaigns/test/names.toml", 1))
    campaign = a_campaign([item("one")])
    assert ["Q113"] == codes(campaign, post("one", "They call it \u201chonest work\u201d here."))
    assert [] == codes(replace(campaign, names=(term,)), post("one", "They call it \u201chonest work\u201d here."))


def test_an_approval_rests_on_what_the_consent_allows() -> None:
    """Taking it back, or another use, makes another hash; where the paper is kept does not."""
    assert PAPER.terms_hash() == replace(PAPER, kept="cabinet 3").terms_hash()
    changes: tuple[dict[str, Any], ...] = (
        {"withdrawn_on": date(2026, 12, 20)},
        {"until": date(2028, 1, 1)},
        {"items": ("one", "two")},
    )
    for change in changes:
        assert PAPER.terms_hash() != replace(PAPER, **change).terms_hash()


def test_what_announces_a_printed_quotation_tells_of_nobody() -> None:
    """But without anything behind the colon's words it does."""
    assert set() == _kinds("en", f"A judge said it in one sentence: {PRINTED}.")
    assert {"portrait"} == _kinds("en", "A judge said it in one sentence.")
