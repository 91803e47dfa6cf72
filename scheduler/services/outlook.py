"""Will it go out? One function answers it for the line on each page, for `status` and for health.

A message that is to come is put to the same last check as right before its call, as if its time had come: what stands
in the way then stands in the way now. Besides, whether anything sends at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..domain.delivery import State
from ..domain.message import EmailBody, Message
from ..domain.outlook import DISPLACED, LINKS, NO_PROCESS, PROCESS, Coming, Outlook, Stop
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import advice, in_words
from ..domain.records import Arming, Delivery, Hold, SendSnapshot
from ..domain.rehearsal import Rehearsal
from ..engine.preflight import check_before_send
from ..light_dataclass import dataclass
from ..project import campaign_option
from ..settings import Mode
from .doctor import known_trouble
from .doctor.doctor_result import DoctorResult
from .senders import held_by, senders_at_work

if TYPE_CHECKING:
    from ..domain.pause import ChannelPause
    from ..project import Project
    from ..store import Ledger
    from .context import SeasonContext

#: What can still go out. What is under way is no question any more.
_TO_COME = (State.SCHEDULED, State.HELD)

#: What is said first where several things stand in the way: what stops everything, in the order in which somebody has
#: to see to it; then what is about the message itself; then what only the last step settles.
_FIRST = (DISPLACED, PROCESS, "clock", ReasonCode.NOT_LIVE, ReasonCode.HELD)
_LAST = (ReasonCode.NOT_ARMED, LINKS, ReasonCode.CHANNEL_PAUSED)


@dataclass(frozen=True)
class Standing:
    """How a season stands at an instant: the files as they were looked at, and what the ledger holds."""

    rehearsal: Rehearsal  # with what people have said by now
    deliveries: tuple[Delivery, ...]
    holds: tuple[Hold, ...]
    armed: Arming | None
    readers: int  # who are written to
    now: datetime


def standing_of(season: SeasonContext) -> Standing:
    """Asked of the ledger now."""
    ledger, key, now = season.ledger, season.key, season.now()
    return Standing(
        season.rehearsal_now(),
        ledger.deliveries.of_season(season.mode, key),
        ledger.holds.in_force(),
        ledger.armings.find(key),
        ledger.subscribers.count(key.campaign, now=now).get("active", 0),
        now,
    )


def look_ahead(project: Project, ledger: Ledger, standing: Standing) -> Outlook:
    """The answer for what is due next."""
    campaign, now = standing.rehearsal.plan.campaign, standing.now
    zone, today = ZoneInfo(campaign.time_zone), project.today(campaign)
    world = _World(project, ledger, standing)
    nothing = Outlook(campaign.id, campaign.time_zone, today, now, trouble=world.trouble)
    by_message = {(d.item, d.channel): d for d in standing.deliveries}
    to_come = sorted(
        (m for m in standing.rehearsal.everything if m.due_at > now and _may_go(by_message.get((m.item, m.channel)))),
        key=lambda m: (m.due_at, m.on, m.item, m.channel),
    )
    if not to_come:
        return nothing
    on = to_come[0].due_at.astimezone(zone).date()
    titles = {p.item.id: p.item.title for p in standing.rehearsal.plan.items}
    coming = []
    for message in (m for m in to_come if m.due_at.astimezone(zone).date() == on):
        stop = _first_of(world.stops(message, by_message.get((message.item, message.channel))))
        coming.append(
            Coming(message.item, titles.get(message.item, "The digest"), message.channel, message.due_at, stop)
        )
    stop = next((one.stop for one in coming if one.stop), None)
    mails = (one for one, m in zip(coming, to_come, strict=False) if isinstance(m.body, EmailBody))
    mailed = any(one.stop is None for one in mails)
    return replace(nothing, coming=tuple(coming), stop=stop, readers=standing.readers if mailed else None)


def cannot_tell(project: Project, campaign: str, now: datetime) -> Outlook:
    """Where the campaign's files cannot be read."""
    reason = because(ReasonCode.CAMPAIGN_UNREADABLE)
    stop = _stop_of(reason, item="", channel="", zone="UTC", only=campaign_option(project.root, campaign))
    return Outlook(campaign, "UTC", now.date(), now, stop=stop)


def _may_go(delivery: Delivery | None) -> bool:
    return delivery is None or delivery.state in _TO_COME


def _first_of(stops: list[Stop]) -> Stop | None:
    return replace(stops[0], more=len(stops) - 1) if stops else None


class _World:
    """What stands in the way of any message of a season."""

    def __init__(self, project: Project, ledger: Ledger, standing: Standing) -> None:
        self._project, self._standing = project, standing
        self._campaign = standing.rehearsal.plan.campaign
        self._only = campaign_option(project.root, self._campaign.id)
        at_work = senders_at_work(project, ledger)
        self._found = known_trouble(project, ledger, at_work)
        self._sends = any(self._campaign.id in s.campaigns for s in at_work if s.reads_files) or (
            not at_work and bool(held_by(project))  # it has only begun
        )
        mode = project.settings.mode.value
        self._pauses: Mapping[str, ChannelPause] = {
            p.channel: p for p in ledger.pauses.in_force(mode, now=standing.now)
        }

    @property
    def trouble(self) -> tuple[Stop, ...]:
        """What is wrong with the ledger or the process, also where things go out all the same."""
        return tuple(_of_line(code, line) for code, line in self._found if code in (DISPLACED, PROCESS))

    def stops(self, message: Message, delivery: Delivery | None) -> list[Stop]:
        """The first thing in the way of a message first; empty: it goes."""
        found = [*self._outside(message), *self._of_message(message, delivery)]
        is_armed = self._standing.armed is not None
        order = (*_FIRST, *((NO_PROCESS,) if is_armed else ()))
        late = (*_LAST, *(() if is_armed else (NO_PROCESS,)))
        rank = {code: n - len(order) for n, code in enumerate(order)} | {code: n + 1 for n, code in enumerate(late)}
        return sorted(found, key=lambda stop: rank.get(stop.code, 0))

    def _outside(self, message: Message) -> Iterator[Stop]:
        for code, line in self._found:
            if line.stops and (code != LINKS or isinstance(message.body, EmailBody)):
                yield _of_line(code, line)
        if self._project.settings.mode is not Mode.LIVE:
            yield self._told(because(ReasonCode.NOT_LIVE), message)
        elif not self._sends:
            yield Stop(NO_PROCESS, "no process sends now", "`start` does, or `tick`")
        if (pause := self._pauses.get(message.channel)) is not None and pause.until_at is not None:
            until = because(ReasonCode.CHANNEL_PAUSED, until_at=pause.until_at, calls=pause.failures)
            yield self._told(until, message)

    def _of_message(self, message: Message, delivery: Delivery | None) -> Iterator[Stop]:
        """The last check, at the time when it is due."""
        if delivery is not None and delivery.awaits_decision:
            yield self._told(because(ReasonCode.HELD_BACK), message)
        if delivery is not None and delivery.needs_money:
            yield from (self._told(r, message) for r in delivery.reasons if r.code is ReasonCode.NEEDS_MONEY)
        standing, waived = self._standing, self._project.waived()
        holds = tuple(h for h in standing.holds if h.covers(message.channel, message.campaign))
        then = SendSnapshot(
            _planned(message, self._project.settings.mode.value),
            None,
            standing.armed,
            holds,
            standing.rehearsal.approvals,
            requests=standing.rehearsal.requests,
        )
        verdict = check_before_send(
            message, then, standing.rehearsal, mode=Mode.LIVE, now=message.due_at, waived=waived
        )
        yield from (self._told(r, message) for r in verdict.refused if r.code is not ReasonCode.NOT_LIVE)

    def _told(self, reason: Reason, message: Message) -> Stop:
        return _stop_of(
            reason, item=message.item, channel=message.channel, zone=self._campaign.time_zone, only=self._only
        )


def _stop_of(reason: Reason, *, item: str, channel: str, zone: str, only: str) -> Stop:
    to_do = advice((reason,), item=item, channel=channel, only=only)
    finding = str(reason.fields.get("finding", ""))
    says = f"{reason.fields['says']} ({finding})" if finding else in_words((reason,), zone=zone, channel=channel)
    return Stop(str(reason.code), says, to_do, finding)


def _of_line(code: str, line: DoctorResult) -> Stop:
    return Stop(code, line.said, line.to_do)


def _planned(message: Message, mode: str) -> Delivery:
    """As the plan has it, when nothing has happened to it."""
    is_mail = isinstance(message.body, EmailBody)
    return Delivery(
        id=0,
        mode=mode,
        campaign=message.campaign,
        season=message.season,
        item=message.item,
        channel=message.channel,
        kind="email" if is_mail else "post",
        on=message.on,
        due_at=message.due_at,
        expires_at=message.expires_at,
        state=State.SCHEDULED,
    )
