"""A whole season made straight from domain objects, for tests of what a dry run writes.

Import it as ``from tests.support.rehearsal_factory import ...``.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.approval import Approval, Approvals, Cost
from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Campaign, Hashtag, ItemText, Kind, Season
from scheduler.domain.claim import Claim, ClaimSource, ClaimStatus, Contact, ContactStatus, Signature, Signatures
from scheduler.domain.finding import Finding, Severity, Where, in_reading_order
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import Request
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.domain.question import Question, Questions
from scheduler.domain.quotation import Passage, Source
from scheduler.domain.rehearsal import Rehearsal
from tests.support.factories import campaign, item, line
from tests.support.two_people import ALONE

MADE_AT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
PROCLAMATION = "Preamble. Slavery tears at our social fabric, fuels violence and organized crime. Signed by hand."
WORDS = "Slavery tears at our social fabric, fuels violence and organized crime."
SPECIALS = {1: "Emancipation Proclamation", 11: "Awareness Day", 18: "Martin Luther King Jr. Day", 32: "Freedom Day"}

KINDS = (Kind.FACT, Kind.QUOTATION, Kind.ACTION, Kind.THEN_NOW, Kind.HELP, Kind.MYTH_CORRECTED, Kind.REST)
MAIL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>:root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{.page,.card{{background-color:#12171e!important;color:#e8edf3!important}}}}
@media (max-width:480px){{.card{{padding:16px!important}}}}</style></head>
<body class="page" style="margin:0;background-color:#eaf1fb">
<table role="presentation" width="100%"><tr><td align="center"><table role="presentation" style="width:100%;max-width:600px">
<tr><td style="background-color:#1f4e8c;color:#ffffff;padding:16px">Prevention Month. Day {number} of 32</td></tr>
<tr><td class="card" style="background-color:#ffffff;padding:24px"><h1 style="margin:0 0 16px">{title}</h1>
<p>{words}</p><p><a href="https://humantraffickinghotline.org/en/get-help">Read more</a></p>
<p style="font-size:28px">1-888-373-7888</p></td></tr>
<tr><td>You get this because you asked for it. <a href="%unsubscribe_url%">Leave</a></td></tr></table></td></tr></table></body></html>
"""


def claim(id: str = "forced-labour-2021", **more: Any) -> Claim:
    given: dict[str, Any] = {
        "id": id,
        "text": "27.6 million people were in forced labour on any given day in 2021",
        "kind": "statistic",
        "status": ClaimStatus.ESTIMATE,
        "caveat": "ILO estimate for 2021",
        "period": "2021",
        "source": ClaimSource(
            "Global Estimates of Modern Slavery",
            "ILO, Walk Free and IOM",
            "https://www.ilo.org/x",
            "2022-09",
            date(2026, 11, 24),
            "p. 2",
        ),
        "where": Where("campaigns/test/claims.toml", 3),
    }
    return Claim(**{**given, **more})


def contact(id: str = "hotline-phone", **more: Any) -> Contact:
    given: dict[str, Any] = {
        "id": id,
        "kind": "phone",
        "value": "1-888-373-7888",
        "label": "National Human Trafficking Hotline",
        "purpose": "for people who need help, and for those who know of somebody who does",
        "status": ContactStatus.ACTIVE,
        "where": Where("campaigns/test/contacts.toml", 3),
        "hours": "24 hours a day, every day",
        "verified_on": date(2026, 7, 13),
        "href": "tel:+18883737888",
        "primary_source_url": "https://humantraffickinghotline.org/en/get-help",
    }
    return Contact(**{**given, **more})


def source() -> Source:
    where = Where("campaigns/test/sources.toml", 1)
    start = PROCLAMATION.index("Slavery")
    passage = Passage("P1.2", start, start + len(WORDS), WORDS, "evergreen", True, where)
    return Source(
        "proclamation-2014",
        "Proclamation",
        "The White House",
        "President Barack Obama",
        2014,
        "President Barack Obama, proclamation, 2014",
        "Presidential proclamation, 2014",
        False,
        "https://obamawhitehouse.archives.gov/x",
        date(2026, 11, 24),
        "campaigns/test/sources/p.txt",
        "0" * 64,
        PROCLAMATION,
        (passage,),
        where,
    )


def texts_of_days(title: str = "") -> list[ItemText]:
    return [
        item(
            f"item-{n:02}",
            KINDS[n % len(KINDS)],
            "both",
            title=title or f"What day {n} is about",
            content_note="child sexual exploitation" if n == 15 else "",
            where=Where(f"campaigns/test/items/item-{n:02}.md", 1),
        )
        for n in range(1, 33)
    ]


def post(text: str, **more: Any) -> PostBody:
    return PostBody(**{"text": text, "characters": len(text), "limit": 280, "contains_url": False, **more})


def mail(title: str, words: str, number: int = 1, **more: Any) -> EmailBody:
    given: dict[str, Any] = {
        "subject": title,
        "preheader": "Today's message from the coalition",
        "text": f"{title}\n\n{words}\n\n1-888-373-7888\n\nLeave: %unsubscribe_url%\n",
        "html": MAIL.format(title=html.escape(title), words=html.escape(words), number=number),
        "from_name": "Example Coalition",
        "from_address": "news@coalition.example",
        "reply_to": "answers@coalition.example",
        "list_id": "<month.coalition.example>",
    }
    return EmailBody(**{**given, **more})


def message(planned: PlannedItem, channel: str, body: PostBody | EmailBody, **more: Any) -> Message:
    due_at = datetime.combine(planned.on, time(10), ZONE).astimezone(UTC)
    given: dict[str, Any] = {
        "campaign": "test",
        "season": 2027,
        "item": planned.item.id,
        "channel": channel,
        "kind": planned.item.kind.value,
        "on": planned.on,
        "due_at": due_at,
        "expires_at": due_at + timedelta(hours=14),
        "body": body,
        "claims": ("forced-labour-2021",),
        "quotations": ("proclamation-2014#P1.2",) if planned.item.kind is Kind.QUOTATION else (),
        "contacts": ("hotline-phone",),
        "links": ("https://humantraffickinghotline.org/en/get-help",),
    }
    return Message(**{**given, **more})


def month(**more: Any) -> Rehearsal:
    """January 2027: 32 items, a post and an email each; one item is held back on day 28."""
    texts = texts_of_days()
    held = item("georgia", Kind.THEN_NOW, title="Who leads in Georgia, then and now")
    ready = replace(texts[27], id="work-nearby", title="Work near you")
    texts[27] = ready
    days = [
        line(n, texts[n - 1].id, special=SPECIALS.get(n, ""), fixed=n in (11, 32), quiet=n == 18) for n in range(1, 33)
    ]
    days[27] = replace(
        days[27], item="georgia", substitute=ready.id, blocked_until="a reviewer in Georgia says who leads today"
    )
    of: Campaign = campaign(
        calendar=days,
        items=[*texts, held],
        claims={
            "forced-labour-2021": claim(),
            "debunked": claim("debunked", status=ClaimStatus.DEBUNKED, status_reason="invented"),
        },
        contacts={
            "hotline-phone": contact(),
            "old-line": contact("old-line", status=ContactStatus.SUPERSEDED, superseded_by="hotline-phone"),
        },
        sources={"proclamation-2014": source()},
        hashtags={
            "EndTrafficking": Hashtag("EndTrafficking", "active", Where("campaigns/test/hashtags.toml", 1)),
            "FreedomDay": Hashtag(
                "FreedomDay",
                "avoid",
                Where("campaigns/test/hashtags.toml", 5),
                reason="used for other days",
                replaced_by="NationalFreedomDay",
            ),
        },
        themes={"1": "What it is", "2": "See and say, safely"},
        cover_note="Figures were researched in November 2026.",
    )
    season = Season(2027, date(2027, 1, 1), date(2027, 2, 1))
    items = tuple(
        PlannedItem(
            n,
            season.start_on + timedelta(days=n - 1),
            texts[n - 1],
            days[n - 1],
            (n - 1) // 7 + 1,
            held_back=held if n == 28 else None,
            substitute=ready if n == 28 else None,
        )
        for n in range(1, 33)
    )
    plan = Plan(of, season, "National Slavery and Human Trafficking Prevention Month", items)
    messages = tuple(m for p in items for m in both(p))
    beside = replace(items[27], item=held)
    findings = [
        Finding(
            "N001",
            Severity.RED,
            "the claim forced-labour-2021 is not signed",
            Where("campaigns/test/claims.toml", 3),
            "read the source and sign it",
            "item-04",
        ),
        Finding(
            "N010",
            Severity.AMBER,
            "“modern-day slavery” stands in our own voice",
            Where("campaigns/test/items/item-02.md", 12),
            "say human trafficking or forced labour",
            "item-02",
            "x",
        ),
        Finding(
            "N020",
            Severity.AMBER,
            "the contact hotline-phone was verified 134 days ago",
            Where("campaigns/test/contacts.toml", 3),
            "verify it and write the date",
        ),
        Finding(
            "N020",
            Severity.AMBER,
            "the contact hotline-text was verified 134 days ago",
            Where("campaigns/test/contacts.toml", 20),
            "verify it and write the date",
        ),
        Finding(
            "N106",
            Severity.INFO,
            "the post carries a link",
            Where("campaigns/test/items/item-03.md", 1),
            "",
            "item-03",
            "x",
        ),
    ]
    record = of.claims["forced-labour-2021"].record_hash()
    approved = messages[0]
    given: dict[str, Any] = {
        "plan": plan,
        "messages": messages,
        "findings": tuple(in_reading_order(findings)),
        "mode": "rehearsal",
        "signatures": Signatures(
            (Signature("claim", "forced-labour-2021", record, "A. Reader", "fact reviewer", date(2026, 12, 1)),)
        ),
        "approvals": Approvals(
            (
                Approval(
                    "test", 2027, approved.item, approved.channel, approved.digest, "B. Chair", "coordinator", MADE_AT
                ),
                Approval("test", 2027, "item-03", "x", "0" * 64, "B. Chair", "coordinator", MADE_AT),
            )
        ),
        "costs": (
            Cost(
                "x",
                32,
                4,
                1.22,
                "4 of 32 posts carry a link.",
                {"28 without a link at $0.015": 0.42, "4 with a link at $0.200": 0.8},
            ),
        ),
        "substitutes": both(beside),
        "organisation": "Example Coalition",
        "policy": ALONE,
    }
    return Rehearsal(**{**given, **more})


def with_digests(first_day: int = 1) -> Rehearsal:
    """The month with digests on the 4th and the 11th; the first holds the days from ``first_day`` on."""
    rehearsal = month()
    mails = [m for m in rehearsal.messages if m.channel == "email"]
    digests = []
    for begin, end in ((first_day - 1, 4), (4, 11)):
        last, parts = mails[end - 1], tuple((m.item, m.due_at) for m in mails[begin:end])
        audience = Audience(frozenset({Cadence.DIGEST}), parts)
        digests.append(replace(last, item=f"digest-{last.on}", kind="digest", audience=audience))
    return replace(rehearsal, digests=tuple(digests))


def both(planned: PlannedItem) -> tuple[Message, Message]:
    words = (
        WORDS
        if planned.item.kind is Kind.QUOTATION
        else "27.6 million people were in forced labour on any given day in 2021 (ILO estimate for 2021)."
    )
    text = f"{words}\n\nHelp 24/7: 1-888-373-7888 / text 233733\nhumantraffickinghotline.org #EndTrafficking"
    return (
        message(planned, "email", mail(planned.item.title, words, planned.day_number)),
        message(planned, "x", post(text, contains_url=True)),
    )


def request(message: Message) -> Request:
    body: Mapping[str, object] = {"text": message.body.text}
    return Request("POST", "/2/tweets" if isinstance(message.body, PostBody) else "/v3/mail/send", body)


def eml(message: Message) -> bytes:
    return f"Subject: {message.item}\r\n\r\n{message.body.text}".encode()


def asking(rehearsal: Rehearsal, claim_id: str) -> Rehearsal:
    """The same, where the author of the fifth day and of a claim left a question open."""
    day, before = rehearsal.plan.items[4].item.id, rehearsal.plan.campaign
    items = {**before.items, **{p.item.id: p.item for p in rehearsal.plan.items}}
    items[day] = replace(items[day], needs_decision="Who reads it first?")
    claims = {**before.claims, claim_id: replace(before.claims[claim_id], needs_decision="Is there a newer one?")}
    planned = tuple(replace(p, item=items[p.item.id]) for p in rehearsal.plan.items)
    plan = replace(rehearsal.plan, campaign=replace(before, items=items, claims=claims), items=planned)
    return replace(rehearsal, plan=plan)


def answered(rehearsal: Rehearsal) -> Rehearsal:
    """The same, where Ada has said yes to whatever is asked, on MADE_AT's day."""
    made = tuple(
        Question("test", 2027, a.subject, a.subject_id, a.text, MADE_AT, "Yes.", "Ada", answered_at=MADE_AT)
        for a in rehearsal.plan.campaign.questions(2027)
    )
    return replace(rehearsal, questions=Questions(made))
