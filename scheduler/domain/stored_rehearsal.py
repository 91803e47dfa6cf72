"""What the process beside the files writes down of a season, so that others can send it: all that the last check asks
for, and no words of its messages, which are kept by their digests. And as text, for the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from .. import VERSION
from ..light_dataclass import dataclass
from .approval import Approvals
from .comment import ChangeRequest
from .file_edit import FileEdit
from .finding import Finding, Severity, Where
from .formatting import utc_words
from .message import EmailBody, Message, is_of_pieces
from .rehearsal import Rehearsal, missing_of, name_of
from .review_policy import Alone, Missing, Needs, ReviewPolicy, Role, Rule
from .season_key import SeasonKey
from .sender import UNSEEN_AFTER, Sender

#: Of the text that is stored. Another one is refused by name: whoever sends by it is of another release.
FORM = 1
#: So long before they are due the words of messages are kept: a day's first reading keeps those of the next one, too.
KEPT_BEFORE = timedelta(days=2)

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """When, and by whom, a season's files were read last. Times are by the clock of whoever read them."""

    mode: str  # "rehearsal" | "live"
    campaign: str
    season: int
    version: int  # grows when anything changes that whoever sends goes by
    form: int
    program: str  # the version of the program that wrote it
    sender_key: str  # the process that answers for it; empty: none does any more
    files: str  # a fingerprint of the files that were read
    read_on: date  # the date at the campaign's place: some findings depend on it
    events: int  # how long the history was
    read_at: datetime
    changed_at: datetime
    problem: str = ""  # why the files cannot be read now; the rest is of the last time that they could

    @property
    def key(self) -> SeasonKey:
        return SeasonKey(self.campaign, self.season)

    @property
    def is_understood(self) -> bool:
        """Whether this release can send by it."""
        return self.form == FORM


def why_not_vouched_for(reading: Reading | None, reader: Sender | None, now: datetime) -> str:
    """Why nobody may send by a reading, in words; empty: it holds. ``reader``: the process that answers for it."""
    if reading is None:
        return "no process beside the campaign's files has written down what is in them; `start` does so, beside them"
    if not reading.is_understood:
        return (
            f"the process beside the files is of release {reading.program}, and writes form {reading.form} of what it "
            f"read; this one is of release {VERSION}, and knows form {FORM}: let both be of one release"
        )
    if reader is None or not reader.is_open:
        which = f" ({reader.name})" if reader is not None else ""
        return f"the process beside the campaign's files{which} has ended; start it again: nothing is sent without it"
    if now - reader.last_seen_at > UNSEEN_AFTER:
        return (
            f"the process beside the campaign's files ({reader.name}) was last seen at "
            f"{utc_words(reader.last_seen_at)}; nothing is sent until it is seen again"
        )
    if reader.mode != reading.mode:
        return f"the process beside the campaign's files ({reader.name}) runs in mode {reader.mode}"
    return f"the campaign cannot be read: {reading.problem}" if reading.problem else ""


@dataclass(frozen=True)
class StoredMessage:
    """What is to be known of a message but its words."""

    item: str
    channel: str
    part: str  # "message" | "digest" | "frame"
    on: date
    due_at: datetime
    expires_at: datetime
    digest: str
    digest_with_records: str
    title: str = ""  # of its item; empty where that is not planned
    author: str = ""
    rules: tuple[int, ...] = ()  # those of the policy that apply to it


@dataclass(frozen=True)
class StoredRehearsal:
    """A season as it was read."""

    title: str
    time_zone: str
    start_on: date
    end_on: date
    address: str  # where the campaign's public pages begin
    policy: ReviewPolicy
    edits: tuple[FileEdit, ...]  # changes of its items from the pages
    findings: tuple[Finding, ...]  # all of them, in reading order
    messages: tuple[StoredMessage, ...]

    def reds(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.RED)


def stored(rehearsal: Rehearsal, address: str) -> StoredRehearsal:
    """What is written down of a rehearsal."""
    plan, policy = rehearsal.plan, rehearsal.policy
    titles = {planned.item.id: planned.item.title for planned in plan.items}

    def told(message: Message, part: str) -> StoredMessage:
        needs = rehearsal.needs_of(message)
        return StoredMessage(
            message.item,
            message.channel,
            part,
            message.on,
            message.due_at,
            message.expires_at,
            *message.digests,
            titles.get(message.item, ""),
            needs.author,
            tuple(number for number, rule in enumerate(policy.rules) if rule in needs.rules),
        )

    parts = (("message", rehearsal.messages), ("digest", rehearsal.digests), ("frame", rehearsal.frames))
    of_messages = (finding for message in rehearsal.all_to_read for finding in message.findings)
    return StoredRehearsal(
        title=plan.title,
        time_zone=plan.campaign.time_zone,
        start_on=plan.season.start_on,
        end_on=plan.season.end_on,
        address=address,
        policy=policy,
        edits=tuple(e for e in rehearsal.edits if e.kind == "item" and e.record in titles),
        findings=tuple(dict.fromkeys((*rehearsal.findings, *of_messages))),
        messages=tuple(told(message, part) for part, messages in parts for message in messages),
    )


def to_keep(rehearsal: Rehearsal, now: datetime) -> tuple[Message, ...]:
    """The messages whose words whoever sends will need soon: those that are due by then, the mails that digests among
    them tell of, and the frames."""
    soon = [m for m in rehearsal.everything if now < m.expires_at and m.due_at <= now + KEPT_BEFORE]
    told = {(item, m.channel) for m in soon if is_of_pieces(m) for item in _items_of(m)}
    parts = (rehearsal.message(item, channel) for item, channel in sorted(told))
    frames = rehearsal.frames if told else ()
    return tuple({m.digests: m for m in (*soon, *filter(None, parts), *frames)}.values())


def _items_of(digest: Message) -> Iterable[str]:
    """Its own, and the earlier ones that it tells again to whoever had not got them."""
    earlier = digest.body.earlier if isinstance(digest.body, EmailBody) else ()
    return (*dict(digest.audience.parts), *(piece.item for piece in earlier))


class NotKept(Exception):
    """The words of a message are not in the ledger as its digest says."""


class StoredSeason:
    """A :class:`~.rehearsal.SeasonToSend` made of what was written down. For one thread at a time."""

    def __init__(self, of: StoredRehearsal, find: Callable[[str], Message | None]) -> None:
        """``find`` gives a message by its digest."""
        self._of, self._find = of, find
        self._there = {(m.item, m.channel): m for m in of.messages}
        self._messages: dict[tuple[str, str], Message] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._of.findings

    @property
    def policy(self) -> ReviewPolicy:
        return self._of.policy

    @property
    def edits(self) -> tuple[FileEdit, ...]:
        return self._of.edits

    def message(self, item: str, channel: str) -> Message | None:
        """Raises NotKept where it is to be there, and its words are not, or are others."""
        there = self._there.get((item, channel))
        if there is None:
            return None
        if (item, channel) not in self._messages:
            found = self._find(there.digest)
            # The digests are made anew, of what was read: another release may make others of the same words.
            if found is None or found.digests != (there.digest, there.digest_with_records):
                raise NotKept(f"{item} on {channel}")
            self._messages[item, channel] = found
        return self._messages[item, channel]

    def needs_of(self, message: Message) -> Needs:
        """As they were when the files were read; of a message that was not among them, all that may apply."""
        there = self._there.get((message.item, message.channel))
        if there is None:
            return Needs(rules=self.policy.rules)
        return Needs(there.author, tuple(self.policy.rules[number] for number in there.rules))

    def named(self, item: str) -> str:
        """What people call an item."""
        return name_of(item, next((m.title for m in self._of.messages if m.item == item), ""))

    def missing(self, message: Message, approvals: Approvals, requests: Iterable[ChangeRequest]) -> tuple[Missing, ...]:
        """What people have not said yet of a message."""
        return missing_of(self, message, approvals, requests)


# -- as text --------------------------------------------------------------------------------------------


def to_text(of: StoredRehearsal) -> str:
    """As JSON. The same season always gives the same text."""
    plain = {**_fields(of), "policy": {**_fields(of.policy), "roles": tuple(of.policy.roles.values())}}
    for name in ("edits", "findings", "messages"):
        plain[name] = [_short(one) for one in plain[name]]
    return json.dumps(plain, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> StoredRehearsal:
    """What :func:`to_text` wrote, in this release's form."""
    plain = json.loads(text)
    return StoredRehearsal(
        **{name: plain[name] for name in ("title", "time_zone", "address")},
        start_on=date.fromisoformat(plain["start_on"]),
        end_on=date.fromisoformat(plain["end_on"]),
        policy=_policy(plain["policy"]),
        edits=tuple(_made(FileEdit, one) for one in plain["edits"]),
        findings=tuple(_made(Finding, {**one, "where": Where(**one["where"])}) for one in plain["findings"]),
        messages=tuple(_made(StoredMessage, one) for one in plain["messages"]),
    )


def _policy(plain: Mapping[str, Any]) -> ReviewPolicy:
    roles = {one["id"]: Role(**one) for one in plain["roles"]}
    alone = Alone(**plain["alone"]) if plain["alone"] else None
    return ReviewPolicy(
        **{**plain, "roles": roles, "rules": tuple(_made(Rule, one) for one in plain["rules"]), "alone": alone}
    )


_INSTANTS, _DATES = frozenset({"due_at", "expires_at", "edited_at"}), frozenset({"on"})


def _made(kind: Callable[..., T], plain: Mapping[str, Any]) -> T:
    def value(name: str, given: Any) -> Any:
        if name in _INSTANTS:
            return datetime.fromisoformat(given)
        if name in _DATES:
            return date.fromisoformat(given)
        if name == "severity":
            return Severity(given)
        return tuple(given) if isinstance(given, list) else given

    return kind(**{name: value(name, given) for name, given in plain.items()})


def _fields(one: Any) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _short(one: Any) -> dict[str, Any]:
    """Without what is empty: most of it is. The pieces of a finding's message are for pages."""
    values = ((name, value) for name, value in _fields(one).items() if name != "pieces")
    return {name: value for name, value in values if value not in ("", (), None) or name in _NEEDED}


_NEEDED = frozenset({"code", "message", "item", "channel", "before", "after", "file"})


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, Alone | Role | Rule | Where):
        return _fields(value)
    raise TypeError(f"a season holds something that cannot be written down: {type(value).__name__}")
