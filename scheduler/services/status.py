"""Now and next of one season: what went out, what comes, what stands in the way, what waits for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign
from ..domain.delivery import State
from ..domain.delivery_words import to_settle, told, why
from ..domain.finding import Finding, Severity
from ..domain.formatting import counted, date_words, local_words
from ..domain.outlook import Outlook, outlook_as_data
from ..domain.reason import ReasonCode, as_data
from ..domain.reason_words import advice as advice_on
from ..domain.records import Arming, Delivery, Hold
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..domain.subscriber import DeadAddresses
from ..domain.transactional_email import LettersStanding
from ..errors import ObservanceError, UsageError
from ..light_dataclass import dataclass
from ..project import campaign_option, files_fingerprint
from ..review.rehearsal_data import findings_as_data
from ..review.review_status import ReviewStatus, review_standing, standing_as_data
from . import losses
from .context import Context, SeasonContext, about_season
from .doctor import find_trouble
from .doctor.doctor_result import DoctorResult
from .last_look import LastLook, Looking
from .ledger_data import Plain, hold_as_data
from .outlook import Standing, cannot_tell, look_ahead
from .report import Spending, spending_of
from .reviewer_mails import MailStanding, reviewers_told
from .seasons import is_closed, read_campaign, refresh, season_of
from .senders import who_sends
from .subscribers import lists_without_folder

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger

#: For so long after its end it is said what a digest went without.
SAID_FOR = timedelta(days=7)
_OVER = "its day is over, so nothing more of it goes out"


@dataclass(frozen=True)
class SeasonEnd:
    """A season that is over. ``readers``: who are still on its list and are to be deleted. ``next_season``: the one
    that comes; None: none is known."""

    ended_on: date
    went: int
    planned: int
    is_closed: bool
    readers: int
    next_season: int | None

    def in_words(self, season: int) -> str:
        """Season 2027 ended on February 1, 2027: 64 of 70 deliveries went out to everybody."""
        went = f"{self.went:,} of {counted(self.planned, 'delivery', 'deliveries')} went out to everybody"
        return f"Season {season} ended on {date_words(self.ended_on)}: {went}"


def season_end(project: Project, ledger: Ledger, campaign: Campaign, year: int, mode: str) -> SeasonEnd | None:
    """None while the season is not over."""
    key, following = SeasonKey(campaign.id, year), None
    with suppress(UsageError):
        following = season_of(project, campaign, None).year
    try:
        end_on = season_of(project, campaign, year).end_on
    except UsageError:
        return None
    if project.today(campaign) <= end_on:
        return None
    deliveries = ledger.deliveries.of_season(mode, key)
    went = sum(d.state is State.SENT for d in deliveries)
    left = ledger.subscribers.of_season(key)
    return SeasonEnd(end_on, went, len(deliveries), is_closed(ledger, key), left, following)


@dataclass(frozen=True)
class SeasonStatus:
    """How a season stands at one instant. ``reviewers`` None: it could not be rehearsed, because of ``unread``."""

    campaign: str
    season: int
    mode: str
    armed: Arming | None
    holds: tuple[Hold, ...]
    deliveries: tuple[Delivery, ...]
    readers: Mapping[str, int]
    copied_at: datetime | None  # of a backup that nothing was sent from yet
    reviewers: ReviewStatus | None
    unread: str
    zone: str
    money: tuple[Spending, ...]
    now: datetime
    outlook: Outlook  # whether what comes next goes out
    dead: DeadAddresses = field(default_factory=DeadAddresses)
    letters: LettersStanding = field(default_factory=LettersStanding)
    trouble: tuple[DoctorResult, ...] = ()  # what keeps everything from being sent
    sends: str | None = None  # the process that sends; empty: none; None: not known
    to_do: Mapping[int, str] = field(default_factory=dict)  # delivery -> what somebody can do about it
    ended: SeasonEnd | None = None
    lost_seen: frozenset[int] = frozenset()  # deliveries that are lost, and that somebody has seen
    without_folder: Mapping[str, int] = field(default_factory=dict)  # lists of campaigns that have no folder: readers
    blocked: tuple[Finding, ...] = ()  # what keeps messages from going out until somebody settles it
    untold: tuple[MailStanding, ...] = ()  # reviewers for whom something waits, and whom no email tells
    looked_at: datetime | None = None  # when its files were looked at; None: they cannot be read
    changed_at: datetime | None = None  # when one of them has changed since; None: none has

    @property
    def states(self) -> Mapping[str, int]:
        return Counter(d.state.value for d in self.deliveries)

    @property
    def upcoming(self) -> list[Delivery]:
        return [d for d in self.deliveries if d.state is State.SCHEDULED and d.due_at > self.now]

    @property
    def waiting(self) -> list[Delivery]:
        """What a person has to look at."""
        return waiting(self.deliveries, self.now, self.lost_seen)

    @property
    def lost(self) -> list[Delivery]:
        """What of it can only be looked at: it did not go out, and cannot any more."""
        return [d for d in self.waiting if d.is_lost(self.now)]

    @property
    def closed(self) -> list[Delivery]:
        """Whose window had closed before the season was started here."""
        return [d for d in self.deliveries if d.closed_before_start]

    @property
    def went_without(self) -> list[Delivery]:
        """Digests of the last days that left out items, and posts that went without their picture."""
        return [
            d
            for d in self.deliveries
            if (d.has(ReasonCode.TOLD_WITHOUT) or d.has(ReasonCode.PICTURE_LEFT_OUT))
            and d.expires_at > self.now - SAID_FOR
        ]

    @property
    def needs_money(self) -> list[str]:
        """Channels that wait for a balance or a plan."""
        return sorted({d.channel for d in self.deliveries if d.needs_money})

    @property
    def needs_a_person(self) -> bool:
        """A reviewer has to act on a request or a voided approval always, on a missing approval once it is armed."""
        review = self.reviewers
        asks = review is not None and (
            review.requests or review.declined or review.voided or (self.armed and review.lacking)
        )
        return bool(self.trouble or self.waiting or self.holds or self.copied_at or self.without_folder or asks)


def waiting(deliveries: Iterable[Delivery], now: datetime, lost_seen: frozenset[int]) -> list[Delivery]:
    """Deliveries that are in doubt or have failed, and those that are due and do not go: wholly, or a part of them.
    Without those that are lost, and that somebody has seen."""
    return [d for d in deliveries if (d.needs_a_person() and d.id not in lost_seen) or d.does_not_go(now)]


def season_status(
    context: Context, key: SeasonKey, about: Callable[[], SeasonContext] | None = None, look: LastLook | None = None
) -> SeasonStatus:
    """How a season stands. ``about`` gives it with a rehearsal at hand; ``look``: the last look at the campaign's
    files, which goes where it is of this season. Without them the season is rehearsed.

    A season that cannot be rehearsed has a status all the same.
    """
    project, ledger, mode, now = context.project, context.ledger, context.mode, context.now()
    money: tuple[Spending, ...] = ()
    reviewers, unread, rehearsal, now_known, untold = None, "", None, None, tuple[MailStanding, ...]()
    looked_at, changed_at = None, None
    try:
        if about is None:
            season, looked_at, changed_at = _seen_last(context, key, look)
        else:
            season, looked_at = about(), now.replace(microsecond=0)
        rehearsal, now_known = season.rehearsal, season.rehearsal_now()
        reviewers, money = review_standing(now_known, open_at=now), spending_of(project, ledger, rehearsal)
        untold = tuple(one for one in reviewers_told(season) if one.to_tell)
    except ObservanceError as problem:
        unread = problem.message
    deliveries, sends = ledger.deliveries.of_season(mode, key), who_sends(project, ledger, key.campaign)
    lost_seen, outlook = losses.seen(ledger, deliveries, now), cannot_tell(project, key.campaign, now)
    campaign = rehearsal.plan.campaign if rehearsal else read_campaign(project, key.campaign)[0]
    zone, only = campaign.time_zone, campaign_option(project.root, key.campaign)
    readers = ledger.subscribers.count(key.campaign, now=now)
    armed, holds = ledger.armings.find(key), ledger.holds.in_force()
    if now_known is not None:
        outlook = look_ahead(project, ledger, Standing(now_known, deliveries, holds, armed, readers["active"], now))
    return SeasonStatus(
        **asdict(key),
        mode=mode,
        armed=armed,
        holds=tuple(hold for hold in holds if hold.concerns(key.campaign)),
        deliveries=deliveries,
        readers=readers,
        copied_at=ledger.backups.copied_at(),
        reviewers=reviewers,
        unread=unread,
        zone=zone,
        money=money,
        now=now,
        outlook=outlook,
        dead=ledger.subscribers.dead_addresses(),
        letters=ledger.transactional_emails.status(),
        trouble=find_trouble(project, ledger, rehearsal=rehearsal),
        sends=sends,
        to_do=advice(ledger, waiting(deliveries, now, lost_seen), now=now, zone=zone, sends=sends, only=only),
        ended=season_end(project, ledger, campaign, key.season, mode),
        lost_seen=lost_seen,
        without_folder=lists_without_folder(project, ledger),
        blocked=_blocked(rehearsal),
        untold=untold,
        looked_at=looked_at,
        changed_at=changed_at,
    )


def _seen_last(
    context: Context, key: SeasonKey, look: LastLook | None
) -> tuple[SeasonContext, datetime, datetime | None]:
    """A season with what was last found of it, when that was, and when a file has changed since. It is looked at where
    nobody has, or somebody has signed something or answered a question meanwhile; and where files have changed that the
    process which answers for them has seen."""
    project, ledger = context.project, context.ledger
    if look is not None and look.rehearsal.plan.key == key:
        reading = ledger.rehearsals.reading(context.mode, key) if look.changed_at is not None else None
        if reading is None or reading.files != files_fingerprint(project.root, key.campaign):
            if (known := refresh(project, look.rehearsal, ledger)) is not None:
                return about_season(context, key, known), look.at, look.changed_at
    looking, season = Looking(project, key.campaign), about_season(context, key)
    looking.keep(season.rehearsal)
    return season, context.now().replace(microsecond=0), None


def _blocked(rehearsal: Rehearsal | None) -> tuple[Finding, ...]:
    """What is red, and a policy that asks for fewer people than are needed: nothing goes out on that either."""
    findings = rehearsal.findings if rehearsal is not None else ()
    return tuple(f for f in findings if f.severity is Severity.RED or f.code == "S108")


def advice(
    ledger: Ledger, deliveries: Iterable[Delivery], *, now: datetime, zone: str, sends: str | None, only: str = ""
) -> Mapping[int, str]:
    """Delivery -> what somebody can do about it."""
    return {d.id: what_to_do(d, replace(_seen(ledger, d, now, zone, sends), only=only)) for d in deliveries}


def _seen(ledger: Ledger, delivery: Delivery, now: datetime, zone: str, sends: str | None) -> Seen:
    """What is known of a delivery's calls."""
    open_states = (State.SCHEDULED, State.SENDING, State.HELD, State.UNKNOWN)
    batches = ledger.deliveries.batches(delivery.id) if delivery.state in open_states else ()
    tries = [b.not_before_at for b in batches if b.state is State.SCHEDULED]
    asks = [b.check_at for b in batches if b.state is State.UNKNOWN and b.check_at is not None]
    return Seen(now, zone, min(tries, default=None), min(asks, default=None), None if sends is None else bool(sends))


def trouble_as_data(trouble: Iterable[DoctorResult]) -> list[Plain]:
    """What keeps everything from being sent, and what to do."""
    return [{"check": line.check, "said": line.said, "to_do": line.to_do} for line in trouble]


def status_as_data(status: SeasonStatus) -> Plain:
    """The same for ``status --json`` and for the JSON API."""
    first = status.upcoming[0] if status.upcoming else None
    return {
        "campaign": status.campaign,
        "season": status.season,
        "mode": status.mode,
        "started": True,
        "outlook": outlook_as_data(status.outlook),
        "armed": status.armed is not None,
        "armed_by": status.armed.who if status.armed else None,
        "holds": [hold_as_data(h) for h in status.holds],
        "states": dict(status.states),
        "closed_before_start": len(status.closed),
        "needs_money": status.needs_money,
        "backup_of": status.copied_at,
        "money": [
            {"channel": m.channel, "forecast": m.forecast, "spent": m.spent, "limit": m.limit} for m in status.money
        ],
        "next": {"item": first.item, "channel": first.channel, "due_at": first.due_at} if first else None,
        "readers": dict(status.readers),
        "dead_addresses": {"addresses": status.dead.addresses, "latest_at": status.dead.latest_at},
        "review": standing_as_data(status.reviewers) if status.reviewers else {"unread": status.unread},
        "blocked": findings_as_data(status.blocked),
        "reviewers_to_tell": [
            {"name": t.invitation.name, "role": t.invitation.role, "waits": t.waiting.number, "why": t.words}
            for t in status.untold
        ],
        "needs_you": [
            {
                "delivery": d.id,
                "date": d.on,
                "item": d.item,
                "channel": d.channel,
                "state": d.state.value,
                "why": told(d, status.zone),
                "reasons": as_data(d.reasons),
                "to_do": status.to_do.get(d.id, ""),
            }
            for d in status.waiting
        ],
        "lost_seen": sorted(status.lost_seen),
        "went_without": [
            {"delivery": d.id, "date": d.on, "item": d.item, "channel": d.channel, "why": why(d, status.zone)}
            for d in status.went_without
        ],
        "trouble": trouble_as_data(status.trouble),
        "sends": status.sends,
        "ended": _end_as_data(status.ended),
        "lists_without_folder": dict(status.without_folder),
        "files": {"looked_at": status.looked_at, "changed_at": status.changed_at},
    }


def _end_as_data(ended: SeasonEnd | None) -> Plain | None:
    if ended is None:
        return None
    return {
        "on": ended.ended_on,
        "sent": ended.went,
        "planned": ended.planned,
        "closed": ended.is_closed,
        "readers_left": ended.readers,
        "next_season": ended.next_season,
    }


@dataclass(frozen=True)
class Seen:
    """What is known besides. ``next_try_at``: of the call that waits. ``ask_at``: when the provider is asked about a
    doubt next; None: never again. ``runs``: whether a process sends now; None: that cannot be known here."""

    now: datetime
    zone: str
    next_try_at: datetime | None = None
    ask_at: datetime | None = None
    runs: bool | None = None
    only: str = ""  # " --campaign ID", where a command has to name it

    def words(self, at: datetime) -> str:
        return local_words(at, self.zone)


def what_to_do(delivery: Delivery, seen: Seen) -> str:
    """One sentence, without a full stop at its end; empty where nothing has to be said."""
    number = delivery.id
    settle = to_settle(delivery)
    if delivery.was_restored:
        return settle
    if delivery.state is State.UNKNOWN or delivery.counts.unknown:
        if seen.ask_at is not None and seen.ask_at > seen.now:
            return f"its provider's records are asked at {seen.words(seen.ask_at)}; to settle it yourself, {settle}"
        return settle
    waits = delivery.state in (State.SCHEDULED, State.SENDING, State.HELD)
    if delivery.state is State.FAILED or (delivery.counts.failed and not waits):
        return _once_more(delivery, seen)
    if delivery.state is State.MISSED and seen.now < delivery.expires_at:
        return f"its window is open still: retry {number}, until {seen.words(delivery.expires_at)}"
    if delivery.state is State.MISSED:
        return "nothing goes out late: see to the reason, before the next day"
    if delivery.state is State.PARTLY_SENT:
        if not delivery.counts.failed and not delivery.counts.missed:
            return "nothing: a person left the others out"
        return _once_more(delivery, seen)
    advice = _advice(delivery, seen)
    if delivery.needs_money:
        return advice + _by_itself(delivery, seen)
    if delivery.awaits_decision:
        return (
            f"decide: resume{seen.only} --send {delivery.item}, --skip {delivery.item}, or --move {delivery.item}=DATE"
        )
    if delivery.expires_at <= seen.now:
        return _OVER
    if advice:
        return advice + _by_itself(delivery, seen)
    if seen.runs is False:
        return "no process sends now: `start` does, or `tick`"
    if delivery.reasons:
        return f"`doctor` says more{_by_itself(delivery, seen)}"
    return "it goes within a minute" if seen.runs else "see that `start` runs, or that `tick` is called"


def _advice(delivery: Delivery, seen: Seen) -> str:
    """What somebody can do about the first of its reasons that anything can be done about."""
    return advice_on(delivery.reasons, item=delivery.item, channel=delivery.channel, only=seen.only)


def _once_more(delivery: Delivery, seen: Seen) -> str:
    advice = _advice(delivery, seen)
    if delivery.expires_at <= seen.now:
        return f"{advice}; {_OVER}" if advice else _OVER
    retry = f"retry {delivery.id}, until {seen.words(delivery.expires_at)}"
    return f"{advice}; then: {retry}" if advice else f"to try it once more: {retry}"


def _by_itself(delivery: Delivery, seen: Seen) -> str:
    """When the program tries again without anybody."""
    until = f"until {seen.words(delivery.expires_at)}"
    if seen.runs is False:
        return f"; no process sends now: `start` does, or `tick`; it can go out {until}"
    if seen.next_try_at is not None and seen.next_try_at > seen.now:
        return f"; it is tried again by itself at {seen.words(seen.next_try_at)}, {until}"
    return f"; then it goes by itself, {until}"
