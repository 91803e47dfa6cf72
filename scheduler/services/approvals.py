"""What reviewers say: approve messages exactly as they stand (item by item, a week at once, or by a signed sheet), ask
for changes, comment; and the packet that they read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from ..domain.approval import Approval
from ..domain.comment import ChangeRequest, Comment, threads
from ..domain.finding import Finding, Severity
from ..domain.formatting import channel_words
from ..domain.message import Message, is_of_pieces, records_beneath
from ..domain.packet_record import PacketRecord, edition_hash
from ..domain.record_changes import RecordChange, record_changes
from ..domain.redact import person_key, without_addresses
from ..domain.refusals import Refusal, Refused
from ..domain.rehearsal import Rehearsal
from ..domain.sent import Sent
from ..domain.standing_request import WaitsFor, standing_requests
from ..domain.via import Via
from ..light_dataclass import dataclass
from ..review.review_status import findings_about_all
from .context import SeasonContext, act, checked_comment, checked_name
from .questions import note_questions

#: By one person on one item within a day: more is a program, or a talk that wants a telephone.
MOST_COMMENTS = 30


class AlreadySent(Refused):
    """All that was meant has gone out. ``sent``: what, and when."""

    def __init__(self, code: Refusal, sent: Sequence[Sent], rehearsal: Rehearsal, **fields: object) -> None:
        self.sent, zone = tuple(sent), rehearsal.plan.campaign.time_zone
        super().__init__(
            code,
            when="; ".join(f"the {channel_words(s.channel)} message was {s.in_words(zone)}" for s in self.sent),
            **fields,
        )


class NotThisWeek(Refused):
    """A week cannot be approved in one go while something in it is blocked or needs a look."""

    def __init__(self, week: int, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(Refusal.WEEK_NEEDS_A_LOOK, week=week, number=len(self.findings))


@dataclass(frozen=True)
class Approved:
    """What an act of approving did. ``ambers`` are findings about these messages that need a person's eye."""

    messages: tuple[Message, ...]  # newly approved
    ambers: tuple[Finding, ...]
    already: int = 0
    sent: tuple[Sent, ...] = ()  # left out: all of it went out


@act
def approve(
    context: SeasonContext,
    items: Sequence[str] | None,
    *,
    comment: str = "",
    channel: str | None = None,
    seen: Mapping[tuple[str, str], str] | None = None,
) -> Approved:
    """Approve messages exactly as they stand now. ``items`` are ids or dates; None means all of the season.

    ``seen``: (item, channel) -> digest of what the person has read. Where the message is another one by now, nothing
    is approved.
    """
    messages = context.messages(items, channel)
    if seen is not None:
        messages = as_seen(context.rehearsal, messages, seen, "nothing was approved")
    return _approve(context, messages, comment)


@act
def approve_week(
    context: SeasonContext, week: int, *, comment: str = "", channel: str | None = None, seen: str | None = None
) -> Approved:
    """Approve a whole week (1-based, from the window's first day), with the frame of the digests where the first of
    them goes out in it.

    Refused while a finding stands. ``seen``: the
    fingerprint of what the person has read, see :func:`edition_hash`.
    """
    messages = context.week(week, channel)
    if seen is not None and seen != edition_hash(messages):
        raise Refused(Refusal.CHANGED_MEANWHILE, what=f"something in week {week}", undone="nothing was approved")
    grave = [f for f in context.findings_of(messages) if f.severity in (Severity.RED, Severity.AMBER)]
    if grave:
        raise NotThisWeek(week, grave)
    return _approve(context, messages, comment)


@act
def record_paper(
    context: SeasonContext,
    packet: str,
    items: Sequence[str] | None,
    *,
    without: Sequence[str] = (),
    known: Iterable[PacketRecord] = (),
    entered_by: str,
) -> Approved:
    """Enter a signed sheet of the actor's: approve what the packet of that hash holds, without the items named.

    Refused, with the list of what changed, when the campaign is another one by now. ``known``: packets that others
    than the ledger know of. ``entered_by``: somebody else than who signed it; who types it for themselves approves.
    """
    who, entered_by = context.actor.name, checked_name(entered_by)
    if person_key(entered_by) == person_key(who):
        raise Refused(Refusal.ENTERED_BY_THE_SIGNER, who=who)
    text = "".join(packet.split()).casefold()
    printed = _packet_as_it_stands(context, text, known)
    left_out = {m.item for m in context.messages(_as_printed(context, without))} if without else set()
    named = None if items is None else _as_printed(context, items)
    wanted = [m for m in context.messages(named) if m.item not in left_out]
    if not wanted:
        raise Refused(Refusal.NOTHING_LEFT_TO_APPROVE)
    on_paper = replace(context, actor=replace(context.actor, via=Via.PAPER))
    return _approve(on_paper, wanted, f"on paper, packet {printed[:12]}", entered_by)


@act
def take_back(context: SeasonContext, item: str, *, channel: str | None = None) -> tuple[Message, ...]:
    """Take back one's own approval of an item as it is now: until it is sent. Returns what was taken back."""
    who, _ = context.speaker()
    messages = context.messages([item], channel)
    gone, still = parted(context.rehearsal, messages)
    if not still:
        raise AlreadySent(Refusal.TOO_LATE_TO_TAKE_BACK, gone, context.rehearsal)
    given = context.ledger.approvals.of_season(context.key)
    mine = tuple(m for m in still if any(person_key(a.person) == person_key(who) for a in given.of(m)))
    if not mine or not context.ledger.approvals.take_back(mine, who=who, now=context.now()):
        raise Refused(Refusal.NOTHING_TO_TAKE_BACK, who=who, item=context.rehearsal.named(messages[0].item))
    return mine


def as_seen(
    rehearsal: Rehearsal, messages: Sequence[Message], seen: Mapping[tuple[str, str], str], undone: str
) -> list[Message]:
    """The messages that were seen, as far as each is what it was."""
    wanted = [m for m in messages if (m.item, m.channel) in seen]
    changed = [m for m in wanted if not m.has(seen[m.item, m.channel])]
    gone = seen.keys() - {(m.item, m.channel) for m in messages}
    if changed or gone:
        about = [*((m.item, m.channel) for m in changed), *sorted(gone)]
        names = [f"{rehearsal.named(item)} ({channel_words(channel)})" for item, channel in about]
        raise Refused(Refusal.CHANGED_MEANWHILE, what=", ".join(names), undone=undone)
    return wanted


def parted(rehearsal: Rehearsal, messages: Sequence[Message]) -> tuple[tuple[Sent, ...], list[Message]]:
    """What has gone out whole, and what has not."""
    gone = tuple(s for m in messages if (s := rehearsal.sent_of(m)) is not None and rehearsal.is_over(m))
    over = {(s.item, s.channel) for s in gone}
    return gone, [m for m in messages if (m.item, m.channel) not in over]


def _approve(context: SeasonContext, messages: Sequence[Message], comment: str, entered_by: str = "") -> Approved:
    who, role = context.speaker(lambda role: role.approves, Refusal.ROLE_DOES_NOT_APPROVE)
    digests = [m for m in messages if is_of_pieces(m)]
    messages = [m for m in messages if not is_of_pieces(m)]
    if digests and not messages:
        raise Refused(Refusal.DIGEST_IS_APPROVED_ALREADY, item=digests[0].item)
    gone, messages = parted(context.rehearsal, messages)
    if gone and not messages:
        raise AlreadySent(Refusal.TOO_LATE_TO_APPROVE, gone, context.rehearsal)
    text, now = checked_comment(comment, may_be_empty=True) if comment else "", context.now()
    done, before = [], []
    for m in messages:
        about = (m.campaign, m.season, m.item, m.channel, m.digest)
        how = (context.actor.via, entered_by, records_beneath(m))
        if context.ledger.approvals.record(Approval(*about, who, role.id, now, text, *how), m):
            done.append(m)
        else:
            before.append(m)
    if before:  # who approves the same once more knows what lies beneath it now
        context.ledger.approvals.see_records(before, None, who=who, now=now)
    note_questions(context)
    ambers = [f for f in findings_about_all(context.rehearsal, messages) if f.severity is Severity.AMBER]
    return Approved(tuple(done), tuple(ambers), len(messages) - len(done), gone)


def _as_printed(context: SeasonContext, names: Iterable[str]) -> list[str]:
    """Items by what a sheet prints beside them: the number of the day (11; 11-2 for its second item), or the id."""
    ids = {m.item for m in context.rehearsal.all_to_read}
    printed = {planned.place: planned.item.id for planned in context.rehearsal.plan.items}
    return [name if name in ids else printed.get(name.strip(), name) for name in names]


def _packet_as_it_stands(context: SeasonContext, text: str, known: Iterable[PacketRecord]) -> str:
    """The edition that ``text`` names. Refused where something of it is not as it was printed."""
    now_at = edition(context)
    if PacketRecord(context.key.campaign, context.key.season, now_at, context.now(), {}).named_by(text):
        return now_at
    if len(text) < 12 or any(c not in "0123456789abcdef" for c in text):
        raise Refused(Refusal.NOT_A_PACKET_HASH)
    packets = (*context.ledger.packets.of_season(context.key), *known)
    record = next((p for p in packets if p.named_by(text)), None)
    if record is not None and not record.changed_since(context.rehearsal.to_approve):
        return record.edition  # printed by an earlier release, which named the same messages otherwise
    if record is None:
        said = "nobody here knows that packet: what it held cannot be compared"
    else:
        changed = record.changed_since(context.rehearsal.to_approve)
        said = "changed since: " + ", ".join(f"{item} ({channel})" for item, channel in changed)
    raise Refused(Refusal.ANOTHER_PACKET, packet=text[:12], edition=now_at[:12], detail=said)


def changed_records(context: SeasonContext) -> tuple[RecordChange, ...]:
    """Records that changed beneath what the actor approved, while nothing did that readers get."""
    return record_changes(context.rehearsal_now(), context.actor.name, open_at=context.now())


@act
def see_records(context: SeasonContext, seen: Mapping[str, str] | None = None) -> tuple[RecordChange, ...]:
    """Say once, for all messages that rest on them, that one knows of changed records. The approvals held before, too.

    ``seen``: record -> its hash, as the person was shown it; left out: all. Returns what they had not been told yet.
    """
    who, _ = context.speaker(lambda role: role.approves, Refusal.ROLE_DOES_NOT_APPROVE)
    changes = [c for c in changed_records(context) if seen is None or c.name in seen]
    again = [c for c in changes if seen is not None and seen[c.name] != c.hash_now]
    if again:
        what = ", ".join(c.known for c in again)
        raise Refused(Refusal.CHANGED_MEANWHILE, what=what, undone="nothing was noted")
    messages = {(m.item, m.channel): m for c in changes for m in c.messages}
    names = [c.name for c in changes]
    if changes:
        context.ledger.approvals.see_records([*messages.values()], names, who=who, now=context.now())
    return tuple(changes)


@dataclass(frozen=True)
class AskedFor:
    """What an act of asking for changes did. ``sent``: what of the item it cannot hold back, wholly or in part."""

    requests: tuple[ChangeRequest, ...]
    sent: tuple[Sent, ...] = ()
    again: bool = False  # the same stood already


@act
def request_changes(
    context: SeasonContext,
    item: str,
    *,
    comment: str,
    channel: str | None = None,
    seen: Mapping[tuple[str, str], str] | None = None,
) -> AskedFor:
    """Withdraw the person's approval of an item and block it until the request is answered or ended.

    Of what has gone out to a part of its subscribers the rest is held back. ``seen``: as for an approval.
    """
    who, role = context.speaker()
    text = checked_comment(comment)
    messages = context.messages([item], channel)
    if seen is not None:
        messages = as_seen(context.rehearsal, messages, seen, "nothing was asked for")
    gone, still = parted(context.rehearsal, messages)
    if not still:
        raise AlreadySent(
            Refusal.TOO_LATE_TO_ASK, gone, context.rehearsal, item=messages[0].item, who=who, role=role.id, comment=text
        )
    partly = tuple(s for m in still if (s := context.rehearsal.sent_of(m)))
    standing = _asked_already(context, still, who, role.id, text)
    made = standing or context.ledger.change_requests.add(still, who=who, role=role.id, comment=text, now=context.now())
    return AskedFor(made, (*gone, *partly), again=bool(standing))


@act
def withdraw_request(
    context: SeasonContext, item: str, *, comment: str = "", channel: str | None = None
) -> tuple[ChangeRequest, ...]:
    """Take back one's own request for changes."""
    who, role = context.speaker()
    return _end(
        context,
        [r for r in standing(context, item, channel) if person_key(r.person) == person_key(who)],
        "withdrawn",
        who,
        role.id,
        checked_comment(comment, may_be_empty=True),
        item,
    )


@act
def settle_requests(
    context: SeasonContext, item: str, *, comment: str, channel: str | None = None, of: str = ""
) -> tuple[ChangeRequest, ...]:
    """Settle what others asked for, with a reason; only in a role that may. ``of``: one person's requests alone."""
    who, role = context.speaker(lambda role: role.settles, Refusal.ROLE_DOES_NOT_SETTLE)
    text = checked_comment(comment)
    return _end(
        context,
        [r for r in standing(context, item, channel) if not of or person_key(r.person) == person_key(of)],
        "settled",
        who,
        role.id,
        text,
        item,
    )


@act
def answer_requests(
    context: SeasonContext, item: str, *, comment: str, channel: str | None = None, of: str = ""
) -> tuple[ChangeRequest, ...]:
    """Tell whoever asked for a change that it was made. Their request stands until they have looked at it.

    Refused while the item is as it was. ``of``: one person's requests alone. Returns the requests that were answered.
    """
    who, role = context.speaker(lambda role: role.settles, Refusal.ROLE_DOES_NOT_SETTLE)
    text, now = checked_comment(comment), context.now()
    asked = [r for r in standing(context, item, channel) if not of or person_key(r.person) == person_key(of)]
    if not asked:
        raise Refused(Refusal.NO_SUCH_REQUEST, item=context.rehearsal.named(item), how="answered")
    changed = [r for r in standing_requests(context.rehearsal, asked) if r.waits_for is WaitsFor.ANSWER]
    once = {r.request.comment: r.request for r in changed}  # a request of both channels has one thread
    if not once:
        raise Refused(Refusal.NOT_CHANGED_YET, item=context.rehearsal.named(item))
    for request in once.values():
        context.ledger.change_requests.answer(request, who=who, role=role.id, comment=text, now=now)
    return tuple(r.request for r in changed)


def standing(context: SeasonContext, item: str = "", channel: str | None = None) -> tuple[ChangeRequest, ...]:
    """Requests that stand; of one item (id or date) when it is named, even if it is not planned any more."""
    ids = {item, *(m.item for m in context.rehearsal.everything if m.on.isoformat() == item)} if item else set()
    return tuple(
        r
        for r in context.ledger.change_requests.of_season(context.key)
        if (not ids or r.item in ids) and channel in (None, r.channel)
    )


def _asked_already(
    context: SeasonContext, messages: Sequence[Message], who: str, role: str, comment: str
) -> tuple[ChangeRequest, ...]:
    """The standing requests that say just this, where there is one for each of these messages as it is now: a form
    that is sent twice asks once."""
    texts = {c.id: c.text for c in context.ledger.comments.of_season(context.key, "")}
    meant = {(m.item, m.channel): m for m in messages}
    same = (person_key(who), role, without_addresses(comment))
    mine = tuple(
        r
        for r in context.ledger.change_requests.of_season(context.key)
        if (r.item, r.channel) in meant and not r.is_answered_by(meant[r.item, r.channel])
        if (person_key(r.person), r.role, texts.get(r.comment)) == same
    )
    return mine if {(r.item, r.channel) for r in mine} == meant.keys() else ()


def _end(
    context: SeasonContext, requests: Collection[ChangeRequest], how: str, who: str, role: str, comment: str, item: str
) -> tuple[ChangeRequest, ...]:
    if not requests:
        raise Refused(Refusal.NO_SUCH_REQUEST, item=context.rehearsal.named(item), how=how)
    ended, text, now = [], comment, context.now()
    for request in requests:
        if context.ledger.change_requests.end(request.id, how=how, who=who, role=role, comment=text, now=now):
            ended.append(request)
            text = ""  # once is enough: the comment answers the thread
    return tuple(ended)


@dataclass(frozen=True)
class Commented:
    """``again``: it is what the person had said last; it was not written down twice."""

    comment: Comment
    again: bool = False


@act
def comment(
    context: SeasonContext, item: str, text: str, *, channel: str = "", answers: int | None = None
) -> Commented:
    """Write a private comment on an item, or an answer to one. What the person said last on it is not said twice."""
    who, role = context.speaker()
    message = context.messages([item], channel or None)[0]
    text = checked_comment(text)
    before = context.ledger.comments.of_season(context.key, message.item)
    last = next((c for c in reversed(before) if person_key(c.person) == person_key(who)), None)
    same = (role.id, channel, answers, "comment", without_addresses(text))
    if last is not None and (last.role, last.channel, last.answers, last.about, last.text) == same:
        return Commented(last, again=True)
    since = context.now() - timedelta(days=1)
    if sum(person_key(c.person) == person_key(who) and c.at > since for c in before) >= MOST_COMMENTS:
        item = context.rehearsal.named(message.item)
        raise Refused(Refusal.TOO_MANY_COMMENTS, who=who, limit=MOST_COMMENTS, item=item)
    made = context.ledger.comments.add(
        context.key,
        message.item,
        who=who,
        role=role.id,
        text=text,
        channel=channel,
        answers=answers,
        now=context.now(),
    )
    if made is None:
        raise Refused(Refusal.NO_SUCH_COMMENT, comment=answers, item=context.rehearsal.named(message.item))
    return Commented(made)


def comments(context: SeasonContext, item: str = "") -> Mapping[str, tuple[tuple[int, Comment], ...]]:
    """Item -> its threads: each comment with its depth, in reading order."""
    item = context.messages([item])[0].item if item else ""
    by_item: dict[str, list[Comment]] = {}
    for said in context.ledger.comments.of_season(context.key, item):
        by_item.setdefault(said.item, []).append(said)
    return {name: threads(found) for name, found in by_item.items()}


@act
def give_out(context: SeasonContext) -> PacketRecord:
    """Remember what the packet of this moment holds, so that a signature on paper can be held against it."""
    record = PacketRecord(
        context.key.campaign,
        context.key.season,
        edition(context),
        context.now(),
        {(m.item, m.channel): m.digest for m in context.rehearsal.to_approve},
    )
    note_questions(context)
    context.ledger.packets.record(record)
    return record


def edition(context: SeasonContext) -> str:
    """The hash by which the packet is named."""
    return edition_hash(context.rehearsal.to_approve)
