"""Which sentences of an item rest on nothing but its author."""

from __future__ import annotations

from scheduler.domain.coverage import coverage_of, paragraphs_of
from scheduler.domain.message import Message
from scheduler.domain.printed import Printed
from tests.support.checks_factory import email, post, replace

CLAIM = Printed("claim", "held", "text", "27 people are held")


def mail(text: str, *printed: Printed, item: str = "one") -> Message:
    return replace(
        email(item, "Good morning."), body=replace(email(item, "x").body, text=text), printed={"txt": printed}
    )


def test_a_sentence_rests_on_what_is_printed_in_it_or_on_a_claim_beside_it() -> None:
    """A claim carries its paragraph, a help line its sentence; the frame, headings and links are not counted."""
    hotline = Printed("contact", "line", "value", "1-888-555-0142")
    text = (
        "A heading\n\nIn 2025 27 people are held. Nobody asked them.\n\nCall 1-888-555-0142 any day. Ask\nwho pays.\n\n"
        "Read on: https://a.test/1\n\nYou can leave whenever you like."
    )
    other = mail("Something else.\n\nYou can leave whenever you like.", item="two")
    found = coverage_of([mail(text, CLAIM, hotline)], paragraphs_of(other))
    assert found is not None
    assert (("Ask who pays.",), 4) == (found.alone, found.sentences)
    assert [True, True, False] == [
        found.marks(p) for p in ("Ask who pays.", "who pays", "Call 1-888-555-0142 any day.")
    ]


def test_a_post_and_an_email_are_read_together_and_typed_words_are_no_record() -> None:
    """Words that are typed like a record's rest on nothing; a sentence that rests on a record in one of them does."""
    typed = "27 people are held. Ask."
    both = [mail(typed), replace(post("one", "Ask. 27 people are held."), printed={"txt": (CLAIM,)})]
    found = coverage_of(both, [])
    assert found is not None
    assert ((), 2) == (found.alone, found.sentences)
    assert coverage_of([mail(typed)], []) is not None
    assert ("27 people are held.", "Ask.") == coverage_of([mail(typed)], []).alone


def test_of_a_message_out_of_the_ledger_nothing_is_said() -> None:
    """What templates printed is not kept with a message."""
    assert coverage_of([replace(mail("Ask who pays."), printed={})], []) is None
