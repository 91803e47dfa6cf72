"""Ask for changes of an item, which blocks it; take the request back; settle what others asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ..domain.comment import ChangeRequest
from ..domain.message import Message
from ..domain.redact import person_key, without_addresses
from ..domain.refusals import Refusal, Refused
from ..domain.sent import Sent
from .approvals import AlreadySent, as_seen, parted
from .context import SeasonContext, act
from .typed import checked_comment


@dataclass(frozen=True, slots=True)
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
        messages = as_seen(messages, seen, "nothing was asked for")
    gone, still = parted(context.rehearsal, messages)
    if not still:
        about = {"item": messages[0].item, "who": who, "role": role.id, "comment": text}
        raise AlreadySent(Refusal.TOO_LATE_TO_ASK, gone, context.rehearsal, **about)
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
    mine = [r for r in standing(context, item, channel) if person_key(r.person) == person_key(who)]
    return _end(context, mine, "withdrawn", who, role.id, checked_comment(comment, may_be_empty=True), item)


@act
def settle_requests(
    context: SeasonContext, item: str, *, comment: str, channel: str | None = None, of: str = ""
) -> tuple[ChangeRequest, ...]:
    """Settle what others asked for, with a reason; only in a role that may. ``of``: one person's requests alone."""
    who, role = context.speaker()
    if not role.settles:
        able = ", ".join(r.id for r in context.policy.roles.values() if r.settles)
        raise Refused(Refusal.ROLE_DOES_NOT_SETTLE, role=role.words, known=able)
    text = checked_comment(comment)
    wanted = [r for r in standing(context, item, channel) if not of or person_key(r.person) == person_key(of)]
    return _end(context, wanted, "settled", who, role.id, text, item)


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
    meant = {(m.item, m.channel, m.digest) for m in messages}
    same = (person_key(who), role, without_addresses(comment))
    mine = tuple(
        r
        for r in context.ledger.change_requests.of_season(context.key)
        if (r.item, r.channel, r.digest) in meant
        if (person_key(r.person), r.role, texts.get(r.comment)) == same
    )
    return mine if {(r.item, r.channel, r.digest) for r in mine} == meant else ()


def _end(
    context: SeasonContext, requests: Collection[ChangeRequest], how: str, who: str, role: str, comment: str, item: str
) -> tuple[ChangeRequest, ...]:
    if not requests:
        raise Refused(Refusal.NO_SUCH_REQUEST, item=item, how=how)
    ended, text, now = [], comment, context.now()
    for request in requests:
        if context.ledger.change_requests.end(request.id, how=how, who=who, role=role, comment=text, now=now):
            ended.append(request)
            text = ""  # once is enough: the comment answers the thread
    return tuple(ended)
