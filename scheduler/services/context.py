"""Who acts, on which project, over which ledger; and, of acts about a season, its messages at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ..clock import Clock
from ..domain.finding import Finding
from ..domain.hidden import refuse_hidden
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.redact import person
from ..domain.refusals import Refusal, Refused
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import ReviewPolicy, Role
from ..domain.season_key import SeasonKey
from ..domain.via import Via
from ..light_dataclass import dataclass
from ..review.review_status import (
    ReviewStatus,
    findings_about_all,
    good_invitations,
    read_sent,
    review_standing,
    who_can_answer,
)
from ..wiring import open_ledger, open_ledger_to_look
from .seasons import find_season, rehearse, review_policy

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger

P = ParamSpec("P")
T = TypeVar("T")

#: Every act by its name, ``holds.hold``; filled where the services are imported.
ACTS: dict[str, Callable[..., object]] = {}


def act(function: Callable[P, T]) -> Callable[P, T]:
    """Mark what a person can do; it leaves a line in the history, or changes a file."""
    ACTS[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"] = function
    return function


@dataclass(frozen=True)
class Actor:
    """A named person; ``role``: as what they speak, where it matters; ``via``: by which road what they say comes.
    Refused for a name that cannot be one."""

    name: str
    role: str = ""
    via: Via = Via.COMMAND_LINE

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", checked_name(self.name))


@dataclass(frozen=True)
class Context:
    """What every service is given."""

    project: Project
    ledger: Ledger
    clock: Clock
    actor: Actor

    def now(self) -> datetime:
        return self.clock.now()

    @property
    def mode(self) -> str:
        return self.project.settings.mode.value

    @cached_property
    def policy(self) -> ReviewPolicy:
        return review_policy(self.project)

    def role(self, text: str) -> Role:
        """The role that is meant, of those that the policy knows."""
        known = self.policy.roles.get(text) or self.policy.role(text)
        if known is None:
            raise Refused(Refusal.NO_SUCH_ROLE, role=text, known=", ".join(self.policy.roles))
        return known

    def speaker(
        self, may: Callable[[Role], bool] = lambda role: True, otherwise: Refusal = Refusal.NO_SUCH_ROLE
    ) -> tuple[str, Role]:
        """The actor's name and role. Refused with ``otherwise``, and the roles that may, where theirs may not."""
        role = self.role(self.actor.role)
        if not may(role):
            raise Refused(
                otherwise, role=role.words, known=", ".join(r.id for r in self.policy.roles.values() if may(r))
            )
        return self.actor.name, role


@contextmanager
def open_context(project: Project, actor: Actor, *, to_look: bool = False) -> Iterator[Context]:
    """A context with a ledger of its own, closed at the end. ``to_look``: nothing is to be changed."""
    with closing(open_ledger_to_look(project) if to_look else open_ledger(project)) as ledger:
        yield Context(project, ledger, project.clock, actor)


@dataclass(frozen=True)
class SeasonContext(Context):
    """``at_hand``: a rehearsal that was made before, with its policy; without it one is made when it is needed."""

    key: SeasonKey
    at_hand: Rehearsal | None = None

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return self.at_hand or rehearse(self.project, self.key.campaign, self.key.season, ledger=self.ledger)

    @cached_property
    def policy(self) -> ReviewPolicy:
        return self.at_hand.policy if self.at_hand else review_policy(self.project)

    def rehearsal_now(self) -> Rehearsal:
        """The same messages with what people have said, and what has gone out, by now."""
        ledger, reviewers = self.ledger, good_invitations(self.invitations(), self.now())
        return replace(
            self.rehearsal,
            approvals=ledger.approvals.of_season(self.key),
            requests=ledger.change_requests.of_season(self.key),
            reviewers=reviewers,
            sent=read_sent(ledger, self.key),
            can_answer=who_can_answer(ledger, reviewers),
        )

    def how_it_stands(self) -> ReviewStatus:
        """What is missing, by message, role and person."""
        return review_standing(self.rehearsal_now(), open_at=self.now())

    def invitations(self) -> tuple[Invitation, ...]:
        return self.ledger.invitations.of_season(self.key)

    def messages(self, items: Sequence[str] | None, channel: str | None = None) -> list[Message]:
        """Messages of the season by item ids or dates, frames of digests among them; None: all of them."""
        rehearsal = self.rehearsal
        of_channel = [m for m in rehearsal.all_to_read if channel in (None, m.channel)]
        if channel is not None and not of_channel:
            raise Refused(
                Refusal.NO_SUCH_CHANNEL,
                channel=channel,
                known=", ".join(sorted({m.channel for m in self.rehearsal.everything})),
            )
        if items is None:
            return of_channel
        names = {m.item for m in of_channel} | {m.on.isoformat() for m in of_channel}
        unknown = next((i for i in items if i not in names), None)
        if unknown is not None:
            raise Refused(
                Refusal.NO_SUCH_MESSAGE, item=unknown, near=" or ".join(get_close_matches(unknown, sorted(names), n=2))
            )
        by_date = {m.item: m.on.isoformat() for m in rehearsal.everything}  # a frame is of no day
        return [m for m in of_channel if m.item in items or by_date.get(m.item) in items]

    def week(self, week: int, channel: str | None = None) -> list[Message]:
        """Messages of a week to approve; the frame of the digests belongs to the week of the first one."""
        of_week = [p for p in self.rehearsal.plan.items if p.week == week]
        if not of_week:
            weeks = sorted({p.week for p in self.rehearsal.plan.items})
            raise Refused(Refusal.NO_SUCH_WEEK, week=week, first=weeks[0], last=weeks[-1])
        days = {p.on for p in of_week}
        return self.messages(
            [
                *(p.item.id for p in of_week),
                *[m.item for m in self.rehearsal.frames if m.on in days and channel in (None, m.channel)],
            ],
            channel,
        )

    def findings_of(self, messages: Collection[Message]) -> list[Finding]:
        """Findings about these messages; about each item of a digest too, since its words are in it."""
        told = {(part, m.channel) for m in messages for part, _ in m.audience.parts}
        return findings_about_all(
            self.rehearsal, [*messages, *[m for m in self.rehearsal.messages if (m.item, m.channel) in told]]
        )


def about_season(context: Context, key: SeasonKey, at_hand: Rehearsal | None = None) -> SeasonContext:
    """For acts about a season, by the same actor."""
    return SeasonContext(context.project, context.ledger, context.clock, context.actor, key, at_hand)


@contextmanager
def open_season(project: Project, actor: Actor, campaign: str, year: int | None) -> Iterator[SeasonContext]:
    """The same with a ledger of its own. ``year`` None: the season that runs now, else the next."""
    season = find_season(project, campaign, year)
    with open_context(project, actor) as context:
        yield about_season(context, SeasonKey(campaign, season.year))


#: Longer texts are refused, not cut.
LONGEST_NAME, LONGEST_REASON, LONGEST_COMMENT = 200, 500, 10_000
_LINE_ENDS = re.compile("\r\n?")


def checked_name(text: str) -> str:
    """Of a person who acts: on one line; of an address, the part before the @."""
    if not text.strip():
        raise Refused(Refusal.NAME_MISSING)
    refuse_hidden(text, "the name")
    if len(name := person(text)) > LONGEST_NAME:
        raise Refused(Refusal.NAME_TOO_LONG, limit=LONGEST_NAME)
    return name


def new_name(text: str) -> str:
    """Of a person who is written down now, so that the history will call them so: no address."""
    if "@" in text:
        raise Refused(Refusal.NAME_IS_AN_ADDRESS)
    return checked_name(text)


def checked_reason(text: str) -> str:
    """A reason: on one line, neither empty nor endless, and with nothing hidden in it."""
    refuse_hidden(text, "the reason")
    reason = " ".join(text.split())
    if not reason:
        raise Refused(Refusal.REASON_MISSING)
    if len(reason) > LONGEST_REASON:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the reason", limit=LONGEST_REASON)
    return reason


def checked_comment(text: str, *, may_be_empty: bool = False) -> str:
    """A comment: without space around it, neither empty nor endless, and with nothing hidden in it."""
    comment = _LINE_ENDS.sub("\n", text).strip(" \t\n\u00a0")
    if not comment.strip():
        if may_be_empty:
            return ""
        raise Refused(Refusal.COMMENT_MISSING)
    if len(comment) > LONGEST_COMMENT:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the comment", limit=LONGEST_COMMENT)
    refuse_hidden(comment, "the comment")
    return comment
