"""A reviewer's link, opened: whose it is, what it allows, and what there is to read. Nothing here writes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.exceptions import Forbidden, NotFound

from ...domain.invitation import Invitation
from ...domain.message import Message
from ...domain.role import Right, rights_of
from ...review.reviewer_queue import ReviewerQueue
from ...services.context import Actor, SeasonContext
from ...services.invitations import note_look
from ..routing import site
from ..security.guard import refuse_foreign

#: Forms of messages that are remembered, so that what changed under a reviewer's eyes can be shown. After a restart
#: they are told that it changed, and read the new form whole.
FORMS_REMEMBERED = 600


class NoSuchLink(NotFound):
    """A link that is unknown, expired, taken back, or of another purpose: nobody can tell which."""


@dataclass(frozen=True, slots=True)
class ReviewLink:
    """One good link, for the length of one request."""

    token: str
    invitation: Invitation
    rights: frozenset[Right]
    context: SeasonContext  # for an act of the person whose link it is
    reading: ReviewerQueue

    @property
    def may_decide(self) -> bool:
        """Approve, ask for changes, and sign."""
        return Right.REVIEW in self.rights

    @property
    def may_comment(self) -> bool:
        return Right.COMMENT in self.rights

    @property
    def role(self) -> str:
        return self.invitation.role.replace("-", " ")


def open_link(token: str) -> ReviewLink:
    """Raises NoSuchLink for every token that is not good, whatever the reason."""
    now, project, ledger = site().now(), site().project, site().ledger
    invitation = ledger.invitations.find(token, now=now)
    if invitation is None or invitation.campaign not in project.campaigns():
        raise NoSuchLink
    actor = Actor(invitation.name, invitation.role)
    context = site().months.context(actor, invitation.campaign, invitation.season)
    reading = ReviewerQueue(context.rehearsal_now(), ledger, invitation, now=now)
    return ReviewLink(token, invitation, rights_of(invitation.role, context.policy), context, reading)


def open_to_act(token: str, right: Right) -> ReviewLink:
    """As :func:`open_link`, for a form that was sent: what it asks for must be allowed, and the look is noted.

    Raises Forbidden for a role that may not, and for a form of another site.
    """
    opened = open_link(token)
    refuse_foreign(but="null")
    if right not in opened.rights:
        raise Forbidden
    note_look(opened.context, opened.invitation)
    return opened


class FormsShown:
    """The forms of messages that pages have shown, by digest; the oldest are forgotten."""

    def __init__(self, most: int = FORMS_REMEMBERED) -> None:
        self._most = most
        self._forms: OrderedDict[str, Message] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, messages: Iterable[Message]) -> None:
        with self._lock:
            for message in messages:
                self._forms[message.digest] = message
                self._forms.move_to_end(message.digest)
            while len(self._forms) > self._most:
                self._forms.popitem(last=False)

    def of(self, seen: Mapping[str, str]) -> dict[str, Message]:
        """Channel -> form, for the digests that are remembered and are of that channel."""
        with self._lock:
            known = {channel: self._forms.get(digest) for channel, digest in seen.items()}
        return {channel: form for channel, form in known.items() if form is not None and form.channel == channel}
