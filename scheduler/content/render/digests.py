"""The digest: one mail with the stories of several days, cut from the mails of those days as they were made.

A story is not written or checked anew, so a digest says nothing that the mail of the day did not say. It is made so
that whole days can be cut off its beginning for a reader who had them one by one (``from_item`` in domain/message.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, chain

from ...channels.registry import spec_of
from ...domain.archive_link import archive_url
from ...domain.audience import Audience
from ...domain.cadence import Cadence, DigestSpan, digest_spans
from ...domain.campaign import DigestRule, ItemText, Kind
from ...domain.message import EmailBody, Message
from ...domain.planned_item import Plan, PlannedItem
from ...settings import ChannelSettings, Settings
from .emails import NOTHING_BESIDE, filled, finished, head
from .season_renderer import SeasonRenderer, Unusable, mail_is_to_come
from .template_functions import ItemRecords
from .template_values import Day, DigestDayView, Rendered

#: The kind that a digest's message has. No item has it.
DIGEST = "digest"

#: Not one of the characters at which ``splitlines`` cuts.
_MARK = re.compile("\x11([0-9]+)\x11\n?")
_HEADLINE = re.compile(r"<(/?)h1\b")


def make_digests(
    bench: SeasonRenderer, channels: Sequence[ChannelSettings], messages: Iterable[Message]
) -> tuple[Message, ...]:
    """The digests of a season, by date and channel. One whose days could not all be made is left out; why, is among
    the findings."""
    rule = bench.campaign.digest
    if rule is None:
        return ()
    made = {(m.item, m.channel): m for m in messages}
    digests = (
        _digest(bench, rule, span, channel, made)
        for span in digest_spans(bench.plan)
        for channel in channels
        if spec_of(channel).kind == "email"
    )
    return tuple(digest for digest in digests if digest is not None)


def _digest(
    bench: SeasonRenderer,
    rule: DigestRule,
    span: DigestSpan,
    channel: ChannelSettings,
    made: Mapping[tuple[str, str], Message],
) -> Message | None:
    items = [p for p in span.items if bench.goes_to(p, channel)]
    mails = {p.item.id: made[p.item.id, channel.name] for p in items if (p.item.id, channel.name) in made}
    if not items or len(mails) < len(items):
        return None
    items.sort(key=lambda p: mails[p.item.id].due_at)  # two of one day stand in the order in which they went
    stories = [bench.stories[p.item.id, channel.name] for p in items if (p.item.id, channel.name) in bench.stories]
    if len(stories) < len(items):
        bench.find(
            "R023", "the frame of the mails does not mark their story", None, None, bench.place("email/base.html")
        )
        return None
    text = digest_text(rule, f"digest-{span.on}", _each(p.item.contacts for p in items))
    number = (span.on - bench.plan.season.start_on) // timedelta(days=1) + 1
    planned = PlannedItem(number, span.on, text, None, (number - 1) // 7 + 1)  # as if it were an item of its day
    told = [mails[p.item.id] for p in items]
    parts = tuple((m.item, m.due_at) for m in told)
    when = bench.when_of(planned, channel, Audience(frozenset({Cadence.DIGEST}), parts))
    if when is None:
        return None
    try:
        body, links = _body(bench, planned, channel, items, stories)
    except Unusable:
        return None
    return Message(
        campaign=bench.campaign.id,
        season=bench.plan.season.year,
        item=planned.item.id,
        channel=channel.name,
        kind=DIGEST,
        on=span.on,
        due_at=max(when.due_at, told[-1].due_at),  # not before the last of its items
        expires_at=when.expires_at,
        body=body,
        claims=_each(m.claims for m in told),
        quotations=_each(m.quotations for m in told),
        contacts=_each((*(m.contacts for m in told), bench.campaign.block)),
        links=links,
        rests_on=dict(sorted(chain.from_iterable(m.rests_on.items() for m in told))),
        audience=when.audience,
    )


def digest_is_to_come(plan: Plan, settings: Settings, span: DigestSpan, now: datetime) -> bool:
    """Whether a digest is not due yet; it is not before the last of its items."""
    if plan.campaign.digest is None:
        return False
    as_item = replace(span.items[-1], on=span.on, item=digest_text(plan.campaign.digest, ""), day=None, number=1)
    return any(mail_is_to_come(plan, settings, planned, now) for planned in (as_item, span.items[-1]))


def digest_text(rule: DigestRule, digest_id: str, contacts: tuple[str, ...] = ()) -> ItemText:
    """The words that a digest brings itself, as an item would."""
    return ItemText(
        id=digest_id,
        kind=Kind.REST,
        title=rule.title,
        subject=rule.subject,
        preheader=rule.preheader,
        post="",
        email="",
        where=rule.where,
        discreet_subject=rule.discreet_subject,
        contacts=contacts,
    )


def _body(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings,
    told: Sequence[PlannedItem],
    stories: Sequence[Rendered],
) -> tuple[EmailBody, tuple[str, ...]]:
    from markupsafe import Markup

    heading = head(bench, planned, channel)
    shared = bench.context(planned, ItemRecords(bench.library, planned.item, bench.campaign.block))
    context = {
        **shared,
        "item": replace(shared["item"], kind=DIGEST),
        "subject": heading["subject"],
        "archive_url": archive_url(bench.settings.public_url, bench.campaign.slug, planned.on, digest=True),
        "body": "",
        **NOTHING_BESIDE,
    }

    def days(parts: Iterable[str]) -> tuple[DigestDayView, ...]:
        return tuple(
            DigestDayView(Day.of(p.on, bench.campaign.language), p.item.title, part, f"\x11{n}\x11")
            for n, (p, part) in enumerate(zip(told, parts, strict=True))
        )

    # Each was printed with every word escaped; its headline is one of several here.
    as_html = days(Markup(_HEADLINE.sub(r"<\1h2", story.html)) for story in stories)  # noqa: S704
    as_text = days(story.text for story in stories)
    html, text, _ = filled(bench, "email/digest", context, channel, {"digest": as_html}, {"digest": as_text})
    html, in_html = _without_marks(html)
    text, in_text = _without_marks(text)
    items = [p.item.id for p in told]
    if len(in_html) != len(items) or len(in_text) != len(items):
        bench.find(
            "R023", "the digest does not mark where each day begins", None, None, bench.place("email/digest.html")
        )
        raise Unusable
    return finished(bench, html, text, planned, channel, heading, tuple(zip(items, in_html, in_text, strict=True)))


def _without_marks(printed: str) -> tuple[str, list[int]]:
    """The text without the marks of the days, and where they stood, in order."""
    pieces = _MARK.split(printed)[::2]
    return "".join(pieces), list(accumulate(map(len, pieces[:-1])))


def _each(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))
