"""C190 to C192: what others see of a discreet email is neutral, in any campaign."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.campaign import Campaign, Hashtag
from scheduler.domain.discreet import DiscreetHead
from scheduler.domain.finding import Where
from scheduler.domain.message import EmailBody, Message, SecondHead
from tests.support.checks_factory import a_campaign, contact, email, findings, item, settings

HEAD: dict[str, Any] = {
    "subject": "Your note",
    "preheader": "A few minutes",
    "from_name": "Your notes",
    "list_id": "<c7x2.news.test>",
    "html": "<title>Your note</title><style>.kidney{}</style><p>Your notes</p>",
    "text": "A few minutes",
}


def quiet(**changes: str) -> Message:
    message = email("one", "Good morning.")
    assert isinstance(message.body, EmailBody)
    head = SecondHead(True, **{**HEAD, **changes}, html_to=6, text_to=0)
    return replace(message, body=replace(message.body, second_head=head))


def kidneys(**more: Any) -> Campaign:
    tag = Hashtag("GiveOneOfTwo", "active", Where("hashtags.toml", 1))
    lines = [contact("renal", "1-888-555-0100", label="The Renal Friends")]
    return a_campaign(
        [item("one")],
        name="National Kidney Week",
        topics=("dialysis", "donors"),
        hashtags={tag.tag: tag},
        contacts=lines,
        **more,
    )


def found(campaign: Campaign, message: Message, code: str = "C190", **more: Any) -> list[str]:
    return [f.message for f in findings(campaign, message, **more) if f.code == code]


@pytest.mark.parametrize(
    ("place", "text", "word"),
    [
        ("subject", "Kidneys, day by day", "kidneys"),
        ("subject", "On dialysis", "dialysis"),
        ("from_name", "Donor news", "donor"),
        ("preheader", "Call the Renal Friends", "the renal friends"),
        ("html", "<title>For your kidney</title>", "kidney"),
        ("html", "<p>Your <b>kidney</b></p>", "kidney"),
        ("text", "KIDNEY WEEK", "kidney"),
    ],
)
def test_a_word_of_the_cause_is_refused_wherever_it_shows(place: str, text: str, word: str) -> None:
    """Of a cause that has no lint pack, too: by its name, its topics, its tags and its help lines."""
    (message,) = found(kidneys(), quiet(**{place: text}))
    assert f'"{word}"' in message


def test_a_neutral_head_is_let_through() -> None:
    """So is a word that many campaigns have in their names, and what stands in a style."""
    assert [] == found(kidneys(), quiet())
    assert [] == found(kidneys(), quiet(subject="Your week, in one national note", preheader="One of seven days"))
    packs = ("house", "human-trafficking")
    (message,) = found(a_campaign([item("one")], lint_packs=packs), quiet(subject="About a survivor"))
    assert '"survivor" in the subject' in message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Your scan on Monday", "scan"),
        ("Teal or pink ribbon?", "pink"),
        ("A bed at the shelter", "shelter"),
        ("When he shouts", "When he"),
        ("Call 988", "988"),
        ("Su prueba es gratis", "prueba"),
        ("Si su pareja grita", "pareja"),
    ],
)
def test_a_word_that_gives_any_cause_away_is_refused(text: str, word: str) -> None:
    """Also in a campaign about something else: body parts, tests, places, numbers, bonds."""
    campaign = a_campaign([item("one")], name="Gladness Month", lint_packs=("house",))
    (message,) = found(campaign, quiet(subject=text))
    assert f'"{word}' in message
    assert [] == found(campaign, quiet(subject="A note for Tuesday", preheader="Three minutes to read"))


def test_an_address_that_every_email_shows_is_pointed_out() -> None:
    """The sender's and the server's: no head changes those."""
    own = settings()
    organisation = replace(own.organisation, from_address="news@kidneyfriends.test")
    told = replace(own, organisation=organisation, public_url="https://kidney.test")
    assert 2 == len(found(kidneys(), quiet(), "C191", settings=told))
    assert [] == found(kidneys(), quiet(), "C191", settings=own)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A note for Tuesday", ""),
        ("A note for {dates}", ""),
        ("Tuesday's note, and the next", ""),
        ("Su nota del d\u00eda", ""),
        ("Locks and a spare phone", '"locks" and "phone"'),
        ("Your scan on Monday", ""),  # C190 says so
    ],
)
def test_a_word_that_nobody_knows_as_neutral_is_asked_about(text: str, words: str) -> None:
    """C192, of what an item and the campaign's files put into a discreet head."""
    one = replace(item("one"), discreet_subject=text)
    told = found(a_campaign([one], name="Gladness Month", lint_packs=("house",)), quiet(), "C192")
    assert bool(words) == bool(told)
    assert words in "".join(told)


def test_words_of_a_campaigns_own_head_and_slug_are_asked_about() -> None:
    """C192; letters that are no word say nothing, and the organization's own name stands in every mail."""
    head = DiscreetHead("The Locksmiths", "Your note for {date}", "A few minutes", "")
    one = a_campaign([item("one")], lint_packs=("house",), discreet=head, slug="c7k-lantern-locks")
    slug, sender = sorted(found(one, quiet(), "C192"), key=lambda told: "sender" in told)
    assert '"locksmiths" in the sender\'s name' in sender
    assert '"locks" in the slug' in slug
    assert [] == found(a_campaign([item("one")], lint_packs=("house",), slug="c7w2mkp"), quiet(), "C192")


@pytest.mark.parametrize(
    ("usual", "discreet", "rest", "own", "told"),
    [
        ("<h1>How hot it gets</h1>", "<h1>Your note</h1>", "<p>Read.</p>", "Read.", False),
        ("<h1>How hot it gets</h1>", "<h1>How hot it gets</h1>", "<p>Read.</p>", "Read.", True),
        ("<p>Hello</p>", "<p>Your note</p>", "<h1>How hot it gets</h1>", "Read.", True),
        ("<h1>How hot it gets</h1>", "<h1>Your note</h1>", "<p>How hot it gets.</p>", "How hot it gets.", False),
        (
            "<title>How hot it gets</title><body><p>",
            "<title>Note</title><body><p>",
            "<h1>How hot it gets</h1>",
            "",
            True,
        ),
    ],
)
def test_a_discreet_email_does_not_print_its_headline(
    usual: str, discreet: str, rest: str, own: str, told: bool
) -> None:
    shown = replace(item("one"), title="How hot it gets", email=own)
    message = email("one", "Read.")
    assert isinstance(message.body, EmailBody)
    head = SecondHead(True, "Your note", "A few minutes", "Notes", "<list>", discreet, len(usual), "", 0)
    message = replace(message, body=replace(message.body, html=usual + rest, text="Read.", second_head=head))
    assert told == bool(found(a_campaign([shown]), message, "C193"))
