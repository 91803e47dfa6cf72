"""What reviewers do with a season, in the words of a test: who, as what, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from scheduler.clock import Clock
from scheduler.domain.comment import ChangeRequest, Comment
from scheduler.domain.invitation import USUAL_SPAN
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.review_policy import ReviewPolicy
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.via import Via
from scheduler.services import approvals, invitations, signatures
from scheduler.services.context import Actor, Context, SeasonContext, about_season
from scheduler.services.invitations import Invited
from scheduler.services.seasons import read_campaign
from scheduler.store import Ledger
from tests.support.world import A_MONTH


class ReviewDesk:
    """One season under review. ``speak`` gives the context in which a person acts."""

    def __init__(self, speak: Callable[[Actor], SeasonContext]) -> None:
        self._speak = speak
        self.about = speak(Actor("nobody", "coordinator"))

    def __getattr__(self, name: str) -> Any:
        """What can be read: the rehearsal, messages, invitations, how it stands."""
        return getattr(self.about, name)

    def approve(self, items: Any, *, person: str, role: str, **more: Any) -> approvals.Approved:
        return approvals.approve(self._speak(Actor(person, role, Via.LINK)), items, **more)

    def approve_week(self, week: int, *, person: str, role: str, **more: Any) -> approvals.Approved:
        return approvals.approve_week(self._speak(Actor(person, role, Via.LINK)), week, **more)

    def record_paper(self, edition: str, items: Any, *, person: str, role: str, **more: Any) -> approvals.Approved:
        more = {"entered_by": "Ada", **more}
        return approvals.record_paper(self._speak(Actor(person, role, Via.LINK)), edition, items, **more)

    def request_changes(self, item: str, *, person: str, role: str, **more: Any) -> approvals.AskedFor:
        return approvals.request_changes(self._speak(Actor(person, role, Via.LINK)), item, **more)

    def withdraw_request(self, item: str, *, person: str, role: str, **more: Any) -> tuple[ChangeRequest, ...]:
        return approvals.withdraw_request(self._speak(Actor(person, role, Via.LINK)), item, **more)

    def take_back(self, item: str, *, person: str, role: str) -> Any:
        return approvals.take_back(self._speak(Actor(person, role)), item)

    def answer_requests(self, item: str, *, person: str, role: str, **more: Any) -> tuple[ChangeRequest, ...]:
        return approvals.answer_requests(self._speak(Actor(person, role)), item, **more)

    def settle_requests(self, item: str, *, person: str, role: str, **more: Any) -> tuple[ChangeRequest, ...]:
        return approvals.settle_requests(self._speak(Actor(person, role, Via.LINK)), item, **more)

    def standing(self, item: str = "") -> tuple[ChangeRequest, ...]:
        return approvals.standing(self.about, item)

    def comment(self, item: str, *, person: str, role: str, text: str, **more: Any) -> Comment:
        return approvals.comment(self._speak(Actor(person, role, Via.LINK)), item, text, **more).comment

    def comments(self, item: str = "") -> Any:
        return approvals.comments(self.about, item)

    def invite(self, name: str, role: str, *, by: str, lasts: timedelta = USUAL_SPAN) -> Invited:
        return invitations.invite(self._speak(Actor(by)), name, role, lasts=lasts)

    def revoke(self, name: str, *, by: str) -> int:
        return invitations.revoke(self._speak(Actor(by)), name)

    def give_out(self) -> Any:
        return approvals.give_out(self.about)


def desk_of(project: Any, ledger: Ledger, campaign: str, season: int) -> ReviewDesk:
    """Over a project."""
    return ReviewDesk(
        lambda actor: about_season(Context(project, ledger, project.clock, actor), SeasonKey(campaign, season))
    )


def desk_over(
    ledger: Ledger, rehearse: Callable[[], Rehearsal], policy: ReviewPolicy, clock: Clock, public_url: str
) -> ReviewDesk:
    """Over messages of the season 2027 of ``a-month`` that a test has made, without a project."""
    project: Any = SimpleNamespace(settings=SimpleNamespace(public_url=public_url))
    return ReviewDesk(
        lambda actor: SeasonContext(project, ledger, clock, actor, A_MONTH, replace(rehearse(), policy=policy))
    )


def sign_all(project: Any, ledger: Ledger, campaign: str, subject: str, *, person: str, role: str) -> None:
    """Every claim, or every help line that is in use, as it stands."""
    loaded, _ = read_campaign(project, campaign)
    context = Context(project, ledger, project.clock, Actor(person, role, Via.LINK))
    for (kind, record), seen in signatures.records_in_use(loaded, subject).items():
        signatures.sign(context, loaded, kind, record, seen, opened=True)
