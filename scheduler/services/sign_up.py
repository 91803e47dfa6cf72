"""Signing up and confirming: the form, and the link in the mail that asks.

A page answers a form with the same words however it ended (:class:`~scheduler.domain.subscriber.SignUpEnd`), so that
nobody learns who is on the list. A token is random, goes out by mail and nowhere else, is kept as a hash, expires and
works once.
Looking (GET) and acting (POST) are different functions: mail scanners open every link.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.subscriber import Confirmed, SignUpEnd, Subscriber
from .context import Context, act
from .subscribers import new_subscriber

#: How long a confirmation link works.
CONFIRM_WITHIN = timedelta(days=7)
#: Where a subscriber comes from who filled in the form.
FORM = "form"


@dataclass(frozen=True, slots=True)
class SignUp:
    """How a form ended. After CONFIRM, ``token`` opens ``/confirm/TOKEN`` until the letter that asks is sent, which has
    a token of its own (:func:`new_token`)."""

    end: SignUpEnd
    subscriber_id: str = ""  # after CONFIRM and ALREADY_THERE
    token: str = field(default="", repr=False)
    expires_at: datetime | None = None


@act
def sign_up(
    context: Context,
    address: str,
    *,
    what: str,
    wording: str,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    network: str = "",
    until: datetime | None = None,
) -> SignUp:
    """A form was sent. The subscriber is pending until they confirm.

    ``until``: the end of what they agree to; a yes that comes later would be to something else.

    ``what`` they agreed to, in words, and ``wording``, the version of the page that said it, go into the consent
    history once they confirm. ``network`` is where the form came from; it is hashed at once.
    Raises BadAddress (with a reason that may be shown), and Refused for a name or a zone that cannot be.
    """
    new, now = new_subscriber(address, name, zone, cadence, FORM), context.now()
    token, token_hash = new_token()
    expires_at = min(now + CONFIRM_WITHIN, until) if until is not None else now + CONFIRM_WITHIN
    end, subscriber_id = context.ledger.subscribers.sign_up(
        new, token_hash=token_hash, expires_at=expires_at, what=what, wording=wording, network=network, now=now
    )
    if end is SignUpEnd.CONFIRM:
        return SignUp(end, subscriber_id, token, expires_at)
    return SignUp(end, subscriber_id if end is SignUpEnd.ALREADY_THERE else "")


def new_token() -> tuple[str, str]:
    """A token for one confirmation link, and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, _hash(token)


def look_at_confirmation(context: Context, token: str) -> Subscriber | None:
    """For the page behind the link (GET): whom it is for. None when it is unknown, used or expired, all alike."""
    return (
        context.ledger.subscribers.waiting_confirmation(_hash(token), now=context.now())
        if _may_be_a_token(token)
        else None
    )


@act
def confirm(context: Context, token: str) -> Confirmed | None:
    """The subscriber says yes (POST). A second time gives the same answer and changes nothing; None for a bad link."""
    return context.ledger.subscribers.confirm(_hash(token), now=context.now()) if _may_be_a_token(token) else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _may_be_a_token(text: str) -> bool:
    return 16 <= len(text) <= 200 and text.isascii()
