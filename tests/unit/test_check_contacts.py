"""Help lines: what is closed is found however it is written, what must be there is there, and somebody tried it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.content.checks import check_sources
from scheduler.domain.claim import Signatures
from tests.support.checks_factory import (
    START,
    TODAY,
    a_campaign,
    codes,
    contact,
    email,
    findings,
    item,
    post,
    signed,
    source,
)

LINE = contact(
    "line", "1-888-555-0142", label="The Safe Line", operator="Northport Trust (Ohio)", supersedes=("old-line",)
)
TEXT = contact("text", "555123", kind="text")
OLD = contact("old-line", "1-888-555-0177", "superseded", superseded_by="line", verified_on=None)
NAME = contact("old-name", "Night Line Centre", "superseded", kind="name", superseded_by="line", verified_on=None)
SHORT = contact("old-short", "NLTC", "superseded", kind="name", superseded_by="line", verified_on=None)
SITE = contact("old-site", "www.nightline.test", "superseded", kind="web", superseded_by="line", verified_on=None)
MAIL = contact("old-mail", "desk@nightline.test", "superseded", kind="email", superseded_by="line", verified_on=None)
DOUBT = contact("doubt", "1-888-555-0188", "quarantined", verified_on=None)
ALL = (LINE, TEXT, OLD, NAME, SHORT, SITE, MAIL, DOUBT)
TAIL = "\nHelp: 1-888-555-0142 / text 555123"


def campaign(**more: Any) -> Any:
    more.setdefault("contacts", ALL)
    return a_campaign(
        block=("line", "text"), post_tail="Help: {{ contact('line').value }} / text {{ contact('text').value }}", **more
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Call 1-888-555-0177.", ["H101"]),
        ("Call (888) 555 0177.", ["H101"]),
        ("Call 1-888-5550-177.", ["H101"]),
        ("Ask the night line centre.", ["H101"]),
        ("Write to desk@nightline.test", ["H101"]),  # the address, and not the site in it as well
        ("Or 888.555.0188", ["H102"]),
        ("Or 1-888-555-0199", ["H104"]),
        ("Or text HELP to 741741", ["H104"]),
        ("Or write to me@elsewhere.test", ["H104"]),
        # other spellings of what is closed
        ("Ask the Night-Line Center.", ["H101"]),
        ("Ask #NightLineCentre", ["H101"]),
        ("Ask the N.L.T.C. today.", ["H101"]),
        ("Write to desk at nightline dot test", ["H101"]),
        ("Call 888/555/0177.", ["H101"]),
        ("Call one eight eight eight five five five oh one seven seven.", ["H101"]),
        # numbers and addresses that nobody knows
        ("Call 888 \u00b7 555 \u00b7 0199.", ["H104"]),
        ("Call 8-8-8-5-5-5-0-1-9-9.", ["H104"]),
        ("Call one eight hundred 555 01 nine nine.", ["H104"]),
        ("Llame al uno ocho ocho ocho cinco cinco cinco cero uno nueve nueve.", ["H104"]),
        ("Write to me at elsewhere dot test", ["H104"]),
        ("The code is 555132.", ["H104"]),  # two figures of the record's swapped
        ("Call 912.", ["H104"]),
        ("Dial nine-one-two now.", ["H104"]),
        ("Or 555-132.", ["H104"]),
        ("Call one triple eight, five five five, oh one ninety-nine.", ["H104"]),
        ("Call 1-888-555-01.", ["H104"]),
        ("Call 555-0142.", ["H104"]),
        ("Call 1-8O0-555-O199.", ["H104"]),
        ("Call 1-888-2-HELPlNG.", ["H104"]),
        ("Text HELP to 555123.", ["H104"]),
        ("Call 1-888-555-01422.", ["H104"]),  # a digit too many
        ("Dial nine-one-two at any hour.", ["H104"]),
        # harmless
        ("Dial nine-one-one now, or text 555 123.", []),
        ("Call 911, or 711 for the relay.", []),
        ("Ask one or two or three people, nine at most.", []),
        ("We counted 104728 pages in 2026-12-01.", []),
        ("Call 300 people and meet at seven.", []),
        ("Call one eight eight eight five five five oh one four two.", ["H113"]),
        ("Call one eight eight eight five five five oh one forty-two.", ["H113"]),
        ("Save (888) 555-0142 today.", []),
        ("Open 2020-2026, pages 123-145, from 10-12.", []),
    ],
)
def test_only_what_is_true_today_is_printed(words: str, expected: list[str]) -> None:
    """H101, H102, H104 and H113, by digits and whole words."""
    assert expected == [c for c in codes(campaign(), post("one", words + TAIL)) if c[0] == "H"]


def test_a_closed_address_is_found_in_every_part_that_is_sent() -> None:
    """H101 in subject, preheader, HTML alone, and behind the words of a link."""
    text = "Good morning." + TAIL
    behind = f'<p>Good morning.</p><p><a href="tel:+1-888-555-0177">Call</a></p><p>{TAIL}</p>'
    assert ["H101"] == codes(campaign(), email("one", text, markup=behind))
    assert ["H101"] == codes(campaign(), email("one", text, subject="From the Night Line Centre"))
    assert ["H101"] == codes(campaign(), email("one", text, preheader="Night Line Centre"))
    assert ["H101", "N102"] == codes(campaign(), post("one", text, links=("https://nightline.test/x",)))


def test_the_successor_is_named() -> None:
    """Whoever reads the finding knows what to print instead."""
    found = findings(campaign(), post("one", "Call 1-888-555-0177." + TAIL))
    assert "today it is 1-888-555-0142 (line)" in found[0].message
    assert "contact('line')" in found[0].hint


def test_an_active_name_that_holds_a_closed_one_is_fine() -> None:
    """ "The National Night Line Centre" is not "Night Line Centre"."""
    new = contact("new-name", "National Night Line Centre", kind="name")
    assert [] == codes(campaign(contacts=(*ALL, new)), post("one", "The National Night Line Centre helps." + TAIL))


def test_each_message_carries_the_help_lines() -> None:
    """H103: a post those of its closing line, an email all, in both parts."""
    assert ["H103"] == codes(campaign(), post("one", "Good morning.\nHelp: 1-888-555-0142"))
    assert ["H103"] == codes(campaign(), email("one", "Good morning.\n\nCall 1-888-555-0142"))
    assert ["H103", "M206"] == codes(campaign(), email("one", "Good morning." + TAIL, markup="<p>Good morning.</p>"))
    assert [] == codes(campaign(), email("one", "Good morning." + TAIL))


def test_a_post_carries_the_telephone_whatever_its_closing_line_leaves_out() -> None:
    """H103: a closing line that lost the number is no reason to do without it."""
    tail = a_campaign(contacts=ALL, block=("line", "text"), post_tail="Text {{ contact('text').value }}")
    assert ["H103"] == codes(tail, post("one", "Good morning.\nText 555123"))
    assert [] == codes(tail, post("one", "Good morning.\nText 555123, call 1-888-555-0142"))


def test_a_slip_in_a_number_names_the_record() -> None:
    """Whoever reads the finding knows which line was meant."""
    found = findings(campaign(), post("one", "Call 1-888-555-0124." + TAIL))
    assert "line is 1-888-555-0142" in found[0].message


def test_unknown_numbers_are_found_in_headlines_too() -> None:
    """H104 in the subject, once."""
    assert ["H104"] == codes(campaign(), email("one", "Good morning." + TAIL, subject="Call 1-888-555-0199"))


def test_name_and_number_are_of_one_line() -> None:
    """H112: a right number behind the name of another line."""
    other = contact("other", "1-888-555-0111", label="The Night Desk, by phone")
    lines = campaign(contacts=(*ALL, other))
    assert "H112" in codes(lines, post("one", "The Night Desk: 1-888-555-0142." + TAIL))
    assert "H112" not in codes(
        lines, post("one", "The Safe Line: 1-888-555-0142. The Night Desk: 1-888-555-0111." + TAIL)
    )
    relay = campaign(contacts=(*ALL, contact("relay", "711", label="Relay service", kind="tty")))
    assert "H112" in codes(relay, post("one", "The relay service, 1-888-555-0142." + TAIL))
    words = "If you use a relay service, dial 711 and ask for 1-888-555-0142."
    assert "H112" not in codes(relay, post("one", words + TAIL))


#: Three lines, each told by other words than the others.
HARBOR = contact("harbor", "1-800-555-0111", label="National Harbor Accident Hotline")
BURNS = contact("burns", "1-800-555-0122", label="Burn Care Center", primary_source_url="https://burns.test/chat")
FIRES = contact("fires", "644", label="644 Fire & Smoke Lifeline")
LETTERS = contact("letters", "90909", label="Burn Care Center, by text", kind="text")


@pytest.mark.parametrize(
    ("words", "is_wrong"),
    [
        ("The harbor hotline is at 1-800-555-0122.", True),
        ("The harbor hotline is at 1-800-555-0111.", False),
        ("The burn center's number is 644.", True),
        ("Text the Burn Care Center: 90909.", False),
        ("Text the harbor hotline: 90909.", True),
        ("644 is the number for accidents in the harbor.", True),
        ("The harbor hotline has a chat: https://burns.test/chat", True),
        ("The Burn Care Center has a chat: https://burns.test/chat", False),
        ("Harbor accidents: 644.", True),
        ("Call the burn people at 1-800-555-0111.", True),
        ("The 644 Lifeline is at 1-800-555-0111.", True),
        # a list: each number is the one beside it
        ("The harbor hotline, 1-800-555-0122, and the burn line, 1-800-555-0111.", True),
        ("1-800-555-0111 (harbor line), 1-800-555-0122 (burn line).", False),
        # the next sentence, and "the" line
        ("The Burn Care Center takes calls. Its number is 1-800-555-0111.", True),
        ("The hotline is open. Its number is 644.", True),
        # no number of that line's
        ("The harbor hotline is at 1-800-555-0111; call 644 first, or the Burn Care Center.", False),
        ("When the harbor hotline is busy, call 644.", False),
        ("644 is not the harbor hotline.", False),
        ("Call the harbor hotline or 644.", False),
        ("The hotline of the Burn Care Center is at 1-800-555-0122.", False),
        ("A fire in the harbor? The hotline for fires is 644.", False),
        ("Through the relay, 711, you reach the harbor hotline.", False),
    ],
)
def test_a_line_is_named_in_other_words_than_its_label(words: str, is_wrong: bool) -> None:
    """H112, wherever the name stands, in texts and chats too."""
    lines = campaign(contacts=(*ALL, HARBOR, BURNS, FIRES, LETTERS))
    assert ("H112" in codes(lines, post("one", words + TAIL))) is is_wrong


def test_a_line_is_named_in_spanish() -> None:
    """The words of its English label, as the file of the language says them."""
    lines = campaign(contacts=(*ALL, contact("home", "1-800-555-0133", label="Domestic Violence Hotline")))
    words = "La l\u00ednea contra la violencia dom\u00e9stica: "
    assert "H112" in codes(lines, post("one", f"{words}1-888-555-0142.{TAIL}"))
    assert "H112" not in codes(lines, post("one", f"{words}1-800-555-0133.{TAIL}"))


def test_the_organisations_own_addresses_may_be_printed() -> None:
    """Reply and sender addresses come from the settings."""
    assert [] == codes(campaign(), email("one", "Write to hello@coalition.test." + TAIL))


def test_operator_and_promise() -> None:
    """H108 by name without its place; H109 unless they are the hotline's own words, or a quotation."""
    assert ["H108"] == codes(campaign(), post("one", "Northport trust runs it." + TAIL))
    assert ["H108"] == codes(campaign(), post("one", "Northport-Trust runs it." + TAIL))
    assert ["H108"] == codes(campaign(), email("one", "Good morning." + TAIL, subject="By NorthportTrust"))
    assert ["H109"] == codes(campaign(), post("one", "Your call is confidential." + TAIL))
    assert ["H109"] == codes(campaign(), post("one", "Es gratis y confidencial." + TAIL))
    own = 'In the line\'s own words, calls are "confidential".'
    assert "H109" not in codes(campaign(), post("one", own + TAIL))
    theirs = "Es confidencial, dice la l\u00ednea con sus propias palabras."
    assert "H109" not in codes(campaign(), post("one", theirs + TAIL))


def days_before(days: int) -> date:
    return START - timedelta(days=days)


def verified(on: date | None, *, signed_on: date | None = None, message_on: date = START, **more: Any) -> list[str]:
    """Codes for a help line verified and signed on these days."""
    own = a_campaign(contacts=[contact("line", "1-888-555-0142", verified_on=on)], block=("line",))
    marks = signed(own, signed_on) if signed_on else Signatures()
    found = codes(own, post("one", "Help: 1-888-555-0142", on=message_on), signatures=marks, **more)
    return [c for c in found if c != "H105"] if signed_on is None else found


def test_a_help_line_is_verified_shortly_before_the_season_and_not_too_long_before_any_message() -> None:
    """H106 after 90 days, on the 91st; H107 when nobody tried it in the last 14 days before the first."""
    assert [] == verified(days_before(14))
    assert ["H107"] == verified(days_before(15))
    assert ["H107"] == verified(days_before(90))
    assert ["H106"] == verified(days_before(91))
    assert ["H106"] == verified(days_before(10), message_on=START + timedelta(days=81))
    assert ["H106"] == verified(None)


def test_a_sign_off_counts_as_a_check_on_its_day() -> None:
    """And the record's own day counts for nothing beside it: a later one was written before it had come."""
    assert [] == verified(days_before(170), signed_on=days_before(4))
    assert ["H107"] == verified(days_before(170), signed_on=days_before(40))
    assert ["H107"] == verified(days_before(4), signed_on=days_before(40))


def test_a_day_that_has_not_come_verifies_nothing() -> None:
    """H110."""
    assert ["H110"] == verified(TODAY + timedelta(days=1), signed_on=TODAY)


def test_the_scan_of_a_stored_source_finds_what_must_not_travel() -> None:
    """H111 for each closed contact, whatever its spelling, and nothing else; the source itself stays."""
    page = source(
        "page", "The Night Line Centre\n1-888-5550-177 | desk@nightline.test | www.nightline.test | 1-888-555-0142"
    )
    found = check_sources(a_campaign([item("one")], contacts=ALL, sources=[page]))
    assert ["H111"] * 4 == [f.code for f in found]
    assert {"old-line", "old-name", "old-site", "old-mail"} == {f.message.split("(")[1].split(")")[0] for f in found}


def test_a_day_that_nobody_has_signed_is_no_verification() -> None:
    """The record's own day is the newest evidence for a line; that it was verified is said once a person has signed."""
    campaign = a_campaign(contacts=[contact("line", "1-888-555-0100", verified_on=TODAY - timedelta(days=80))])
    message = post("one", "Help: 1-888-555-0100", contacts=("line",))
    said = [f.message for f in findings(campaign, message, signatures=Signatures()) if f.code in ("H106", "H107")]
    assert [True] == ["nobody has signed it" in words and "verified last" not in words for words in said]
    old = signed(campaign, TODAY - timedelta(days=60))
    said = [f.message for f in findings(campaign, message, signatures=old) if f.code in ("H106", "H107")]
    assert [True] == ["verified last" in words for words in said]
