"""For every field of a campaign's files that reaches a reader: changed after the approval, it blocks its messages at
the moment of sending, and the change is shown.

Which fields there are is read off the records themselves. Each one is tried, or stands in :data:`REACHES_NOBODY` with
the reason, which is tried as well: a field that is added later cannot be forgotten in either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import Enum
from functools import cached_property
from typing import Any
from unittest.mock import patch

import pytest

from scheduler.domain.brand import Brand
from scheduler.domain.campaign import Campaign, Hashtag, ItemText, Kind, Lateness, TitleForYears
from scheduler.domain.card import CardChoice, CardRules, PictureChoice
from scheduler.domain.claim import (
    Claim,
    ClaimSource,
    ClaimStatus,
    Contact,
    ContactStatus,
    Contest,
    Signature,
    Signatures,
)
from scheduler.domain.consent import Consent, Name
from scheduler.domain.discreet import DiscreetHead
from scheduler.domain.finding import Finding, Where
from scheduler.domain.mail_look import MailLook
from scheduler.domain.message import EmailBody, Message
from scheduler.domain.quotation import Correction, Passage, Source
from scheduler.domain.reason_words import in_words
from scheduler.domain.record_changes import record_changes
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.stale_approvals import difference
from scheduler.domain.word_diff import Mark
from scheduler.engine.preflight import check_before_send
from scheduler.engine.tick import wanted
from scheduler.project import Project
from scheduler.services.seasons import read_campaign, rehearse
from scheduler.settings import ChannelSettings, Mode, Organisation, Settings
from scheduler.store import Ledger
from tests.support.reading_site import BEN, CAMPAIGN, FACTS, FIRST, SEASON, ReadingSite

QUOTES, SECOND, LAST = "in-her-words", "then-and-now", "what-to-notice"


@dataclass(frozen=True)
class Part:
    """One kind of record: which one is changed, and how it is put back into the campaign or the settings."""

    of: type
    item: str  # whose messages rest on it
    record: Callable[[Campaign], Any]
    put: Callable[[Campaign, Any], Campaign]


def _item(item: str) -> Part:
    return Part(ItemText, item, lambda c: c.items[item], lambda c, new: replace(c, items={**c.items, item: new}))


def _claim(c: Campaign, new: Claim) -> Campaign:
    return replace(c, claims={**c.claims, "held-2025": new})


def _contact(c: Campaign, new: Contact) -> Campaign:
    return replace(c, contacts={**c.contacts, "line-phone": new})


def _passage(c: Campaign, new: Passage) -> Campaign:
    source = c.sources["speech-2014"]
    passages = tuple(new if passage.id == new.id else passage for passage in source.passages)
    return replace(c, sources={**c.sources, "speech-2014": replace(source, passages=passages)})


CLAIM = Part(Claim, FIRST, lambda c: c.claims["held-2025"], _claim)
PARTS = (
    _item(FIRST),
    CLAIM,
    Part(
        ClaimSource,
        FIRST,
        lambda c: c.claims["held-2025"].source,
        lambda c, new: _claim(c, replace(c.claims["held-2025"], source=new)),
    ),
    Part(
        Contest,
        FIRST,
        lambda c: Contest("https://institute.test/other", "2026", "counts otherwise"),
        lambda c, new: _claim(c, replace(c.claims["held-2025"], contested_by=(new,))),
    ),
    Part(Contact, FIRST, lambda c: c.contacts["line-phone"], _contact),
    Part(
        Source,
        QUOTES,
        lambda c: c.sources["speech-2014"],
        lambda c, new: replace(c, sources={**c.sources, "speech-2014": new}),
    ),
    Part(Passage, QUOTES, lambda c: c.sources["speech-2014"].passage("S3"), _passage),
    Part(Campaign, FIRST, lambda c: c, lambda c, new: new),
)
#: Where another item shows a field better than the usual one.
ELSEWHERE: Mapping[tuple[type, str], Part] = {
    (ItemText, "then"): _item(SECOND),
    (ItemText, "now"): _item(SECOND),
    (ItemText, "quotations"): _item(QUOTES),
    (ItemText, "contacts"): _item(LAST),
    (ItemText, "about_signs"): _item(LAST),
}
#: What another value is, where any other of its type would not do.
UNSEEN: Mapping[tuple[type, str], Any] = {  # of what reaches nobody
    (ItemText, "card"): CardChoice(coat="sand"),
    (ItemText, "picture"): PictureChoice(focus="10% 10%"),
    (Campaign, "cards"): CardRules(coat="sand"),
    (Campaign, "names"): (Name("honest work", "term", Where("campaigns/safe-week/names.toml", 1)),),
    (Campaign, "hashtags"): {"NoSuchTag": Hashtag("NoSuchTag", "avoid", Where("hashtags.toml", 1))},
    (Campaign, "consents"): {
        "C-9": Consent(
            id="C-9",
            person="P-9",
            what="a first name",
            items=(),
            starts=date(2026, 1, 1),
            until=date(2027, 12, 31),
            kept="in the safe",
            taking_back="by telling the keeper",
            where=Where("consents.toml", 1),
        )
    },
}
INSTEAD: Mapping[tuple[type, str], Any] = {
    (ItemText, "kind"): Kind.SPECIAL,
    (ItemText, "then"): ("held-1999", "made-up"),
    (ItemText, "now"): ("held-2025", "someone-known"),
    (ItemText, "quotations"): ("speech-2014#S3", "speech-2014#S1"),
    (ItemText, "contacts"): (),
    (ItemText, "hashtags"): (),
    (ItemText, "action_url"): "https://institute.test/other",
    (ItemText, "post_slot"): "11:30",
    (ItemText, "email_slot"): "11:30",
    (ItemText, "lateness"): Lateness(30),
    (ItemText, "own_posts"): (("Post: x", "Other words for one network.", 12),),
    (Claim, "status"): ClaimStatus.CURRENT,
    (Claim, "numbers"): ("3.5 million", "3"),
    (Claim, "contested_by"): (Contest("https://institute.test/other", "2026", "counts otherwise"),),
    (Contact, "status"): ContactStatus.QUARANTINED,
    (Contact, "kind"): "text",
    (Contact, "verified_on"): date(2026, 12, 27),
    (Contact, "href"): "tel:+18885550143",
    (Campaign, "waves"): "reader",
    (Campaign, "time_zone"): "America/Chicago",
    (Campaign, "slots"): {"default": time(9), "email": time(9)},
    (Campaign, "grace"): Lateness(45),
    (Campaign, "block"): ("line-phone",),
    (Campaign, "post_tail"): "Help: {{ contact('line-phone').value }}",
    (Campaign, "language"): "en-GB",
    (Campaign, "discreet"): DiscreetHead(preheader="Whenever it suits you."),
    (Campaign, "mail"): MailLook(theme="warm"),
}
_STRUCTURE = "holds the records, which are tried one by one"
_PLAN = "decides what stands on which day; a message on another day is another message, and its time is tried"
_ORIGIN = "where it was found; what a reader gets of it is its attribution, which is tried"
_SPAN = "where the words stand in the source, and what they may be used for; the words themselves are tried"
_CORRECTED = "together with the other: see the test of corrections"
#: Fields that no reader gets, and why. That changing one leaves the message as it was is tried as well.
REACHES_NOBODY: Mapping[tuple[type, str], str] = {
    (ItemText, "where"): "its place in the file",
    (ItemText, "post_line"): "its place in the file",
    (ItemText, "email_line"): "its place in the file",
    (ItemText, "claims"): "what its words may state; what they do state is the message's, and is tried as its text",
    (
        ItemText,
        "links",
    ): "for the checks; the links that its messages carry are the message's, and are tried as its text",
    (ItemText, "topics"): "for the plan's balance and the checks",
    (ItemText, "channels"): "where it goes; what goes out there is the message's",
    (ItemText, "about_signs"): "for the checks",
    (ItemText, "needs_decision"): "said to the people who decide",
    (ItemText, "author"): "who may not be the only one to approve it: the policy asks for it at the send",
    (ItemText, "story_consent"): "the name of a paper that is kept elsewhere",
    (ItemText, "translated_from"): "which text the translator had before them, for the checks",
    (ItemText, "image_tags"): "what a picture must not show, for the checks",
    (ItemText, "alt"): "of a picture, which this campaign has none of; tests/unit/test_cards.py has one",
    (ItemText, "card"): "the same",
    (ItemText, "picture"): "the same; tests/unit/test_own_pictures.py has one",
    (ItemText, "picture_missing"): "the same",
    (Campaign, "cards"): "the same",
    (Claim, "where"): "its place in the file",
    (Contact, "where"): "its place in the file",
    **{
        (Source, name): _ORIGIN
        for name in ("title", "publisher", "author", "year", "url", "retrieved_on", "path", "where")
    },
    (Source, "text"): "the stored edition whole; its fingerprint and the words of its passages are tried",
    (Source, "passages"): _STRUCTURE,
    (Source, "own_words"): _CORRECTED,
    (Source, "needs_decision"): "said to the people who decide",
    (Passage, "corrections"): _CORRECTED,
    **{
        (Passage, name): _SPAN
        for name in ("start", "end", "use", "quotable", "reason", "question", "shortened", "where")
    },
    (Campaign, "where"): "its place in the file",
    (Campaign, "titles"): "for the packet and the plan; the templates print the campaign's name",
    (Campaign, "edition_of"): "whose records it shares; each of them is tried as itself",
    (Campaign, "publishers"): "whose own sites hosts are, for the checks",
    (Campaign, "names"): "who may be named, for the checks",
    (Campaign, "consents"): "what one allows is a part of each message that tells the story: see the unit tests",
    (Campaign, "start"): _PLAN,
    (Campaign, "end"): _PLAN,
    (Campaign, "calendar"): _PLAN,
    (Campaign, "pool"): _PLAN,
    (Campaign, "items"): _STRUCTURE,
    (Campaign, "claims"): _STRUCTURE,
    (Campaign, "contacts"): _STRUCTURE,
    (Campaign, "sources"): _STRUCTURE,
    (Campaign, "hashtags"): "which tags may be printed, for the checks; the tags themselves are the item's",
    (Campaign, "lint_packs"): "for the checks",
    (Campaign, "rhythm"): _PLAN,
    (Campaign, "topics"): "for the plan's balance and the checks",
    (Campaign, "cover_note"): "for the packet",
    (Campaign, "themes"): "for the packet",
    (Campaign, "unreadable"): "for the checks",
    (Campaign, "digest"): "a mail of its own, with an approval of its own",
}
#: Kept beside a record, and printed nowhere: no byte of its messages is another one, and no approval is void. What stops
#: them is the signature of the claim or the help line; a source's words are held to its passages.
BENEATH = {
    *(
        (Claim, name)
        for name in (
            "status status_reason population place numbers source_ref superseded_by contested_by review_by hard_expires "
            "needs_decision"
        ).split()
    ),
    *((ClaimSource, name) for name in ("retrieved_on", "locator", "primary_seen", "seen_by", "seen_on")),
    *((Contest, name) for name in ("url", "dated", "gist")),
    *(
        (Contact, name)
        for name in (
            "status locale operator primary_source_url verified_on verified_by supersedes superseded_by find note"
        ).split()
    ),
    (Source, "sha256"),
}
#: Which record it is: under another name it is another one, which nobody has approved.
IDENTITY = {(ItemText, "id"), (Claim, "id"), (Contact, "id"), (Campaign, "id"), (Source, "id"), (Passage, "id")}
NOT_CHANGED_HERE = {
    (Campaign, "items"),
    (Campaign, "claims"),
    (Campaign, "contacts"),
    (Campaign, "sources"),
    (Source, "passages"),
    (Passage, "corrections"),
    (Campaign, "start"),
    (Campaign, "end"),
    (Campaign, "calendar"),
    (Campaign, "pool"),
    (Campaign, "rhythm"),
    (Campaign, "digest"),
    (ItemText, "channels"),
}

FIELDS = [
    (part, name.name)
    for part in PARTS
    for name in dataclasses.fields(part.of)
    if (part.of, name.name) not in IDENTITY and (part.of, name.name) != (Claim, "source")
]
REACHING = [(p, n) for p, n in FIELDS if (p.of, n) not in {*REACHES_NOBODY, *BENEATH}]
OTHERS = [(p, n) for p, n in FIELDS if (p.of, n) in REACHES_NOBODY and (p.of, n) not in NOT_CHANGED_HERE]


@dataclass
class Ready:
    """A season that is planned, approved and armed."""

    site: ReadingSite
    settings: Settings

    @cached_property
    def unchanged(self) -> Rehearsal:
        """Of the files as they are."""
        return self.rehearse(lambda campaign: campaign)

    def rehearse(self, change: Callable[[Campaign], Campaign], settings: Settings | None = None) -> Rehearsal:
        """Of a campaign that was changed after it was read, as an editor would change its file."""
        project = Project(self.site.folder, settings or self.settings, {}, self.site.clock)

        def read_changed(*which: Any) -> tuple[Campaign, list[Finding]]:
            campaign, findings = read_campaign(*which)
            return change(campaign), findings

        with patch("scheduler.services.seasons.read_campaign", read_changed):
            return rehearse(project, CAMPAIGN, SEASON, ledger=self.site.ledger)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    site = ReadingSite(tmp_path_factory.mktemp("approved"))
    ledger: Ledger = site.ledger
    now = site.clock.now()
    rehearsal = site.desk().rehearsal
    ledger.deliveries.follow_plan("live", SeasonKey(CAMPAIGN, SEASON), wanted(rehearsal), now=now)
    site.desk().approve(None, person=BEN, role=FACTS)
    ledger.armings.arm(SeasonKey(CAMPAIGN, SEASON), who="Ada", now=now)
    yield Ready(site, site.project.settings)
    site.close()


def other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(one for one in type(value) if one is not value)
        case str():
            return value + "x"
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case None:
            return date(2030, 1, 1)
        case frozenset():
            return value | {"more"}
        case tuple() if value and isinstance(value[0], TitleForYears):
            return (replace(value[0], title="Another Week"), *value[1:])
        case tuple():
            return (*value, "more")
        case dict():
            return {**value, "more": "1"}
        case Where():
            return Where("elsewhere", 99)
        case Brand():
            return replace(value, name="Another Coalition")
    raise AssertionError(f"say how to change a {type(value).__name__}")


def edit(part: Part, name: str) -> tuple[str, Callable[[Campaign], Campaign]]:
    """The item to look at, and the change."""
    part = ELSEWHERE.get((part.of, name), part)

    def change(campaign: Campaign) -> Campaign:
        record = part.record(campaign)
        value = INSTEAD.get((part.of, name), UNSEEN.get((part.of, name)))
        value = other(getattr(record, name)) if value is None else value
        assert value != getattr(record, name)
        return part.put(campaign, replace(record, **{name: value}))

    return part.item, change


def of_item(rehearsal: Rehearsal, item: str) -> list[Message]:
    return [m for m in rehearsal.messages if m.item == item]


def blocked(ready: Ready, rehearsal: Rehearsal, message: Message) -> str:
    """What the real last check says over the real ledger, at the instant of sending."""
    deliveries = ready.site.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, SEASON))
    (delivery,) = [d for d in deliveries if (d.item, d.channel) == (message.item, message.channel)]
    standing = ready.site.ledger.deliveries.snapshot(delivery.id)
    assert standing is not None
    return in_words(check_before_send(message, standing, rehearsal, mode=Mode.LIVE, now=message.due_at).refused)


def are_blocked_and_shown(ready: Ready, rehearsal: Rehearsal, messages: list[Message]) -> None:
    assert messages
    for message in messages:
        assert "it changed after it was approved" in blocked(ready, rehearsal, message)
        marks = {piece.mark for part in difference(rehearsal, message) for piece in part.pieces}
        assert marks & {Mark.ADDED, Mark.REMOVED}, "the change is shown"


def ids(value: object) -> str:
    return value.of.__name__ if isinstance(value, Part) else str(value)


def test_unchanged_nothing_is_void(ready: Ready) -> None:
    """Else the tests below would prove nothing."""
    rehearsal = ready.unchanged
    for message in rehearsal.everything:
        assert "changed after" not in blocked(ready, rehearsal, message)
        assert () == difference(rehearsal, message)


@pytest.mark.parametrize(("part", "name"), REACHING, ids=ids)
def test_a_field_that_reaches_a_reader_blocks_what_it_is_in(ready: Ready, part: Part, name: str) -> None:
    """At least one message of the item; whichever of them changed is blocked, and no other one is."""
    item, change = edit(part, name)
    before = {m.channel: m.digest for m in of_item(ready.unchanged, item)}
    rehearsal = ready.rehearse(change)
    messages = of_item(rehearsal, item)
    are_blocked_and_shown(ready, rehearsal, [m for m in messages if m.digest != before[m.channel]])
    for message in messages:
        if message.digest == before[message.channel]:
            assert "changed after" not in blocked(ready, rehearsal, message)


def signed(rehearsal: Rehearsal) -> Rehearsal:
    """By somebody, as all records stand now."""
    campaign, today = rehearsal.plan.campaign, date(2030, 1, 1)
    records: list[tuple[str, Claim | Contact]] = [
        *(("claim", one) for one in campaign.claims.values()),
        *(("contact", one) for one in campaign.contacts.values()),
    ]
    made = (Signature(kind, one.id, one.record_hash(), "Ada", FACTS, today) for kind, one in records)
    return replace(rehearsal, signatures=Signatures(tuple(made)))


@pytest.mark.parametrize(("part", "name"), [(p, n) for p, n in FIELDS if (p.of, n) in BENEATH], ids=ids)
def test_a_field_of_a_record_that_is_printed_nowhere_voids_nothing_and_is_known(
    ready: Ready, part: Part, name: str
) -> None:
    """The same bytes go out; whoever approved them is told of it, once for all messages."""
    item, change = edit(part, name)
    rehearsal = ready.rehearse(change)
    for message in of_item(rehearsal, item):
        assert "changed after" not in blocked(ready, rehearsal, message)
    told = record_changes(signed(rehearsal), BEN)
    assert item in {m.item for one in told for m in one.messages}
    assert {"Nothing readers see changed."} == {one.sentence.rpartition(". ")[2] for one in told}


@pytest.mark.parametrize(("part", "name"), OTHERS, ids=ids)
def test_a_field_that_reaches_nobody_voids_nothing(ready: Ready, part: Part, name: str) -> None:
    """What stands in REACHES_NOBODY is true: the same bytes go out."""
    item, change = edit(part, name)
    before = {m.channel: m.digest for m in of_item(ready.unchanged, item)}
    assert before == {m.channel: m.digest for m in of_item(ready.rehearse(change), item)}


#: Of the organisation, what no mail has.
ARRANGED: dict[str, Any] = {"replies_read_by": "Another Reader", "automatic_answer": False}
#: A place reaches readers by its help lines alone, which are records: tests/unit/test_mail.py.
BY_RECORD = frozenset({"local"})


@pytest.mark.parametrize(
    "name", [f.name for f in dataclasses.fields(Organisation) if f.name not in {*ARRANGED, *BY_RECORD}]
)
def test_who_speaks_is_part_of_every_mail(ready: Ready, name: str) -> None:
    """The settings' organisation: name, postal address, sender, where answers go and when they are read."""
    changed: dict[str, Any] = {name: "other@safe-week.test"}
    organisation = replace(ready.settings.organisation, **changed)
    rehearsal = ready.rehearse(lambda campaign: campaign, replace(ready.settings, organisation=organisation))
    mails = [m for m in rehearsal.everything if isinstance(m.body, EmailBody)]
    are_blocked_and_shown(ready, rehearsal, mails)


def test_another_person_may_read_the_replies_without_new_approvals(ready: Ready) -> None:
    """Their name is no part of a mail, nor is the automatic answer."""
    organisation = replace(ready.settings.organisation, **ARRANGED)
    assert organisation != ready.settings.organisation
    before = [m.digest for m in ready.unchanged.everything]
    settings = replace(ready.settings, organisation=organisation)
    assert before == [m.digest for m in ready.rehearse(lambda campaign: campaign, settings).everything]


def test_a_discreet_subject_is_approved_where_it_is_printed(ready: Ready) -> None:
    """Switched on after the approval, or changed while it is on: either voids the mail."""
    channels = dict(ready.settings.channels)
    mail: ChannelSettings = channels["email"]
    channels["email"] = replace(mail, options={**mail.options, "discreet_subject": True})
    item, change = edit(_item(FIRST), "discreet_subject")
    rehearsal = ready.rehearse(change, replace(ready.settings, channels=channels))
    mails = [m for m in of_item(rehearsal, item) if isinstance(m.body, EmailBody)]
    are_blocked_and_shown(ready, rehearsal, mails)


def test_a_correction_of_ones_own_words_is_approved(ready: Ready) -> None:
    """They are printed corrected where the source is the organisation's own: a new correction voids what quotes them."""
    correction = Correction("look", "LOOK", "a misprint")

    def change(campaign: Campaign) -> Campaign:
        source = replace(campaign.sources["speech-2014"], own_words=True)
        campaign = replace(campaign, sources={**campaign.sources, source.id: source})
        passage = source.passage("S3")
        assert passage
        assert "look" in passage.text
        return _passage(campaign, replace(passage, corrections=(correction,)))

    rehearsal = ready.rehearse(change)
    are_blocked_and_shown(ready, rehearsal, of_item(rehearsal, QUOTES))


@pytest.mark.parametrize("file", ["post/base.txt", "email/base.html", "email/base.txt"])
def test_a_template_is_part_of_what_was_approved(ready: Ready, file: str) -> None:
    """One word more in a template, and every message that is made with it waits again."""
    path = ready.site.folder / "templates" / file
    kept = path.read_text(encoding="utf-8")
    try:
        path.write_text(kept.replace("{% block", "One word more. {% block", 1) + ("" if "{% block" in kept else "more"))
        rehearsal = ready.rehearse(lambda campaign: campaign)
    finally:
        path.write_text(kept, encoding="utf-8")
    channel = "x" if file.startswith("post/") else "email"
    (message,) = [m for m in of_item(rehearsal, FIRST) if m.channel == channel]
    are_blocked_and_shown(ready, rehearsal, [message])


def test_a_channel_that_is_added_has_no_approval(ready: Ready) -> None:
    """Nobody has said yes to it, whatever they said to the same words elsewhere."""
    channels = dict(ready.settings.channels)
    channels["second"] = replace(channels["x"], name="second")
    rehearsal = ready.rehearse(lambda campaign: campaign, replace(ready.settings, channels=channels))
    (message,) = [m for m in of_item(rehearsal, FIRST) if m.channel == "second"]
    assert ["nobody has approved it"] == [lack.words for lack in rehearsal.missing(message)]


def test_every_reason_is_about_a_field_that_is_there() -> None:
    """No reason outlives its field, and no field is both tried and excused."""
    there = {(part.of, name) for part, name in FIELDS}
    assert set(REACHES_NOBODY) <= there
    assert set(INSTEAD) <= there
    assert not set(INSTEAD) & set(REACHES_NOBODY)
