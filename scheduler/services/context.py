"""Who acts, on which project, over which ledger; and, of acts about a season, its messages at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property, partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ..clock import Clock
from ..domain.finding import Finding
from ..domain.invitation import Invitation
from ..domain.message import Message
from ..domain.refusals import Refusal, Refused
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import ReviewPolicy, Role
from ..domain.season_key import SeasonKey
from ..review.review_status import (
    ReviewStatus,
    findings_about_all,
    good_invitations,
    read_sent,
    review_standing,
    who_can_answer,
)
from ..wiring import open_ledger
from .seasons import find_season, rehearse, review_policy
from .typed import checked_name

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


@dataclass(frozen=True, slots=True)
class Actor:
    """A named person; ``role``: as what they speak, where it matters. Refused for a name that cannot be one."""

    name: str
    role: str = ""

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


@contextmanager
def open_context(project: Project, actor: Actor) -> Iterator[Context]:
    """A context with a ledger of its own, closed at the end."""
    with closing(open_ledger(project)) as ledger:
        yield Context(project, ledger, project.clock, actor)


@dataclass(frozen=True)
class SeasonContext(Context):
    """``rehearse`` and ``read_policy`` are called when an act needs what they give, and once only."""

    key: SeasonKey
    rehearse: Callable[[], Rehearsal]
    read_policy: Callable[[], ReviewPolicy]

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return self.rehearse()

    @cached_property
    def policy(self) -> ReviewPolicy:
        return self.read_policy()

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

    # -- who speaks -------------------------------------------------------------------------------------

    def speaker(self) -> tuple[str, Role]:
        """The actor's name and role."""
        return self.actor.name, self.role(self.actor.role)

    def role(self, text: str) -> Role:
        """The role that is meant, of those that the policy knows."""
        known = self.policy.roles.get(text) or self.policy.role(text)
        if known is None:
            raise Refused(Refusal.NO_SUCH_ROLE, role=text, known=", ".join(self.policy.roles))
        return known

    # -- about what -------------------------------------------------------------------------------------

    def messages(self, items: Sequence[str] | None, channel: str | None = None) -> list[Message]:
        """Messages of the season by item ids or dates; None: all of them."""
        of_channel = [m for m in self.rehearsal.everything if channel in (None, m.channel)]
        if channel is not None and not of_channel:
            there = sorted({m.channel for m in self.rehearsal.everything})
            raise Refused(Refusal.NO_SUCH_CHANNEL, channel=channel, known=", ".join(there))
        if items is None:
            return of_channel
        names = {m.item for m in of_channel} | {m.on.isoformat() for m in of_channel}
        unknown = next((i for i in items if i not in names), None)
        if unknown is not None:
            near = get_close_matches(unknown, sorted(names), n=2)
            raise Refused(Refusal.NO_SUCH_MESSAGE, item=unknown, near=" or ".join(near))
        return [m for m in of_channel if m.item in items or m.on.isoformat() in items]

    def week(self, week: int, channel: str | None = None) -> list[Message]:
        """Messages of a week, and the digests of its days."""
        of_week = [p for p in self.rehearsal.plan.items if p.week == week]
        if not of_week:
            weeks = sorted({p.week for p in self.rehearsal.plan.items})
            raise Refused(Refusal.NO_SUCH_WEEK, week=week, first=weeks[0], last=weeks[-1])
        days = {p.on for p in of_week}
        digests = [m.item for m in self.rehearsal.digests if m.on in days and channel in (None, m.channel)]
        return self.messages([*(p.item.id for p in of_week), *digests], channel)

    def findings_of(self, messages: Collection[Message]) -> list[Finding]:
        """Findings about these messages; about each day of a digest too, since its words are in it."""
        told = {(part, m.channel) for m in messages for part, _ in m.audience.parts}
        concerned = [m for m in self.rehearsal.messages if (m.item, m.channel) in told]
        return findings_about_all(self.rehearsal, [*messages, *concerned])


def about_season(context: Context, key: SeasonKey, at_hand: Callable[[], Rehearsal] | None = None) -> SeasonContext:
    """``at_hand`` gives a rehearsal that was made before, with its policy; without it one is made when it is needed."""
    project, ledger = context.project, context.ledger
    return SeasonContext(
        project,
        ledger,
        context.clock,
        context.actor,
        key,
        at_hand or (lambda: rehearse(project, key.campaign, key.season, ledger=ledger)),
        (lambda: at_hand().policy) if at_hand else partial(review_policy, project),
    )


@contextmanager
def open_season(project: Project, actor: Actor, campaign: str, year: int | None) -> Iterator[SeasonContext]:
    """The same with a ledger of its own. ``year`` None: the season that runs now, else the next."""
    season = find_season(project, campaign, year)
    with open_context(project, actor) as context:
        yield about_season(context, SeasonKey(campaign, season.year))
