"""A small campaign of plain objects for tests of the rendering, and the shipped templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from scheduler.content.render.messages import RenderResult, render
from scheduler.domain.campaign import (
    CalendarDay,
    Campaign,
    Hashtag,
    ItemText,
    Kind,
    Lateness,
    PoolRules,
    Season,
    TitleForYears,
)
from scheduler.domain.claim import Claim, ClaimSource, ClaimStatus, Contact, ContactStatus, Contest
from scheduler.domain.dates import DateRule, RuleKind
from scheduler.domain.finding import Where
from scheduler.domain.message import Message
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.domain.quotation import Correction, Passage, Source
from scheduler.settings import ChannelSettings, Mode, Organisation, Secrets, Settings

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
START = date(2027, 1, 1)
SEASON = Season(2027, START, date(2027, 2, 1))


def claim(claim_id: str = "forced-labour", **changes: Any) -> Claim:
    base = Claim(
        id=claim_id,
        text="27.6 million people were in forced labour on any given day in 2021",
        kind="statistic",
        status=ClaimStatus.ESTIMATE,
        source=ClaimSource(
            title="Global Estimates of Modern Slavery",
            publisher="ILO, Walk Free and IOM",
            url="https://www.ilo.org/estimates?y=2021&v=2",
            dated="2022-09",
            retrieved_on=date(2026, 11, 24),
        ),
        where=Where("campaigns/test/claims.toml", 3),
        measure="people in forced labour",
        place="worldwide",
        period="2021",
        numbers=("27.6 million",),
        caveat="ILO estimate for 2021",
    )
    return replace(base, **changes)


def contact(contact_id: str, kind: str, value: str, **changes: Any) -> Contact:
    base = Contact(
        id=contact_id,
        kind=kind,
        value=value,
        label=f"Line {contact_id}",
        purpose=f"what {contact_id} is for",
        status=ContactStatus.ACTIVE,
        where=Where("campaigns/test/contacts.toml", 3),
    )
    return replace(base, **changes)


def source(source_id: str, text: str, passages: Mapping[str, Any], **changes: Any) -> Source:
    where = Where("campaigns/test/sources.toml", 3)
    made = [
        Passage(id=i, start=0, end=len(p), text=p, use="evergreen", quotable=True, where=where)
        if isinstance(p, str)
        else p
        for i, p in passages.items()
    ]
    base = Source(
        id=source_id,
        title="A proclamation",
        publisher="The White House",
        author="President Barack Obama",
        year=2014,
        attribution="President Barack Obama, proclamation of December 2013, 2014",
        short_attribution="Presidential proclamation, 2014",
        own_words=False,
        url="https://example.gov/proclamation",
        retrieved_on=date(2026, 11, 24),
        path="campaigns/test/sources/p.txt",
        sha256="ab" * 32,
        text=text,
        passages=tuple(made),
        where=where,
    )
    return replace(base, **changes)


def passage(passage_id: str, text: str, **changes: Any) -> Passage:
    where = Where("campaigns/test/sources.toml", 9)
    return replace(Passage(passage_id, 0, len(text), text, "faq", True, where), **changes)


CLAIMS = {
    c.id: c
    for c in (
        claim(),
        claim(
            "old-number",
            text="27 million people are enslaved",
            status=ClaimStatus.OUTDATED,
            numbers=("27 million",),
            source_ref="page#F4",
            period="2014",
            caveat="",
        ),
        claim(
            "made-up",
            text="Criminals profit 9.8 billion dollars",
            status=ClaimStatus.DEBUNKED,
            status_reason="no report has this figure",
            numbers=("9.8 billion",),
            contested_by=(Contest("https://example.com/fact-check", "2015-06", "the report never gave a figure"),),
        ),
        claim("unlisted"),
        claim(
            "law",
            kind="definition",
            text="Trafficking needs force, fraud or coercion",
            numbers=(),
            caveat="",
            period="",
        ),
    )
}
CONTACTS = {
    c.id: c
    for c in (
        contact(
            "hotline-phone",
            "phone",
            "1-888-373-7888",
            label="National Hotline",
            hours="24 hours a day",
            href="tel:+18883737888",
            operator="An Operator Never Printed",
        ),
        contact("hotline-text", "text", "233733", href="sms:233733"),
        contact("relay", "tty", "711"),
        contact("emergency", "emergency", "911", label="Emergency services"),
        contact("tipline", "web", "https://report.example.org"),
        contact("other", "phone", "1-800-000-0000"),
    )
}
SOURCES = {
    s.id: s
    for s in (
        source(
            "proclamation", "", {"P1": "Slavery tears at our social fabric \u2014 and debases our common humanity."}
        ),
        source(
            "page",
            "",
            {
                "F4": passage(
                    "F4",
                    "27 Million people are currrently\nenslaved.",
                    question="How many people?",
                    corrections=(Correction("currrently", "currently", "misprint"),),
                )
            },
            own_words=True,
            attribution="Our page, 2014",
            short_attribution="Our page, 2014",
            url="",
        ),
    )
}


def item(item_id: str = "one", **changes: Any) -> ItemText:
    base = ItemText(
        id=item_id,
        kind=Kind.FACT,
        title="Forced labour is near",
        subject="Day by day: forced labour",
        preheader="Two minutes to read.",
        post="About {{ number('forced-labour') }} people ({{ claim('forced-labour').caveat }}).",
        email="About **{{ number('forced-labour') }}** people.\n\n## More\n\n- a\n- b",
        where=Where(f"campaigns/test/items/{item_id}.md", 1),
        post_line=20,
        email_line=30,
        claims=("forced-labour",),
        hashtags=("EndTrafficking",),
    )
    return replace(base, **changes)


def campaign(items: tuple[ItemText, ...], **changes: Any) -> Campaign:
    rule = DateRule(RuleKind.FIXED, month=1, day=1)
    base = Campaign(
        id="test",
        name="Prevention Month",
        time_zone="America/New_York",
        language="en",
        start=rule,
        end=DateRule(RuleKind.FIXED, month=2, day=1),
        titles=(TitleForYears(2024, 2030, "National Prevention Month"),),
        slots={"default": time(10, 0)},
        grace=Lateness(),
        block=("hotline-phone", "hotline-text", "relay", "emergency"),
        post_tail="Help 24/7: {{ contact('hotline-phone').value }} / text {{ contact('hotline-text').value }}",
        calendar=(),
        pool=PoolRules(),
        items={i.id: i for i in items},
        claims=CLAIMS,
        contacts=CONTACTS,
        sources=SOURCES,
        hashtags={"EndTrafficking": Hashtag("EndTrafficking", "active", Where("campaigns/test/hashtags.toml", 1))},
        lint_packs=(),
        where=Where("campaigns/test/campaign.toml", 1),
    )
    return replace(base, **changes)


def plan(*items: ItemText, special: str = "", **changes: Any) -> Plan:
    """The items on the first days of January 2027, one a day."""
    made = campaign(items, **changes)
    day = CalendarDay(made.start, "", made.where, special=special) if special else None
    planned = tuple(PlannedItem(n, START + timedelta(days=n - 1), one, day, 1) for n, one in enumerate(items, 1))
    return Plan(made, SEASON, "National Prevention Month", planned)


def settings(**changes: Any) -> Settings:
    channels = {
        "x": ChannelSettings("x", "x", True, "", 10),
        "email": ChannelSettings("email", "smtp", True, "", 10),
        "off": ChannelSettings("off", "x", False, "", 10),
    }
    base = Settings(
        mode=Mode.REHEARSAL,
        public_url="https://news.example.org/",
        organisation=Organisation(
            "Example Coalition",
            "1 Main Street\nSpringfield, GA 30000",
            "Example",
            "news@example.org",
            "reply@example.org",
            signed_by="Robin Example",
            signed_as="program director",
        ),
        database_url="sqlite:///x.db",
        channels=channels,
        root=Path("."),
        secrets=Secrets({}),
    )
    return replace(base, **changes)


def rendered(*items: ItemText, templates: Path = TEMPLATES, **changes: Any) -> RenderResult:
    return render(plan(*items, **changes), settings(), templates)


def one(result: RenderResult, channel: str) -> Message:
    """The only message for that channel; fails with the findings when there is none."""
    found = [m for m in result.messages if m.channel == channel]
    assert len(found) == 1, [str(f) for f in result.findings]
    return found[0]
