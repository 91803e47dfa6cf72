"""From planned items to messages: the item's own text first, then the template of its kind.

Two stages, each in a sandbox that comes to an end whatever the file says. What fails takes its own message away, with
a red finding that names file and line; all others are made. Nothing of the present time goes in, so the same files
give the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

from ...channels.registry import card_size, spec_of
from ...domain.campaign import ItemText
from ...domain.finding import Finding
from ...domain.message import EmailBody, Message, PostBody
from ...domain.neighbor import Occasion, instant
from ...domain.planned_item import Plan, PlannedItem
from ...light_dataclass import dataclass
from ...settings import ChannelSettings, Settings
from .card_labels import labels_of
from .cards import picture_of
from .digests import make_digests
from .emails import make_email, tidy
from .kept_messages import KeptMessages
from .season_renderer import SeasonRenderer, Unusable, goes_to, line_of
from .template_functions import ItemRecords
from .template_values import QuotationView, RecordText, TemplateProblem


@dataclass(frozen=True)
class RenderResult:
    """The messages that could be made, by date and channel, and what was found.

    ``Message.findings`` stays empty: all findings are here, each with its item and channel.
    """

    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
    digests: tuple[Message, ...] = ()  # by date and channel
    frames: tuple[Message, ...] = ()  # what stands around the pieces of the digests, by channel
    beside: tuple[Message, ...] = ()  # of items held back, and of substitutes that wait: for reviewers


def render(
    plan: Plan,
    settings: Settings,
    templates: Path,
    *,
    items: Sequence[PlannedItem] | None = None,
    progress: Callable[[int, int], None] | None = None,
    renderer: Callable[[], SeasonRenderer] | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> RenderResult:
    """Make every message of the plan and what stands beside it, or of ``items``, for each channel that is enabled.

    ``templates``: the folder with ``post/KIND.txt``, ``email/KIND.html`` and ``email/KIND.txt``. ``progress`` is told
    (done, of) after each item. ``renderer``: one of this plan, where others use it, too. ``meanwhile``: what else has
    to be done, while a second process makes some of them.
    """
    planned, others = (plan.items, _beside(plan)) if items is None else (items, ())
    channels = sorted((c for c in settings.channels.values() if c.enabled), key=lambda c: c.name)
    bench = renderer().afresh() if renderer is not None else SeasonRenderer(plan, settings, templates)
    kept = KeptMessages(bench)
    told = (progress,) if progress is not None else ()
    every, number = (*planned, *others), len(others)
    both = kept.of_items(every, lambda one: _messages(bench, one, channels), *told, beside=number, meanwhile=meanwhile)
    messages, beside = (sorted(some, key=lambda m: (m.on, m.channel, m.item)) for some in both)
    digests, frames = make_digests(bench, kept, channels, messages) if items is None else ((), ())
    return RenderResult(tuple(messages), tuple(dict.fromkeys(bench.findings)), digests, frames, tuple(beside))


def _messages(bench: SeasonRenderer, planned: PlannedItem, channels: Sequence[ChannelSettings]) -> list[Message]:
    made = (_message(bench, planned, channel) for channel in channels if bench.goes_to(planned, channel))
    return [message for message in made if message is not None]


def _beside(plan: Plan) -> list[PlannedItem]:
    return [
        replace(planned, item=other, held_back=None, substitute=None)
        for planned in plan.items
        for other in (planned.held_back, planned.substitute)
        if other is not None and other.id != planned.item.id
    ]


def spares_of(plan: Plan, settings: Settings) -> tuple[PlannedItem, ...]:
    """The items that no day has, each as if it had a day that all of its channels have."""
    there = {item.id for p in plan.items for item in (p.item, p.held_back) if item is not None}
    channels = [c for c in settings.channels.values() if c.enabled]
    first = plan.season.start_on

    def on_a_free_day(item: ItemText) -> PlannedItem:
        days = (PlannedItem(n + 1, first + timedelta(days=n), item, None, n // 7 + 1) for n in range(plan.season.days))
        return max(days, key=lambda day: sum(goes_to(day, c, plan.campaign.rhythm) for c in channels))

    return tuple(on_a_free_day(item) for item in plan.campaign.items.values() if item.id not in there)


def occasions(plan: Plan, settings: Settings, templates: Path, items: Sequence[PlannedItem]) -> tuple[Occasion, ...]:
    """When each of these items goes out on each channel, and the words of its posts: what another campaign has to know.
    Mails are not made."""
    bench, found = SeasonRenderer(plan, settings, templates), []
    for planned in items:
        for channel in (c for c in settings.channels.values() if c.enabled and bench.goes_to(planned, c)):
            is_email = spec_of(channel).kind == "email"
            message = None if is_email else _message(bench, planned, channel)
            when = bench.when_of(planned, channel) if is_email else message
            if when is not None:
                text = message.body.text if message is not None and isinstance(message.body, PostBody) else ""
                at = instant(planned.on, when.due_at, when.audience)
                place = line_of(_as_posted(planned, channel).item, "post", 1) if text else planned.item.where
                found.append(Occasion(planned.item.id, place, channel.name, is_email, planned.on, at, text))
    return tuple(found)


def _as_posted(planned: PlannedItem, channel: ChannelSettings) -> PlannedItem:
    """With the post that the item has for the channel's network."""
    rules = spec_of(channel).post
    return planned if rules is None else replace(planned, item=planned.item.with_post_of(rules.section))


def _message(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings) -> Message | None:
    """The message, or None; then a red finding says why."""
    planned = _as_posted(planned, channel)
    when = bench.when_of(planned, channel)
    if when is None:
        return None
    records = ItemRecords(bench.library, planned.item, bench.campaign.block)
    make = make_email if spec_of(channel).kind == "email" else _make_post
    body: PostBody | EmailBody
    bench.begin()
    try:
        body, links = make(bench, planned, channel, records)
        bench.refuse_halves((getattr(body, f.name) for f in fields(body) if f.type == "str"), planned, channel)
    except TemplateProblem as problem:
        bench.report(problem, planned.item.where, planned, channel)
        return None
    except Unusable:
        return None
    used = records.used
    return Message(
        campaign=bench.campaign.id,
        season=bench.plan.season.year,
        item=planned.item.id,
        channel=channel.name,
        kind=planned.item.kind.value,
        on=planned.on,
        due_at=when.due_at,
        expires_at=when.expires_at,
        body=body,
        claims=tuple(used.claims),
        quotations=tuple(used.quotations),
        contacts=tuple(used.contacts),
        links=links,
        rests_on=bench.library.hashes(used),
        audience=when.audience,
        number=bench.mail_number(planned) if isinstance(body, EmailBody) else 1,
        printed=bench.printed(),
    )


def _without_a_year(records: ItemRecords, body: str) -> tuple[QuotationView, ...]:
    """What the text of a post quotes and neither attributes nor gives a year."""
    quoted = (records.quotation(q) for q in tuple(records.used.quotations) if q not in records.used.attributed)
    return tuple(words for words in quoted if str(words.year) not in body)


def _credit_of(bench: SeasonRenderer, planned: PlannedItem) -> str:
    """What a post says of its picture, where the license of that asks for it; else nothing."""
    choice = planned.item.picture
    if not choice.file or not choice.must_be_named:
        return ""
    label = labels_of(bench.campaign.language, planned.day_number, bench.plan.season.days)["picture"]
    return RecordText(f"{label}: {choice.credit_line}", "setting", "picture", "credit")


def _make_post(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, records: ItemRecords
) -> tuple[PostBody, tuple[str, ...]]:
    """The post and its addresses. One that is too long is made all the same, with a red finding, so that a
    reviewer sees it; nothing is ever cut off. Raises Unusable when it cannot be made."""
    item = planned.item
    body = bench.text("post", planned, channel, records).strip()
    if not body:
        raise bench.unusable("R017", "there is no text for the post", planned, channel)
    tail = bench.text("tail", planned, channel, records).strip()
    bench.use_always(item, records)
    records_of = {tag: bench.campaign.hashtags.get(tag) for tag in item.hashtags}
    # A tag that belongs to other seasons alone is left out.
    tags = [t for t, r in records_of.items() if r is None or not r.seasons or bench.plan.season.year in r.seasons]
    rules = spec_of(channel).post
    if rules is None:
        raise bench.unusable("R017", "the channel says nothing of how a post is measured", planned, channel)
    context = bench.context(planned, records)
    warning, count_warning = "", rules.count_warning
    if count_warning is not None:
        warning = unicodedata.normalize("NFC", context["item"].content_note)
        context["item"] = replace(context["item"], content_note="")
    context |= {
        "body": body,
        "tail": tail,
        "attributions": _without_a_year(records, body),
        "picture_credit": _credit_of(bench, planned),
        "hashtags": tuple("#" + tag.lstrip("#") for tag in tags),
    }
    text = unicodedata.normalize("NFC", tidy(bench.template(f"post/{item.kind.value}.txt", context, channel)))
    characters, limit = rules.count(text, bench.tlds), int(channel.options.get("character_limit", rules.limit))
    if warning and count_warning is not None:
        characters += count_warning(warning)
    if characters > limit:
        over = characters - limit
        message = f"the post is {over} character{'s'[: over > 1]} too long ({characters} of {limit})"
        bench.find("R008", message, planned, channel)
    size = len(text.encode("utf-8", "surrogatepass"))
    if rules.byte_limit and size > rules.byte_limit:
        bench.find("R008", f"the post has {size:,} bytes; {rules.byte_limit:,} are allowed", planned, channel)
    links = tuple(dict.fromkeys(text[start:end] for start, end in rules.find_links(text, bench.tlds)))
    alt_text, picture = "", None
    if bench.campaign.cards.on or item.picture.file:
        alt_text, picture = picture_of(bench, planned, channel, records, card_size(channel))
    may_lack = picture is not None and item.picture_missing == "without"
    return PostBody(text, characters, limit, bool(links), alt_text, picture, warning, may_lack), links
