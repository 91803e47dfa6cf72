"""Who may sign in to the pages, and what a role allows there."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from ..light_dataclass import dataclass
from .common_passwords import is_common
from .review_policy import ReviewPolicy

#: Of the history: a password was wrong. It carries whose, where the name is known, and a keyed word for the network.
FAILED, SIGNED_IN = "person.sign_in_failed", "person.signed_in"
#: A one-time link to sign in with: long enough to walk over to the other machine.
LINK_SPAN = timedelta(minutes=30)
#: A session ends when nothing was asked for so long, and at the latest after so long.
IDLE_SPAN = timedelta(hours=12)
LONGEST_SESSION = timedelta(days=7)
#: Inviting somebody and choosing a password ask for a sign-in that is no older: a browser left open gives nobody more.
FRESH_SPAN = timedelta(minutes=30)
#: How exactly the last look is written down. A write for each page would be one too many.
LOOK_STEP = timedelta(minutes=5)

#: Wrong passwords within this time after which no more are looked at: for one name from one network; for one name from
#: anywhere; from one network for whatever names. The first is narrow, so that whoever guesses shuts the door to
#: nobody but themselves. The others are wide: a name's can be used up by a stranger with many networks, and where a
#: server stands in front that is not believed (``web.trusted_proxy``), all networks look like one.
TRY_WINDOW = timedelta(minutes=15)
TRIES_A_NAME_AND_NETWORK = 10
TRIES_A_NAME = 100
TRIES_A_NETWORK = 100

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class Right(StrEnum):
    """What a signed-in person may do. Each route of the private pages names the one it needs."""

    LOOK = "look"  # read everything but readers' addresses, which no page shows
    COMMENT = "comment"
    REVIEW = "review"  # approve, ask for changes, sign claims and help lines
    HOLD = "hold"  # stop everything, and go on
    RUN = "run"  # settle doubts, skip, invite, read the whole history


#: Roles that may stop and resume. The review policy cannot take this from them.
_MAY_HOLD = frozenset({"coordinator", "hold-holder", "deputy"})
_RUNS = "coordinator"


def rights_of(role: str, policy: ReviewPolicy | None) -> frozenset[Right]:
    """What a role allows. One that the policy does not know any more may only look. None: the policy cannot be read;
    nobody reviews then, and who may hold still may."""
    allowed = {
        Right.LOOK: True,
        Right.COMMENT: policy is not None and role in policy.roles,
        Right.REVIEW: policy is not None and policy.may_approve(role),
        Right.HOLD: role in _MAY_HOLD,
        Right.RUN: role == _RUNS,
    }
    return frozenset(right for right, is_allowed in allowed.items() if is_allowed)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in. No password and no address is part of it."""

    id: int
    name: str
    role: str
    created_at: datetime
    created_by: str
    has_password: bool = False
    disabled_at: datetime | None = None
    last_look_at: datetime | None = None  # in a session that stands, or stood

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


@dataclass(frozen=True)
class Session:
    """One sign-in of one person. The token is in the person's browser alone."""

    id: int
    person: Person
    started_at: datetime
    last_look_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    how: str = ""  # "link" | "password"

    @property
    def asks_old_password(self) -> bool:
        """Whether another password needs the one that the person has. A link is the way out when that is lost."""
        return self.person.has_password and self.how != "link"

    def is_fresh(self, now: datetime) -> bool:
        """Whether its person has shown lately who they are."""
        return now < self.started_at + FRESH_SPAN

    def is_good(self, now: datetime) -> bool:
        return (
            self.ended_at is None
            and now < self.expires_at
            and now < self.last_look_at + IDLE_SPAN
            and self.person.is_active
        )


def form_token(session_token: str) -> str:
    """What each form of a session carries. It is made of the session's token, and does not lead back to it."""
    return hashlib.sha256(b"form\0" + session_token.encode("utf-8", "surrogatepass")).hexdigest()


def password_problem(password: str, name: str, known: str = "") -> str:
    """What is wrong with a password that somebody chooses, in words; empty when nothing is. ``known``: words that
    whoever guesses has from the pages: the organization's, the campaigns'."""
    good = "four words that have nothing to do with each other are good"
    if len(password) < SHORTEST_PASSWORD:
        return f"a password needs at least {SHORTEST_PASSWORD} characters; {good}"
    if len(password) > LONGEST_PASSWORD:
        return f"a password has at most {LONGEST_PASSWORD} characters"
    if (
        len(set(password)) < 5
        or password.casefold().strip() in name.casefold()
        or is_common(password, f"{name} {known}")
    ):
        return f"that password is guessed at once; {good}"
    return ""
