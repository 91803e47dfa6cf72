"""What the people who run a campaign are told, as pure rules over one picture of it.

A notice has keys; each key is told once. A state that lasts has the day in its key, so that it is brought to mind
each morning, not each minute. Nothing here names a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..domain.approval import Approvals
from ..domain.campaign import Campaign, Season
from ..domain.claim import ContactStatus, Signatures
from ..domain.delivery import State
from ..domain.delivery_words import how_far, state_words, told, why
from ..domain.formatting import counted, day_words, local_words
from ..domain.leave_page import Found, found_words
from ..domain.message import Message
from ..domain.pause import ChannelPause, pause_in_words
from ..domain.reason import ReasonCode
from ..domain.records import ALL_CHANNELS, Delivery, Hold
from ..domain.redact import without_addresses
from ..domain.sender import Sender
from ..settings import Notices

#: What lasts is brought to mind from this hour of the day on, in the campaign's zone; what is new is told at once.
MORNING = timedelta(hours=9)
#: So long after its instant an item that does not go is worth a word, and one that has not gone counts as not gone.
LATE = timedelta(minutes=5)
NOT_OUT = timedelta(minutes=30)
#: A doubt is told when the provider's own records should have settled it, and did not.
DOUBT_GRACE = timedelta(minutes=5)
LONGEST_REASON = 200
#: Help lines are brought to mind so long before a season's first day: earlier, nobody can do anything that lasts.
HELP_LINES_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say. All of its ``keys`` are told by saying it."""

    keys: tuple[str, ...]
    text: str

    @property
    def code(self) -> str:
        """What it is about, as a code: "missed", "unknown", "corrected"; its keys begin with it."""
        return self.keys[0].partition(":")[0]

    always: bool = False  # said in a rehearsal too
    campaign: str = ""  # that it is about; empty: all of them

    @property
    def in_words(self) -> str:
        return f"{self.campaign}: {self.text}" if self.campaign else self.text


@dataclass(frozen=True, slots=True)
class AlertContext:
    """One campaign's season at one instant."""

    now: datetime
    campaign: Campaign
    season: Season
    live: bool
    rules: Notices
    deliveries: tuple[Delivery, ...] = ()
    messages: tuple[Message, ...] = ()
    approvals: Approvals = field(default_factory=Approvals)
    unmet: Callable[[Message], bool] | None = None  # whether the policy lacks something; None: one approval will do
    signatures: Signatures = field(default_factory=Signatures)
    holds: tuple[Hold, ...] = ()
    pauses: tuple[ChannelPause, ...] = ()
    settle: Mapping[str, timedelta] = field(default_factory=dict)  # channel -> when its records can be believed
    contact_max_age: timedelta = timedelta(days=90)
    stuck: frozenset[int] = frozenset()  # of deliveries under way: those with a part that could have gone and did not
    leave_page: Found | None = None  # how the address in the unsubscribe links was found, where emails wait for it
    public_url: str = ""
    told: frozenset[str] = frozenset()
    is_example: bool = False  # not armed, and its organization is still the example's: nobody means to run it yet

    def lacks(self, message: Message) -> bool:
        """Whether people still have to approve it, as the policy wants it."""
        return self.unmet(message) if self.unmet is not None else not self.approvals.of(message)

    @property
    def local(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.campaign.time_zone))

    @property
    def today(self) -> date:
        return self.local.date()

    @property
    def day(self) -> str:
        """The day that a reminder belongs to; it changes in the morning, not at midnight."""
        return (self.local.replace(tzinfo=None) - MORNING).date().isoformat()

    def words(self, at: datetime) -> str:
        return local_words(at, self.campaign.time_zone)

    def new(self, keyed: Mapping[str, Delivery]) -> dict[str, Delivery]:
        """Of these, what was not told yet."""
        return {key: delivery for key, delivery in keyed.items() if key not in self.told}


def notices(picture: AlertContext) -> tuple[Notice, ...]:
    """All that is to be said now and was not said before."""
    rules = [r for r in RULES if not (picture.is_example and r in OF_PREPARATION)]
    found = ((rule, notice) for rule in rules for notice in rule(picture))
    return tuple(
        n if rule is hold_lasts else replace(n, campaign=picture.campaign.id)
        for rule, n in found
        if not picture.told.issuperset(n.keys)
    )


def one_text(told: Sequence[Notice], *, most: int = 20) -> tuple[str, str]:
    """One title and one text for all of them, so that a bad night is one message."""
    count = len(told)
    title = (
        "Observance: something needs your attention"
        if count == 1
        else f"Observance: {count} things need your attention"
    )
    by_campaign: dict[str, list[Notice]] = {}
    for notice in told:
        by_campaign.setdefault(notice.campaign, []).append(notice)
    each = max(1, most // max(1, len(by_campaign)))  # one campaign's bad night does not hide another's
    lines = []
    for campaign, those in by_campaign.items():
        lines += [f"- {_short(n.in_words, 600)}" for n in those[:each]]
        if len(those) > each:
            lines.append(f"- and {len(those) - each} more{f' of {campaign}' if campaign else ''}")
    lines.append("`status` shows where everything stands; `doctor` says what to do.")
    return title, without_addresses("\n".join(lines))


# -- the rules ------------------------------------------------------------------------------------------


def provider_in_trouble(picture: AlertContext) -> Iterator[Notice]:
    """A channel pauses, and what is due on it waits: told once, however many wait and however long it lasts."""
    for pause in picture.pauses:
        key = f"paused:{pause.channel}:{pause.since_at.isoformat()}"
        if pause.until_at is not None and key not in picture.told:
            said = pause_in_words(pause, picture.words(pause.until_at))
            yield Notice((key,), f"{said}. It is tried again by itself; `doctor` says what to do.")


def nothing_out_today(picture: AlertContext) -> Iterator[Notice]:
    """Something was due today, it is past the hour, and nothing has gone out: on a channel, or at all."""
    if not picture.rules.nothing_out_by or picture.local.time() < time.fromisoformat(picture.rules.nothing_out_by):
        return
    due = [
        d
        for d in picture.deliveries
        if d.on == picture.today
        and d.state not in (State.CANCELLED, State.SKIPPED)
        and d.due_at + NOT_OUT <= picture.now
        and not d.closed_before_start
    ]
    silent = {d.channel for d in due} - {d.channel for d in due if d.state is State.SENT or d.counts.accepted}
    keys = {f"nothing-out:{picture.campaign.id}:{c}:{picture.today}" for c in silent} - picture.told
    if keys:
        where = "" if silent == {d.channel for d in due} else f" on {' and '.join(sorted(silent))}"
        those = (d for d in due if d.channel in silent)
        reasons = {f"{d.item} on {d.channel} is {state_words(d.state)}{_because(d, picture)}" for d in those}
        by = picture.rules.nothing_out_by
        yield Notice(
            tuple(sorted(keys)),
            f"Nothing has gone out{where} today ({day_words(picture.today)}) by {by}: {'; '.join(sorted(reasons))}.",
        )


def due_and_waiting(picture: AlertContext) -> Iterator[Notice]:
    """It is due, its window is open, and a person stands in the way without knowing it."""
    if not picture.live:
        return
    waiting = {
        f"waiting:{d.id}": d
        for d in picture.deliveries
        if (d.state is State.SCHEDULED or (d.state in (State.SENDING, State.HELD) and d.id in picture.stuck))
        and d.due_at + LATE <= picture.now < d.expires_at
        and d.reasons
        and d.channel not in {pause.channel for pause in picture.pauses}
        and not d.needs_money
        and not d.has(ReasonCode.HELD, ReasonCode.CALL_LIMIT, ReasonCode.PROVIDER_LIMIT, ReasonCode.TEXT_CHANGED)
    }
    for key, delivery in picture.new(waiting).items():
        until = picture.words(delivery.expires_at)
        part = ""
        if delivery.state in (State.SENDING, State.HELD):
            part = f" ({how_far(delivery, picture.campaign.time_zone)})"
        yield Notice(
            (key,),
            f"{delivery.item} on {delivery.channel} is due and does not go{part}{_because(delivery, picture)}. "
            f"It can still go out until {until}.",
        )


def was_corrected(picture: AlertContext) -> Iterator[Notice]:
    """It was changed while it went out: told at once, for the rest waits for a person, and some have the old words."""
    changed = {
        f"corrected:{d.id}:{d.counts.accepted}": d
        for d in picture.deliveries
        if d.has(ReasonCode.TEXT_CHANGED) and d.due_at <= picture.now < d.expires_at
    }
    for key, delivery in picture.new(changed).items():
        (reason,) = (r for r in delivery.reasons if r.code is ReasonCode.TEXT_CHANGED)
        what = str(reason.fields.get("what", "its text"))
        yield Notice(
            (key,),
            f"{delivery.item} on {delivery.channel} stopped: {what} changed while it went out. "
            f"{how_far(delivery, picture.campaign.time_zone)}, and who has it has the earlier words. "
            f"Read it and approve it, and the others get the new words: approve {delivery.item} --by NAME.",
        )


def lacks_approval(picture: AlertContext) -> Iterator[Notice]:
    """Something is due soon, and nobody has approved it as it stands now."""
    until = picture.now + timedelta(hours=picture.rules.unapproved_hours)
    key = f"unapproved:{picture.campaign.id}:{picture.day}"
    if not picture.live or not picture.rules.unapproved_hours or key in picture.told:
        return
    waiting = {(d.item, d.channel) for d in picture.deliveries if d.state is State.SCHEDULED}
    lacking = [
        m
        for m in picture.messages
        if picture.now < m.due_at <= until and (m.item, m.channel) in waiting and picture.lacks(m)
    ]
    if lacking:
        named = ", ".join(f"{m.item} on {m.channel} ({m.on:%d %b})" for m in lacking[:5])
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        yield Notice(
            (key,),
            f"{counted(len(lacking), 'item')} due within {counted(picture.rules.unapproved_hours, 'hour')} "
            f"{'lacks' if len(lacking) == 1 else 'lack'} approval: {named}{more}.",
        )


def help_line_expires(picture: AlertContext) -> Iterator[Notice]:
    """Messages to come print a help line whose verification ends before they do: they would not be sent."""
    if not picture.rules.help_line_days or picture.season.start_on - picture.today > HELP_LINES_AHEAD:
        return
    last: dict[str, date] = {}  # contact -> last day that prints it
    for message in picture.messages:
        if message.due_at > picture.now:
            for contact_id in {*message.contacts, *picture.campaign.block}:
                last[contact_id] = max(message.on, last.get(contact_id, message.on))
    for contact_id, on in sorted(last.items()):
        contact = picture.campaign.contacts.get(contact_id)
        if contact is None or contact.status is not ContactStatus.ACTIVE:
            continue
        verified_on = picture.signatures.last_verified(contact)
        ends_on = verified_on + picture.contact_max_age if verified_on else None
        soon = ends_on is None or ends_on - picture.today <= timedelta(days=picture.rules.help_line_days)
        if soon and on > (ends_on or picture.today):
            yield Notice(
                (f"help-line:{picture.campaign.id}:{contact_id}:{ends_on or 'never'}",),
                f"The help line {contact_id} ({contact.label}) {_verified(verified_on, ends_on, picture.today)}. "
                f"Try it, then: sign contact {contact_id} --campaign {picture.campaign.id} --by NAME.",
            )


def _verified(on: date | None, ends_on: date | None, today: date) -> str:
    if on is None or ends_on is None:
        return "was never verified, and messages with it are not sent"
    left = (ends_on - today).days
    ends = f"ends in {counted(left, 'day')}" if left > 0 else "ends today" if left == 0 else f"ended on {ends_on}"
    return f"was last verified on {on}; that {ends}, and messages after it are not sent"


def is_unknown(picture: AlertContext) -> Iterator[Notice]:
    """Nobody can tell whether it went out, and the provider's records did not settle it."""
    doubtful = {
        f"unknown:{d.id}:{picture.day}": d
        for d in picture.deliveries
        if (d.counts.unknown or d.state is State.UNKNOWN) and not d.has(ReasonCode.WAITS_FOR_PERSON)
        if d.changed_at is None or d.changed_at + _settled_after(picture, d.channel) <= picture.now
    }
    for key, delivery in picture.new(doubtful).items():
        mailing = delivery.kind == "email" and delivery.counts.frozen
        far = _told(delivery, picture) if mailing else f"it may have gone out{_because(delivery, picture)}"
        yield Notice(
            (key,),
            f"{delivery.item} on {delivery.channel} ({delivery.on:%d %b}) is unknown: {far}. "
            f"Look there, then: resolve {delivery.id} --as sent, or --as not-sent.",
        )


def waits_for_a_person(picture: AlertContext) -> Iterator[Notice]:
    """Somebody is to post it now, and to say so."""
    waiting = {
        f"to-post:{d.id}": d
        for d in picture.deliveries
        if d.state is State.UNKNOWN and d.has(ReasonCode.WAITS_FOR_PERSON) and picture.now < d.expires_at
    }
    for key, delivery in picture.new(waiting).items():
        page = f"{picture.public_url.rstrip('/')}/to-post/{delivery.id}"
        said = why(delivery, picture.campaign.time_zone)
        yield Notice(
            (key,),
            f"{delivery.item} is to be posted on {delivery.channel} now: it {said}. "
            f"The text, and the button to say that it is posted: {page}",
        )


def _settled_after(picture: AlertContext, channel: str) -> timedelta:
    return picture.settle.get(channel, timedelta()) + DOUBT_GRACE


def was_missed(picture: AlertContext) -> Iterator[Notice]:
    """Its day is over, and it did not go out."""
    missed = {
        f"missed:{d.id}": d
        for d in picture.deliveries
        if (d.state is State.MISSED or d.was_restored) and not d.closed_before_start
    }
    by_reason: dict[str, dict[str, Delivery]] = {}
    for key, delivery in picture.new(missed).items():
        by_reason.setdefault(why(delivery, picture.campaign.time_zone), {})[key] = delivery
    for alike in by_reason.values():
        because = _because(next(iter(alike.values())), picture)
        yield Notice(tuple(alike), f"{_several(list(alike.values()))} missed{because}.")


def has_failed(picture: AlertContext) -> Iterator[Notice]:
    """The provider refused it for good."""
    failed = {f"failed:{d.id}": d for d in picture.deliveries if d.state is State.FAILED}
    for key, delivery in picture.new(failed).items():
        said = _told(delivery, picture)
        what = f"{delivery.item} on {delivery.channel} ({delivery.on:%d %b})"
        yield Notice((key,), f"{what} has failed{said and f': {said}'}.{_once_more(delivery, picture)}")


def not_to_everybody(picture: AlertContext) -> Iterator[Notice]:
    """Some of a mailing's readers have not got it and will not: one notice, whatever kept it from them. While the rest
    is under way it is not told yet, unless that takes long; a doubt is told with its numbers by itself."""
    for delivery in picture.deliveries:
        counts = delivery.counts
        keys = {f"failed:{delivery.id}": counts.failed, f"missed-part:{delivery.id}": counts.missed}
        new = {key for key, count in keys.items() if count} - picture.told
        over = delivery.state in (State.FAILED, State.MISSED) or delivery.was_restored
        if not new or over or counts.unknown or (counts.waiting and picture.now < delivery.due_at + LATE):
            continue
        yield Notice(
            tuple(sorted(new)),
            f"{delivery.item} on {delivery.channel} ({delivery.on:%d %b}) is {state_words(delivery.state)}: "
            f"{_told(delivery, picture)}.{_once_more(delivery, picture)}",
        )


def hold_lasts(picture: AlertContext) -> Iterator[Notice]:
    """Somebody stopped sending, and has perhaps forgotten it."""
    after = timedelta(hours=picture.rules.hold_hours)
    for hold in picture.holds:
        key = f"hold:{hold.id}:{picture.day}"
        if picture.rules.hold_hours and hold.held_at + after <= picture.now and key not in picture.told:
            hours = int((picture.now - hold.held_at).total_seconds() // 3600)
            what = "everything" if hold.channel == ALL_CHANNELS else hold.channel
            yield Notice(
                (key,),
                f"A hold of {what} by {hold.who} has been in force for {counted(hours, 'hour')}: {_short(hold.why)}. "
                f"{_halfway(picture, hold)}To go on: resume.",
            )


def _halfway(picture: AlertContext, hold: Hold) -> str:
    """The mailings that it stopped on their way, in numbers."""
    return "".join(
        f"{d.item} on {d.channel} is held: {how_far(d, picture.campaign.time_zone)}. "
        for d in picture.deliveries
        if d.state is State.HELD and d.counts.accepted and hold.covers(d.channel)
    )


def needs_money(picture: AlertContext) -> Iterator[Notice]:
    """The provider asks for money, and nothing goes out before it has it."""
    waiting: dict[str, list[Delivery]] = {}
    for delivery in picture.deliveries:
        if delivery.needs_money:
            waiting.setdefault(delivery.channel, []).append(delivery)
    for channel, those in sorted(waiting.items()):
        key = f"money:{picture.campaign.id}:{channel}:{picture.day}"
        if key not in picture.told:
            said = f": {_short(those[0].detail).rstrip('.')}" if those[0].detail else ""
            yield Notice((key,), f"{channel} needs money; {counted(len(those), 'item')} waiting{said}.")


def way_to_leave(picture: AlertContext) -> Iterator[Notice]:
    """The unsubscribe links lead nowhere, or nobody knows where: emails wait. Told ahead of the mailing."""
    found = picture.leave_page
    if not picture.live or found is None:
        return
    key = f"leave-page:{found.page}:{picture.campaign.id}:{picture.day}"
    to_come = (d for d in picture.deliveries if d.kind == "email" and d.expires_at > picture.now and is_open(d))
    if key not in picture.told and any(to_come):
        said, to_do = found_words(found, picture.public_url)
        yield Notice((key,), f"{said[:1].upper()}{said[1:]}. What to do: {to_do}.")


def is_open(delivery: Delivery) -> bool:
    return delivery.state in (State.SCHEDULED, State.SENDING, State.HELD)


#: In the order in which they are said.
RULES: tuple[Callable[[AlertContext], Iterable[Notice]], ...] = (
    waits_for_a_person,
    is_unknown,
    way_to_leave,
    provider_in_trouble,
    needs_money,
    was_corrected,
    due_and_waiting,
    nothing_out_today,
    has_failed,
    not_to_everybody,
    was_missed,
    hold_lasts,
    lacks_approval,
    help_line_expires,
)


#: What a campaign that nobody means to run yet is silent about.
OF_PREPARATION = (lacks_approval, help_line_expires)


# -- words ----------------------------------------------------------------------------------------------


def problem_notice(problem: str, day: str) -> Notice:
    """A pass was not possible, or the campaign's files cannot be read."""
    return Notice((f"problem:{day}:{problem[:80]}",), f"Nothing can be sent: {_short(problem)}.")


def interrupted_notice(lost: Sender, zone: str) -> Notice:
    """A process that sends did not end by itself."""
    started, seen = local_words(lost.started_at, zone), local_words(lost.last_seen_at, zone)
    return Notice(
        (f"interrupted:{lost.key}",),
        f"The program that was started on {started} ({lost.name}) ended without saying so (killed, crashed, or its "
        f"alarm was dead); it was last seen on {seen}. What was under way then is looked into by itself.",
    )


def _several(those: Sequence[Delivery]) -> str:
    if len(those) == 1:
        return f"{those[0].item} on {those[0].channel} ({those[0].on:%d %b}) was"
    if len(those) == 2:
        return " and ".join(f"{d.item} on {d.channel}" for d in those) + " were"
    first, last = min(d.on for d in those), max(d.on for d in those)
    channels = Counter(d.channel for d in those)
    split = ", ".join(f"{n} {c}" for c, n in sorted(channels.items()))
    days = f"{first:%d %b}" if first == last else f"{first:%d %b} to {last:%d %b}"
    return f"{counted(len(those), 'item')} of {days} ({split}) {'was' if len(those) == 1 else 'were'}"


def _told(delivery: Delivery, picture: AlertContext) -> str:
    return _short(told(delivery, picture.campaign.time_zone), 400).rstrip(".")


def _once_more(delivery: Delivery, picture: AlertContext) -> str:
    """While it can still be helped: by what."""
    if delivery.counts.waiting or picture.now >= delivery.expires_at:
        return ""
    until = picture.words(delivery.expires_at)
    return f" When its cause is gone, it can be tried once more: retry {delivery.id}, until {until}."


def _because(delivery: Delivery, picture: AlertContext) -> str:
    said = why(delivery, picture.campaign.time_zone)
    return f": {_short(said).rstrip('.')}" if said else ""


def _short(text: str, most: int = LONGEST_REASON) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "\u2026"
