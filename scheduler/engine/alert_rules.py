"""What the people who run a campaign are told, as pure rules over one picture of it.

A notice has keys; each key is told once. A state that lasts has the day in its key, so that it is brought to mind
each morning, not each minute. Nothing here names a reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..domain.approval import Approvals
from ..domain.campaign import Campaign, Season
from ..domain.claim import ContactStatus, Signatures
from ..domain.delivery import State
from ..domain.delivery_words import how_far, state_words, to_settle, told, why
from ..domain.formatting import counted, date_words, day_words, local_words, short_date, time_of_day
from ..domain.leave_page import Found, found_words
from ..domain.message import Message
from ..domain.pause import ChannelPause, pause_in_words
from ..domain.reason import HoldReason, ReasonCode
from ..domain.records import Delivery, Hold
from ..domain.redact import without_addresses
from ..domain.sender import Sender
from ..light_dataclass import dataclass
from ..settings import Notices

#: What lasts is brought to mind from this hour of the day on, in the campaign's zone; what is new is told at once.
MORNING = timedelta(hours=9)
#: So long after its instant an item that does not go is worth a word, and one that has not gone counts as not gone.
LATE = timedelta(minutes=5)
NOT_OUT = timedelta(minutes=30)
#: A doubt is told when the provider's own records should have settled it, and did not.
DOUBT_GRACE = timedelta(minutes=5)
LONGEST_REASON = 200
LONGEST_TITLE = 60
#: Help lines are brought to mind so long before a season's first day: earlier, nobody can do anything that lasts.
HELP_LINES_AHEAD = timedelta(days=30)


@dataclass(frozen=True)
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
    title: str = ""  # of a message of its own; empty: it goes with the others
    to: tuple[str, ...] = ()  # whose addresses it is for; empty: whoever gets the others

    @property
    def in_words(self) -> str:
        return f"{self.campaign}: {self.text}" if self.campaign else self.text


@dataclass(frozen=True)
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
    in_the_way: Callable[[Delivery], str] | None = None  # of one to come: why the last check would refuse it, in words
    help_lines: tuple[str, ...] = ()  # to be verified once more before the season, now that it counts
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

    def called(self, one: Delivery | Message) -> str:
        """An item by its headline, with the name that commands take, and its channel."""
        item = self.campaign.items.get(one.item)
        name = f"“{_short(item.title, LONGEST_TITLE)}” ({one.item})" if item else one.item
        return f"{name} on {one.channel}"

    def words(self, at: datetime) -> str:
        return local_words(at, self.campaign.time_zone)


def notices(picture: AlertContext) -> tuple[Notice, ...]:
    """All that is to be said now and was not said before."""
    return tuple(
        n if rule in OF_ALL_CAMPAIGNS else replace(n, campaign=picture.campaign.id)
        for rule in RULES
        if not (picture.is_example and rule in OF_PREPARATION)
        for n in rule(picture)
        if not picture.told.issuperset(n.keys)
    )


def without_repeats(found: Iterable[Notice]) -> list[Notice]:
    """Each thing once, in its order. What several campaigns say of one hold is said by those that know more of it."""
    found, said, kept = list(found), set[str](), list[int]()
    for place in sorted(range(len(found)), key=lambda place: -len(found[place].keys)):
        if not said.issuperset(found[place].keys):
            said.update(found[place].keys)
            kept.append(place)
    return [found[place] for place in sorted(kept)]


def one_text(told: Sequence[Notice], *, most: int = 20) -> tuple[str, str]:
    """One title and one text for all of them, so that a bad night is one message."""
    if all(notice.title for notice in told):
        title = told[0].title if len(told) == 1 else "several campaigns today"
        return f"Observance: {title}", without_addresses("\n".join(notice.in_words for notice in told))
    what = "something needs" if len(told) == 1 else f"{len(told)} things need"
    by_campaign: dict[str, list[Notice]] = {}
    for notice in told:
        by_campaign.setdefault(notice.campaign, []).append(notice)
    each = max(1, most // max(1, len(by_campaign)))  # one campaign's bad night does not hide another's
    lines = []
    for campaign, those in by_campaign.items():
        lines += [f"- {_short(n.in_words, 600)}" for n in those[:each]]
        if len(those) > each:
            lines.append(f"- and {len(those) - each} more{f' of {campaign}' if campaign else ''}")
    named = [name for name in by_campaign if name]
    which = f" --campaign {named[0] if len(named) == 1 else 'NAME'}" if named else ""
    lines.append(f"`status{which}` shows where everything stands; `doctor` says what to do.")
    return f"Observance: {what} your attention", without_addresses("\n".join(lines))


# -- the rules ------------------------------------------------------------------------------------------
# Each gives what there is to say now, told or not: `notices` leaves out what was said before.


def provider_in_trouble(picture: AlertContext) -> Iterable[Notice]:
    """A channel pauses, and what is due on it waits: told once, however many wait and however long it lasts."""
    return (
        Notice(
            (f"paused:{pause.channel}:{pause.since_at.isoformat()}",),
            f"{pause_in_words(pause, picture.words(pause.until_at))}. It is tried again by itself; `doctor` says what "
            "to do.",
        )
        for pause in picture.pauses
        if pause.until_at is not None
    )


def nothing_out_today(picture: AlertContext) -> Iterable[Notice]:
    """Something was due today, it is past the hour, and nothing has gone out: on a channel, or at all."""
    by = picture.rules.nothing_out_by
    if not by or picture.local.time() < time.fromisoformat(by):
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
        reasons = {f"{picture.called(d)} is {state_words(d.state)}{_because(d, picture)}" for d in those}
        yield Notice(
            tuple(sorted(keys)),
            f"Nothing has gone out{where} today ({day_words(picture.today)}) by "
            f"{time_of_day(time.fromisoformat(by))}: {'; '.join(sorted(reasons))}.",
        )


def goes_today(picture: AlertContext) -> Iterable[Notice]:
    """On a day with something due, ahead of it: what goes and when, or what is in its way. Once a day, if wanted; and
    once more when all was green, and something got in the way since."""
    at, key = picture.rules.before_sending, f"before-sending:{picture.campaign.id}:{picture.today}"
    green, not_green = f"{key}:green", f"{key}:not-green"
    if not at or not picture.live or picture.local.time() < time.fromisoformat(at):
        return
    is_told = key in picture.told
    if is_told and (green not in picture.told or not_green in picture.told):
        return
    open_states = (State.SCHEDULED, State.HELD)
    due = [d for d in picture.deliveries if d.on == picture.today and d.state in open_states and d.due_at > picture.now]
    if not due:
        return
    first = min(d.due_at for d in due).astimezone(ZoneInfo(picture.campaign.time_zone))
    wrong: dict[str, list[str]] = {}
    for d in sorted(due, key=lambda d: (d.due_at, d.item, d.channel)):
        if why_not := _in_the_way(d, picture):
            wrong.setdefault(why_not, []).append(picture.called(d))
    named = ", ".join(map(picture.called, due))
    title = f"{day_words(picture.today)}: goes at {time_of_day(first)}, approved, all green"
    text = f"Goes at {time_of_day(first)}, approved, all green: {named}."
    if wrong:
        title = f"{day_words(picture.today)}: not all of it will go"
        stopped = "; ".join(f"{' and '.join(those)}: {why_not}" for why_not, those in wrong.items())
        fine = len(due) - sum(len(those) for those in wrong.values())
        rest = f" The other {counted(fine, 'message')} of today: approved, all green." if fine else ""
        text = f"Due today from {time_of_day(first)} on, and something is in the way. {stopped}.{rest}"
    if is_told and not wrong:
        return
    if is_told:
        text = f"This morning all was green, and now it is not. {text}"
    keys = (not_green,) if is_told else (key,) if wrong else (key, green)
    yield Notice(keys, text, title=title, to=picture.rules.before_sending_to)


def _in_the_way(delivery: Delivery, picture: AlertContext) -> str:
    """Why it would not go at its instant, as far as is known now; empty: nothing."""
    pauses = [p for p in picture.pauses if p.channel == delivery.channel and p.until_at is not None]
    if pauses and pauses[0].until_at is not None and pauses[0].until_at > delivery.due_at:
        return pause_in_words(pauses[0], picture.words(pauses[0].until_at))
    if delivery.kind == "email" and picture.leave_page is not None:
        return found_words(picture.leave_page, picture.public_url, campaign=picture.campaign.id)[0]
    if picture.in_the_way is not None and (refused := picture.in_the_way(delivery)):
        return _short(refused).rstrip(".")
    return _short(why(delivery, picture.campaign.time_zone)).rstrip(".") if delivery.needs_money else ""


def terrible_day(picture: AlertContext) -> Iterable[Notice]:
    """Somebody stopped everything because something terrible happened: told at once, to the deputy as well."""
    for hold in picture.holds:
        if hold.concerns(picture.campaign.id) and hold.reason is HoldReason.SOMETHING_TERRIBLE:
            text = (
                f"{hold.who} holds {hold.words}, since {picture.words(hold.held_at)}: {_short(hold.why)} Nothing of it "
                f"goes out before somebody resumes. To go on: {hold.ended_by}."
            )
            yield Notice((f"terrible:{hold.id}",), text, campaign=hold.campaign)
            if picture.rules.deputy:
                title = "everything is on hold" if not hold.campaign else f"{hold.campaign} is on hold"
                yield Notice(
                    (f"terrible:{hold.id}:deputy",), text, campaign=hold.campaign, title=title, to=picture.rules.deputy
                )


def due_and_waiting(picture: AlertContext) -> Iterable[Notice]:
    """It is due, its window is open, and a person stands in the way without knowing it."""
    paused = {pause.channel for pause in picture.pauses}
    for d in picture.deliveries if picture.live else ():
        halfway = d.state in (State.SENDING, State.HELD)
        if (
            (d.state is State.SCHEDULED or (halfway and d.id in picture.stuck))
            and d.due_at + LATE <= picture.now < d.expires_at
            and d.reasons
            and d.channel not in paused
            and not d.needs_money
            and not d.has(ReasonCode.HELD, ReasonCode.CALL_LIMIT, ReasonCode.PROVIDER_LIMIT, ReasonCode.TEXT_CHANGED)
        ):
            part = f" ({how_far(d, picture.campaign.time_zone)})" if halfway else ""
            yield Notice(
                (f"waiting:{d.id}",),
                f"{picture.called(d)} is due and does not go{part}{_because(d, picture)}. "
                f"It can still go out until {picture.words(d.expires_at)}.",
            )


def was_corrected(picture: AlertContext) -> Iterable[Notice]:
    """It was changed while it went out: told at once, for the rest waits for a person, and some have the old words."""
    return (
        Notice(
            (f"corrected:{d.id}:{d.counts.accepted}",),
            f"{picture.called(d)} stopped: {reason.fields.get('what', 'its text')} changed while it went out. "
            f"{how_far(d, picture.campaign.time_zone)}, and who has it has the earlier words. "
            "Read it and approve it, and the others get the new words: "
            f"approve {d.item} --campaign {picture.campaign.id} --by NAME.",
        )
        for d in picture.deliveries
        for reason in d.reasons
        if reason.code is ReasonCode.TEXT_CHANGED and d.due_at <= picture.now < d.expires_at
    )


def lacks_approval(picture: AlertContext) -> Iterable[Notice]:
    """Something is due soon, and nobody has approved it as it stands now: each morning, and at once where it had been
    approved and has changed since, for by the next morning it would have been due."""
    key, hours = f"unapproved:{picture.campaign.id}:{picture.day}", picture.rules.unapproved_hours
    if not picture.live or not hours:
        return
    waiting = {(d.item, d.channel) for d in picture.deliveries if d.state is State.SCHEDULED}
    lacking = [
        m
        for m in picture.messages
        if picture.now < m.due_at <= picture.now + timedelta(hours=hours)
        and (m.item, m.channel) in waiting
        and picture.lacks(m)
    ]
    approved = (m for m in lacking if picture.approvals.people_of_earlier(m))
    changed = {f"lapsed:{picture.campaign.id}:{m.digest[:16]}": m for m in approved}
    if lacking and key not in picture.told:
        verb = "lacks" if len(lacking) == 1 else "lack"
        yield Notice(
            (key, *changed),
            f"{counted(len(lacking), 'item')} due within {counted(hours, 'hour')} {verb} approval: "
            f"{_due(lacking, picture)}.{_lapsed([*changed.values()], picture)}",
        )
    elif new := [m for name, m in changed.items() if name not in picture.told]:
        yield Notice(tuple(changed), _lapsed(new, picture).lstrip())


def _due(those: Sequence[Message], picture: AlertContext) -> str:
    more = f" and {len(those) - 5} more" if len(those) > 5 else ""
    return ", ".join(f"{picture.called(m)} ({short_date(m.on)})" for m in those[:5]) + more


def _lapsed(changed: Sequence[Message], picture: AlertContext) -> str:
    """What had been approved, by whom, and by when it is needed again."""
    if not changed:
        return ""
    whom = dict.fromkeys(who for m in changed for who in picture.approvals.people_of_earlier(m))
    first = picture.words(min(m.due_at for m in changed))
    return (
        f" Changed since {' and '.join(whom)} approved it: {_due(changed, picture)}. It goes out once it is approved "
        f"again as it stands now; the first is due {first}."
    )


def help_line_expires(picture: AlertContext) -> Iterable[Notice]:
    """Messages to come print a help line that nobody has signed as it stands, or whose verification ends before they
    do: they would not be sent. A date that was moved on in its record is no verification."""
    if not picture.rules.help_line_days or picture.season.start_on - picture.today > HELP_LINES_AHEAD:
        return
    shortly = picture.today + timedelta(days=picture.rules.help_line_days)
    last: dict[str, date] = {}  # contact -> last day that prints it
    for message in (m for m in picture.messages if m.due_at > picture.now):
        for contact_id in {*message.contacts, *picture.campaign.block}:
            last[contact_id] = max(message.on, last.get(contact_id, message.on))
    for contact_id, on in sorted(last.items()):
        contact = picture.campaign.contacts.get(contact_id)
        if contact is None or contact.status is not ContactStatus.ACTIVE:
            continue
        verified_on = picture.signatures.last_verified(contact)
        if verified_on is None:
            lack = picture.signatures.lack_of("contact", contact_id)
            key, wrong = contact.record_hash()[:12], f"{lack}, and messages with it are not sent"
        else:
            ends_on = verified_on + picture.contact_max_age
            key, wrong = f"{ends_on}", _verified(verified_on, ends_on, picture.today)
            if ends_on > shortly or on <= ends_on:
                continue
        yield Notice(
            (f"help-line:{picture.campaign.id}:{contact_id}:{key}",),
            f"The help line {contact_id} ({contact.label}) {wrong}. "
            f"Try it, then: sign contact {contact_id} --campaign {picture.campaign.id} --by NAME.",
        )


def help_lines_count(picture: AlertContext) -> Iterable[Notice]:
    """From today on a check of a help line counts for the season to come: told once, while any is left to do."""
    if picture.rules.help_line_days and picture.help_lines:
        lines = picture.campaign.contacts
        named = ", ".join(f"{lines[i].label} ({i})" if i in lines else i for i in picture.help_lines)
        yield Notice(
            (f"help-lines-count:{picture.campaign.id}:{picture.season.year}",),
            f"From now on, checking a help line counts for season {picture.season.year}; it is needed before "
            f"{date_words(picture.season.start_on)}. Left to try: {named}. Try each, then: "
            f"sign contact ID --campaign {picture.campaign.id} --by NAME.",
        )


def _verified(on: date, ends_on: date, today: date) -> str:
    left = (ends_on - today).days
    ends = (
        f"ends in {counted(left, 'day')}"
        if left > 0
        else "ends today"
        if left == 0
        else f"ended on {date_words(ends_on)}"
    )
    return f"was last verified on {date_words(on)}; that {ends}, and messages after it are not sent"


def is_unknown(picture: AlertContext) -> Iterable[Notice]:
    """Nobody can tell whether it went out, and the provider's records did not settle it."""
    for d in picture.deliveries:
        settled_after = picture.settle.get(d.channel, timedelta()) + DOUBT_GRACE
        if (
            (d.counts.unknown or d.state is State.UNKNOWN)
            and not d.has(ReasonCode.WAITS_FOR_PERSON)
            and (d.changed_at is None or d.changed_at + settled_after <= picture.now)
        ):
            mailing = d.kind == "email" and d.counts.frozen
            far = _told(d, picture) if mailing else f"it may have gone out{_because(d, picture)}"
            yield Notice(
                (f"unknown:{d.id}:{picture.day}",),
                f"{_named(d, picture)} is unknown: {far}. To settle it, {to_settle(d)}.",
            )


def waits_for_a_person(picture: AlertContext) -> Iterable[Notice]:
    """Somebody is to post it now, and to say so."""
    return (
        Notice(
            (f"to-post:{d.id}",),
            f"{picture.called(d)} is to be posted now: it {why(d, picture.campaign.time_zone)}. The text, and the "
            f"button to say that it is posted: {picture.public_url.rstrip('/')}/to-post/{d.id}",
        )
        for d in picture.deliveries
        if d.state is State.UNKNOWN and d.has(ReasonCode.WAITS_FOR_PERSON) and picture.now < d.expires_at
    )


def was_missed(picture: AlertContext) -> Iterable[Notice]:
    """Its day is over, and it did not go out. Those that were missed for one reason are told as one."""
    by_reason: dict[str, dict[str, Delivery]] = {}
    for d in picture.deliveries:
        is_missed = (d.state is State.MISSED or d.was_restored) and not d.closed_before_start
        if is_missed and f"missed:{d.id}" not in picture.told:
            by_reason.setdefault(why(d, picture.campaign.time_zone), {})[f"missed:{d.id}"] = d
    for alike in by_reason.values():
        because = _because(next(iter(alike.values())), picture)
        yield Notice(tuple(alike), f"{_several(list(alike.values()), picture)} missed{because}.")


def has_failed(picture: AlertContext) -> Iterable[Notice]:
    """The provider refused it for good."""
    for d in picture.deliveries:
        if d.state is State.FAILED:
            detail = _told(d, picture)
            yield Notice(
                (f"failed:{d.id}",),
                f"{_named(d, picture)} has failed{detail and f': {detail}'}.{_once_more(d, picture)}",
            )


def not_to_everybody(picture: AlertContext) -> Iterable[Notice]:
    """Some of a mailing's readers have not got it and will not: one notice, whatever kept it from them. While the rest
    is under way it is not told yet, unless that takes long; a doubt is told with its numbers by itself."""
    for d in picture.deliveries:
        keys = {f"failed:{d.id}": d.counts.failed, f"missed-part:{d.id}": d.counts.missed}
        new = {key for key, count in keys.items() if count} - picture.told
        over = d.state in (State.FAILED, State.MISSED) or d.was_restored
        under_way = d.counts.unknown or (d.counts.waiting and picture.now < d.due_at + LATE)
        if new and not over and not under_way:
            yield Notice(
                tuple(sorted(new)),
                f"{_named(d, picture)} is {state_words(d.state)}: {_told(d, picture)}.{_once_more(d, picture)}",
            )


def hold_lasts(picture: AlertContext) -> Iterable[Notice]:
    """Somebody stopped sending, and has perhaps forgotten it. The mailings that it stopped on their way, in numbers."""
    mine = (hold for hold in picture.holds if hold.concerns(picture.campaign.id))
    for hold in mine if picture.rules.hold_hours else ():
        hours = int((picture.now - hold.held_at).total_seconds() // 3600)
        if hours >= picture.rules.hold_hours:
            halfway = {
                f"hold:{hold.id}:{picture.day}:{d.id}": (
                    f"{picture.called(d)} is held: {how_far(d, picture.campaign.time_zone)}. "
                )
                for d in picture.deliveries
                if d.state is State.HELD and d.counts.accepted and hold.covers(d.channel, d.campaign)
            }
            yield Notice(
                (f"hold:{hold.id}:{picture.day}", *halfway),
                f"A hold of {hold.words} by {hold.who} has been in force for {counted(hours, 'hour')}: "
                f"{_short(hold.why)}. {''.join(halfway.values())}To go on: {hold.ended_by}.",
                campaign=picture.campaign.id if halfway else hold.campaign,
            )


def needs_money(picture: AlertContext) -> Iterable[Notice]:
    """The provider asks for money, and nothing goes out before it has it."""
    waiting: dict[str, list[Delivery]] = {}
    for delivery in (d for d in picture.deliveries if d.needs_money):
        waiting.setdefault(delivery.channel, []).append(delivery)
    for channel, those in sorted(waiting.items()):
        detail = f": {_short(those[0].detail).rstrip('.')}" if those[0].detail else ""
        yield Notice(
            (f"money:{picture.campaign.id}:{channel}:{picture.day}",),
            f"{channel} needs money; {counted(len(those), 'item')} waiting{detail}.",
        )


def way_to_leave(picture: AlertContext) -> Iterable[Notice]:
    """The unsubscribe links lead nowhere, or nobody knows where: emails wait. Told ahead of the mailing."""
    page = picture.leave_page
    open_states = (State.SCHEDULED, State.SENDING, State.HELD)
    to_come = (d.kind == "email" and d.expires_at > picture.now and d.state in open_states for d in picture.deliveries)
    if picture.live and page is not None and any(to_come):
        detail, to_do = found_words(page, picture.public_url, campaign=picture.campaign.id)
        yield Notice(
            (f"leave-page:{page.page}:{picture.campaign.id}:{picture.day}",),
            f"{detail[:1].upper()}{detail[1:]}. What to do: {to_do}.",
        )


#: In the order in which they are said.
RULES: tuple[Callable[[AlertContext], Iterable[Notice]], ...] = (
    terrible_day,
    goes_today,
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
    help_lines_count,
    help_line_expires,
)


#: What is not one campaign's: these name one where it is.
OF_ALL_CAMPAIGNS = (hold_lasts, provider_in_trouble, terrible_day)

#: What a campaign that nobody means to run yet is silent about.
OF_PREPARATION = (lacks_approval, help_lines_count, help_line_expires)


# -- words ----------------------------------------------------------------------------------------------


class CampaignProblem(str):
    """What is wrong with one campaign alone: the others go on, and people are told of them as ever."""

    campaign: str = ""

    @classmethod
    def of(cls, campaign: str, problem: str) -> CampaignProblem:
        made = cls(problem)
        made.campaign = campaign
        return made


def problem_notice(problem: str, day: str) -> Notice:
    """A pass was not possible, or a campaign's files cannot be read."""
    if isinstance(problem, CampaignProblem):
        key = f"problem:{problem.campaign}:{day}:{problem[:80]}"
        return Notice((key,), f"Nothing of it can be sent: {_short(problem)}.", campaign=problem.campaign)
    return Notice((f"problem:{day}:{problem[:80]}",), f"Nothing can be sent: {_short(problem)}.")


def interrupted_notice(lost: Sender, zone: str) -> Notice:
    """A process that sends did not end by itself."""
    started, seen = local_words(lost.started_at, zone), local_words(lost.last_seen_at, zone)
    return Notice(
        (f"interrupted:{lost.key}",),
        f"The program that was started on {started} ({lost.name}) ended without saying so (killed, crashed, or its "
        f"alarm was dead); it was last seen on {seen}. What was under way then is looked into by itself.",
    )


def _several(those: Sequence[Delivery], picture: AlertContext) -> str:
    if len(those) == 1:
        return f"{_named(those[0], picture)} was"
    if len(those) == 2:
        return " and ".join(map(picture.called, those)) + " were"
    first, last = min(d.on for d in those), max(d.on for d in those)
    split = ", ".join(f"{n} {c}" for c, n in sorted(Counter(d.channel for d in those).items()))
    days = short_date(first) if first == last else f"{short_date(first)} to {short_date(last)}"
    return f"{counted(len(those), 'item')} of {days} ({split}) were"


def _named(delivery: Delivery, picture: AlertContext) -> str:
    return f"{picture.called(delivery)} ({short_date(delivery.on)})"


def _told(delivery: Delivery, picture: AlertContext) -> str:
    return _short(told(delivery, picture.campaign.time_zone), 400).rstrip(".")


def _once_more(delivery: Delivery, picture: AlertContext) -> str:
    """While it can still be helped: by what."""
    if delivery.counts.waiting or picture.now >= delivery.expires_at:
        return ""
    until = picture.words(delivery.expires_at)
    return f" When its cause is gone, it can be tried once more: retry {delivery.id}, until {until}."


def _because(delivery: Delivery, picture: AlertContext) -> str:
    reason = why(delivery, picture.campaign.time_zone)
    return f": {_short(reason).rstrip('.')}" if reason else ""


def _short(text: str, most: int = LONGEST_REASON) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "\u2026"
