"""Lints: which words are found where, what is exempt, and rules that look at more than words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.checks.word_rules import language_of
from scheduler.domain.campaign import Hashtag
from scheduler.domain.finding import Severity, Where
from scheduler.domain.printed import Printed
from tests.support.checks_factory import a_campaign, claim, codes, contact, email, findings, item, post, source

PACKS = ("house", "human-trafficking")


def said(text: str, kind: str = "help", **more: Any) -> list[str]:
    """Codes of a post with both packs."""
    return codes(a_campaign([item("one", kind, **more)], lint_packs=PACKS), post("one", text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no child prostitute", "L01"),
        ("no child-prostitutes", "L01"),
        ("Underage sex workers", "L01"),
        ("child pornography", "L02"),
        ("we rescued them", "L03"),
        ("set victims free", "L03"),
        ("modern\u2011day slavery", "L05"),
        ("a whopping sum", "L06"),
        ("follow the van", "L08"),
        ("a Super Bowl surge", "L09"),
        ("the NHTRC answers", "L19"),
        ("Text HELP now", "L19"),
        ("one of our call specialists", "L19"),
    ],
)
def test_words_are_found_in_any_case_and_form(text: str, code: str) -> None:
    """Case, hyphens and endings make no difference."""
    assert code in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "commercially sexually exploited child",
        "child sexual abuse material",
        "the Child Pornography Prevention Act",
        "We say \u201csupport\u201d, not \u201crescue\u201d, and never 'slaves'.",  # words of which it speaks
        "the International Rescue Committee",
        "enslaved people and their prescued",  # parts of other words
        "do not follow the car",
        "The tone is calm. Text 233",
        "she was taken home",
    ],
)
def test_what_is_meant_otherwise_is_left_alone(text: str) -> None:
    """Mentions, names of laws and organisations, and parts of other words."""
    assert not {c for c in said(text) if c.startswith("L")}


def test_a_myth_may_be_named_where_it_is_corrected() -> None:
    """L09 is for messages that tell it as true."""
    assert "L09" in said("Most is kidnapping by strangers.")
    assert "L09" not in said("Most is kidnapping by strangers? No.", "myth-corrected", action_text="Ask")


def test_an_estimate_may_speak_of_modern_slavery() -> None:
    """L05: the words of a claim and of a source's title are theirs."""
    known = claim("known", text="fifty people live in modern slavery")
    campaign = a_campaign([item("one", "help", claims=("known",))], claims=[known], lint_packs=PACKS)
    assert [] == codes(campaign, post("one", "Fifty: fifty people live in modern slavery.", claims=("known",)))
    assert ["L05"] == codes(campaign, post("one", "Modern slavery is near: fifty people live in modern slavery."))


def test_what_was_once_true_is_found_inside_quotations_too() -> None:
    """L19: a reader calls the number whoever is quoted."""
    page = source("page", "Call the NHTRC for help now please.", {"words": "Call the NHTRC for help now please."})
    campaign = a_campaign([item("one", "quotation")], sources=[page], lint_packs=PACKS)
    printed = {"txt": (Printed("quotation", "page#P1", "text", page.text),)}
    words = f'"{page.text}" Ada Lowe, 2014'
    message = post("one", words, quotations=("page#P1",), printed=printed)
    assert ["L19", "H111"] == codes(campaign, message)


def test_a_closed_contact_is_reported_once() -> None:
    """H101 says more than L19, so L19 is silent about the same words."""
    old = contact("old", "NHTRC", "superseded", kind="name")
    campaign = a_campaign([item("one", "help")], contacts=[old], lint_packs=PACKS)
    assert ["H101"] == codes(campaign, post("one", "The NHTRC answers"))


def test_trata_in_spanish_paragraphs_alone() -> None:
    """L18 reads the language of each paragraph."""
    spanish = "La línea está abierta para las víctimas del tráfico de personas."
    english = "The words tráfico de personas are about smuggling, and we do not use them."
    assert "L18" in said(spanish)
    assert "L18" not in said(english)
    assert "L18" not in said("La línea está abierta para las víctimas de la trata de personas.")
    assert ["es", "en", "en"] == [language_of(t, "en") for t in (spanish, english, "Trata")]


def test_words_of_a_headline_are_found_in_their_place() -> None:
    """The finding says where the word stands."""
    campaign = a_campaign([item("one", "help")], lint_packs=PACKS)
    found = findings(campaign, email("one", "Good morning.", subject="A shocking thing"))
    assert [("L06", Severity.AMBER)] == [(f.code, f.severity) for f in found]
    assert '"shocking" in the subject' in found[0].message


def test_a_finding_names_the_line_of_its_words() -> None:
    """A coordinator goes straight to the place."""
    text = item(
        "one", "help", post="One.\nTwo is shocking.", post_line=20, where=Where("campaigns/test/items/one.md", 2)
    )
    found = findings(a_campaign([text], lint_packs=PACKS), post("one", "One.\nTwo is shocking."))
    assert ["campaigns/test/items/one.md:21"] == [str(f.where) for f in found]


@pytest.mark.parametrize("kind", ["fact", "then-now", "myth-corrected"])
def test_a_problem_ends_with_something_to_do(kind: str) -> None:
    """L10 for the kinds that tell of a problem."""
    assert "L10" in said("A quiet day", kind)
    assert "L10" not in said("A quiet day", kind, action_text="Ask")


def test_signs_come_with_what_not_to_do() -> None:
    """L08, in post and email, whether the item says that it is about signs or its words do."""
    assert "L08" in said("Look at who keeps the papers.", about_signs=True)
    assert "L08" in said("Know the signs.")
    assert "L08" not in said("Know the signs. Do not confront or intervene. Call 911.", about_signs=True)


def test_a_story_needs_a_consent() -> None:
    """L12."""
    assert "L12" in said("A woman named Ada told us her story.")
    assert "L12" not in said("A woman named Ada told us her story.", story_consent="consent-4")


def test_labour_has_its_share() -> None:
    """L11 over the plan, of the items that have a topic."""
    texts = [item("one", "help", "sex"), item("two", "help", "sex"), item("three", "help", "sex"), item("four", "help")]
    assert ["L11"] == codes(a_campaign(texts, lint_packs=PACKS))
    texts[0] = item("one", "help", "labour")
    assert [] == codes(a_campaign(texts, lint_packs=PACKS))


def test_a_content_note_is_there_where_a_record_asks_for_it_and_is_printed() -> None:
    """L14: in the front matter, and in the message."""
    hard = claim("hard", content_note="violence")

    def of(note: str, text: str) -> list[str]:
        texts = [item("one", "help", claims=("hard",), content_note=note), item("two", "help"), item("three", "help")]
        return codes(a_campaign(texts, claims=[hard], lint_packs=PACKS), post("one", text, claims=("hard",)))

    assert ["L14"] == of("", "the claim hard holds")
    assert ["L14"] == of("violence", "the claim hard holds")
    assert [] == of("violence", "Content note: violence.\nthe claim hard holds")


def test_a_rule_may_ask_whether_an_item_has_an_action(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``flag = "action"`` makes a rule concern an item with an action, and no other."""
    rule = 'id = "X01"\ntype = "requires"\ntitle = "soon"\nseverity = "red"\nwhy = "it ends"'
    pack = f'title = "own"\n[[rule]]\n{rule}\nneeds = ["by Friday"]\nflag = "action"\n'
    (tmp_path / "own.toml").write_text(pack, encoding="utf-8")
    monkeypatch.setattr("tests.support.checks_factory.LINT", tmp_path)
    for action, expected in (("Write to us", ["X01"]), ("", [])):
        campaign = a_campaign([item("one", "help", action_text=action)], lint_packs=("own",))
        assert expected == codes(campaign, post("one", "Good morning"))


def test_alternative_text() -> None:
    """L15: there, and in words of its own."""
    campaign = a_campaign([item("one", "help", image_tags=("hands",))], lint_packs=PACKS)
    assert ["L15"] == codes(campaign, post("one", "Good morning"))
    assert ["L15"] == codes(campaign, post("one", "Good morning", alt_text="Image of a hand"))
    assert ["L15"] == codes(campaign, post("one", "Good morning", alt_text="good morning"))
    assert [] == codes(campaign, post("one", "Good morning", alt_text="A hand holds a blue card"))


def test_hashtags_have_capitals() -> None:
    """L16: as the record writes it; a long tag in small letters is not readable aloud."""
    tag = Hashtag("EndTrafficking", "active", Where("campaigns/test/hashtags.toml", 1))
    campaign = a_campaign([item("one", "help")], hashtags={"EndTrafficking": tag}, lint_packs=PACKS)
    assert ["L16"] == codes(campaign, post("one", "#endtrafficking"))
    assert [] == codes(campaign, post("one", "#EndTrafficking"))
    assert ["L16", "T101"] == codes(campaign, post("one", "#wearbluetoday"))


def test_help_lines_are_not_typed() -> None:
    """L13 finds the number in the item's source, and not the call that prints it."""
    line = contact("line", "1-888-555-0142")
    for source_text, expected in (("Call (888) 555-0142", ["L13"]), ("Call {{ contact('line').value }}", [])):
        campaign = a_campaign([item("one", "help", post=source_text)], contacts=[line], lint_packs=PACKS)
        assert expected == codes(campaign, post("one", "Call 1-888-555-0142", contacts=("line",)))


def test_house_rules_of_tone() -> None:
    """L21, L22, L23, L24."""
    assert "L21" not in said("Good morning!")
    assert "L21" in said("Good morning! Come in!")
    assert "L22" in said("This is IMPORTANT to us.")
    assert "L22" not in said("UNICEF and the ILO and the FBI.")
    named = replace(claim("one"), source=replace(claim("one").source, publisher="SAHARA"))
    campaign = a_campaign([item("one", "help")], claims=[named], lint_packs=PACKS)
    assert "L22" not in codes(campaign, post("one", "By SAHARA."))  # a publisher is no shouting
    campaign = a_campaign([item("one", "help")], lint_packs=PACKS)
    assert ["L23"] == codes(campaign, email("one", "Click here for more."))
    assert ["L24"] == codes(campaign, email("one", "Good morning.", subject="RE: your question"))
    assert [] == codes(campaign, email("one", "Good morning.", subject="Refuge: a word"))


def test_hard_texts_are_noted_in_english_alone() -> None:
    """L17 knows no other language, and says nothing of short texts."""
    hard = "Intermediaries systematically misappropriate identification documentation internationally. " * 10
    assert ["L17"] == codes(a_campaign([item("one", "help")], lint_packs=PACKS), email("one", hard))
    assert [] == codes(a_campaign([item("one", "help")], lint_packs=PACKS), email("one", hard[:90]))
    assert [] == codes(a_campaign([item("one", "help")], lint_packs=PACKS, language="es"), email("one", hard))


def test_a_preheader_says_nothing_of_the_cause() -> None:
    """M204; the words come from the packs."""
    campaign = a_campaign([item("one", "help")], lint_packs=PACKS)
    assert ["M204"] == codes(campaign, email("one", "Good morning.", preheader="What traffickers say"))


def test_a_campaign_without_packs_has_no_lints() -> None:
    """Rules about words belong to a cause; another month brings its own."""
    assert [] == codes(a_campaign([item("one")]), post("one", "A SHOCKING rescue!"))


def test_the_shipped_packs_read_without_a_finding() -> None:
    """What is shipped is an example."""
    from scheduler.content.checks import load_lint_pack
    from tests.support.checks_factory import LINT

    for path in Path(LINT).glob("*.toml"):
        pack, found = load_lint_pack(path)
        assert [] == found
        assert pack.rules or pack.families or pack.discreet
        assert all(rule.why for rule in pack.rules)
