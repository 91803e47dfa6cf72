"""Quantities of messages against the claims of their items: what is told, once, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.checks import check_letter, figure_verdicts
from scheduler.content.quantities import claim_values
from scheduler.content.quantities.claim_values import ClaimFigures, figures_of
from scheduler.content.quantities.quantity_reader import LEXICONS
from scheduler.content.quantities.quantity_rules import RulesOfLanguages
from scheduler.content.quantities.tiers import QuantityJudge
from scheduler.domain.campaign import LANGUAGES_READ
from scheduler.domain.claim import Claim
from scheduler.domain.planned_item import Plan
from scheduler.domain.printed import Printed, PrintedAt
from scheduler.domain.question import Question, Questions
from scheduler.kept_by_key import KeptByKey, KeptOfTexts
from tests.support.checks_factory import LINT, TODAY, a_campaign, claim, codes, email, findings, item, post, settings
from tests.support.factories import season

FORCED = claim(
    "forced",
    text="27.6 million people were in forced labor on any given day in 2021",
    measure="people in forced labor",
    place="worldwide",
    period="2021",
    numbers=["27.6 million"],
)
PROFITS = claim("profits", text="73% of the illegal profits came from sex", measure="illegal profits", numbers=["73%"])
SHARE = claim("share", text="73% of patients were smokers", measure="patients", numbers=["73%"])
OLD = claim("old", "outdated", text="27 million people are enslaved", numbers=["27 million"])
ALL = (FORCED, PROFITS, SHARE, OLD)
_WORDS_OF_A_CLAIM = ("text", "caveat", "measure", "population", "place", "period", "status_reason")


def told(text: str, uses: tuple[str, ...] = (), **more: Any) -> list[tuple[str, str]]:
    """(code, message) of a post that lists these claims."""
    found = findings(a_campaign([item("one", claims=uses)], claims=ALL, **more), post("one", text))
    return [(f.code, f.message) for f in found if f.code == "C115" or f.code.startswith("C15")]


def test_what_is_kept_of_a_claim_goes_by_all_that_is_read_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is corrected in its record, it is read as if for the first time."""
    words: list[dict[str, Any]] = [{name: "of 12 million in 2019"} for name in _WORDS_OF_A_CLAIM]
    sources: list[dict[str, Any]] = [{name: "of 2018"} for name in ("dated", "title", "publisher")]
    changed = [replace(FORCED, **each) for each in words]
    changed += [replace(FORCED, source=replace(FORCED.source, **each)) for each in sources]
    changed += [replace(FORCED, numbers=("27.6 million", "27 million")), FORCED]
    read = figures_of.__wrapped__

    def at_once(texts: KeptOfTexts, claims: Sequence[Claim]) -> list[ClaimFigures]:
        monkeypatch.setattr(claim_values, "TEXTS", texts)
        return [read(one, "en") for one in claims]

    together = at_once(KeptOfTexts(), changed)
    assert together == [figures for one in changed for figures in at_once(KeptOfTexts(), [one])]
    assert len({str(figures) for figures in together}) == len(changed)


@pytest.mark.parametrize(
    ("text", "uses", "expected"),
    [
        ("Most patients never ask.", (), [("C150", 'no claim of this item says "Most patients never ask"')]),
        ("That is 27.6 million people in forced labor.", ("forced",), []),
        ("That is 27.6 million people.", (), [("C150", 'no claim of this item says "27.6 million people"')]),
        ("27 million people are enslaved.", (), [("C115", '"27 million people are enslaved" is the figure of old')]),
        (
            "27.6 million children are in forced labor.",
            ("forced",),
            [("C152", '"27.6 million children are in forced" changes whom it counts: "children" here; the claim forced')],
        ),
        (
            "More than 27.6 million people were in forced labor.",
            ("forced",),
            [("C152", '"More than 27.6 million people were in forced" is more or less than the claim forced says')],
        ),
        (
            "We packed 41 bags and 250 kits.",
            (),
            [("C151", "2 numbers stand here that no claim of this item carries: ")],
        ),
        ("There are 3OO people in it.", (), [("C153", '"3OO people in it" has letters in place of digits')]),
        ("Uno de cada tres pacientes no pregunta a su médico.", (), [("C150", "no claim of this item says")]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_post(text: str, uses: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    """Each with both sides, so that whoever reads it need not look up the claim."""
    found = told(text, uses)
    assert [code for code, _ in expected] == [code for code, _ in found]
    assert all(said.startswith(begins) for (_, begins), (_, said) in zip(expected, found, strict=True)), found


CASES = claim("cases", text="The Marlow task force opened 41 labor cases in 2025", place="Marlow", numbers=["41"])
CAPS = claim("caps", text="Volunteers picked up 3,812 bottle caps in 2025", measure="bottle caps", numbers=["3,812"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The Marlow task force opened 41 labor cases in 2025.", ""),
        ("In 2025 the task force in Marlow opened about 41 labor cases, as it says.", ""),
        ("The Marlow task force opened 41 labor cases in 2025, and we thank each clerk.", ""),
        ("The Marlow task force opened 41 labor cases because clerks read the files.", ""),
        ("The Marlow task force opened 41 new labor cases in 2025.", ""),
        ("The Marlow task force won 41 labor cases in 2025.", 'stands "won", which the claim cases does not have'),
        ("The Marlow sheriff opened 41 labor cases in 2025.", 'stands "sheriff", which the claim cases does not have'),
        ("The Marlow task force opened no 41 labor cases in 2025.", 'stands "no", which'),
        ("The Marlow task force followed each lead and opened 41 labor cases in 2025.", ""),
        ("Last year's report from Marlow names 41 labor cases for 2025.", ""),
        ("The Marlow task force opened 41 labor cases in June.", 'stands "june", which'),
        ("So far Marlow has opened 41 labor cases.", 'stands "far", which'),
        ("Volunteers picked up 3,812 bottle caps in 2025.", ""),
        ("Volunteers picked up 3,812 bottles in 2025.", '"caps" is left out, which the claim caps has'),
    ],
)
def test_a_word_beside_a_figure_that_is_not_its_claims_is_asked_about(text: str, said: str) -> None:
    """C156: of who, where, when and what came of it, but for the claim's own words. Where number, unit and noun are
    not the claim's, any word but those that say nothing of their own. Behind "because", or a comma, a sentence speaks
    of something else."""
    campaign = a_campaign([item("one", claims=("cases", "caps"))], claims=(CASES, CAPS))
    found = [f for f in findings(campaign, post("one", text)) if f.code.startswith("C15")]
    assert ["C156"] * bool(said) == [f.code for f in found]
    assert all(said in f.message and f.severity == "amber" for f in found), found


TONS = claim(
    "tons",
    text="An estimated 11 million metric tons of plastic enter the ocean each year",
    place="worldwide",
    measure="plastic in a year",
    numbers=["11 million"],
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("An estimated 11 million metric tons of plastic enter the ocean each year.", ""),
        ("Plastic goes on: an estimated 11 million metric tons of it enter the ocean each year.", ""),
        ("An estimated 11 million metric tons of plastic enter the ocean.", "C156"),  # when, is left out
        ("An estimated 11 million metric tons of plastic are in the ocean right now, year after year.", "C152"),
        ("Each year counts: an estimated 11 million metric tons of plastic entered the ocean to date.", "C152"),
        ("An estimated 11 million metric tons of plastic enter our bay each year.", "C152"),
        (
            "Cada a\u00f1o flotan en el oc\u00e9ano unos 11 millones de toneladas m\u00e9tricas de pl\u00e1stico.",
            "C152",
        ),
        ("Volunteers picked up 3,812 bottle caps every month in 2025.", "C152"),
        ("Volunteers picked up 3,812 bottle caps since it began in 2025.", "C152"),
        ("3,812 volunteers picked up bottle caps in 2025.", "C152"),
    ],
)
def test_what_comes_in_a_time_is_not_what_is_there(text: str, code: str) -> None:
    """Nor what comes in another time, in another place, or who counted it; and the time is said."""
    campaign = a_campaign([item("one", claims=("tons", "caps"))], claims=(TONS, CAPS))
    assert [code] * bool(code) == [f.code for f in findings(campaign, post("one", text)) if f.code.startswith("C15")]


SHELF = claim("shelf", text="Perishable food belongs in the refrigerator within 2 hours", measure="time")
EARLY = claim(
    "early",
    text="In 2024, 66 percent of the cancers in the registry were found at an early stage",
    numbers=["66 percent"],
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Perishable food belongs in the refrigerator within 4 hours.", "C151"),
        ("Perishable food belongs in the refrigerator within 2 hours.", ""),
        ("The walk takes 4 hours.", ""),
        ("Cut the squares at 13.", "C151"),
        ("En 2024, el 66 por ciento de los cánceres del registro se halló en una etapa avanzada.", "C156"),
        ("En 2024, el 66 por ciento de los cánceres del registro se halló en una etapa temprana.", ""),
    ],
)
def test_another_number_with_the_unit_of_a_claim_is_asked_about(text: str, code: str) -> None:
    """Also of what is silent by itself, where the sentence speaks of what the claim says; and words of two languages."""
    campaign = a_campaign([item("one", claims=("shelf", "early"))], claims=(SHELF, EARLY))
    assert [code] * bool(code) == [f.code for f in findings(campaign, post("one", text)) if f.code.startswith("C15")]


def test_a_project_without_words_that_say_nothing_is_asked_about_none(tmp_path: Path) -> None:
    """Its own rules about quantities may be older than C156; it is told so."""
    written = (LINT / "quantities" / "en.toml").read_text("utf-8")
    begins, ends = written.index("[beside]"), written.index("# Words for the same")
    (tmp_path / "quantities").mkdir()
    (tmp_path / "quantities" / "en.toml").write_text(written[:begins] + written[ends:], "utf-8")
    loaded = RulesOfLanguages(tmp_path)
    rules = loaded.of("en")
    assert rules is not None
    assert (None, ["W003"]) == (rules.beside, [f.code for f in loaded.findings])
    judge = QuantityJudge(rules, "en", 2027)
    assert ["carried"] == [v.reason for v in judge.judge("Marlow won 41 labor cases.", [figures_of(CASES, "en")])]


def test_one_statement_of_a_post_and_a_mail_is_told_once() -> None:
    """Of the item, where both have it; else of the channel whose message has it. Numbers are one finding an item."""
    campaign, text = a_campaign([item("one")]), "Most patients never ask. We packed 41 bags."
    mail = email("one", f"{text} And 52 kits.", subject="Half of all patients")
    found = [(f.code, f.channel) for f in findings(campaign, post("one", text), mail) if f.code.startswith("C15")]
    assert [("C150", ""), ("C150", "email"), ("C151", "")] == sorted(found)


def test_a_figure_is_that_of_the_claim_beside_it() -> None:
    """Of two claims with one figure, the one whose record is printed in the same sentence or beside it counts."""
    campaign = a_campaign([item("one", claims=("profits", "share"))], claims=ALL)
    printed = Printed("claim", "profits", "text", PROFITS.text)
    text = f"{PROFITS.text}. So 73% of the patients smoke. Ask. Listen. 73% of the patients smoke."
    one = replace(post("one", text), printed={"txt": (printed,)})
    (found,) = [f for f in findings(campaign, one) if f.code.startswith("C15")]
    assert ("C152", True) == (found.code, "the claim profits" in found.message)


def test_numbers_of_a_claim_are_compared_with_its_text() -> None:
    """C154, of every claim, used or not."""
    wrong = replace(FORCED, numbers=("26.7 million",))
    found = findings(a_campaign(claims=[wrong]), post("one", "Good morning."))
    assert [("C154", True)] == [(f.code, '"26.7 million"' in f.message) for f in found]


def test_a_language_that_nobody_reads_here_asks_a_person() -> None:
    """C155 of each item, until somebody stands for exactly this text."""
    campaign = a_campaign([item("one", email="Trois femmes sur dix.")], language="fr")
    asked = campaign.unread_question(campaign.items["one"])
    answered = Question(
        "month", 2027, "text", "one", asked.text, datetime(2026, 12, 1, tzinfo=UTC), "I did.", "Ada", "fact",
        "link", datetime(2026, 12, 2, tzinfo=UTC),
    )  # fmt: skip
    say = post("one", "Trois femmes sur dix, 47 % de tous.")
    (found,) = [f for f in findings(campaign, say) if f.code == "C155"]
    assert ("red", True, True) == (found.severity, "(it has 47)" in found.message, bool(found.waits))
    assert ["D203"] == [c for c in codes(campaign, say, questions=Questions((answered,))) if c in ("C155", "D203")]
    other = a_campaign([item("one", email="Quatre femmes sur dix.")], language="fr")
    assert "C155" in codes(other, say, questions=Questions((answered,)))


def test_the_languages_that_are_read_are_declared_once() -> None:
    assert sorted(LANGUAGES_READ) == sorted(LEXICONS)
    for language in LANGUAGES_READ:
        assert (LINT / "quantities" / f"{language}.toml").is_file()


def test_what_was_read_before_is_not_read_again_unless_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither words, nor claims, nor what was printed, nor the rules."""
    kept, judged = KeptByKey(), []
    kept.keep_in(tmp_path / "kept", "test")
    monkeypatch.setattr(figure_verdicts, "VERDICTS", kept)
    read = figure_verdicts.FigureReader._judged
    monkeypatch.setattr(
        figure_verdicts.FigureReader,
        "_judged",
        lambda self, part, *of: judged.extend(part.seen) or read(self, part, *of),
    )
    text = "Most patients never ask. There are 27.6 million people in forced labor."
    first, again = told(text, ("forced",)), told(text, ("forced",))
    assert first == again
    assert ["C150"] == [code for code, _ in first]
    assert 1 == judged.count(text)
    told(text, ("share",))
    told(f"{text} Yes.", ("forced",))
    assert (2, 1) == (judged.count(text), judged.count(f"{text} Yes."))
    assert {1} >= {judged.count(seen) for seen in judged if not seen.startswith(text)}  # the names of who speaks


def test_a_sentence_of_several_texts_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what was printed from a claim, or stands near one that was."""
    judge, said, judged = QuantityJudge(RulesOfLanguages(LINT).of("en"), "en", 2027), {}, []  # type: ignore[var-annotated]
    once = QuantityJudge._in_sentence
    monkeypatch.setattr(QuantityJudge, "_in_sentence", lambda *of: judged.append(of[1]) or once(*of))
    text, claims = "It was 27.6 million people in forced labor.", [figures_of(FORCED, "en")]
    figure = [PrintedAt(Printed("claim", "forced", "numbers", "27.6 million"), 7, 19)]
    found = [[*judge.judge(f"{before}{text}", claims, said=said)] for before in ("", "", "Hello there. ")]
    assert found[0] == found[1]
    assert [(7, 19), (20, 32)] == [(v.quantity.start, v.quantity.end) for (v,) in found[1:]]
    assert [text] == judged
    [*judge.judge(text, claims, lambda: figure, said)]
    assert [text, text] == judged


def test_a_project_without_rules_of_its_own_has_those_that_are_shipped(tmp_path: Path) -> None:
    """Taking them away switches nothing off, and a mistake in one's own is told."""
    (tmp_path / "quantities").mkdir()
    shipped, own = RulesOfLanguages(tmp_path), tmp_path / "quantities" / "en.toml"
    assert (True, [], 64) == (shipped.of("en") is not None, shipped.findings, len(shipped.fingerprint))
    own.write_text((LINT / "quantities" / "en.toml").read_text().replace('title = "', 'titel = "', 1))
    broken = RulesOfLanguages(tmp_path)
    assert broken.of("en") is None
    assert {"config/lint/quantities/en.toml"} == {f.where.path for f in broken.findings}
    assert broken.fingerprint != shipped.fingerprint


def test_a_letter_may_say_what_any_claim_says() -> None:
    """It has no list of claims; a figure of nobody is one there, too."""
    campaign = a_campaign(claims=ALL)
    letter = email("letter-welcome", "It tells of 27.6 million people in forced labor. Most patients never ask.")
    text = item("letter-welcome")
    found = check_letter(
        Plan(campaign, season(campaign, 2027), "Month", ()), letter, text, settings(), LINT, today=TODAY
    )
    assert ['no claim of this item says "Most patients never ask"'] == [f.message for f in found if f.code == "C150"]


def test_a_word_of_another_language_is_compared_where_the_rules_have_both() -> None:
    """A Spanish sentence beside an English claim: garbage is not plastic, and a year is a year."""
    rules = RulesOfLanguages(LINT).of("es")
    assert rules is not None
    tons = figures_of(
        claim("tons", text="11 million metric tons of plastic enter the ocean each year", period="2016"), "en"
    )

    def told(text: str) -> list[str]:
        return [f"{v.reason} {v.detail}" for v in QuantityJudge(rules, "es", 2027).judge(text, [tons])]

    assert ["carried "] == told("Cada año entran en el océano 11 millones de toneladas m\u00e9tricas de plástico.")
    assert ["other word basura"] == told("Cada año entran en el océano 11 millones de toneladas de basura.")
    assert ["other period 2019"] == told(
        "En 2019 entraron en el océano 11 millones de toneladas m\u00e9tricas de plástico."
    )
