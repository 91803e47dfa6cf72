"""Keys of the JSON API: made, listed, ended."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta

from ..domain.api_key import USUAL_KEY_SPAN, ApiKey, Scope, is_a_key_name
from ..domain.refusals import Refusal, Refused
from ..light_dataclass import dataclass
from .context import Context, act, new_name


@dataclass(frozen=True)
class KeyMade:
    """``token`` is the key itself: show it once, keep it nowhere."""

    key: ApiKey
    token: str = field(repr=False)
    approves: bool  # whether approvals in its role count


@act
def add(
    context: Context, name: str, scope: Scope, *, person: str, role: str, lasts: timedelta = USUAL_KEY_SPAN
) -> KeyMade:
    """Make a key in the name of ``person``, else of the actor; to review it needs a role too."""
    if not is_a_key_name(name):
        raise Refused(Refusal.NOT_A_KEY_NAME, name=name[:80])
    role_id, approves = _role_of(context, scope, person, role)
    whose, by, now = new_name(person or context.actor.name), context.actor.name, context.now()
    token = context.ledger.api_keys.add(
        name, scope, person=whose, role=role_id, expires_at=now + lasts, who=by, now=now
    )
    if token is None:
        raise Refused(Refusal.KEY_NAME_TAKEN, name=name)
    return KeyMade(next(k for k in context.ledger.api_keys.all() if k.name == name), token, approves)


@act
def revoke(context: Context, name: str) -> bool:
    """End a key at once. False when it was revoked before."""
    if not any(key.name == name for key in context.ledger.api_keys.all()):
        raise Refused(Refusal.NO_SUCH_KEY, name=name[:80])
    return context.ledger.api_keys.revoke(name, who=context.actor.name, now=context.now())


def _role_of(context: Context, scope: Scope, person: str, role: str) -> tuple[str, bool]:
    """The role's id, and whether it approves. An approval must be somebody's, as somebody."""
    if scope is not Scope.REVIEW:
        if role:
            raise Refused(Refusal.KEY_HAS_NO_ROLE, scope=str(scope))
        return "", False
    if not person.strip() or not role.strip():
        raise Refused(Refusal.KEY_NEEDS_A_PERSON)
    known = context.role(role)
    return known.id, known.approves
