"""A campaign as its files say it: window, calendar, items, claims, contacts, sources."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import field, replace
from datetime import date, time
from enum import StrEnum
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.forms import digest_subject, public_slug, record_id, time_of_day, web_link
from .brand import Brand
from .card import PICTURE_MISSING, CardChoice, CardRules, PictureChoice
from .claim import Claim, Contact, ContactStatus, short_digest
from .consent import Consent, Name
from .dates import WEEKDAY_NAMES, DateRule
from .discreet import DiscreetHead
from .finding import Where
from .mail_look import MailLook
from .question import Asked
from .quotation import Source

#: The topics of a campaign that names none: those of the first one, which was written before there was a choice.
TOPICS = ("labour", "sex")
#: Of a campaign with two topics: an item about each of them.
BOTH = "both"
#: For what was not read from a file.
NOWHERE = Where("")


class Kind(StrEnum):
    """What an item is. Each kind has a template for each channel."""

    FACT = "fact"
    THEN_NOW = "then-now"
    MYTH_CORRECTED = "myth-corrected"
    QUOTATION = "quotation"
    ACTION = "action"
    HELP = "help"
    SPECIAL = "special"
    REST = "rest"


#: The kinds that tell a claim as past, beside what holds now.
TELLS_OF_THE_PAST = frozenset({Kind.THEN_NOW, Kind.MYTH_CORRECTED})


@dataclass(frozen=True)
class Lateness:
    """How late is still on time. ``minutes`` None = until the end of the same local day."""

    minutes: int | None = None


def topic_words(topics: tuple[str, ...]) -> tuple[str, ...]:
    """The words that items of a campaign with these topics may use."""
    return (*topics, BOTH) if len(topics) == 2 else topics


def topics_meant(written: tuple[str, ...], topics: tuple[str, ...]) -> tuple[str, ...]:
    """What an item is about by the words that it has: of two topics, ``both`` and each of them mean the same."""
    if len(topics) == 2 and (BOTH in written or set(topics) <= set(written)):
        return topic_words(topics)
    return written


@dataclass(frozen=True)
class ItemText:
    """One day's message, written once: the front matter and the two texts of an item file."""

    id: Annotated[str, Field("Its own id.", check=record_id)]
    kind: Annotated[Kind, Field("What it is.")]
    title: Annotated[str, Field("Its headline.")]
    subject: Annotated[str, Field("Of the email; left out: the title.", usual="")]
    preheader: Annotated[str, Field("What a mailbox shows behind the subject: no word of the cause in it.", usual="")]
    post: str  # Jinja2 source of the post's body
    email: str  # Jinja2 + Markdown source of the email's body
    where: Where
    post_line: int = 0
    email_line: int = 0
    discreet_subject: Annotated[str, Field("For readers whose inbox others see.")] = ""
    claims: Annotated[tuple[str, ...], Field("Claims that the texts use beside then and now.", refers="claim")] = ()
    then: Annotated[tuple[str, ...], Field("Claims told as past (then-now, myth-corrected).", refers="claim")] = ()
    now: Annotated[tuple[str, ...], Field("Claims that hold (then-now, myth-corrected).", refers="claim")] = ()
    quotations: Annotated[tuple[str, ...], Field("Passages: `proclamation-2014#P1.2`.", refers="passage")] = ()
    contacts: Annotated[tuple[str, ...], Field("Help lines beyond the campaign's block.", refers="contact")] = ()
    topics: Annotated[tuple[str, ...], Field("What it is about, in the campaign's own words.")] = ()
    hashtags: Annotated[tuple[str, ...], Field("Tags, without `#`.", refers="hashtag")] = ()
    content_note: Annotated[str, Field("What it touches on.")] = ""
    action_text: str = ""
    action_url: str = ""
    translated_from: Annotated[
        str, Field("In an edition: the digest of the original's text that it was translated from; `check` prints it.")
    ] = ""
    about_signs: Annotated[bool, Field("The do-not-intervene line must be there.")] = False
    needs_decision: Annotated[str, Field("A question that a named person answers (`decide`) before it goes out.")] = ""
    author: Annotated[str, Field("Who wrote it.")] = ""
    story_consent: Annotated[str, Field("The id of a written consent, when somebody's story is told.")] = ""
    image_tags: Annotated[tuple[str, ...], Field("What its picture shows.")] = ()
    alt: Annotated[
        str,
        Field(
            "The words for whoever does not see its picture, at most 1,000 characters; they may call records, as the "
            "texts do."
        ),
    ] = ""
    card: CardChoice = CardChoice()
    picture: PictureChoice = PictureChoice()
    picture_missing: Annotated[
        str,
        Field(
            "What becomes of the post where its picture cannot be made or a network refuses it: it waits, until its "
            "window closes; or it goes without, with its words alone.",
            allowed=PICTURE_MISSING,
        ),
    ] = "wait"
    links: Annotated[
        tuple[str, ...],
        Field("Addresses whose hosts the texts may link to beyond claims and contacts.", check=web_link),
    ] = ()
    channels: Annotated[tuple[str, ...], Field("Its only channels; left out: as [rhythm] says.")] = ()
    post_slot: Annotated[str, Field("Its own time for the post.", check=time_of_day)] = ""
    email_slot: Annotated[str, Field("Its own time for the email.", check=time_of_day)] = ""
    lateness: Lateness | None = None  # its own window; None: the campaign's
    own_posts: tuple[tuple[str, str, int], ...] = ()  # sections that stand in for the post on one channel, text, line

    @property
    def shown_as(self) -> str:
        """The kind that people see: that of its card."""
        return self.card.kind or self.kind.value

    def text_digest(self) -> str:
        """What a translation rests on: the digest of all that is said here."""
        return short_digest(
            [self.title, self.subject, self.preheader, self.discreet_subject, self.content_note, self.action_text],
            [self.post, self.email, *((name, text) for name, text, _ in self.own_posts)],
            [self.claims, self.then, self.now, self.quotations, self.contacts],
            *filter(None, [self.alt]),  # most were translated before there was one
        )

    def with_post_of(self, section: str) -> ItemText:
        """The item as a channel with a section of its own posts it; itself where there is none."""
        own = next(((text, line) for name, text, line in self.own_posts if name == section), None)
        return self if own is None else replace(self, post=own[0], post_line=own[1])


@dataclass(frozen=True)
class CalendarDay:
    """One line of the calendar: a date rule and the item that belongs there."""

    rule: DateRule
    item: Annotated[str, Field("The item that belongs there.", refers="item")]
    where: Where
    special: Annotated[str, Field("The special day's name.")] = ""
    fixed: Annotated[
        bool | None,
        Field(
            "This date, or not at all. Left out: true of a date, false of a day of the window. `false` of a date: "
            "where it usually is; it gives way to other dates, and a person may move it."
        ),
    ] = None
    quiet: Annotated[bool, Field("No digest goes out on it, and it is no key day.")] = False
    substitute: Annotated[str, Field("The item that stands ready.", refers="item")] = ""
    blocked_until: Annotated[str, Field("While it is there, the substitute is planned in the item's place.")] = ""
    theme: Annotated[str, Field("The theme of the day.")] = ""
    slot: Annotated[str, Field("The item's time on that day, on each channel.", check=time_of_day)] = ""
    key: Annotated[bool, Field("Readers who want key days only get it; not on a quiet day.")] = False


@dataclass(frozen=True)
class PoolRules:
    """How the pool fills the days that the calendar leaves open."""

    items: Annotated[tuple[str, ...], Field("Items of the pool, in their order.", refers="item")] = ()
    min_days_between_same_kind: Annotated[int, Field("Days from one item of a kind to the next.", least=0, most=60)] = 0
    max_per_kind: Mapping[str, int] = field(default_factory=dict)
    min_share_of_topic: Mapping[str, float] = field(default_factory=dict)  # {"labour": 0.33}
    rest_weekdays: Annotated[tuple[str, ...], Field("Days of rest.", allowed=WEEKDAY_NAMES)] = ()
    where: Where = NOWHERE


#: So many years after the table of titles the latest one still stands in; a later year is a slip of the keys.
YEARS_ASSUMED = 50


@dataclass(frozen=True)
class Rhythm:
    """On which days something goes out, how much of it, and where. Without one: an item a day, on every channel."""

    weekdays: Annotated[
        tuple[str, ...],
        Field(
            "Days on which something goes out. Nothing is missed on the others, and the calendar may use them.",
            allowed=WEEKDAY_NAMES,
        ),
    ] = WEEKDAY_NAMES
    items_a_day: Annotated[int, Field("Items on each of those days; the pool fills up to it.", least=1, most=24)] = 1
    most_items_a_day: Annotated[
        int | None, Field("Items that the calendar may give one day; left out: `items_a_day`.", least=1, most=24)
    ] = None
    later_slots: Annotated[
        tuple[str, ...], Field("Times of a day's second item, its third ...; the first has [slots].", check=time_of_day)
    ] = ()
    #: Weekdays of single channels, by name. One that is not named goes along on each day that has an item.
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where: Where | None = None  # where it is declared; None: nowhere

    @property
    def most(self) -> int:
        """How many items one day may have."""
        return max(self.items_a_day, self.most_items_a_day or 0)

    def wanted(self, on: date) -> int:
        """How many items that day is to have."""
        return self.items_a_day if WEEKDAY_NAMES[on.weekday()] in self.weekdays else 0

    def has_channel(self, channel: str, on: date) -> bool:
        """Whether that weekday is one of the channel's."""
        days = self.channels.get(channel)
        return days is None or WEEKDAY_NAMES[on.weekday()] in days


@dataclass(frozen=True)
class TitleForYears:
    """The month's official name changes; each span of seasons has its own."""

    first: Annotated[int, Field("The first season that is called so.", least=1900, most=2999)]
    last: Annotated[
        int | None,
        Field("The last one; left out: it holds until another one is written.", least=1900, most=2999, usual=None),
    ]
    title: Annotated[str, Field("The month's name.")]
    needs_decision: Annotated[str, Field("A question that a named person answers (`decide`) before it goes out.")] = ""


@dataclass(frozen=True)
class Hashtag:
    """A tag as it may be printed. ``seasons`` empty = every season."""

    tag: Annotated[str, Field("Without `#`.")]
    status: Annotated[str, Field("Whether it may be printed.", allowed=("active", "retired", "avoid"))]
    where: Where
    seasons: Annotated[tuple[int, ...], Field("The only seasons for it; left out: each.", least=1900, most=2999)] = ()
    reason: Annotated[str, Field("Why it has that status.")] = ""
    replaced_by: Annotated[str, Field("The tag that took its place.", refers="hashtag")] = ""


@dataclass(frozen=True)
class DigestRule:
    """When readers who chose the digest get theirs."""

    weekday: int  # Monday = 0
    key_days: Annotated[bool, Field("On key days as well.")] = False
    days_apart: Annotated[
        int, Field("A weekday's digest that is nearer than this to a key day's is left out.", least=1, most=6)
    ] = 1
    title: str = "The latest days"  # headline
    subject: Annotated[
        str,
        Field(
            "`{dates}` are its days, `{items}` the subjects of their mails, as far as they fit.", check=digest_subject
        ),
    ] = ""
    preheader: Annotated[str, Field("What a mailbox shows behind the subject.")] = ""
    discreet_subject: Annotated[str, Field("For readers whose inbox others see.", check=digest_subject)] = ""
    where: Where = Where("")

    @property
    def subject_pattern(self) -> str:
        """What the subject of each digest is made from: it says which days the digest tells of, and what is in it."""
        if "{" in self.subject:
            return self.subject
        return f"{self.subject}, {{dates}}: {{items}}" if self.subject else "{dates}: {items}"


#: Languages whose figures, quotations and dates the checks read.
LANGUAGES_READ = ("en", "es")


@dataclass(frozen=True)
class Campaign:
    """Everything in one campaign's folder."""

    id: str
    name: Annotated[str, Field("Its name.")]
    time_zone: Annotated[str, Field("Its time zone, by its IANA name.")]
    language: Annotated[str, Field("Its language, as a language tag.")]
    start: DateRule
    end: DateRule
    titles: tuple[TitleForYears, ...]
    slots: Mapping[str, time]  # channel or "default" -> local wall-clock time
    grace: Lateness
    block: tuple[str, ...]  # contact ids printed in every item
    post_tail: str  # Jinja2 source of the line that closes each post
    calendar: tuple[CalendarDay, ...]
    pool: PoolRules
    items: Mapping[str, ItemText]
    claims: Mapping[str, Claim]
    contacts: Mapping[str, Contact]
    sources: Mapping[str, Source]
    hashtags: Mapping[str, Hashtag]
    lint_packs: Annotated[tuple[str, ...], Field("Rules about words, from config/lint/.", usual=())]
    where: Where
    topics: Annotated[tuple[str, ...], Field("What items may be about: its own words.", check=record_id)] = TOPICS
    names: tuple[Name, ...] = ()
    consents: Mapping[str, Consent] = field(default_factory=dict)
    publishers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # publisher -> hosts of its own
    cover_note: Annotated[str, Field("What reviewers read first.")] = ""
    themes: Mapping[str, str] = field(default_factory=dict)
    #: Records that stand in the files but could not be read ("claim:forced-labour"), and whole files of them
    #: ("claim:*"). A finding says so already; nobody needs to report that such a record is not there.
    unreadable: frozenset[str] = frozenset()
    digest: DigestRule | None = None  # None: no digest is offered
    rhythm: Rhythm = Rhythm()
    waves: str = "campaign"  # whose morning an email comes in: "campaign" | "reader"
    slug: Annotated[
        str,
        Field(
            "What stands for it in the addresses of its public pages, `/c/SLUG/archive`: neutral, and once an email is "
            "out never changed. Left out: made from the folder's name.",
            check=public_slug,
        ),
    ] = ""

    brand: Brand = Brand()
    cards: CardRules = CardRules()
    mail: MailLook = MailLook()
    discreet: DiscreetHead = DiscreetHead()
    edition_of: Annotated[str, Field("The campaign that this one is an edition of, in another language.")] = ""

    def __post_init__(self) -> None:
        if not self.slug:
            object.__setattr__(self, "slug", neutral_slug(self.id))

    @property
    def signed_in(self) -> tuple[str, ...]:
        """The campaigns whose sign-offs hold for its records: an edition shares those of its original."""
        return (self.id, self.edition_of) if self.edition_of else (self.id,)

    def help_lines_of(self, places: Collection[str]) -> tuple[str, ...]:
        """Its active contacts that are for these places and that stand in no message of their own accord."""
        return tuple(
            c.id
            for c in self.contacts.values()
            if c.locale in places and c.status is ContactStatus.ACTIVE and c.id not in self.block
        )

    def speaker(self, organisation: str) -> str:
        """Who speaks to its readers: the organization of the settings, unless it has a name of its own."""
        return self.brand.name or organisation

    @property
    def has_pictures_in_mail(self) -> bool:
        return self.mail.has_picture or self.brand.logo_picture is not None

    def is_unreadable(self, record: str, record_id: str) -> bool:
        """Whether ``record`` ("claim", "contact", "source", "item", "hashtag") was there but could not be read."""
        return not self.unreadable.isdisjoint((f"{record}:{record_id}", f"{record}:*"))

    def title_in(self, season: int) -> str | None:
        """The month's name in that season. After the table's end it is the latest one, which somebody has to confirm
        (:meth:`title_is_confirmed`). None before the first one, and between two."""
        span = self._title_span(season)
        return span.title if span is not None else None

    def title_is_confirmed(self, season: int) -> bool:
        """Whether the table says how the month is called in that season."""
        span = self._title_span(season)
        return span is not None and (span.last is None or season <= span.last)

    def questions(self, year: int) -> tuple[Asked, ...]:
        """What the files ask for a season, whether it is used or not: of the title, sources, items, claims."""
        asked = (
            *(self.unread_question(item) for item in self.items.values()),
            Asked("title", str(year), self.title_question(year)),
            *(Asked("source", s.id, s.needs_decision) for s in self.sources.values()),
            *(Asked("item", i.id, i.needs_decision) for i in self.items.values()),
            *(Asked("claim", c.id, c.needs_decision) for c in self.claims.values()),
        )
        return tuple(one for one in asked if one.text)

    def unread_question(self, item: ItemText) -> Asked:
        """What somebody who reads its language has to stand for, where no check does; another text asks anew. No text,
        where the checks read it."""
        language = self.language.partition("-")[0].casefold()
        asks = (
            f"No check reads figures, quotations and dates in this language ({self.language}). Has someone who reads "
            f"it compared each of them in this text ({item.text_digest()[:8]}) with its record?"
        )
        return Asked("text", item.id, "" if language in LANGUAGES_READ else asks)

    def title_question(self, season: int) -> str:
        """What a person has to look up before the month is called so in that season; empty when nothing."""
        span = self._title_span(season)
        return span.needs_decision if span is not None else ""

    def _title_span(self, season: int) -> TitleForYears | None:
        span = max((t for t in self.titles if t.first <= season), key=lambda t: t.first, default=None)
        if span is None or span.last is None or season <= span.last:
            return span
        is_latest = all(t.first <= season for t in self.titles)
        return span if is_latest and season - span.last <= YEARS_ASSUMED else None


def neutral_slug(campaign_id: str) -> str:
    """The slug of a campaign that names none: always the same, and without vowels, so that it says nothing."""
    left = int.from_bytes(hashlib.sha256(campaign_id.encode()).digest()[:8], "big")
    letters = []
    for _ in range(6):
        left, letter = divmod(left, len(_SILENT))
        letters.append(_SILENT[letter])
    return "c" + "".join(letters)


_SILENT = "23456789bcdfghjkmnpqrstvwxz"


@dataclass(frozen=True)
class Season:
    """One run of a campaign: the year its window starts in, and the window as dates, inclusive."""

    year: int
    start_on: date
    end_on: date
    guessed: bool = False  # its start or its end is not announced yet, and stands where the campaign guesses it

    @property
    def days(self) -> int:
        return (self.end_on - self.start_on).days + 1
