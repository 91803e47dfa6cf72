"""Keys of the JSON API: made, listed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..domain.api_key import USUAL_KEY_SPAN, ApiKey, Scope, is_a_key_name
from ..domain.hidden import refuse_hidden
from ..domain.redact import person as person_name
from ..errors import UsageError
from .planning import Planning


@dataclass(frozen=True, slots=True)
class KeyMade:
    """``token`` is the key itself: show it once, keep it nowhere."""

    key: ApiKey
    token: str
    approves: bool  # whether approvals in its role count

    def __repr__(self) -> str:
        return f"KeyMade({self.key.name})"


class ApiKeys(Planning):
    """A project, and the programs that may use it."""

    def add_key(
        self, name: str, scope: Scope, *, person: str, role: str, by: str, lasts: timedelta = USUAL_KEY_SPAN
    ) -> KeyMade:
        """Make a key in the name of ``person``; to review it needs a role too. Raises UsageError, and makes none."""
        if not is_a_key_name(name):
            raise UsageError(
                f"{name[:80]!r} cannot be the name of a key",
                hint="small letters, digits, and single - . _ between them, at most 64: board-calendar",
            )
        role_id, approves = self._role_of_key(scope, person, role)
        who, now = self._person(person or by), self.clock.now()
        ledger = self.open_ledger()
        try:
            token = ledger.add_key(
                name, scope, person=who, role=role_id, expires_at=now + lasts, who=self._person(by), now=now
            )
            if token is None:
                raise UsageError(
                    f"there is, or was, a key called {name!r}; a name is given once, because the history names keys",
                    hint="take another name; `keys list` shows all of them",
                )
            made = next(k for k in ledger.keys() if k.name == name)
        finally:
            ledger.close()
        return KeyMade(made, token, approves)

    def keys(self) -> tuple[ApiKey, ...]:
        """All keys, ended ones too, oldest first."""
        if not self.ledger_exists():
            return ()
        ledger = self.open_ledger()
        try:
            return ledger.keys()
        finally:
            ledger.close()

    def revoke_key(self, name: str, by: str) -> bool:
        """End a key at once. False when it was revoked before; UsageError when there is none of that name."""
        ledger = self.open_ledger()
        try:
            if not any(key.name == name for key in ledger.keys()):
                raise UsageError(f"there is no key called {name[:80]!r}", hint="`keys list` shows all of them")
            return ledger.revoke_key(name, who=self._person(by), now=self.clock.now())
        finally:
            ledger.close()

    def _role_of_key(self, scope: Scope, person: str, role: str) -> tuple[str, bool]:
        """The role's id, and whether it approves. An approval must be somebody's, as somebody."""
        if scope is not Scope.REVIEW:
            if role:
                raise UsageError(f"a key to {scope} has no role", hint="leave --role out; it goes with --scope review")
            return "", False
        if not person.strip() or not role.strip():
            raise UsageError(
                "a key to review belongs to one person in one role: whose approvals will they be, and as what?",
                hint='add --person "Ben Example" --role fact-reviewer',
            )
        known = self.policy().role(role)
        if known is None:
            raise UsageError(f"there is no role {role!r}", hint=f"roles: {', '.join(self.policy().roles)}")
        return known.id, known.approves

    def _person(self, name: str) -> str:
        if "@" in name:
            raise UsageError("a key needs a person's name, not an address", hint='write --person "Ben Example"')
        refuse_hidden(name, "the name")
        if not name.strip() or len(person_name(name)) > 200:
            raise UsageError("that is not a person's name", hint="at most 200 letters, on one line")
        return person_name(name)
