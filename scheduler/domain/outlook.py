"""Whether what comes next goes out: one answer, with its code, for the pages, `status` and health alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from textwrap import shorten
from types import MappingProxyType
from zoneinfo import ZoneInfo

from ..light_dataclass import dataclass
from .formatting import channel_words, counted, local_words, time_of_day


class Answer(StrEnum):
    YES = "yes"
    NOTHING_DUE = "nothing-due"  # by the end of tomorrow
    NOT_YET = "not-yet"  # somebody has to say something first
    NO = "no"
    HELD = "held"
    REHEARSAL = "rehearsal"  # nothing is meant to leave this machine
    PARTLY = "partly"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Stop:
    """What keeps a message from going out. ``code`` decides, ``says`` is shown, both without a full stop at the end."""

    code: str
    says: str
    to_do: str = ""
    finding: str = ""  # the code of the finding that it is
    more: int = 0  # so many things besides stand in the way of the same message


@dataclass(frozen=True)
class Coming:
    """A message of the day that is asked about. ``stop`` None: it goes."""

    item: str
    title: str
    channel: str
    due_at: datetime
    stop: Stop | None


@dataclass(frozen=True)
class Outlook:
    """``coming``: what is due on the next day on which something is; empty: nothing of the season is to come, or
    nobody can tell. ``stop``: the first thing in its way."""

    campaign: str
    zone: str
    today: date
    asked_at: datetime
    coming: tuple[Coming, ...] = ()
    stop: Stop | None = None
    readers: int | None = None  # who would get an email of that day; None: there is none
    trouble: tuple[Stop, ...] = ()  # what is wrong with the ledger or the process, whatever is due

    @property
    def due_at(self) -> datetime | None:
        return self.coming[0].due_at if self.coming else None

    @property
    def on(self) -> date | None:
        """The day of it at the campaign's place."""
        return self.due_at.astimezone(ZoneInfo(self.zone)).date() if self.due_at else None

    @property
    def is_near(self) -> bool:
        return self.on is not None and self.on <= self.today + timedelta(days=1)

    @property
    def answer(self) -> Answer:
        if not self.coming:
            return Answer.CANNOT_TELL if self.stop else Answer.NOTHING_DUE
        return self._of_the_day if self.is_near else Answer.NOTHING_DUE

    @property
    def _of_the_day(self) -> Answer:
        if self.stop is None:
            return Answer.YES
        if any(one.stop is None for one in self.coming):
            return Answer.PARTLY
        return _ANSWERS.get(self.stop.code, Answer.NO)

    @property
    def code(self) -> str:
        return self.stop.code if self.stop else ""


#: The program's own words for what is no reason of the ledger's.
DISPLACED, PROCESS, NO_PROCESS, CLOCK, LINKS = "displaced", "process", "no-process", "clock", "unsubscribe-links"

#: Code -> what it makes of the answer, where that is not a plain no.
_ANSWERS: Mapping[str, Answer] = MappingProxyType(
    {
        "held": Answer.HELD,
        "not-live": Answer.REHEARSAL,
        "channel-paused": Answer.CANNOT_TELL,
        **dict.fromkeys(
            ("not-armed", "approval-missing", "changes-requested", "unsigned", "undecided", "held-back"), Answer.NOT_YET
        ),
    }
)

_HEADS = {
    Answer.YES: "Yes.",
    Answer.NOT_YET: "Not yet.",
    Answer.NO: "No.",
    Answer.HELD: "No, it is on hold.",
    Answer.REHEARSAL: "No, this is a rehearsal: nothing leaves this machine.",
    Answer.PARTLY: "Only in part.",
    Answer.CANNOT_TELL: "We can’t tell.",
}


@dataclass(frozen=True)
class OutlookWords:
    """In sentences: the question, the answer in a word or two, and what is to be known besides."""

    question: str
    head: str
    rest: str
    to_do: str  # without a full stop at its end; empty: nothing

    @property
    def line(self) -> str:
        return " ".join(filter(None, (self.question, self.head, self.rest)))


def in_words(outlook: Outlook) -> OutlookWords:
    """As the pages and `status` say it."""
    answer, stop, due_at = outlook.answer, outlook.stop, outlook.due_at
    to_do = stop.to_do if stop else ""
    if due_at is None:
        if stop is not None:
            return OutlookWords("Will it go out tomorrow?", _HEADS[answer], _sentence(stop), to_do)
        return OutlookWords("Will it go out tomorrow?", "Nothing is due any more.", "", "")
    if answer is Answer.NOTHING_DUE:
        rest = f"The next is due {local_words(due_at, outlook.zone)}"
        way = "and nothing stands in its way." if stop is None else f"and would not go out as it stands: {_said(stop)}."
        return OutlookWords("Will it go out tomorrow?", "Nothing is due tomorrow.", f"{rest}, {way}", to_do)
    day = "today" if outlook.on == outlook.today else "tomorrow"
    question = f"Will it go out {day} at {time_of_day(due_at.astimezone(ZoneInfo(outlook.zone)))}?"
    return OutlookWords(question, _HEADS[answer], _rest(outlook), to_do)


def _rest(outlook: Outlook) -> str:
    goes, stop = [one for one in outlook.coming if one.stop is None], outlook.stop
    if stop is None:
        return f"{_what(goes, outlook.readers)}."
    stays = [one for one in outlook.coming if one.stop is not None]
    if goes:
        return f"{_what(goes, outlook.readers)} will. {_what(stays)} will not: {_said(stop)}."
    if outlook.answer is Answer.REHEARSAL:
        return f"Next would be {_what(stays)}."
    if stop.code in _OF_ONE:
        return f"{_what(stays[:1])}: {_said(stop)}."
    return _sentence(stop)


#: Of a reason or a question that somebody wrote at length, the line has the beginning; its page has it all. What the
#: program says itself stands whole: nowhere else is it said.
_LONGEST = 140
_WRITTEN = frozenset({"held", "held-back", "changes-requested", "undecided"})

#: What is about one message, so that it is named.
_OF_ONE = frozenset({"approval-missing", "changes-requested", "held-back", "unsigned", "undecided", "finding"})


def _what(messages: list[Coming], readers: int | None = None) -> str:
    """“Tomorrow, wear blue” on X and Email, to 212 readers."""
    channels = dict[str, list[str]]()
    for one in messages:
        channels.setdefault(one.title, []).append(channel_words(one.channel))
    words = [f"“{title}” on {' and '.join(those)}" for title, those in channels.items()]
    more = f" and {counted(len(words) - 2, 'more', 'more')}" if len(words) > 2 else ""
    told = f", to {counted(readers, 'reader')}" if readers is not None and messages else ""
    return f"{', '.join(words[:2])}{more}{told}"


def _said(stop: Stop) -> str:
    more = f", and {stop.more} more" if stop.more and stop.code in _OF_ONE else ""
    says = stop.says.rstrip(".")
    return (shorten(says, _LONGEST, placeholder=" …") if stop.code in _WRITTEN else says) + more


def _sentence(stop: Stop) -> str:
    said = _said(stop)
    return f"{said[:1].upper()}{said[1:]}."


def outlook_as_data(outlook: Outlook) -> dict[str, object]:
    """The same for programs."""
    return {
        **answer_as_data(outlook),
        "finding": outlook.stop.finding or None if outlook.stop else None,
        "says": outlook.stop.says if outlook.stop else "",
        "to_do": outlook.stop.to_do if outlook.stop else "",
        "goes": [{"item": one.item, "channel": one.channel} for one in outlook.coming if one.stop is None],
        "stays": [
            {"item": one.item, "channel": one.channel, "code": one.stop.code} for one in outlook.coming if one.stop
        ],
    }


def answer_as_data(outlook: Outlook) -> dict[str, object]:
    """What anybody may know who asks whether the program is well: nothing of what the campaign is about."""
    return {"answer": outlook.answer, "code": outlook.code or None, "due_at": outlook.due_at}
