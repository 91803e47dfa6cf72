"""What is made once for a season's messages: records, environments, compiled texts, and the list of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...channels.registry import mail_channels, spec_of
from ...domain.archive_link import archive_url
from ...domain.audience import EVERYBODY, Audience
from ...domain.cadence import Cadence, audience_of, offered
from ...domain.campaign import NOWHERE, Campaign, ItemText, Rhythm
from ...domain.finding import Finding, Where
from ...domain.formatting import time_of_day
from ...domain.hidden import PREHEADER_PADDING
from ...domain.planned_item import Plan, PlannedItem
from ...domain.printed import AllPrinted, Printed
from ...domain.slot import end_of_local_day, occurrence, whole_window, zone_named
from ...light_dataclass import dataclass
from ...settings import ChannelSettings, Settings
from ..codes import CODES
from ..top_level_domains import top_level_domains
from .template_folders import folder_with, template_folders
from .template_functions import ItemRecords, Library, variables
from .template_values import (
    ActionView,
    CampaignView,
    ContactView,
    Day,
    ItemView,
    OrganisationView,
    TemplateProblem,
    of_settings,
)

if TYPE_CHECKING:
    from jinja2 import Template


#: Replaced for each reader by the channel.
UNSUBSCRIBE, PREFERENCES, CONFIRM = "%unsubscribe_url%", "%preferences_url%", "%confirm_url%"
READERS_OWN = (UNSUBSCRIBE, PREFERENCES, CONFIRM)
#: What a post shows beside its text: the words on its picture, and those for whoever does not see it.
BESIDE = ("card", "alt")


@dataclass(frozen=True)
class When:
    """A message's window, and who gets it."""

    due_at: datetime
    expires_at: datetime
    audience: Audience


@dataclass(frozen=True)
class Opening:
    """What a digest repeats of an item's mail: its subject, its content note, its first paragraph by sentences."""

    subject: str
    content_note: str
    sentences: tuple[str, ...]


class Unusable(Exception):
    """The message cannot be made; why, is among the findings."""


class SeasonRenderer:
    """The tools for one season. Not for two threads at once."""

    def __init__(self, plan: Plan, settings: Settings, templates: Path) -> None:
        """``templates``: the project's folder; see :func:`template_folders` for the campaign's own."""
        # The template engine is paid for here, by those who render, and by nobody else.
        from .mail_style import FONT_STYLE, head_of, style_of
        from .markdown import escaped, underlined, wrapped
        from .template_rules import ITEM_TEXT, LONGEST_SOURCE, MESSAGE_TEMPLATE
        from .template_sandbox import BoundedEnvironment, FolderLoader

        self.plan, self.settings = plan, settings
        self.campaign: Campaign = plan.campaign
        self.folders = template_folders(templates, plan.campaign.id)
        self.findings: list[Finding] = []
        self.library = Library(self.campaign)
        #: Help lines of the organization's own places, in every mail; a post has no room for them.
        self.local = self.campaign.help_lines_of(settings.organisation.local)
        self._longest_source = LONGEST_SOURCE
        theme, accent = self.campaign.mail.theme, self.campaign.brand.accent
        self.style = style_of(theme, accent)
        self._texts = {"post": BoundedEnvironment(ITEM_TEXT), "email": BoundedEnvironment(ITEM_TEXT, printed=escaped)}
        self._loader = FolderLoader(*(folder.path for folder in self.folders))
        self._messages = BoundedEnvironment(
            MESSAGE_TEMPLATE,
            constants={
                "style": self.style,
                "head_style": head_of(theme, accent),
                "font_style": FONT_STYLE,
                "preheader_padding": PREHEADER_PADDING,
            },
            filters={
                "wrap": lambda text, first="", rest="": wrapped(str(text), str(first), str(rest)),
                "heading": lambda text, line="-": underlined(str(text), str(line)),
            },
            autoescape=lambda name: bool(name and name.endswith((".html", ".svg"))),
            loader=self._loader,
        )
        #: What was printed from records since :meth:`begin`: in the item's own texts, and by each template.
        self._printed: dict[str, list[Printed]] = {}
        self._compiled: dict[tuple[str, str], Template | list[TemplateProblem]] = {}
        self.offers = offered(plan)
        #: By day, the numbers of the items that go by mail.
        self.mails_of_days = self._mails_of_days()
        self.openings: dict[tuple[str, str], Opening] = {}  # (item, channel) -> what a digest repeats of a mail
        self._common = self._of_each_message()

    @property
    def tlds(self) -> frozenset[str]:
        """For posts alone."""
        return top_level_domains()

    def afresh(self) -> SeasonRenderer:
        """The same tools for other messages: nothing has been found or made with them yet."""
        again = copy(self)
        again.findings, again.openings, again._printed, again._compiled = [], {}, {}, {}
        return again

    def _of_each_message(self) -> dict[str, object]:
        """The variables that are the same in every message."""
        plan, campaign, sender = self.plan, self.campaign, self.settings.organisation
        season = plan.season
        return {
            "campaign": of_settings(
                CampaignView(
                    name=campaign.name,
                    organisation=campaign.speaker(sender.name),
                    title=plan.title,
                    language=campaign.language,
                    season=season.year,
                    days=season.days,
                    starts_on=Day.of(season.start_on, campaign.language),
                    ends_on=Day.of(season.end_on, campaign.language),
                ),
                "campaign",
            ),
            "organisation": of_settings(
                OrganisationView(
                    name=campaign.speaker(sender.name),
                    postal_address=tuple(filter(None, map(str.strip, sender.postal_address.splitlines()))),
                    contact=campaign.brand.contact,
                    from_name=sender.from_name,
                    reply_to=sender.reply_to,
                    replies_read=sender.replies_read,
                    signed_by=sender.signed_by,
                    signed_as=sender.signed_as,
                ),
                "organisation",
                but=("replies_read", "signed_as"),
            ),
            "unsubscribe_url": UNSUBSCRIBE,
            "preferences_url": PREFERENCES,
        }

    # -- what was printed from records ------------------------------------------------------------------------

    def begin(self) -> None:
        """A message begins."""
        self._printed = {}

    def printed(self) -> AllPrinted:
        """Of the message that was made since :meth:`begin`, by the ending of its template: "txt", "html"."""
        own = self._printed.get("", [])
        return AllPrinted(
            {
                ending: tuple(its) if ending in BESIDE else (*own, *its)
                for ending, its in self._printed.items()
                if ending
            }
        )

    @contextmanager
    def printing_beside(self, name: str) -> Iterator[None]:
        """What is printed within is no part of the message's text: it is kept under ``name``, one of BESIDE."""
        before, self._printed = self._printed, {}
        try:
            yield
        finally:
            made = [one for its in self._printed.values() for one in its]
            self._printed = {**before, name: made}

    def print_alike(self, name: str, other: str) -> None:
        """What stands under ``other`` of BESIDE was made of what stands under ``name``."""
        self._printed[other] = [*self._printed.get(name, ())]

    @contextmanager
    def printing_again(self) -> Iterator[None]:
        """What is printed within stands in the message once, and is noted already."""
        before = {ending: list(its) for ending, its in self._printed.items()}
        yield
        self._printed = before

    # -- the item's own texts -----------------------------------------------------------------------------

    def text(
        self,
        part: str,
        planned: PlannedItem,
        channel: ChannelSettings | None,
        records: ItemRecords,
        own: Mapping[str, object] | None = None,
    ) -> str:
        """A text with its functions worked out: the item's "post", "email" or "alt", or the "tail" of each post.

        ``own``: variables in place of those of a day. Raises Unusable.
        """
        item = planned.item
        texts = {"post": item.post, "email": item.email, "alt": item.alt, "tail": self.campaign.post_tail}
        source = texts[part]
        if "{" not in source and len(source.encode(errors="surrogatepass")) <= self._longest_source:
            return source  # no template signs at all
        environment = self._texts["email" if part == "email" else "post"]
        names = variables(self.plan, planned, self.settings.public_url) if own is None else own
        values = {**records.functions(), **names}
        # A tail belongs to no item, and uses the records of none.
        allowed = ItemRecords(self.library, None if part == "tail" else item, self.campaign.block).functions()
        if part != "tail" or environment.print_only(source, {**allowed, **names}) is not None:
            if (text := environment.print_only(source, values)) is not None:
                self._printed.setdefault("", []).extend(environment.records_printed)
                return text
        label = "<tail>" if part == "tail" else f"<{part} of {item.id}>"
        key = label, source  # an item's post may differ from one channel to the other
        if key not in self._compiled:
            self._compiled[key] = environment.make(source, label, allowed, names)
        compiled = self._compiled[key]
        try:
            if not isinstance(compiled, list):
                text = environment.run(compiled, label, values)
                self._printed.setdefault("", []).extend(environment.records_printed)
                return text
            problems = compiled
        except TemplateProblem as problem:
            problems = [problem]
        for each in problems:
            if part == "tail":  # a mistake in it is one finding, not one a day
                self.report(each, Where(self.campaign.where.path))
            else:
                self.report(each, line_of(item, part, each.line), planned, channel)
        raise Unusable

    # -- the templates of the messages --------------------------------------------------------------------

    def template(self, name: str, context: Mapping[str, object], channel: ChannelSettings | None) -> str:
        """The message template of that name, filled."""
        try:
            text = self._messages.run(name, name, context)
        except TemplateProblem as problem:
            # About the file, not about one item: the same mistake is one finding for all items of that kind.
            self.report(problem, self.place(problem.template or name, problem.line), None, channel)
            raise Unusable from problem
        self._printed.setdefault(name.rpartition(".")[2], []).extend(self._messages.records_printed)
        return text

    @property
    def templates_fingerprint(self) -> str:
        """Of all templates; empty where another file was read beside them, or they cannot be told."""
        return self._loader.fingerprint if self._loader.is_whole else ""

    def give_up_keeping(self) -> None:
        """Another process has read a file beside the templates."""
        self._loader.give_up()

    def place(self, template: str, line: int = 0) -> Where:
        """Where a message template stands."""
        return Where(f"{folder_with(self.folders, template).shown}/{template}", line)

    def context(self, planned: PlannedItem, records: ItemRecords) -> dict[str, Any]:
        """The variables that every message template has. docs/reference/templates.md lists them."""
        item = planned.item
        help_lines, more_help = self._help_lines(item)
        return {
            **self._common,
            **variables(self.plan, planned, self.settings.public_url),
            "item": ItemView(
                id=item.id,
                kind=item.kind.value,
                title=item.title,
                subject=item.subject,
                preheader=item.preheader,
                content_note=item.content_note or self._notes(records),
                action=ActionView(item.action_text, item.action_url) if item.action_text else None,
                special=planned.day.special if planned.day else "",
                about_signs=item.about_signs,
            ),
            "story_begins": "",  # printed by templates of earlier releases
            "story_ends": "",
            "archive_url": archive_url(
                self.settings.public_url, self.campaign.slug, planned.on, self.mail_number(planned)
            ),
            "help": help_lines,
            "more_help": more_help,
            "local_help": tuple(self.library.contact(i) for i in self.local if i not in item.contacts),
        }

    def _help_lines(self, item: ItemText) -> tuple[tuple[ContactView, ...], tuple[ContactView, ...]]:
        """The campaign's help lines and the item's own. Who is called in an emergency comes before all others."""
        ids = dict.fromkeys((*self.campaign.block, *item.contacts))
        lines = {i: self.library.contact(i) for i in ids}
        urgent = [i for i in ids if lines[i].kind == "emergency"]
        first = dict.fromkeys((*urgent, *self.campaign.block))
        return tuple(lines[i] for i in first), tuple(lines[i] for i in ids if i not in first)

    def _notes(self, records: ItemRecords) -> str:
        """Content notes of the records in use, for an item that has none of its own."""
        claims = (self.campaign.claims[i].content_note for i in records.used.claims)
        passages = (self.library.passage(q)[1].content_note for q in records.used.quotations)
        return "; ".join(dict.fromkeys(filter(None, (*claims, *passages))))

    def use_always(self, item: ItemText, records: ItemRecords) -> None:
        """What belongs to each message of an item, printed or not: then and now, the help lines."""
        used, campaign = records.used, self.campaign
        used.claims |= {i: None for i in (*item.then, *item.now) if i in campaign.claims}
        used.contacts |= {i: None for i in (*campaign.block, *item.contacts) if i in campaign.contacts}

    def use_in_mail(self, item: ItemText, records: ItemRecords) -> None:
        """What belongs to each mail of an item."""
        self.use_always(item, records)
        records.used.contacts |= dict.fromkeys(self.local)

    # -- where an item goes ---------------------------------------------------------------------------------

    def goes_to(self, planned: PlannedItem, channel: ChannelSettings) -> bool:
        """Whether the channel has the item."""
        return goes_to(planned, channel, self.campaign.rhythm)

    def _mails_of_days(self) -> dict[date, list[int]]:
        channels = [c for c in self.settings.channels.values() if spec_of(c).kind == "email"]
        found: dict[date, list[int]] = {}
        for planned in self.plan.items:
            if any(self.goes_to(planned, channel) for channel in channels):
                found.setdefault(planned.on, []).append(planned.number)
        return found

    def mail_number(self, planned: PlannedItem) -> int:
        """Which mail of its day it is, from 1: what tells its address in the archive from those of the others."""
        numbers = self.mails_of_days.get(planned.on, [])
        return numbers.index(planned.number) + 1 if planned.number in numbers else 1

    # -- when a message is due, until when, and for whom ---------------------------------------------------

    def when_of(self, planned: PlannedItem, channel: ChannelSettings, audience: Audience | None = None) -> When | None:
        """Of an item's message. None: there is no time; a red finding says so. ``audience``: else that of the item."""
        at = self._slot(planned, channel)
        if at is None:
            return None
        is_mail = spec_of(channel).kind == "email"
        if audience is None:
            cadences = audience_of(planned, self.offers) if is_mail else frozenset(Cadence)
            audience = EVERYBODY if len(cadences) == len(Cadence) else Audience(cadences)
        grace, zone = planned.item.lateness or self.campaign.grace, self.campaign.time_zone
        if is_mail and self.campaign.waves == "reader":
            audience = Audience(audience.cadences, audience.parts, local_time=at, home=zone, grace=grace)
            return When(*whole_window(planned.on, at, grace), audience)
        due = occurrence(planned.on, at, zone)
        if due.shifted or due.ambiguous:
            what = "does not exist" if due.shifted else "comes twice"
            local = due.due_at.astimezone(zone_named(due.time_zone))
            at_home = f"{time_of_day(local)} {local:%Z}"
            message = f"{due.local_time} {what} on {due.on} in {due.time_zone}; it goes out at {at_home}"
            self.find("R016", message, planned, channel)
        if grace.minutes is None:
            return When(due.due_at, end_of_local_day(due.on, due.time_zone), audience)
        return When(due.due_at, due.due_at + timedelta(minutes=grace.minutes), audience)

    def _slot(self, planned: PlannedItem, channel: ChannelSettings) -> time | None:
        try:
            at = slot_of(self.campaign, planned, channel)
        except ValueError as problem:
            self.find("R015", str(problem), planned, channel)
            return None
        if at is None:
            self.find("R015", f"there is no time for {channel.name}", None, channel, Where(self.campaign.where.path))
        return at

    # -- findings ---------------------------------------------------------------------------------------

    def find(
        self,
        code: str,
        message: str,
        planned: PlannedItem | None,
        channel: ChannelSettings | None,
        where: Where = NOWHERE,
        hint: str = "",
    ) -> None:
        """Note a finding: where the item stands, unless ``where`` is given."""
        place = planned.item.where if planned is not None and where == NOWHERE else where
        item, name = planned.item.id if planned else "", channel.name if channel else ""
        self.findings.append(CODES[code].at(place, message, hint=hint, item=item, channel=name))

    def unusable(self, code: str, message: str, planned: PlannedItem, channel: ChannelSettings) -> Unusable:
        """The finding is noted; raise what this returns."""
        self.find(code, message, planned, channel)
        return Unusable()

    def refuse_halves(self, texts: Iterable[str], planned: PlannedItem, channel: ChannelSettings) -> None:
        """Half a character cannot be written in UTF-8, so it cannot be sent. Raises Unusable."""
        try:
            "".join(texts).encode()
        except UnicodeEncodeError:
            message = "the message holds half a character, which cannot be sent"
            raise self.unusable("R022", message, planned, channel) from None

    def report(
        self,
        problem: TemplateProblem,
        where: Where,
        planned: PlannedItem | None = None,
        channel: ChannelSettings | None = None,
    ) -> None:
        if problem.file:
            where, planned, channel = Where(f"{Path(self.campaign.where.path).parent}/{problem.file}"), None, None
        self.find(problem.code, problem.message, planned, channel, where, problem.hint)


def goes_to(planned: PlannedItem, channel: ChannelSettings, rhythm: Rhythm) -> bool:
    """Whether a channel has an item on its day."""
    spec = spec_of(channel)
    item = planned.item if spec.post is None else planned.item.with_post_of(spec.post.section)
    return planned.goes_to(channel.name, rhythm, has_text=bool(item.email if spec.kind == "email" else item.post))


def channels_of(planned: PlannedItem, settings: Settings, rhythm: Rhythm) -> tuple[str, ...]:
    """The channels that have an item on its day, by name."""
    return tuple(sorted(c.name for c in settings.channels.values() if c.enabled and goes_to(planned, c, rhythm)))


def suits_channels(settings: Settings, rhythm: Rhythm) -> Callable[[date, ItemText], bool]:
    """What the pool asks of an item for a day: that some channel has it, and, where the day has one item, each channel
    of whose days it is one."""
    channels = [c for c in settings.channels.values() if c.enabled]

    def suits(on: date, item: ItemText) -> bool:
        planned = PlannedItem(day_number=0, on=on, item=item, day=None, week=0)
        having = {c.name for c in channels if goes_to(planned, c, rhythm)}
        needing = {c.name for c in channels if c.name in rhythm.channels and rhythm.has_channel(c.name, on)}
        return bool(having) and (rhythm.items_a_day > 1 or needing <= having)

    chooses = rhythm.where is not None and bool(channels)
    return suits if chooses else lambda on, item: True


def mailed(plan: Plan, settings: Settings) -> tuple[PlannedItem, ...]:
    """The items that go by mail; all of them while no channel that mails is switched on."""
    channels = mail_channels(settings)
    rhythm = plan.campaign.rhythm
    return tuple(p for p in plan.items if not channels or any(goes_to(p, c, rhythm) for c in channels))


def is_daily(plan: Plan, settings: Settings) -> bool:
    """Whether each day has exactly one mail, as a season without a rhythm has."""
    days = [p.on for p in mailed(plan, settings)]
    return len(days) == len(set(days)) and (plan.campaign.rhythm.where is None or len(days) == plan.season.days)


def slot_of(campaign: Campaign, planned: PlannedItem, channel: ChannelSettings) -> time | None:
    """The item's own slot, else that of its line in the calendar, else that of a day's second item, its third ...;
    else the campaign's for the channel, else its default. Raises ValueError for one that cannot be read."""
    item, later = planned.item, campaign.rhythm.later_slots
    written = item.email_slot if spec_of(channel).kind == "email" else item.post_slot
    written = written or (planned.day.slot if planned.day else "")
    if not written and 0 <= planned.number - 2 < len(later):
        written = later[planned.number - 2]
    if not written:
        return campaign.slots.get(channel.name) or campaign.slots.get("default")
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise ValueError(f"the time {written!r} cannot be read") from None


def mail_is_to_come(plan: Plan, settings: Settings, planned: PlannedItem, now: datetime) -> bool:
    """Whether the mail of an item, or of a digest as an item of its day, is not due yet: who joins now gets it. With
    readers' own mornings it is due when the first of them begins."""
    campaign, channel = plan.campaign, next(iter(mail_channels(settings)), None)
    try:
        at = slot_of(campaign, planned, channel) if channel is not None else None
    except ValueError:
        at = None
    if at is None:  # why, is among the findings
        return planned.on > now.astimezone(zone_named(campaign.time_zone)).date()
    if campaign.waves == "reader":
        return whole_window(planned.on, at, campaign.grace)[0] > now
    return occurrence(planned.on, at, campaign.time_zone).due_at > now


def line_of(item: ItemText, part: str, line: int) -> Where:
    """Where line ``line`` (from 1) of an item's text stands in its file; 0 = the item as a whole."""
    first = {"post": item.post_line, "email": item.email_line}.get(part, 0)
    return Where(item.where.path, first + line - 1) if first and line else item.where
