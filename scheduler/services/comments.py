"""Private comments on items: they stay between reviewers and coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.comment import Comment, threads
from ..domain.redact import person_key, without_addresses
from ..domain.refusals import Refusal, Refused
from .context import SeasonContext, act
from .typed import checked_comment


@dataclass(frozen=True, slots=True)
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
        raise Refused(Refusal.NO_SUCH_COMMENT, comment=answers, item=message.item)
    return Commented(made)


def comments(context: SeasonContext, item: str = "") -> Mapping[str, tuple[tuple[int, Comment], ...]]:
    """Item -> its threads: each comment with its depth, in reading order."""
    item = context.messages([item])[0].item if item else ""
    by_item: dict[str, list[Comment]] = {}
    for said in context.ledger.comments.of_season(context.key, item):
        by_item.setdefault(said.item, []).append(said)
    return {name: threads(found) for name, found in by_item.items()}
