"""Signing up and confirming, adding by hand, and what a reader may choose: the functions behind form and page.

A page answers a form with the same words however it ended (:class:`~scheduler.ports.SignUpEnd`), so that nobody learns
who is on the list. A token is random, goes out by mail and nowhere else, is kept as a hash, expires and works once.
Looking (GET) and acting (POST) are different functions: mail scanners open every link.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.hidden import name_of
from ..domain.subscriber import Subscriber
from ..errors import UsageError
from ..ports import Added, Confirmed, NewSubscriber, ReaderList, SignUpEnd
from .addresses import checked_address
from .fields import BLANKS, LONGEST_NAME, hidden_in_name, known_zones

#: How long a confirmation link works.
CONFIRM_WITHIN = timedelta(days=7)
#: A pause that is longer is as good as leaving.
LONGEST_PAUSE = timedelta(days=366)
#: Where a reader comes from who filled in the form.
FORM = "form"


@dataclass(frozen=True, slots=True)
class SignUp:
    """How a form ended. After CONFIRM, ``token`` opens ``/confirm/TOKEN`` until the letter that asks is sent, which has
    a token of its own (:func:`new_token`)."""

    end: SignUpEnd
    subscriber_id: str = ""  # after CONFIRM and ALREADY_THERE
    token: str = field(default="", repr=False)
    expires_at: datetime | None = None


def sign_up(
    people: ReaderList,
    address: str,
    *,
    what: str,
    wording: str,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    network: str = "",
    until: datetime | None = None,
    now: datetime,
) -> SignUp:
    """A form was sent. The reader is pending until they confirm.

    ``until``: the end of what they agree to; a yes that comes later would be to something else.

    ``what`` they agreed to, in words, and ``wording``, the version of the page that said it, go into the consent
    history once they confirm. ``network`` is where the form came from; it is hashed at once.
    Raises BadAddress (with a reason that may be shown) and UsageError for a name or a zone that cannot be.
    """
    new = _checked(address, name, zone, cadence, FORM)
    token, token_hash = new_token()
    expires_at = min(now + CONFIRM_WITHIN, until) if until is not None else now + CONFIRM_WITHIN
    end, subscriber_id = people.sign_up(
        new, token_hash=token_hash, expires_at=expires_at, what=what, wording=wording, network=network, now=now
    )
    if end is SignUpEnd.CONFIRM:
        return SignUp(end, subscriber_id, token, expires_at)
    return SignUp(end, subscriber_id if end is SignUpEnd.ALREADY_THERE else "")


def new_token() -> tuple[str, str]:
    """A token for one confirmation link, and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, _hash(token)


def look_at_confirmation(people: ReaderList, token: str, *, now: datetime) -> Subscriber | None:
    """For the page behind the link (GET): whom it is for. None when it is unknown, used or expired, all alike."""
    return people.waiting_confirmation(_hash(token), now=now) if _may_be_a_token(token) else None


def confirm(people: ReaderList, token: str, *, now: datetime) -> Confirmed | None:
    """The reader says yes (POST). A second time gives the same answer and changes nothing; None for a bad link."""
    return people.confirm(_hash(token), now=now) if _may_be_a_token(token) else None


def add(
    people: ReaderList,
    address: str,
    *,
    who: str,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    asked_back: bool = False,
    now: datetime,
) -> Added:
    """``who`` adds a reader who asked for it; written down as such. Raises as :func:`sign_up` does."""
    return people.add_subscriber(_checked(address, name, zone, cadence, ""), who=who, asked_back=asked_back, now=now)


def pause(people: ReaderList, subscriber_id: str, until: date, *, home: str, now: datetime) -> bool:
    """Silence until that date begins where the reader is (``home``: the campaign's zone, for those who gave none).

    Raises UsageError for a date that has begun already, or is more than a year off.
    """
    subscriber = people.subscriber(subscriber_id)
    if subscriber is None:
        return False
    zone = subscriber.zone if subscriber.zone in known_zones() else home
    until_at = datetime.combine(until, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if until_at <= now:
        raise UsageError(f"{until} has begun already", hint="choose a day after today")
    if until_at > now + LONGEST_PAUSE:
        raise UsageError(f"{until} is more than a year off", hint="choose an earlier day, or leave the list")
    return people.pause_subscriber(subscriber_id, until_at=until_at, now=now)


def _checked(address: str, name: str, zone: str, cadence: Cadence, source: str) -> NewSubscriber:
    name, zone = name.strip(BLANKS), zone.strip(BLANKS)
    if len(name) > LONGEST_NAME:
        raise UsageError(f"the name is longer than {LONGEST_NAME} characters")
    if character := hidden_in_name(name):
        hint = "type the name anew, or paste it as plain text"
        raise UsageError(f"the name holds a hidden character: {name_of(character)}; {hint}")
    if zone and zone not in known_zones():
        raise UsageError("the time zone is unknown", hint="use a name from the IANA list, such as Europe/Berlin")
    return NewSubscriber(checked_address(address.strip(BLANKS)), name, zone or None, source, cadence=cadence)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _may_be_a_token(text: str) -> bool:
    return 16 <= len(text) <= 200 and text.isascii()
