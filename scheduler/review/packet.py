"""The packet: a whole season on one page that needs no network and prints. What a reviewer reads and signs."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ..domain.design_tokens import STATE_SHAPES, css_custom_properties
from ..domain.finding import Finding, Severity, in_reading_order
from ..domain.formatting import (
    channel_words,
    counted,
    date_words,
    day_words,
    kind_words,
    local_words,
    place,
    short_date,
    short_day,
    time_of_day,
    utc_words,
)
from ..domain.message import FRAME, EmailBody, Message
from ..domain.packet_record import edition_hash
from ..domain.planned_item import PlannedItem
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import Role
from ..domain.stale_approvals import in_words as voided_words
from ..domain.stale_approvals import voided
from ..errors import program
from ..light_dataclass import dataclass
from ..what_items_share import fingerprint_of_message
from .item_articles import Article, KeptPieces
from .item_view import (
    SEVERITY_BADGES,
    MessageView,
    item_view,
    message_view,
    quotation_row,
    record_rows,
    words_of_answer,
)
from .message_state import Badge
from .packet_formatting import (
    OWN_ZONES,
    calendar_weeks,
    colored,
    sentence,
    weekday_names,
    weeks_begin_on_sunday,
    with_code,
    with_own_links,
    with_stop,
)
from .review_status import review_standing

if TYPE_CHECKING:
    from jinja2 import Environment

_PAGES = Path(__file__).with_name("pages")
#: Who may hold everything signs nothing on paper by that.
_NO_REVIEWERS = frozenset({"hold-holder", "deputy"})
# Copies each mail into the narrow frame beside it. Without it the page is whole, with one frame a mail.
_SCRIPT = (
    "for(const d of document.querySelectorAll('.desk')){const p=d.closest('.frames').querySelector('.phone');"
    "if(d.shadowRoot&&p){p.attachShadow({mode:'open'}).innerHTML=d.shadowRoot.innerHTML;p.closest('figure').hidden=false}}"
)
_SHAPES = {kind.replace("_", "-"): shape for kind, shape in STATE_SHAPES.items()} | {"note": "i"}


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one kind, told once with all their places."""

    badge: Badge
    code: str
    hint: str
    findings: tuple[Finding, ...]

    @property
    def part(self) -> str:
        """Under which heading it stands: what to correct in a file comes before what waits for a person."""
        first = self.findings[0]
        if first.severity is Severity.INFO:
            return "Worth knowing"
        return "Waiting for a person's signature, check or decision" if first.waits else "To correct in the files"


@dataclass(frozen=True)
class TickRow:
    """One line of the list to check off: an item, or the frame of the digests."""

    label: str  # "11", as the sheets print it; `review record` reads it
    on: date
    title: str
    item: str
    sent: str  # when all of it went out; nothing is checked off then


@dataclass(frozen=True)
class TickList:
    """What a signed sheet approves, in the numbers that `review record` enters."""

    rows: tuple[TickRow, ...]
    messages: int
    counts: str  # of each channel, and of mails of several days, in words
    roles: tuple[Role, ...]  # whose signature counts
    readers: tuple[Role, ...]  # who reads, and approves nothing


def packet_html(
    rehearsal: Rehearsal,
    *,
    made_at: datetime,
    handles: Mapping[str, str] | None = None,
    paper: str = "",
    large_type: bool = False,
    pieces: KeptPieces | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> str:
    """The page as text. ``made_at`` (aware) is printed on the cover and nowhere else. ``pieces``: of this page, for
    whoever makes more of them; ``meanwhile``: what else has to be done, while a second process makes some of them.

    ``handles``: by channel, the account's name as its network writes it. ``paper``: a size as CSS names it,
    for a page that is printed by the program; else whoever prints it chooses. ``large_type``: its box is checked.
    """
    shown_with = _shown_with(rehearsal, handles or {})
    pieces = pieces or KeptPieces(rehearsal, handles or {})
    with pieces.articles(partial(_article, shown_with)) as articles:
        meanwhile()
        around = _around_items(rehearsal, pieces, shown_with)
        views = articles()
    plan, zone = rehearsal.plan, rehearsal.plan.campaign.time_zone
    sunday_first = weeks_begin_on_sunday(zone, plan.campaign.language)
    unapproved = sum(bool(m.missing) for view in views for m in view.messages)
    return (
        page_environment()
        .get_template("packet.html")
        .render(
            **around,
            paper=paper,
            made_utc=utc_words(made_at),
            made_local=local_words(made_at, zone),
            place=place(zone),
            unapproved=unapproved + sum(bool(f.missing) for f in around["frames"]),
            views=views,
            by_item={view.planned.item.id: view for view in views},
            weekdays=weekday_names(sunday_first=sunday_first),
            weeks=_weeks(rehearsal, views, sunday_first),
            large_type=large_type,
            **shown_with,
            **_looks(f"{plan.title} {plan.season.year}", around["edition"]),
        )
    )


def _around_items(rehearsal: Rehearsal, pieces: KeptPieces, shown_with: Mapping[str, object]) -> dict[str, Any]:
    """What the page shows beside the pieces of the items, and without them."""
    plan, zone = rehearsal.plan, ZoneInfo(rehearsal.plan.campaign.time_zone)
    frames, digests = ([message_view(rehearsal, m) for m in some] for some in (rehearsal.frames, rehearsal.digests))
    return {
        "rehearsal": rehearsal,
        "plan": plan,
        "edition": edition_hash(rehearsal.to_approve),
        "counts": _counts(rehearsal),
        "groups": finding_groups(rehearsal.findings),
        "severities": Counter(SEVERITY_BADGES[f.severity].word for f in rehearsal.findings),
        "standing": review_standing(rehearsal),
        "voided": voided_words(voided(rehearsal)),
        "frames": frames,
        "digests": digests,
        "of_days": {v.key: pieces.of_days(v, partial(_message, shown_with)) for v in (*frames, *digests)},
        "registers": pieces.of("registers", _registers_rest_on(rehearsal), partial(_registers, rehearsal)),
        "times": _times(rehearsal),
        "clocks_change": len({m.due_at.astimezone(zone).utcoffset() for m in rehearsal.messages}) > 1,
        "specials": [p for p in plan.items if p.day and (p.day.special or p.day.fixed or p.day.quiet)],
        "tally": tick_list(rehearsal),
    }


def _shown_with(rehearsal: Rehearsal, handles: Mapping[str, str]) -> dict[str, object]:
    """What an item's piece of the page goes by, as the rest does."""
    campaign = rehearsal.plan.campaign
    return {
        "campaign": campaign,
        "season": rehearsal.plan.season,
        "organisation": rehearsal.organisation,
        "handles": defaultdict(str, handles),
        "home": f"campaigns/{campaign.id}/",
    }


def _article(shown_with: Mapping[str, object], own: Rehearsal, planned: PlannedItem) -> Article:
    template = page_environment().get_template("item.html")
    shown = {**shown_with, "campaign": own.plan.campaign, "frame_css": page_source("frame.css")}
    view = item_view(own, planned)
    return Article.of(view, template.render(view=view, **shown))


def _message(shown_with: Mapping[str, object], view: MessageView) -> str:
    """A mail of several days, as it will look."""
    shown = {**shown_with, "frame_css": page_source("frame.css")}
    return page_environment().get_template("message.html").render(view=view, **shown)


def _registers(rehearsal: Rehearsal) -> str:
    """The records of the campaign, and what carries them."""
    plan = rehearsal.plan
    return (
        page_environment()
        .get_template("registers.html")
        .render(
            claims=record_rows(rehearsal, "claim", sorted(plan.campaign.claims)),
            contacts=record_rows(rehearsal, "contact", sorted(plan.campaign.contacts)),
            quotations=_quotations(rehearsal),
            hashtags=sorted(plan.campaign.hashtags.values(), key=lambda h: h.tag.lower()),
            stories=[p.item for p in plan.items if p.item.story_consent],
            decisions=_decisions(rehearsal),
        )
    )


def _decisions(rehearsal: Rehearsal) -> list[tuple[str, str]]:
    """What people were asked, and answered, of what has no place of its own on the page."""
    made = (one for one in rehearsal.questions.all if one.is_answered and one.subject not in ("item", "claim"))
    return [(one.words, words_of_answer(rehearsal, one)) for one in made]


def _registers_rest_on(rehearsal: Rehearsal) -> object:
    """What they say of items: who carries a quotation, and whose stories are told."""
    items = rehearsal.plan.items
    carriers = [fingerprint_of_message(m) for m in rehearsal.messages if m.quotations]
    return carriers, [(p.item.title, p.item.story_consent) for p in items if p.item.story_consent]


def _looks(running_head: str, edition: str) -> dict[str, object]:
    """What the page carries in itself to look the same everywhere: font, colors, styles, and its one script."""
    return {
        "font_face": font_face(),
        "tokens": Markup(css_custom_properties()),  # noqa: S704 - our own constants
        "running_head": css_string(running_head),
        "running_hash": css_string(f"packet {edition[:12]}"),
        "css": page_source("packet.css"),
        "sign_css": page_source("sign_off.css"),
        "item_css": page_source("item.css"),
        "frame_css": page_source("frame.css"),
        "script": Markup(_SCRIPT),  # noqa: S704 - our own constant
        "script_hash": base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode(),
    }


@cache
def page_environment() -> Environment:
    """Templates of pages; what is put into them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scheduler.review", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"shapes": _SHAPES, "severity_badges": SEVERITY_BADGES, "Badge": Badge, "program": program}
    # Of an item's parts: their headings stand below the packet's, its chapter's and the item's.
    environment.globals |= {"level": 4, "on_paper": True, "lay": False, "stands_apart": False, "to_do": str}
    environment.filters |= {"day": day_words, "short_day": short_day, "short_date": short_date, "date": date_words}
    environment.filters |= {"channel": channel_words, "count": counted, "kind": kind_words, "sentence": sentence}
    environment.filters |= {"web": _web, "ticks": with_code, "from": lambda where, home: str(where).removeprefix(home)}
    environment.filters |= {"colored": colored, "own_links": with_own_links, "stop": with_stop}
    return environment


def tick_list(rehearsal: Rehearsal) -> TickList:
    """Each item that can be approved on paper, by day."""
    titles = {p.item.id: (p.place, p.item.title) for p in rehearsal.plan.items}
    rows: dict[str, TickRow] = {}
    zone = rehearsal.plan.campaign.time_zone
    for message in sorted(rehearsal.to_approve, key=lambda m: (m.on, m.kind == FRAME, m.number)):
        label, title = titles.get(message.item, ("+", "The frame of the digests"))
        sent = rehearsal.sent_of(message)
        row = rows.setdefault(message.item, TickRow(label, message.on, title, message.item, ""))
        if sent is not None and rehearsal.is_over(message):
            rows[message.item] = replace(row, sent=sent.in_words(zone))
    left = [m for m in rehearsal.to_approve if not rehearsal.is_over(m)]
    still = {m.item for m in left}
    kinds = Counter(_kind_words(m) for m in left)
    roles = [role for role in rehearsal.policy.roles.values() if role.id not in _NO_REVIEWERS]
    return TickList(
        tuple(replace(row, sent="") if row.item in still else row for row in rows.values()),
        len(left),
        ", ".join(counted(number, kind) for kind, number in sorted(kinds.items(), key=lambda one: -one[1])),
        tuple(role for role in roles if role.approves),
        tuple(role for role in roles if not role.approves),
    )


def finding_groups(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Those of one kind together, in reading order: of one part after the other, each red first."""
    groups: dict[tuple[Severity, str, str], list[Finding]] = {}
    for finding in in_reading_order(findings):
        groups.setdefault((finding.severity, finding.code, finding.hint), []).append(finding)
    return [
        FindingGroup(SEVERITY_BADGES[severity], code, hint, tuple(members))
        for (severity, code, hint), members in groups.items()
    ]


def _counts(rehearsal: Rehearsal) -> list[tuple[str, int, str, str]]:
    """(channel, messages, language, cost) for the cover."""
    costs = {c.channel: f"${c.dollars:.2f}" for c in rehearsal.costs}
    language = rehearsal.plan.campaign.language
    by_channel = sorted(Counter(m.channel for m in rehearsal.messages).items(), reverse=True)
    return [(channel_words(c), n, language, costs.get(c, "no price set")) for c, n in by_channel]


def _weeks(
    rehearsal: Rehearsal, views: list[Article], sunday_first: bool
) -> list[list[tuple[date, list[Article], bool, bool]]]:
    """Weeks of (day, what is planned for it, whether something is missing on it, whether a channel has too much)."""
    season, rhythm, by_day = (
        rehearsal.plan.season,
        rehearsal.plan.campaign.rhythm,
        defaultdict[date, list[Article]](list),
    )
    for view in views:
        by_day[view.planned.on].append(view)
    on_channels = Counter((m.on, m.channel) for m in rehearsal.messages)
    crowded = {on for (on, _), n in on_channels.items() if n > rhythm.most}
    return [
        [(on, by_day[on], len(by_day[on]) < rhythm.wanted(on), on in crowded) for on in week]
        for week in calendar_weeks(season.start_on, season.end_on, sunday_first=sunday_first)
    ]


def _quotations(rehearsal: Rehearsal) -> list[tuple[object, list[PlannedItem]]]:
    """Each quotation once, with the items that carry it."""
    carriers: dict[str, list[Message]] = {}
    for message in rehearsal.messages:
        for pointer in message.quotations:
            carriers.setdefault(pointer, []).append(message)
    planned = {p.item.id: p for p in rehearsal.plan.items}
    return [
        (
            quotation_row(rehearsal, pointer, messages),
            [planned[i] for i in dict.fromkeys(m.item for m in messages) if i in planned],
        )
        for pointer, messages in sorted(carriers.items())
    ]


def _times(rehearsal: Rehearsal) -> list[tuple[str, str, str, int]]:
    """(channel, local time, UTC time, messages): when things go out over the season."""
    zone = ZoneInfo(rehearsal.plan.campaign.time_zone)
    counted = Counter(
        (m.channel, f"{time_of_day(by_clock)}, {OWN_ZONES}", "")
        if (by_clock := m.audience.local_time)
        else (m.channel, time_of_day(m.due_at.astimezone(zone)), time_of_day(m.due_at))
        for m in rehearsal.everything
    )
    return [(channel_words(c), local, utc, n) for (c, local, utc), n in sorted(counted.items())]


def css_string(text: str) -> str:
    """A string for CSS ``content``: everything but letters, digits and spaces as an escape."""
    return "".join(c if c.isalnum() or c == " " else f"\\{hex(ord(c))[2:]} " for c in text)


def _kind_words(message: Message) -> str:
    if message.kind == FRAME:
        return "digest frame"
    is_mail = isinstance(message.body, EmailBody)
    return channel_words(message.channel).lower() if is_mail else f"{channel_words(message.channel)} post"


@cache
def font_face() -> Markup:
    """The font that a packet carries inside, so that it has the same pages on every machine."""
    font = (_PAGES / "public-sans.woff2").read_bytes()
    return Markup(  # noqa: S704 - our own file
        '@font-face{font-family:"Public Sans";font-weight:100 900;'
        f'src:url(data:font/woff2;base64,{base64.b64encode(font).decode()}) format("woff2")}}'
    )


def _web(url: str) -> str:
    """Only addresses of the web are linked; anything else in a record stays text."""
    return url if url.startswith(("https://", "http://")) else "#"


def page_source(name: str) -> Markup:
    """One of our own files as it stands, without a template engine in between."""
    return Markup((_PAGES / name).read_text("utf-8"))  # noqa: S704 - our own file
