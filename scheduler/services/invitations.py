"""Private links for reviewers: make one, end one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from ..domain.invitation import USUAL_SPAN, Invitation
from ..domain.redact import person_key
from ..domain.refusals import Refusal, Refused
from ..domain.review_policy import Role
from .context import SeasonContext, act
from .typed import checked_name, new_name


@dataclass(frozen=True, slots=True)
class Invited:
    """``link`` holds the token: show it once, keep it nowhere."""

    name: str
    role: Role
    link: str  # at public_url
    expires_at: datetime
    replaced: bool

    @property
    def path(self) -> str:
        """What stands behind the address of the pages: to be shown with one that is somebody's."""
        return f"/r/{self.link.rpartition('/r/')[2]}"


@act
def invite(context: SeasonContext, name: str, role: str, *, lasts: timedelta = USUAL_SPAN) -> Invited:
    """Make a private link for one person in one role. Earlier links of that name end."""
    who, known, now = new_name(name), context.role(role), context.now()
    before = any(i.is_good(now) and person_key(i.name) == person_key(who) for i in context.invitations())
    token = context.ledger.invitations.add(
        context.key,
        who,
        known.id,
        expires_at=now + lasts,
        who=context.actor.name,
        now=now,
    )
    public_url = context.project.settings.public_url.rstrip("/")
    return Invited(who, known, f"{public_url}/r/{token}", now + lasts, before)


def note_look(context: SeasonContext, invitation: Invitation) -> None:
    """Somebody has looked, by their link."""
    context.ledger.invitations.note_look(invitation.id, now=context.now())


@act
def revoke(context: SeasonContext, name: str) -> int:
    """End all links of a name at once. Returns how many were good."""
    who, known = checked_name(name), context.invitations()
    if not any(person_key(i.name) == person_key(who) for i in known):
        raise nobody_invited(who, known)
    return context.ledger.invitations.revoke(context.key, who, who=context.actor.name, now=context.now())


def nobody_invited(name: str, known: Iterable[Invitation]) -> Refused:
    names = sorted({i.name for i in known})
    return Refused(Refusal.NOBODY_INVITED, name=name, near=" or ".join(get_close_matches(name, names)))
