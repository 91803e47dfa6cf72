"""A campaign as its files say it: window, calendar, items, claims, contacts, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum

from .claim import Claim, Contact
from .dates import DateRule
from .finding import Where
from .quotation import Source

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


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late is still on time. ``minutes`` None = until the end of the same local day."""

    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ItemText:
    """One day's message, written once: the front matter and the two texts of an item file."""

    id: str
    kind: Kind
    title: str  # headline
    subject: str
    preheader: str
    post: str  # Jinja2 source of the post's body
    email: str  # Jinja2 + Markdown source of the email's body
    where: Where
    post_line: int = 0
    email_line: int = 0
    discreet_subject: str = ""
    claims: tuple[str, ...] = ()
    then: tuple[str, ...] = ()  # then-now, myth-corrected: claims told as past
    now: tuple[str, ...] = ()  # then-now, myth-corrected: claims that hold
    quotations: tuple[str, ...] = ()  # "proclamation-2014#P1.2"
    contacts: tuple[str, ...] = ()  # beyond the campaign's block
    topics: tuple[str, ...] = ()  # "labour", "sex", "both"
    hashtags: tuple[str, ...] = ()
    content_note: str = ""
    action_text: str = ""
    action_url: str = ""
    about_signs: bool = False
    headline_numbers: tuple[str, ...] = ()
    needs_decision: str = ""  # why a person must look before it goes out
    author: str = ""
    story_consent: str = ""  # id of a written consent, when somebody's story is told
    image_tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    post_slot: str = ""  # HH:MM, overrides the campaign's slot
    email_slot: str = ""
    lateness: Lateness | None = None  # its own window; None: the campaign's
    own_posts: tuple[tuple[str, str, int], ...] = ()  # sections that stand in for the post on one channel, text, line

    def with_post_of(self, section: str) -> ItemText:
        """The item as a channel with a section of its own posts it; itself where there is none."""
        own = next(((text, line) for name, text, line in self.own_posts if name == section), None)
        return self if own is None else replace(self, post=own[0], post_line=own[1])


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One line of the calendar: a date rule and the item that belongs there."""

    rule: DateRule
    item: str
    where: Where
    special: str = ""  # name of the special day
    fixed: bool = False  # never moved by anything
    quiet: bool = False
    substitute: str = ""  # item that stands ready
    blocked_until: str = ""  # while set, the substitute is planned in place of the item
    theme: str = ""
    key: bool = False  # readers who want key days only get it too


@dataclass(frozen=True, slots=True)
class PoolRules:
    """How the pool fills the days that the calendar leaves open."""

    items: tuple[str, ...] = ()
    min_days_between_same_kind: int = 0
    max_per_kind: Mapping[str, int] = field(default_factory=dict)
    min_share_of_topic: Mapping[str, float] = field(default_factory=dict)  # {"labour": 0.33}
    rest_weekdays: tuple[str, ...] = ()
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class TitleForYears:
    """The month's official name changes; each span of seasons has its own."""

    first: int
    last: int
    title: str


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A tag as it may be printed. ``seasons`` empty = every season."""

    tag: str
    status: str  # active | retired | avoid
    where: Where
    seasons: tuple[int, ...] = ()
    reason: str = ""
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class DigestRule:
    """When readers who chose the digest get theirs."""

    weekday: int  # Monday = 0
    key_days: bool = False  # on key days as well
    days_apart: int = 1  # a weekday's digest that is nearer than this to a key day's is left out
    title: str = "The latest days"  # headline
    subject: str = ""  # empty: the headline
    preheader: str = ""
    discreet_subject: str = ""
    where: Where = Where("")  # noqa: RUF009  a frozen value


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything in one campaign's folder."""

    id: str
    name: str
    time_zone: str  # IANA
    language: str
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
    lint_packs: tuple[str, ...]
    where: Where
    publishers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # publisher -> hosts of its own
    cover_note: str = ""
    themes: Mapping[str, str] = field(default_factory=dict)
    #: Records that stand in the files but could not be read ("claim:forced-labour"), and whole files of them
    #: ("claim:*"). A finding says so already; nobody needs to report that such a record is not there.
    unreadable: frozenset[str] = frozenset()
    digest: DigestRule | None = None  # None: no digest is offered
    waves: str = "campaign"  # whose morning an email comes in: "campaign" | "reader"

    def is_unreadable(self, record: str, record_id: str) -> bool:
        """Whether ``record`` ("claim", "contact", "source", "item", "hashtag") was there but could not be read."""
        return not self.unreadable.isdisjoint((f"{record}:{record_id}", f"{record}:*"))

    def title_in(self, season: int) -> str | None:
        """The month's name in that season; None when the table does not cover it."""
        return next((t.title for t in self.titles if t.first <= season <= t.last), None)


@dataclass(frozen=True, slots=True)
class Season:
    """One run of a campaign: the year its window starts in, and the window as dates, inclusive."""

    year: int
    start_on: date
    end_on: date

    @property
    def days(self) -> int:
        return (self.end_on - self.start_on).days + 1
