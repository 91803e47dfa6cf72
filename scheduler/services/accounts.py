"""Who may sign in to the pages: added and removed, links that sign in once, passwords, sign-ins ended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.records import Event
from ..domain.redact import person, person_key
from ..domain.refusals import Refusal, Refused
from ..domain.role import FAILED, SIGNED_IN, Person, Session, password_problem
from ..errors import UsageError
from .context import Context, act, new_name

if TYPE_CHECKING:
    from ..store import Ledger


class TooManyTries(UsageError):
    """So many passwords were wrong that none is looked at for a while."""


def sign_in(ledger: Ledger, name: str, password: str, *, network: str, now: datetime) -> str | None:
    """The token of a new session; None where the name and the password do not belong together. Raises TooManyTries."""
    if ledger.accounts.too_many_tries(name, network, now=now):
        raise TooManyTries("too many wrong passwords")
    return ledger.accounts.sign_in(name, password, network=network, now=now)


def use_link(ledger: Ledger, token: str, *, now: datetime) -> str | None:
    """The same by a link that signs in once; None for one that does not, whatever the reason."""
    return ledger.accounts.use_sign_in_link(token, now=now)


def end_session(context: Context, session: int) -> None:
    """Sign out, in one browser."""
    context.ledger.accounts.end_session(session, now=context.now())


@act
def add(context: Context, name: str, role: str) -> Person:
    """Let a person sign in, in one role of the review policy."""
    name, known = new_name(name), context.role(role)
    made = context.ledger.accounts.add(name, known.id, who=context.actor.name, now=context.now())
    if made is None:
        raise Refused(Refusal.MAY_SIGN_IN_ALREADY, name=name)
    return made


@act
def make_link(context: Context, name: str) -> str:
    """A token that signs the person in once; earlier links end. Show it once, keep it nowhere."""
    token = context.ledger.accounts.make_sign_in_link(name, who=context.actor.name, now=context.now())
    if token is None:
        raise _nobody(context, name)
    return token


def failed_since_last_time(ledger: Ledger, session: Session) -> tuple[Event, ...]:
    """The wrong passwords for a person's name between their sign-in before and this one."""
    who = session.person.name
    mine = [e for e in ledger.events.of_kinds(FAILED, SIGNED_IN) if who in (e.who, e.data.get("name"))]
    before = max((e.at for e in mine if e.kind == SIGNED_IN and e.at < session.started_at), default=None)
    since = before or session.person.created_at
    return tuple(e for e in mine if e.kind == FAILED and since <= e.at <= session.started_at)


@act
def set_password(
    context: Context,
    name: str,
    password: str,
    again: str,
    *,
    keep_session: int | None = None,
    old: str | None = None,
    network: str = "",
) -> None:
    """Choose a person's password; their other sign-ins end. ``again``: what was typed the second time. ``old``: the one
    that they have, where they are asked for it; None: they are not."""
    has_one = any(p.has_password for p in context.ledger.accounts.all() if person_key(p.name) == person_key(name))
    if old is not None and has_one:
        now = context.now()
        if context.ledger.accounts.too_many_tries(name, network, now=now):
            raise TooManyTries("too many wrong passwords")
        if not context.ledger.accounts.is_password(name, old, network=network, now=now):
            raise Refused(Refusal.OLD_PASSWORD_WRONG)
    if password != again:
        raise Refused(Refusal.PASSWORDS_DIFFER)
    project = context.project
    known = " ".join((project.settings.organisation.name, *project.campaigns()))
    if problem := password_problem(password, name, known):
        raise Refused(Refusal.WEAK_PASSWORD, problem=problem)
    if not context.ledger.accounts.set_password(
        name, password, who=context.actor.name, keep_session=keep_session, now=context.now()
    ):
        raise _nobody(context, name)


@act
def sign_out(context: Context, name: str, *, keep_session: int | None = None) -> int:
    """End all sign-ins of a person, and links that wait, but one session. Returns how many."""
    ended = context.ledger.accounts.sign_out_everywhere(
        name, who=context.actor.name, but=keep_session, now=context.now()
    )
    if ended is None:
        raise _nobody(context, name)
    return ended


@act
def remove(context: Context, name: str) -> None:
    """Let a person sign in no more."""
    if not context.ledger.accounts.remove(name, who=context.actor.name, now=context.now()):
        raise _nobody(context, name)


def name_as_written(context: Context, name: str) -> str:
    """The name as it was given when the person was added."""
    return next((p.name for p in context.ledger.accounts.all() if person_key(p.name) == person_key(name)), person(name))


def _nobody(context: Context, name: str) -> Refused:
    people = context.ledger.accounts.all()
    known = ", ".join(p.name for p in people if p.is_active)
    return Refused(
        Refusal.SIGNS_IN_NO_MORE
        if any(person_key(p.name) == person_key(name) for p in people)
        else Refusal.NOBODY_SIGNS_IN_SO,
        name=person(name),
        known=known,
    )
