"""The season as an iCalendar file (RFC 5545), for the calendars of everybody who has to be there.

Shared calendars are read by many: an entry says which day it is and what goes out, never what it says.

Written by hand: icalendar 7.3, tried in its place, would save some 60 statements and bring two packages of 6 MB; but
the rules that it makes of a time zone leave out the turns of Morocco and begin those of London an hour late, and it
reads a backslash before an N as a line break.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from ..domain.message import EmailBody, Message
from ..domain.planned_item import PlannedItem
from ..domain.rehearsal import Rehearsal
from ..domain.slot import occurrence

_LONGEST_LINE = 75  # octets, without the line's end
_ENTRY_LASTS = timedelta(minutes=15)
_DAY = timedelta(days=1)
_LOOK_BACK = timedelta(days=400)  # more than a year: every rule of summer time turns within it


def calendar_ics(rehearsal: Rehearsal) -> bytes:
    """One timed entry for each item and each digest, the campaign and its special days as whole days.

    The same season always gives the same bytes: DTSTAMP is the newest date in the campaign's records, not the
    time of writing. UIDs stay when an item moves, so that importing again moves the entry.
    """
    plan = rehearsal.plan
    zone = ZoneInfo(plan.campaign.time_zone)
    stamp = f"DTSTAMP:{_newest_record(rehearsal):%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Observance//Observance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(f'{plan.title} {plan.season.year}')}",
        f"X-WR-TIMEZONE:{_text(plan.campaign.time_zone)}",
        *_time_zone(zone, plan.campaign.time_zone, plan.season.start_on, plan.season.end_on),
        *_whole_day(
            f"{plan.campaign.id}-{plan.season.year}", stamp, plan.season.start_on, plan.season.end_on, plan.title
        ),
    ]
    if rehearsal.help_lines_from and any(m.contacts for m in rehearsal.everything):
        on, uid = rehearsal.help_lines_from, f"{plan.campaign.id}-{plan.season.year}-help-lines"
        lines += _whole_day(uid, stamp, on, on, "From today on: try each help line, and sign it")
    for planned in plan.items:
        if planned.day and planned.day.special:
            uid = f"{plan.campaign.id}-{plan.season.year}-{planned.on:%m%d}-special"
            uid += f"-{planned.number}" if planned.number > 1 else ""
            lines += _whole_day(uid, stamp, planned.on, planned.on, planned.day.special)
    for planned in plan.items:
        lines += _entries(rehearsal, planned, stamp, zone)
    for digest in dict.fromkeys(m.item for m in rehearsal.digests):
        lines += _digest_entry([m for m in rehearsal.digests if m.item == digest], rehearsal, stamp, zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _entries(rehearsal: Rehearsal, planned: PlannedItem, stamp: str, zone: ZoneInfo) -> Iterator[str]:
    plan = rehearsal.plan
    messages = sorted(
        ((_begins(m, zone), m) for m in rehearsal.messages if m.item == planned.item.id and m.on == planned.on),
        key=lambda pair: (pair[0], pair[1].channel),
    )
    groups = [(at, [m for _, m in group]) for at, group in groupby(messages, key=lambda pair: pair[0])]
    for at, together in groups:
        uid = f"{plan.campaign.id}-{plan.season.year}-{planned.item.id}"
        if len(groups) > 1:
            uid += f"-{together[0].channel}"
        what = f"Day {planned.day_number} of {plan.season.days}: {_channels(together)}"
        yield from _timed(uid, stamp, at, zone, what, f"Item {planned.item.id}, week {planned.week}.")


def _digest_entry(digests: Sequence[Message], rehearsal: Rehearsal, stamp: str, zone: ZoneInfo) -> Iterator[str]:
    plan, first = rehearsal.plan, digests[0]
    held = len(first.audience.parts)
    what = f"Digest of {held} {'day' if held == 1 else 'days'}: {_channels(digests)}"
    yield from _timed(
        f"{plan.campaign.id}-{plan.season.year}-{first.item}",
        stamp,
        _begins(first, zone),
        zone,
        what,
        f"Item {first.item}.",
    )


def _begins(message: Message, zone: ZoneInfo) -> datetime:
    """When it is the message's hour at the campaign's place; readers elsewhere may have their own."""
    by_clock = message.audience.local_time
    return message.due_at if by_clock is None else occurrence(message.on, by_clock, zone.key).due_at


def _event(uid: str, stamp: str, begins: str, ends: str, summary: str, *more: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}@observance",
        "SEQUENCE:0",
        stamp,
        f"DTSTART{begins}",
        f"DTEND{ends}",
        f"SUMMARY:{_text(summary)}",
        *more,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _timed(uid: str, stamp: str, at: datetime, zone: ZoneInfo, summary: str, description: str) -> list[str]:
    begins, ends = _local(at, zone, zone.key), _local(at + _ENTRY_LASTS, zone, zone.key)
    return _event(uid, stamp, begins, ends, summary, f"DESCRIPTION:{_text(description)}")


def _local(at: datetime, zone: ZoneInfo, name: str) -> str:
    local = at.astimezone(zone)
    if local.fold:  # a local time that comes twice means the first one; the second is written in UTC
        return f":{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={name}:{local:%Y%m%dT%H%M%S}"


def _channels(messages: Iterable[Message]) -> str:
    return " and ".join("email" if isinstance(m.body, EmailBody) else f"post ({m.channel})" for m in messages)


def _whole_day(uid: str, stamp: str, first: date, last: date, summary: str) -> list[str]:
    # It ends on the day after the last one.
    return _event(uid, stamp, f";VALUE=DATE:{first:%Y%m%d}", f";VALUE=DATE:{last + _DAY:%Y%m%d}", summary)


def _time_zone(zone: ZoneInfo, name: str, first: date, last: date) -> Iterator[str]:
    """The zone's rules for exactly the season: one part for each turn of the clocks that counts in it."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - _DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * _DAY
    turns = _turns(zone, start - _LOOK_BACK, end)
    before = [turn for turn in turns if turn <= start]
    counted = before[-1:] + [turn for turn in turns if turn > start]
    yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
    for turn in counted if before else [start - _LOOK_BACK, *counted]:
        old, new = (turn - timedelta(seconds=1)).astimezone(zone), turn.astimezone(zone)
        part = "DAYLIGHT" if new.dst() else "STANDARD"
        local_before = turn.astimezone(UTC) + (old.utcoffset() or timedelta())
        yield from (
            f"BEGIN:{part}",
            f"DTSTART:{local_before:%Y%m%dT%H%M%S}",
            f"TZOFFSETFROM:{_offset(old)}",
            f"TZOFFSETTO:{_offset(new)}",
            f"TZNAME:{_text(new.tzname() or name)}",
            f"END:{part}",
        )
    yield "END:VTIMEZONE"


def _turns(zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """Instants between ``start`` and ``end`` at which the zone's offset changes, to the second."""
    turns, at, before = [], start, start.astimezone(zone).utcoffset()
    while at < end:
        step = min(at + _DAY, end)
        after = step.astimezone(zone).utcoffset()
        if before != after:
            low, high = at, step
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                if middle.astimezone(zone).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            turns.append(high)
        at, before = step, after
    return turns


def _offset(local: datetime) -> str:
    seconds = int((local.utcoffset() or timedelta()).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}" + (f"{seconds_left:02}" if seconds_left else "")


def _newest_record(rehearsal: Rehearsal) -> datetime:
    campaign = rehearsal.plan.campaign
    days = [
        *(claim.source.retrieved_on for claim in campaign.claims.values()),
        *(source.retrieved_on for source in campaign.sources.values()),
        *(contact.verified_on for contact in campaign.contacts.values() if contact.verified_on),
    ]
    newest = max(days, default=date(rehearsal.plan.season.year, 1, 1))
    return datetime(newest.year, newest.month, newest.day, tzinfo=UTC)


def _text(value: str) -> str:
    """Escaped as RFC 5545 section 3.3.11 wants it; other control characters are not allowed at all."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(character for character in value if character >= " " or character == "\t").replace("\x7f", "")


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut within a character; each further one begins with a space."""
    if len(line.encode()) <= _LONGEST_LINE:
        yield line
        return
    taken, prefix = "", ""
    room = _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            yield prefix + taken
            taken, prefix, room = "", " ", _LONGEST_LINE - 1
        taken += character
        room -= size
    yield prefix + taken
