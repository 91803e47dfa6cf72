"""Seasons made straight from domain objects, for the tests of the checks. No file is read but the lint packs.

Import it as ``from tests.support.checks_factory import ...``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler.content.checks import check
from scheduler.domain.campaign import Campaign, ItemText
from scheduler.domain.claim import (
    Claim,
    ClaimSource,
    ClaimStatus,
    Contact,
    ContactStatus,
    Signature,
    Signatures,
)
from scheduler.domain.finding import Finding, Where
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.domain.quotation import Correction, Passage, Source
from scheduler.domain.via import Via
from scheduler.settings import ChannelSettings, Mode, Organisation, Secrets, Settings
from tests.support.factories import campaign as any_campaign
from tests.support.factories import item, season

LINT = Path(__file__).parents[2] / "config" / "lint"
START = date(2027, 1, 1)
TODAY = date(2026, 12, 28)
NOWHERE = Where("campaigns/test/claims.toml", 1)
ADDRESS = "4 Harbour Road, Northport"


def claim(id: str, status: str = "current", *, text: str = "", numbers: Iterable[str] = (), **more: Any) -> Claim:
    """A claim with a source that somebody has seen."""
    source = more.pop("source", None) or ClaimSource(
        "A Report",
        "Institute",
        "https://institute.test/r",
        "2026",
        date(2026, 11, 1),
        primary_seen=True,
        seen_by="A. Reader",
        seen_on=date(2026, 11, 2),
    )
    return Claim(
        id=id,
        text=text or f"the claim {id} holds",
        kind=more.pop("kind", "statistic"),
        status=ClaimStatus(status),
        source=source,
        where=NOWHERE,
        numbers=tuple(numbers),
        **more,
    )


def contact(id: str, value: str, status: str = "active", *, kind: str = "phone", **more: Any) -> Contact:
    """A help line that was verified on the day of the check."""
    more.setdefault("verified_on", TODAY)
    return Contact(
        id=id,
        kind=kind,
        value=value,
        label=more.pop("label", "The Line"),
        purpose="for those who need it",
        status=ContactStatus(status),
        where=Where("campaigns/test/contacts.toml", 1),
        **more,
    )


def source(id: str, text: str, *passages: dict[str, Any], own_words: bool = False, year: int = 2014) -> Source:
    """A stored source; each passage names its words, which are found in ``text``."""
    found = []
    for number, given in enumerate(passages, start=1):
        words = given["words"]
        found.append(
            Passage(
                id=given.get("id", f"P{number}"),
                start=text.index(words),
                end=text.index(words) + len(words),
                text=words,
                use=given.get("use", "evergreen"),
                quotable=given.get("quotable", True),
                where=Where("campaigns/test/sources.toml", number),
                reason=given.get("reason", ""),
                content_note=given.get("content_note", ""),
                question=given.get("question", ""),
                corrections=tuple(Correction(c[0], c[1], "misprint") for c in given.get("corrections", ())),
            )
        )
    return Source(
        id=id,
        title="A Speech",
        publisher="Northport",
        author="Mayor Ada Lowe",
        year=year,
        attribution=f"Mayor Ada Lowe, a speech, {year}",
        short_attribution=f"Ada Lowe, {year}",
        own_words=own_words,
        url="https://northport.test/speech",
        retrieved_on=TODAY,
        path="sources/speech.txt",
        sha256="0" * 64,
        text=text,
        passages=tuple(found),
        where=Where("campaigns/test/sources.toml", 1),
    )


def post(item_id: str, text: str, *, on: date = START, **more: Any) -> Message:
    """A post as the renderer would make it."""
    body = PostBody(
        text, len(text), 280, contains_url=more.pop("contains_url", False), alt_text=more.pop("alt_text", "")
    )
    return _message(item_id, "x", on, body, **more)


def email(item_id: str, text: str, *, on: date = START, markup: str | None = None, **more: Any) -> Message:
    """An email; its HTML says the same as its text unless ``markup`` is given. Both end with the postal address."""
    paragraphs = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    body = EmailBody(
        subject=more.pop("subject", f"The subject of {item_id}"),
        preheader=more.pop("preheader", f"Before {item_id}"),
        text=f"{text}\n\n{ADDRESS}\n",
        html=f"<html><head><title>t</title></head><body>{markup or paragraphs}<p>{ADDRESS}</p></body></html>",
        from_name="Coalition",
        from_address="news@coalition.test",
        reply_to="hello@coalition.test",
        list_id="list.test",
    )
    return _message(item_id, "email", on, body, **more)


def _message(item_id: str, channel: str, on: date, body: PostBody | EmailBody, **more: Any) -> Message:
    due_at = more.pop("due_at", datetime(on.year, on.month, on.day, 15, tzinfo=UTC))
    more.setdefault("kind", "fact")
    return Message(
        campaign="test",
        season=2027,
        item=item_id,
        channel=channel,
        on=on,
        due_at=due_at,
        expires_at=due_at + timedelta(hours=12),
        body=body,
        **more,
    )


def settings(**more: Any) -> Settings:
    """Settings without placeholders, in rehearsal."""
    given: dict[str, Any] = {
        "mode": Mode.REHEARSAL,
        "public_url": "https://news.coalition.test",
        "organisation": Organisation(
            "Coalition",
            ADDRESS,
            "Coalition",
            "news@coalition.test",
            "hello@coalition.test",
            "Robin",
            "daily",
            True,
            "Robin",
        ),
        "database_url": "sqlite:///var/observance.db",
        "channels": {
            "x": ChannelSettings("x", "x", True, "https://api.x.com", 20),
            "email": ChannelSettings("email", "sendgrid", True, "https://api.sendgrid.com", 20),
        },
        "root": LINT.parents[1],
        "secrets": Secrets({}),
    }
    return Settings(**{**given, **more})


def by_id(records: Iterable[Any]) -> dict[str, Any]:
    return {record.id: record for record in records}


def signed(campaign: Campaign, on: date = TODAY, *, but: Iterable[str] = ()) -> Signatures:
    """Two people have signed everything, one of them as expert; nobody has signed what is in ``but``."""
    return Signatures(
        tuple(
            Signature(subject, record.id, record.record_hash(), person, role, on, via=Via.LINK)
            for subject, records in (("claim", campaign.claims), ("contact", campaign.contacts))
            for record in records.values()
            if record.id not in but
            for person, role in (("Ada", "expert"), ("Ben", "fact"))
        )
    )


def a_campaign(
    items: Iterable[ItemText] = (),
    *,
    claims: Iterable[Claim] = (),
    contacts: Iterable[Contact] = (),
    sources: Iterable[Source] = (),
    **more: Any,
) -> Campaign:
    """A campaign of January 2027 that holds these records."""
    texts = tuple(items) or (item("one"),)
    more.setdefault("publishers", {"Institute": ("institute.test",), "Northport": ("northport.test",)})
    return any_campaign(
        items=texts,
        claims=by_id(claims),
        contacts=by_id(contacts),
        sources=by_id(sources),
        pool=tuple(t.id for t in texts),
        **more,
    )


def findings(
    campaign: Campaign, *messages: Message, signatures: Signatures | None = None, today: date = TODAY, **more: Any
) -> list[Finding]:
    """What the checks say of these messages; each of their items is planned on the message's day."""
    on = {m.item: m.on for m in messages}
    planned = tuple(
        PlannedItem((on.get(i, START) - START).days + 1, on.get(i, START), campaign.items[i], None, 1)
        for i in dict.fromkeys([*(m.item for m in messages), *campaign.pool.items])
    )
    plan = Plan(campaign, season(campaign, 2027), "National Test Month", planned)
    besides = {name: more.pop(name) for name in ("neighbors", "questions") if name in more}
    marks = signed(campaign) if signatures is None else signatures
    rules = more.pop("lint_dir", LINT)
    of = more.pop("settings", None) or settings(**more)
    return check(plan, messages, of, marks, rules, today=today, **besides)


def codes(campaign: Campaign, *messages: Message, **more: Any) -> list[str]:
    """The codes of :func:`findings`, in reading order."""
    return [f.code for f in findings(campaign, *messages, **more)]


__all__ = [
    "ADDRESS",
    "LINT",
    "START",
    "TODAY",
    "a_campaign",
    "claim",
    "codes",
    "contact",
    "email",
    "findings",
    "item",
    "post",
    "replace",
    "settings",
    "signed",
    "source",
]
